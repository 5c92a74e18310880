/** Disks that cheat: how a test breaks what the store relies on. */
import type { Files, OpenFile } from '../../src/store/files.ts';
import type { SimulatedFiles } from './simulatedFiles.ts';

/** A disk whose new files, or which itself, behaves differently. */
export function wrapFiles(
  files: SimulatedFiles,
  change: (file: OpenFile) => OpenFile,
  over: Partial<Files> = {},
): Files {
  return {
    makeDirectory: () => files.makeDirectory(),
    list: (path) => files.list(path),
    facts: (path) => files.facts(path),
    exists: (path) => files.exists(path),
    read: (path) => files.read(path),
    create: async (path) => change(await files.create(path)),
    open: (path) => files.open(path),
    rename: (from, to) => files.rename(from, to),
    renameNow: (from, to) => files.renameNow(from, to),
    unlink: (path) => files.unlink(path),
    unlinkNow: (path) => files.unlinkNow(path),
    syncDirectory: (path) => files.syncDirectory(path),
    ...over,
  };
}

/** A disk that says it has synced a file, and has not. */
export function unsynced(files: SimulatedFiles): Files {
  return wrapFiles(files, (file) => ({ ...file, sync: () => Promise.resolve(), syncNow: () => undefined }));
}
