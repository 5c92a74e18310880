import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Task, TaskId } from '../../../src/core/model.ts';
import { pruneRuns, pruningLimits } from '../../../src/system/runPruning.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { claim, draft, openHarness, putHome, task as taskOf } from '../../support/storeHarness.ts';

const day = 24 * 60 * 60 * 1_000;
const now = Date.UTC(2030, 0, 1);
const signal = new AbortController().signal;

describe('The files of runs', () => {
  let runs: string;
  let pattern: Task;
  let tasks: Map<TaskId, Task>;

  before(async () => {
    const store = await openHarness({ files: new SimulatedFiles() });
    await putHome(store);
    await store.addTasks([draft('a')]);
    await claim(store);
    pattern = await taskOf(store, 'a');
  });
  beforeEach(async () => {
    runs = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
    tasks = new Map();
  });
  afterEach(() => rm(runs, { recursive: true, force: true }));

  /** A run that left `bytes`; its task was finished `age` days ago, or is in `state`. */
  async function run(
    id: string,
    bytes: number,
    state: { readonly age: number } | 'running' | 'pending' | 'needs_input' | { readonly archived: number },
    claimed = 1,
  ): Promise<void> {
    const directory = path.join(runs, id, String(claimed));
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, 'output.log');
    await writeFile(file, 'x'.repeat(bytes));
    const age = typeof state === 'string' ? 900 : 'age' in state ? state.age : state.archived;
    await utimes(file, new Date(now - age * day), new Date(now - age * day));
    if (typeof state === 'string') tasks.set(id as TaskId, { ...pattern, status: state });
    else if ('age' in state)
      tasks.set(id as TaskId, { ...pattern, status: 'completed', finishedAt: now - age * day });
  }

  async function prune(days: number, bytes: number): Promise<readonly string[]> {
    await pruneRuns(runs, (id) => Promise.resolve(tasks.get(id)), pruningLimits(days, bytes, now), signal);
    const left: string[] = [];
    for (const id of await readdir(runs))
      for (const number of await readdir(path.join(runs, id))) left.push(`${id}/${number}`);
    return left.sort();
  }

  it('go when they are older than they are kept', async () => {
    await run('old', 10, { age: 31 });
    await run('young', 10, { age: 29 });
    await run('archived', 10, { archived: 40 });
    await run('put-away', 10, { archived: 3 });
    assert.deepEqual(await prune(30, 1_000), ['put-away/1', 'young/1']);
    assert.equal((await readdir(runs)).includes('archived'), false);
  });

  it('go when they take too much room, those of the oldest runs first', async () => {
    await run('a', 400, { age: 3 });
    await run('b', 400, { age: 2 });
    await run('c', 400, { archived: 1 });
    assert.deepEqual(await prune(0, 900), ['b/1', 'c/1']);
    assert.deepEqual(await prune(0, 900), ['b/1', 'c/1']);
  });

  it('stay as long as their task is not finished, however old and large', async () => {
    await run('running', 5_000, 'running');
    await run('running', 5_000, 'running', 2);
    await run('waits', 5_000, 'pending');
    await run('asks', 5_000, 'needs_input');
    await run('done', 10, { age: 0 });
    assert.deepEqual(await prune(1, 100), ['asks/1', 'running/1', 'running/2', 'waits/1']);
  });

  it('stay for ever when nothing else is asked for', async () => {
    await run('old', 10, { age: 4_000 });
    assert.deepEqual(await prune(0, 100), ['old/1']);
  });

  it('are no reason to fail when there are none', async () => {
    assert.equal(
      await pruneRuns(
        path.join(runs, 'none'),
        () => Promise.resolve(undefined),
        pruningLimits(1, 1, now),
        signal,
      ),
      0,
    );
  });
});
