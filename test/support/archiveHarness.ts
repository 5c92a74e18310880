/** An archive on simulated files, beside a store on the same. */
import { ArchiveReader } from '../../src/store/archive/archiveReader.ts';
import { ArchiveWriter } from '../../src/store/archive/archiveWriter.ts';
import type { ArchiveStore } from '../../src/store/archive/archiveWriter.ts';
import { StoreHistory } from '../../src/store/archive/storeHistory.ts';
import type { HistoryStore } from '../../src/store/archive/storeHistory.ts';
import type { PastTask } from '../../src/core/history/pastTask.ts';
import type { Task, TaskId } from '../../src/core/model.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Files } from '../../src/store/files.ts';
import { RecordingLog } from './recordingLog.ts';
import { directory, home } from './storeHarness.ts';

export const archiveDirectory = `${directory}/archive`;
export const never = new AbortController().signal;

export interface TestArchive {
  readonly writer: ArchiveWriter;
  readonly reader: ArchiveReader;
  readonly history: StoreHistory;
  readonly log: RecordingLog;
}

export function archiveOf(
  store: ArchiveStore & HistoryStore,
  files: Files,
  clock: Clock,
  segmentBytes = 4_096,
): TestArchive {
  const log = new RecordingLog();
  const reader = new ArchiveReader({ files, directory: archiveDirectory, store, log });
  return {
    writer: new ArchiveWriter({ files, directory: archiveDirectory, store, clock, segmentBytes }),
    reader,
    history: new StoreHistory(store, reader),
    log,
  };
}

/** Puts away until nothing more goes. */
export async function putAll({ writer }: TestArchive, keep: number, workspaceId = home): Promise<number> {
  let put = 0;
  for (;;) {
    const some = await writer.put(workspaceId, keep);
    if (some === 0) return put;
    put += some;
  }
}

export async function listed<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function idsOf(tasks: readonly Pick<Task | PastTask, 'id'>[]): readonly TaskId[] {
  return tasks.map(({ id }) => id);
}
