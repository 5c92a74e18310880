import { window } from 'vscode';
import type { Trip } from '../../core/fuses/trip.ts';
import type { AlertWay } from '../present/fuseAlert.ts';
import { fuseAlert } from '../present/fuseAlert.ts';
import { answerTrips } from './answerFuse.ts';
import { inspectRoot, rootOfTrip } from './inspectTree.ts';
import type { CommandRun, Session } from './session.ts';
import { stopRoot } from './stopTree.ts';

/** Tells of a fuse that has just blown, with what can be done about it. */
export const alertFuse: CommandRun = async (session, target) => {
  const { control } = session;
  const { trips, at } = await control.snapshot();
  const trip = trips.find(({ id }) => target.trips.includes(id));
  if (trip === undefined) return;
  const { text, buttons } = fuseAlert(trip, control.fuses.settings, at);
  const chosen = await window.showWarningMessage(text, ...buttons.keys());
  const way = buttons.get(chosen ?? '');
  if (way !== undefined) await ways[way](session, trip);
};

/** A message may be answered long after: what it says is about the trip as it was then. */
const ways: Readonly<Record<AlertWay, (session: Session, trip: Trip) => Promise<void>>> = {
  answer: (session, trip) => answerTrips(session, [trip]),
  inspect: async (session, trip) => {
    const root = await rootOfTrip(session, trip, 'Inspect Tree');
    if (root !== undefined) await inspectRoot(session, root);
  },
  stop: async (session, trip) => {
    const root = await rootOfTrip(session, trip, 'Stop Tree');
    if (root !== undefined) await stopRoot(session, root);
  },
};
