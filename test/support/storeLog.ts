/** A small log with a known state after each commit, and what recovery makes of it when its bytes are changed. */
import { checksum } from '../../src/store/record.ts';
import type { Checksum } from '../../src/store/record.ts';
import { recover } from '../../src/store/recovery.ts';
import type { RecoveryOptions } from '../../src/store/recovery.ts';
import { reads } from '../../src/store/reads.ts';
import { SimulatedFiles } from './simulatedFiles.ts';
import { completion, claim, directory, draft, engine, home, openHarness, putHome } from './storeHarness.ts';

export interface SmallLog {
  readonly files: SimulatedFiles;
  /** The one segment. */
  readonly name: string;
  /** Bytes in use. */
  readonly length: number;
  /** The state before the first commit and after each, as text. */
  readonly states: readonly string[];
}

export interface Outcome {
  /** The state as text. */
  readonly state: string;
  readonly damaged: boolean;
}

/** Each commit is a group of its own. */
export async function smallLog(sum: Checksum = checksum): Promise<SmallLog> {
  const files = new SimulatedFiles();
  const seams = { segmentBytes: 4_096, checksum: sum };
  const store = await openHarness({ files, seams });
  const name = `${directory}/journal.1.1`;
  const states = [(await outcomeOf(files, sum)).state];
  const steps = [
    () => putHome(store),
    () => store.setGoal(home, 'first goal'),
    () => store.addTasks([draft('a')]),
    () => claim(store),
    () => store.settle({ taskId: draft('a').id, claim: 1 }, completion),
    () => store.setGoal(home, 'second goal'),
  ];
  for (const step of steps) {
    await step();
    states.push((await outcomeOf(files, sum)).state);
  }
  const left = files.copy();
  const log = left.get(name);
  const length = log.findLastIndex((byte) => byte !== 0) + 1;
  await store.close();
  return { files: left, name, length, states };
}

/** What recovery finds; `failed` when it refuses. */
export async function outcomeOf(files: SimulatedFiles, sum: Checksum = checksum): Promise<Outcome> {
  const options: RecoveryOptions = { files, directory, engine, checksum: sum, overrides: new Map() };
  const { database, damaged } = await recover(options);
  try {
    const tasks = database.rows({ sql: 'SELECT * FROM task' });
    return { state: JSON.stringify([database.rows(reads.workspaces), tasks]), damaged: damaged.length > 0 };
  } finally {
    database.close();
  }
}

/** The log with its one segment changed. */
export function withSegment(log: SmallLog, change: (bytes: Uint8Array) => Uint8Array): SimulatedFiles {
  const files = log.files.copy();
  files.put(log.name, change(files.get(log.name)));
  return files;
}
