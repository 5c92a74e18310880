/** A store with fuses, in which a test makes trees, runs them and counts who was told; and ways to break it. */
import assert from 'node:assert/strict';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import type { FusePolicies } from '../../src/core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../src/core/fuses/fuseSettings.ts';
import type { TaskId } from '../../src/core/model.ts';
import type { Settlement } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import type { Statement } from '../../src/store/reads.ts';
import { FakeClock } from './fakeClock.ts';
import { noFuses } from './noFuses.ts';
import { SimulatedFiles } from './simulatedFiles.ts';
import { claim, draft, openHarness, putHome } from './storeHarness.ts';

const done: Settlement = { event: 'complete', result: '' };

/** What is other than it should be. */
export interface Variant {
  readonly statements?: ReadonlyMap<Statement, string>;
  readonly policies?: (honest: FusePolicies) => FusePolicies;
}

export function changed(statement: Statement, from: string, to: string): Variant {
  const sql = statement.sql.replace(from, to);
  assert.notEqual(sql, statement.sql, 'the mutant is the original');
  return { statements: new Map([[statement, sql]]) };
}

/** A store with fuses, in which a test makes trees and runs them. */
export class FuseBench {
  readonly clock = new FakeClock();
  /** Fuses of which a person was told. */
  readonly told: string[] = [];
  readonly #files = new SimulatedFiles();
  readonly #fuses: FuseSettings;
  readonly #variant: Variant;
  #store: EmbeddedStore | undefined;
  #made = 0;

  constructor(fuses: Partial<FuseSettings>, variant: Variant) {
    this.#fuses = { ...noFuses, ...fuses };
    this.#variant = variant;
  }

  get store(): EmbeddedStore {
    return this.#store ?? assert.fail('It was not opened.');
  }

  async open(): Promise<this> {
    const { policies, statements = new Map<Statement, string>() } = this.#variant;
    const honest = fusePolicies(() => this.#fuses);
    this.#store = await openHarness({
      files: this.#files,
      clock: this.clock,
      policies: { ...(policies?.(honest) ?? honest), score: scoreOf },
      seams: { statements },
    });
    this.#store.onTrip(({ fuse, repeats = false }) => {
      if (!repeats) this.told.push(fuse);
    });
    await putHome(this.#store);
    return this;
  }

  async restart(): Promise<void> {
    await this.store.abandon();
    await this.open();
  }

  /** A root that a person has added and that is completed. */
  async root(name = 'root', tokens = 0): Promise<void> {
    await this.store.addTasks([draft(name, { createdAt: this.clock.wallClock() })]);
    await this.run(name, { ...done, tokens });
  }

  /** @returns how many sub-tasks were let in */
  async grow(count: number, parent = 'root', over: { readonly reentries?: number } = {}): Promise<number> {
    let added = 0;
    for (let index = 0; index < count; index += 1) {
      const id = `t${(this.#made += 1)}`;
      const [answer] = await this.store.addTasks([
        draft(id, {
          parentId: parent as TaskId,
          createdBy: 'agent',
          createdAt: this.clock.wallClock(),
          ...over,
        }),
      ]);
      if (answer?.kind === 'added') added += 1;
    }
    return added;
  }

  /** Runs one task to its end. */
  async run(id: string, end: Settlement): Promise<void> {
    await this.store.runNow(id as TaskId);
    const [claimed] = await claim(this.store);
    if (claimed?.task.id !== id) return;
    await this.store.settle({ taskId: claimed.task.id, claim: claimed.task.claim }, end);
  }

  async starts(limit = 100): Promise<number> {
    return (await claim(this.store, limit)).length;
  }

  async answer(): Promise<void> {
    await this.store.answerTrips((await this.store.trips()).map(({ id }) => id));
  }
}
