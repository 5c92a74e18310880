import type { CommandRun } from './session.ts';

/** Shows more of the tasks that did not fit. */
export const showMore: CommandRun = ({ showMoreTasks }) => {
  showMoreTasks();
  return Promise.resolve();
};
