import type { CommandRun } from './session.ts';

/** Removes the report of the last interruption from the tree. */
export const dismissRecovery: CommandRun = ({ house }) => {
  house.dismissRecovery();
  return Promise.resolve();
};
