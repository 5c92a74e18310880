import type { CommandRun } from './session.ts';

/** Lets every paused workspace go on. */
export const resumeAll: CommandRun = async ({ control }) => {
  await control.resume('all');
};
