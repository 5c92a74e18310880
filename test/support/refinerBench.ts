/** The refiner by itself, in virtual time, on a store of plain lists or a real one. */
import type { WorkspaceId } from '../../src/core/model.ts';
import type { Model } from '../../src/core/models.ts';
import type { JudgementStore } from '../../src/core/priority/judgementStore.ts';
import type { Meanings } from '../../src/core/priority/meanings.ts';
import { Refiner } from '../../src/core/priority/refiner.ts';
import type { Hindrance, RefinerSettings } from '../../src/core/priority/refinerPorts.ts';
import { Spend } from '../../src/core/priority/spend.ts';
import { FakeClock } from './fakeClock.ts';
import { MemoryJudgements } from './memoryJudgements.ts';
import { permitted } from './permitted.ts';
import { RecordingLog } from './recordingLog.ts';
import { ScriptedModel, worth } from './scriptedModel.ts';
import { SeededChance } from './seededChance.ts';
import { wordMeanings } from './wordMeanings.ts';

export const minute = 60_000;

type Notes = ConstructorParameters<typeof Spend>[0];

/** What a test may put in the place of the product's own. */
export interface RefinerSeams {
  readonly meanings?: Meanings;
  readonly spend?: (notes: Notes) => Spend;
}

export class RefinerBench<Store extends JudgementStore> {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly log = new RecordingLog();
  readonly notes = new Map<string, string>();
  readonly changed: WorkspaceId[] = [];
  readonly told: string[] = [];
  readonly model: ScriptedModel;
  settings: RefinerSettings = { timeout: minute, dailyTokens: 0 };
  current: Model | null;
  freeWorkers = 10;
  /** What keeps the tasks of a lane from starting, by its signature. */
  readonly hindrances = new Map<string, Hindrance>();
  readonly refiner: Refiner;

  constructor(
    store: Store,
    clock = new FakeClock(),
    { meanings = wordMeanings, spend = (notes) => new Spend(notes) }: RefinerSeams = {},
  ) {
    this.store = store;
    this.clock = clock;
    this.model = new ScriptedModel(clock, worth);
    this.current = this.model;
    this.refiner = new Refiner({
      store,
      models: { scoring: () => this.current },
      meanings,
      spend: spend({
        note: (name) => Promise.resolve(this.notes.get(name)),
        putNote: (name, text) => Promise.resolve(void this.notes.set(name, text ?? '')),
      }),
      clock,
      chance: new SeededChance(),
      log: this.log,
      settings: () => this.settings,
      house: {
        freeWorkers: () => this.freeWorkers,
        hindrance: ({ signature }) => this.hindrances.get(signature) ?? null,
        lease: permitted,
        isOpen: (workspaceId) => workspaceId !== 'closed',
        onJudged: (workspaceId) => this.changed.push(workspaceId),
        onState: () => this.told.push(this.refiner.figures.state.kind),
      },
    });
  }

  /** Begins, and lets time pass. */
  async go(milliseconds = 10_000): Promise<void> {
    const started = this.refiner.start();
    await this.clock.advance(0);
    await started;
    await this.clock.advance(milliseconds);
  }

  async wake(milliseconds = 1_000): Promise<void> {
    this.refiner.wake();
    await this.clock.advance(milliseconds);
  }

  async stop(): Promise<void> {
    const stopped = this.refiner.stop();
    await this.clock.advance(0);
    await stopped;
  }

  /** Titles of all that was shown to the model. */
  get asked(): string[] {
    return this.model.batches.flatMap(({ tasks }) => tasks.map(({ title }) => title));
  }

  get state(): string {
    return this.refiner.figures.state.kind;
  }
}

/** The same on plain lists. */
export class ListBench extends RefinerBench<MemoryJudgements> {
  constructor() {
    super(new MemoryJudgements());
  }

  add(count: number, word = 'Task'): void {
    for (let value = 1; value <= count; value += 1) this.store.add(`${word} ${value}`);
  }
}
