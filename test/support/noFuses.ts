/** No limits but that of depth: for what is not about fuses. */
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { FuseSettings } from '../../src/core/fuses/fuseSettings.ts';

export const noFuses: FuseSettings = {
  ...defaultFuses,
  ...{
    children: 0,
    treeTasks: 0,
    pending: 0,
    creations: 0,
    antiLoop: 0,
    failures: 0,
    reentries: 0,
    reproduction: 0,
  },
};
