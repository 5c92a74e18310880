/** What is told of a fuse that has just blown, and what can be done about it. Pure. */
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import type { Trip } from '../../core/fuses/trip.ts';
import type { Instant } from '../../core/model.ts';
import { answerText } from './fuseAnswer.ts';
import { withoutLinks } from './plain.ts';
import { clipped, clockText } from './words.ts';

/** Characters of a notification; the tree has the rest. */
const shownLength = 400;

export type AlertWay = 'inspect' | 'answer' | 'stop';

export interface FuseAlert {
  /** Harmless where the editor would read markup: the reason quotes titles that agents have made up. */
  readonly text: string;
  /** Button to what it does, in the order in which they stand. */
  readonly buttons: ReadonlyMap<string, AlertWay>;
}

export function fuseAlert(trip: Trip, limits: FuseSettings, now: Instant): FuseAlert {
  const until = trip.resumesAt === null ? '' : ` It goes on by itself at ${clockText(trip.resumesAt, now)}.`;
  return {
    text: withoutLinks(`${clipped(trip.reason, shownLength)}${until}`),
    buttons: new Map([
      ['Inspect', 'inspect'],
      [answerText(trip, limits), 'answer'],
      ['Stop Tree', 'stop'],
    ]),
  };
}
