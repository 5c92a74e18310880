import { pauseReason } from './pauseWorkspace.ts';
import type { CommandRun } from './session.ts';

/** Starts nothing more anywhere; what runs goes on. */
export const pauseAll: CommandRun = async ({ control }) => {
  await control.pause('all', pauseReason);
};
