/** What is said of tasks of an open folder that another window's storage has. Pure. */
import type { FolderOffer } from '../uiHost.ts';
import type { Row } from './row.ts';
import { clipped, counted } from './words.ts';

/** Characters of a folder's name in a sentence. */
const nameLength = 60;

/** `3 unfinished and 5 finished tasks` */
function tasksOf({ unfinished, finished }: FolderOffer): string {
  if (finished === 0) return counted(unfinished, 'unfinished task');
  if (unfinished === 0) return counted(finished, 'finished task');
  return `${unfinished} unfinished and ${counted(finished, 'finished task')}`;
}

export function offerText(offer: FolderOffer): string {
  const name = clipped(offer.name, nameLength);
  return `The folder “${name}” has ${tasksOf(offer)} from when it was open in another window. Bring them here?`;
}

/** `12 tasks elsewhere  app, 7 unfinished` */
export function offerRow(offer: FolderOffer): Row {
  const count = offer.unfinished + offer.finished;
  const label = `${counted(count, 'task')} elsewhere`;
  const name = clipped(offer.name, nameLength);
  return {
    label,
    description: offer.unfinished === 0 ? name : `${name}, ${offer.unfinished} unfinished`,
    icon: { id: 'inbox', color: 'charts.yellow' },
    spoken: `${label}: ${tasksOf(offer)} of ${name} from another window, to be brought here`,
    context: 'elsewhere',
  };
}

export function broughtText({ name }: FolderOffer, count: number): string {
  return `${counted(count, 'task')} of “${clipped(name, nameLength)}” ${count === 1 ? 'was' : 'were'} brought here.`;
}

export function nothingText({ name }: FolderOffer): string {
  return `There is nothing left to bring for “${clipped(name, nameLength)}”.`;
}

/** @param by who owns them, in words */
export function heldText({ name }: FolderOffer, by: string): string {
  return `The tasks of “${clipped(name, nameLength)}” belong to ${by}. Close that window, then bring them. Nothing was changed.`;
}
