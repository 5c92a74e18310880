import { window } from 'vscode';
import type { Trip } from '../../core/fuses/trip.ts';
import { clockText } from '../present/words.ts';
import { answerFuse } from './answerFuse.ts';
import { inspectTree } from './inspectTree.ts';
import type { CommandRun } from './session.ts';
import { stopTree } from './stopTree.ts';

/** Tells of a fuse that has just blown, with what can be done about it. */
export const alertFuse: CommandRun = async (session, target, args) => {
  const { trips, at } = await session.control.snapshot();
  const trip = trips.find(({ id }) => target.trips.includes(id));
  if (trip === undefined) return;
  const ways = waysOf(trip);
  const until = trip.resumesAt === null ? '' : ` It goes on by itself at ${clockText(trip.resumesAt, at)}.`;
  const chosen = await window.showWarningMessage(`${trip.reason}${until}`, ...ways.keys());
  await ways.get(chosen ?? '')?.(session, target, args);
};

function waysOf({ rootId, holds, fuse }: Trip): ReadonlyMap<string, CommandRun> {
  const ways = new Map<string, CommandRun>();
  if (rootId !== null) ways.set('Inspect', inspectTree);
  const answer = holds ? 'Resume' : fuse === 'children' || fuse === 'tree-tasks' ? 'Allow More' : 'Dismiss';
  ways.set(answer, answerFuse);
  if (rootId !== null) ways.set('Stop Tree', stopTree);
  return ways;
}
