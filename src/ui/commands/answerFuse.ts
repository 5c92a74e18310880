import type { Trip } from '../../core/fuses/trip.ts';
import { answerText } from '../present/fuseAnswer.ts';
import { withoutIcons } from '../present/plain.ts';
import { tripRow } from '../present/tripRow.ts';
import { askPickMany } from '../prompts/quickInputs.ts';
import { writableSnapshot } from './pick.ts';
import type { CommandRun, Session } from './session.ts';
import type { Target } from './target.ts';

/** Lets what a fuse has stopped go on; what it counts is counted anew. */
export const answerFuse: CommandRun = async (session, target) => {
  const trips = await pickTrips(session, target);
  if (trips.length > 0) await answerTrips(session, trips);
};

/** Answers those that nobody has answered yet, and says so when that are none. @throws PodiumError `read-only` */
export async function answerTrips(session: Session, trips: readonly Trip[]): Promise<void> {
  const open = new Set((await writableSnapshot(session)).trips.map(({ id }) => id));
  const ids = trips.map(({ id }) => id).filter((id) => open.has(id));
  if (ids.length > 0) await session.control.fuses.answer(ids);
  else session.messages.info('Nothing is stopped by that fuse any more.');
}

/** The fuses of the target, or those ticked in a list. @throws PodiumError `read-only` */
async function pickTrips(session: Session, target: Target): Promise<readonly Trip[]> {
  const { trips, workspaces, at } = await writableSnapshot(session);
  if (target.trips.length > 0) return trips.filter(({ id }) => target.trips.includes(id));
  if (trips.length === 0) {
    session.messages.info('No fuse has blown.');
    return [];
  }
  const { settings } = session.control.fuses;
  const choices = trips.map((trip) => {
    const place = workspaces.find(({ workspace }) => workspace.id === trip.workspaceId)?.workspace.name ?? '';
    const { label, description } = tripRow(trip, place, { now: at, readOnly: false });
    return {
      label: `${withoutIcons(label)}: ${answerText(trip, settings)}`,
      description: withoutIcons(description),
      value: trip,
    };
  });
  const answer = await askPickMany({
    title: 'Resume After Fuse',
    placeholder: 'Fuses to answer',
    choices,
    // An answer may also make a budget larger: each is a decision.
    selected: () => choices.length === 1,
  });
  return answer.kind === 'answer' ? answer.value : [];
}
