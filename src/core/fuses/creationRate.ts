/** So many tasks made by agents in one workspace within a minute; a sliding window, which an answer empties for its tree. */
import { creationWindow } from './fuseSettings.ts';
import type { GateFuse } from './gateFuse.ts';
import { countedFrom } from './trip.ts';

export const creationRate: GateFuse = ({ family, settings: { creations }, now }) => {
  if (creations === 0) return null;
  const since = Math.max(now - creationWindow, countedFrom(family.answers('creation-rate')));
  if (family.createdSince(since, creations) < creations) return null;
  return {
    code: 'creation-rate',
    fuse: 'creation-rate',
    message: `Agents have made ${creations} tasks in this folder within a minute: wait a minute before you make another.`,
    reason: `Agents have made ${creations} tasks in this folder within a minute. More are refused for a moment.`,
  };
};
