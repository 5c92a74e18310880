import type { CommandRun } from './session.ts';

/** Opens the panel of the metrics, or brings it to the front. */
export const openMetrics: CommandRun = ({ showMetrics }) => showMetrics();
