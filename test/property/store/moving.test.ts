import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Task, TaskId } from '../../../src/core/model.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { Arrivals } from '../../../src/store/moving/arrivals.ts';
import { Mover } from '../../../src/store/moving/mover.ts';
import type { Brought } from '../../../src/store/moving/mover.ts';
import { nodeFiles } from '../../../src/store/nodeFiles.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { SeededChance } from '../../support/seededChance.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, claim, completion, draft, home, ids, openHarness } from '../../support/storeHarness.ts';
import { putHome } from '../../support/storeHarness.ts';

/** The process is gone: whatever it does next does nothing. */
class Died extends Error {}

/** Counts the doors a move goes through, and dies at one of them: before what is behind it is done, or after. */
class Doors {
  #left: number;
  readonly #before: boolean;
  dead = false;
  passed = 0;

  constructor(dieAt: number, before: boolean) {
    this.#left = dieAt;
    this.#before = before;
  }

  through<T extends object>(house: T, names: readonly (keyof T)[]): T {
    return new Proxy(house, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
        return names.includes(name as keyof T)
          ? (...args: unknown[]) => this.#pass(() => call(...args))
          : call;
      },
    });
  }

  async #pass(work: () => unknown): Promise<unknown> {
    if (this.dead) throw new Died();
    this.passed += 1;
    this.#left -= 1;
    if (this.#left === 0 && this.#before) this.#die();
    const value = await work();
    if (this.#left === 0) this.#die();
    return value;
  }

  #die(): never {
    this.dead = true;
    throw new Died();
  }
}

const deleteTree = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

/** Two stores, the folders of their runs, and the storage in which tasks arrive. */
class World implements AsyncDisposable {
  readonly files = { from: new SimulatedFiles(), to: new SimulatedFiles() };
  readonly runs = new Map<string, Set<string>>([['/from', new Set()]]);
  readonly storage = mkdtempSync(path.join(tmpdir(), 'podium-moving-'));

  get arrivals(): Arrivals {
    return new Arrivals({ ...nodeFiles, deleteTree }, this.storage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await deleteTree(this.storage);
  }

  async open(name: 'from' | 'to'): Promise<EmbeddedStore> {
    return await openHarness({ files: this.files[name] });
  }

  mover(store: EmbeddedStore, doors: Doors, seed: number): Mover {
    const { runs } = this;
    const runsOf = (place: string): Set<string> => runs.get(place) ?? new Set();
    return new Mover({
      store: doors.through(store, ['importWorkspace', 'note', 'putNote']),
      arrivals: doors.through(this.arrivals, ['prepare', 'drop', 'list']),
      runs: doors.through(
        {
          duplicate: (storage: string, tasks: readonly TaskId[], into: string) => {
            runs.set(into, new Set(tasks.filter((id) => runsOf(storage).has(id))));
            return Promise.resolve();
          },
          adopt: (from: string) => {
            runs.set('/to', new Set([...runsOf('/to'), ...runsOf(from)]));
            return Promise.resolve();
          },
          delete: (storage: string, tasks: readonly TaskId[]) => {
            for (const id of tasks) runsOf(storage).delete(id);
            return Promise.resolve();
          },
        },
        ['duplicate', 'adopt', 'delete'],
      ),
      exists: () => true,
      openSource: async () => {
        const source = await this.open('from');
        return {
          role: source.role,
          store: doors.through(source, ['exportWorkspace', 'forgetTasks', 'note', 'putNote']),
          // A process that has died closes nothing in order.
          [Symbol.asyncDispose]: async () => (doors.dead ? source.abandon() : source.close()),
        };
      },
      chance: new SeededChance(seed),
      log: new RecordingLog(),
      onArrived: () => undefined,
    });
  }
}

async function fill(store: EmbeddedStore): Promise<void> {
  await putHome(store);
  await store.addTasks([
    draft('one', { priority: 'high' }),
    draft('two'),
    draft('three', { needs: ids('two') }),
  ]);
  await claim(store);
  await store.settle({ taskId: 'one' as TaskId, claim: 1 }, completion);
}

const never = new Doors(Infinity, true);

function names(tasks: readonly Task[]): string[] {
  return tasks.map(({ id, status }) => `${id} ${status}`).sort();
}

describe('a move that is cut short at any of its doors', () => {
  const all = ['one completed', 'three pending', 'two pending'];

  for (const before of [true, false]) {
    it(`${before ? 'before' : 'after'} each step: no task is lost, none is in both stores, and repeating ends it`, async () => {
      let cuts = 0;
      for (let dieAt = 1; ; dieAt += 1) {
        await using world = new World();
        const first = await world.open('from');
        await fill(first);
        world.runs.get('/from')?.add('one');
        await first.close();
        const target = await world.open('to');
        const doors = new Doors(dieAt, before);
        const cut = await world
          .mover(target, doors, dieAt)
          .bring(home, '/from')
          .then(
            () => false,
            (thrown: unknown) => {
              if (!(thrown instanceof Died)) throw thrown;
              return true;
            },
          );
        await target.abandon();

        // Whoever opens either of them now runs nothing that the other one may run too.
        const source = await world.open('from');
        const left = await allTasks(source);
        await source.close();
        const again = await world.open('to');
        const came = await allTasks(again);
        const both = left.filter(({ id }) => came.some((task) => task.id === id));
        assert.deepEqual(both, [], `in both after ${dieAt}`);

        const mover = world.mover(again, never, dieAt + 1_000);
        const resumes = dieAt % 2 === 0;
        if (resumes) {
          await mover.resume();
          const here = await allTasks(again);
          assert.deepEqual(
            names([...left, ...here]),
            all,
            `after ${dieAt}: what the source let go of is here`,
          );
        }
        // Without it, asking again ends the move just as well, and says what came.
        const brought: Brought = await mover.bring(home, '/from');
        const isOver = left.length === 0 && (resumes || came.length > 0);
        assert.deepEqual(brought, isOver ? { kind: 'nothing' } : { kind: 'brought', tasks: 3 });
        assert.deepEqual(names(await allTasks(again)), all);
        assert.ok(world.runs.get('/to')?.has('one'), `the runs after ${dieAt}`);
        // What is left of them there belongs to no task, and goes the next time that store is tidied.
        if (!cut) assert.equal(world.runs.get('/from')?.has('one'), false);

        // And a second visit finds nothing to do and nothing left over.
        await again.deleteTasks(ids('one', 'two', 'three'));
        await mover.resume();
        assert.deepEqual(await allTasks(again), [], `nothing comes back after ${dieAt}`);
        assert.deepEqual(await readdir(path.join(world.storage, 'arriving')).catch(() => []), []);
        await again.close();
        if (!cut) break;
        cuts += 1;
      }
      assert.ok(cuts >= 8, `only ${cuts} cuts`);
    });
  }

  it('gives the tasks to the target when the source is gone for ever, for nobody else has them', async () => {
    await using world = new World();
    const first = await world.open('from');
    await fill(first);
    await first.close();
    const target = await world.open('to');
    const doors = new Doors(5, false);
    await world
      .mover(target, doors, 1)
      .bring(home, '/from')
      .catch(() => undefined);
    assert.ok(doors.dead);
    assert.deepEqual(await allTasks(target), []);
    const moved = new Mover({
      store: target,
      arrivals: world.arrivals,
      runs: {
        duplicate: () => Promise.resolve(),
        adopt: () => Promise.resolve(),
        delete: () => Promise.resolve(),
      },
      exists: () => false,
      openSource: () => Promise.reject(new Error('It is gone.')),
      chance: new SeededChance(2),
      log: new RecordingLog(),
      onArrived: () => undefined,
    });
    await moved.resume();
    assert.deepEqual(names(await allTasks(target)), all);
    await target.close();
  });

  it('does not begin while another window works on the tasks', async () => {
    await using world = new World();
    const owner = await openHarness({ files: world.files.from });
    await fill(owner);
    const target = await world.open('to');
    const mover = new Mover({
      store: target,
      arrivals: world.arrivals,
      runs: {
        duplicate: () => Promise.reject(new Error('Nothing is to be touched.')),
        adopt: () => Promise.resolve(),
        delete: () => Promise.resolve(),
      },
      exists: () => true,
      openSource: () =>
        Promise.resolve({
          role: { kind: 'reader', ownedBy: 'another window (process 7)' },
          store: owner,
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
      chance: new SeededChance(2),
      log: new RecordingLog(),
      onArrived: () => undefined,
    });
    assert.deepEqual(await mover.bring(home, '/from'), {
      kind: 'owned',
      by: 'another window (process 7)',
    });
    assert.deepEqual(names(await allTasks(owner)), all);
    await target.close();
    await owner.close();
  });
});
