/** Where rows go that are dragged and dropped. Pure; a row is known by the id of its task, never by its place. */
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { TaskId } from '../../core/model.ts';
import type { OrderPlace } from '../../core/ports.ts';
import { abilitiesOf } from '../present/abilities.ts';
import { stateWords } from '../present/leftOut.ts';
import { counted } from '../present/words.ts';
import { parseKey } from './nodeKey.ts';

export type Drop =
  | { readonly kind: 'move'; readonly ids: readonly TaskId[]; readonly place: OrderPlace }
  /** Why not, in a sentence. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Dropped where it was. */
  | { readonly kind: 'nothing' };

/**
 * @param dragged keys of rows, in any order; they keep the order in which they are shown
 * @param target key of the row they are dropped on; the title of a folder is the top of its queue
 */
export function dropPlace(snapshot: Snapshot, dragged: readonly unknown[], target: unknown): Drop {
  if (snapshot.role.kind === 'reader')
    return refused(`These tasks belong to ${snapshot.role.ownedBy}; here they can only be read.`);
  const names = dragged.map(parseKey);
  const wanted = new Set(names.flatMap((name) => (name?.kind === 'task' ? [name.id] : [])));
  const onto = parseKey(target);
  if (wanted.size === 0 || wanted.size < names.length)
    return refused('Only tasks can be moved in the queue.');
  const home = snapshot.workspaces
    .map(({ workspace, tasks, finished }) => ({ id: workspace.id, views: [...tasks, ...finished] }))
    .find(({ id, views }) => {
      if (onto?.kind === 'task') return views.some(({ task }) => task.id === onto.id);
      return onto?.kind === 'workspace' && id === onto.id;
    });
  if (home === undefined || onto === undefined)
    return refused('Drop tasks on a task that waits, or on their folder.');
  const moved = home.views.filter(({ task }) => wanted.has(task.id));
  if (moved.length < wanted.size)
    return refused('Tasks stay in their folder: drop them on one of its tasks.');
  const fixed = moved.filter((view) => !abilitiesOf(view, false).has('movable'));
  const [stuck] = fixed;
  if (stuck !== undefined) {
    return refused(
      fixed.length === 1
        ? `"${stuck.task.title}" has no place in the queue: it is ${stateWords[stuck.state.kind]}.`
        : `${counted(fixed.length, 'task')} of these have no place in the queue.`,
    );
  }
  const ids = moved.map(({ task }) => task.id);
  if (onto.kind !== 'task') return { kind: 'move', ids, place: 'first' };
  if (wanted.has(onto.id)) return { kind: 'nothing' };
  const anchor = home.views.find(({ task }) => task.id === onto.id);
  if (anchor === undefined || !abilitiesOf(anchor, false).has('movable'))
    return refused('Only next to a task that waits in the queue is there a place.');
  const order = home.views.map(({ task }) => task.id);
  // What is dragged down goes below the row it is dropped on, what is dragged up above it: it takes its place.
  const isDown = order.findLastIndex((id) => wanted.has(id)) < order.indexOf(onto.id);
  return { kind: 'move', ids, place: isDown ? { after: onto.id } : { before: onto.id } };
}

function refused(message: string): Drop {
  return { kind: 'refused', message };
}
