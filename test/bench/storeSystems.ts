/**
 * The systems of the `store` workload: Podium's store, `node:sqlite` with the same schema, rows and grouping of
 * transactions, and the disk itself. Each gives operations per second.
 */
import { plainDraft } from '../support/taskDraft.ts';
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { DispatchOrder } from '../../src/core/dispatchOrder.ts';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import type { WorkspaceId } from '../../src/core/model.ts';
import type { DispatchPolicy, TaskDraft } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { openStore } from '../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import type { Files } from '../../src/store/files.ts';
import { nodeFiles } from '../../src/store/nodeFiles.ts';
import { schema1 } from '../../src/store/schema.ts';
import { reads } from '../../src/store/reads.ts';
import { writes } from '../../src/store/statements.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { RecordingLog } from '../support/recordingLog.ts';

export const workspaceId = 'workspace' as WorkspaceId;
const title = 'Summarise what changed in the parser since the last release'.padEnd(60, '.');
const description = 'Read the log, group by module, name the risky ones. '.repeat(8).slice(0, 400);

/** A row of the size the benchmark prescribes: a title of 60 bytes, a description of 400. */
export function draft(home = workspaceId): TaskDraft {
  return plainDraft(randomUUID(), home, Date.now(), { title, description });
}

export function drafts(count: number): TaskDraft[] {
  return Array.from({ length: count }, () => draft());
}

export function openAt(directory: string, files: Files = nodeFiles): Promise<EmbeddedStore> {
  const policies = { ...fusePolicies(), score: scoreOf };
  return openStore({ directory, files, clock: systemClock, policies, log: new RecordingLog() });
}

export function newPolicy(): DispatchPolicy {
  return new DispatchOrder({ trusted: () => true, isOpen: () => true });
}

/** Operations per second of `work`, which does `operations` of them. */
export async function rate(operations: number, work: () => Promise<void> | void): Promise<number> {
  const began = performance.now();
  await work();
  return (operations * 1000) / (performance.now() - began);
}

/** One round of a system. */
export interface Rates {
  readonly oneCaller: number;
  readonly hundredCallers: number;
  readonly bulk: number;
  readonly claimAndComplete: number;
}

const sizes = { oneCaller: 400, hundredCallers: 5_000, bulk: 5_000, claims: 2_000 };
const signal = new AbortController().signal;

export async function podiumRound(directory: string): Promise<Rates> {
  const store = await openAt(directory);
  await store.putWorkspace({ id: workspaceId, uri: 'file:///bench', name: 'bench' });
  const single = drafts(sizes.oneCaller);
  const oneCaller = await rate(sizes.oneCaller, async () => {
    for (const one of single) await store.addTasks([one]);
  });
  const shared = drafts(sizes.hundredCallers);
  const hundredCallers = await rate(sizes.hundredCallers, async () => {
    const caller = async (): Promise<void> => {
      for (let one = shared.pop(); one !== undefined; one = shared.pop()) await store.addTasks([one]);
    };
    await Promise.all(Array.from({ length: 100 }, caller));
  });
  const many = drafts(sizes.bulk);
  const bulk = await rate(sizes.bulk, async () => {
    for (let at = 0; at < many.length; at += 100) await store.addTasks(many.slice(at, at + 100));
  });
  const policy = newPolicy();
  const claimAndComplete = await rate(sizes.claims, async () => {
    for (let done = 0; done < sizes.claims; done += 10) {
      const claims = await store.claimNext(policy, 10, signal);
      await Promise.all(
        claims.map(({ task: { id: taskId, claim } }) =>
          store.settle({ taskId, claim }, { event: 'complete', result: 'done', tokens: 0, costMicros: 0 }),
        ),
      );
    }
  });
  await store.close();
  return { oneCaller, hundredCallers, bulk, claimAndComplete };
}

/** WAL and FULL: a commit is durable when it returns. */
export async function sqliteRound(directory: string): Promise<Rates> {
  const database = new DatabaseSync(path.join(directory, 'baseline.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec(schema1);
  database.exec("INSERT INTO workspace (key, id, uri, name) VALUES (1, 'w', 'u', 'n')");
  database.exec("INSERT INTO lane VALUES (1, 1, '')");
  const insert = database.prepare(writes.insertTask.sql);
  let sequence = 0;
  const add = (one: TaskDraft): void => insertRow(insert, (sequence += 1), one);
  const grouped = <T>(items: readonly T[], size: number, work: (item: T) => void): void => {
    for (let at = 0; at < items.length; at += size) {
      database.exec('BEGIN');
      for (const item of items.slice(at, at + size)) work(item);
      database.exec('COMMIT');
    }
  };
  const oneCaller = await rate(sizes.oneCaller, () => grouped(drafts(sizes.oneCaller), 1, add));
  const hundredCallers = await rate(sizes.hundredCallers, () =>
    grouped(drafts(sizes.hundredCallers), 100, add),
  );
  const bulk = await rate(sizes.bulk, () => grouped(drafts(sizes.bulk), 100, add));
  const best = database.prepare(reads.bestOfLane.sql);
  const claim = database.prepare(writes.claim.sql);
  const decide = database.prepare(writes.insertDecision.sql);
  const read = database.prepare(reads.taskBySequence.sql);
  const settle = database.prepare(writes.settle.sql);
  let decision = 0;
  const claimAndComplete = await rate(sizes.claims, () => {
    for (let done = 0; done < sizes.claims; done += 10) {
      database.exec('BEGIN');
      const picked = best.all(1, 10);
      for (const { sequence: key, id } of picked) {
        claim.run(1, Date.now(), key ?? null);
        decide.run((decision += 1), id ?? null, 1, Date.now(), 'rank', 500, '[]', '{}');
        read.get(key ?? null);
      }
      database.exec('COMMIT');
      grouped(picked, 10, ({ sequence: key }) => {
        settle.run('completed', 0, 0, null, null, null, 'done', null, Date.now(), 0, 0, key ?? null);
      });
    }
  });
  database.close();
  return { oneCaller, hundredCallers, bulk, claimAndComplete };
}

function insertRow(insert: StatementSync, sequence: number, one: TaskDraft): void {
  const { id, agentId, priority, createdBy, createdAt } = one;
  const { value, parts, changesAt } = scoreOf(
    {
      priority,
      judged: null,
      boost: 0,
      dependents: 0,
      text: one.description,
      goal: '',
      dueAt: null,
      createdAt,
    },
    createdAt,
  );
  const { judgement, unblocking, goal, deadline, age } = parts;
  insert.run(
    sequence, id, 1, 1, agentId, priority, 0, 0,
    value, judgement, unblocking, goal, deadline, age, changesAt,
    null, sequence, null, createdBy, null, null, createdAt,
    '[]', '{}', '{"delegation_depth":0}', one.title, one.description,
  ); // prettier-ignore
}

/** F: overwrites of 4 KiB, each followed by `fdatasync`, per second: what this disk gives at most. */
export async function diskRound(directory: string): Promise<number> {
  const file = openSync(path.join(directory, 'disk'), 'w+');
  const blocks = 256;
  writeSync(file, new Uint8Array(blocks * 4096));
  fsyncSync(file);
  const block = new Uint8Array(4096).fill(1);
  const rounds = 400;
  const found = await rate(rounds, () => {
    for (let at = 0; at < rounds; at += 1) {
      writeSync(file, block, 0, block.length, (at % blocks) * 4096);
      fdatasyncSync(file);
    }
  });
  closeSync(file);
  return found;
}
