import type { CommandRun } from './session.ts';

/** The report of what was interrupted was read. */
export const dismissRecovery: CommandRun = async ({ house }) => {
  await house.dismissRecovery();
};
