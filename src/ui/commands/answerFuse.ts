import type { Trip } from '../../core/fuses/trip.ts';
import { withoutIcons } from '../present/plain.ts';
import { tripRow } from '../present/tripRow.ts';
import { askPickMany } from '../prompts/quickInputs.ts';
import { writableSnapshot } from './pick.ts';
import type { CommandRun, Session } from './session.ts';
import type { Target } from './target.ts';

/** Lets what a fuse has stopped go on; what it counts is counted anew. */
export const answerFuse: CommandRun = async (session, target) => {
  const trips = await pickTrips(session, target, 'Resume After Fuse');
  if (trips.length > 0) await session.control.fuses.answer(trips.map(({ id }) => id));
};

/** The fuses of the target that have not been answered yet, or those ticked in a list. @throws PodiumError `read-only` */
export async function pickTrips(session: Session, target: Target, title: string): Promise<readonly Trip[]> {
  const { trips, workspaces, at } = await writableSnapshot(session);
  const chosen = trips.filter(({ id }) => target.trips.includes(id));
  if (target.trips.length > 0) return chosen;
  if (trips.length === 0) {
    session.messages.info('No fuse has blown.');
    return [];
  }
  const choices = trips.map((trip) => {
    const place = workspaces.find(({ workspace }) => workspace.id === trip.workspaceId)?.workspace.name ?? '';
    const { label, description } = tripRow(trip, place, { now: at, readOnly: false });
    return { label: withoutIcons(label), description: withoutIcons(description), value: trip };
  });
  const answer = await askPickMany({
    title,
    placeholder: 'Fuses to answer',
    choices,
    selected: () => true,
  });
  return answer.kind === 'answer' ? answer.value : [];
}
