/** A task as one row: `870 · running · attempt 2 · 10 s`. */
import { isUntilReleased } from '../../core/arbitration/resourceControl.ts';
import type { DisplayState, TaskView } from '../../core/metrics/snapshot.ts';
import type { Instant, TaskId } from '../../core/model.ts';
import type { FolderOffer } from '../uiHost.ts';
import { abilitiesOf } from './abilities.ts';
import type { Row, RowIcon } from './row.ts';
import { openNeeds } from './taskIndex.ts';
import type { TaskIndex } from './taskIndex.ts';
import { fuseIcon } from './tripRow.ts';
import { clipped, durationText, growingText, momentText, spokenDuration } from './words.ts';

export interface PresentContext {
  readonly now: Instant;
  readonly index: TaskIndex;
  /** Another window owns the store. */
  readonly readOnly: boolean;
  /** Roots of trees for which a fuse has blown. */
  readonly tripped?: ReadonlySet<TaskId>;
  /** Tasks to be brought from elsewhere. */
  readonly offers?: readonly FolderOffer[];
}

/** Characters of an error or of another task's title within a description. */
const quoteLimit = 60;

/** Icon and colour of every state; the colour repeats what the words of the row say. */
export const stateIcons: Readonly<Record<DisplayState['kind'], RowIcon>> = {
  running: { id: 'sync~spin', color: 'charts.blue' },
  ready: { id: 'circle-outline' },
  paused: { id: 'debug-pause', color: 'disabledForeground' },
  waiting: { id: 'lock', color: 'charts.purple' },
  blocked: { id: 'link', color: 'charts.purple' },
  scheduled: { id: 'watch', color: 'charts.purple' },
  held: { id: 'zap', color: 'list.warningForeground' },
  needs_you: { id: 'question', color: 'charts.yellow' },
  completed: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  cancelled: { id: 'circle-slash', color: 'disabledForeground' },
};

export function taskRow(view: TaskView, context: PresentContext): Row {
  const { task, state } = view;
  const can = abilitiesOf(view, context.readOnly);
  const words = ['task', state.kind, ...(task.pin === null ? [] : ['pinned']), ...can];
  const opens = can.has('withResult') ? 'result' : can.has('withLog') ? 'log' : undefined;
  return {
    label: task.title,
    description: describe(view, context),
    icon: iconOf(view, context),
    spoken: speak(view, context),
    context: words.join(' '),
    ...(opens === undefined ? {} : { opens }),
  };
}

/** A tree whose fuse has blown wears the fuse. What is pinned wears its pin while nothing else is the matter with it. */
function iconOf({ task, state }: TaskView, { tripped }: PresentContext): RowIcon {
  if (tripped?.has(task.id) === true) return fuseIcon;
  const icon = stateIcons[state.kind];
  const isFree = state.kind === 'ready' || state.kind === 'paused';
  return isFree && task.pin !== null ? { ...icon, id: 'pinned' } : icon;
}

/** The state in a word or two: `running`, `waiting for Build`, `scheduled, resumes 03:30`. */
export function stateText(view: TaskView, { now, index }: PresentContext): string {
  const { state } = view;
  switch (state.kind) {
    case 'running':
    case 'paused':
    case 'completed':
    case 'failed':
    case 'cancelled':
      return state.kind;
    case 'ready':
      return 'pending';
    case 'waiting':
      return waitText(state, now);
    case 'blocked':
      return `waiting for ${blockersText(view, index)}`;
    case 'scheduled':
      // What is due starts with the next free worker.
      return state.at <= now ? 'pending' : `scheduled, resumes ${momentText(state.at, now)}`;
    case 'held':
      return 'held by a fuse';
    case 'needs_you':
      return 'needs input';
  }
}

function waitText({ resource, until }: Extract<DisplayState, { kind: 'waiting' }>, now: Instant): string {
  if (until === null || until <= now) return `waiting for ${resource}`;
  if (isUntilReleased(until, now)) return `waiting for ${resource}, held`;
  return `waiting for ${resource}, resumes ${momentText(until, now)}`;
}

/** How long it has run, or ran; null before its first start. */
export function ranFor({ task, state }: TaskView, now: Instant): number | null {
  if (state.kind === 'running') return Math.max(0, now - state.since);
  if (task.startedAt === null || task.finishedAt === null) return null;
  return Math.max(0, task.finishedAt - task.startedAt);
}

function describe(view: TaskView, context: PresentContext): string {
  const { task, state } = view;
  const ran = ranFor(view, context.now);
  const over = task.finishedAt !== null && state.kind !== 'running';
  const score = over ? '' : String(task.score);
  return [
    task.pin !== null && !over ? 'pinned' : '',
    // The end of a long line is cut, and what a task waits for tells more than its score.
    ...(state.kind === 'waiting' ? [stateText(view, context), score] : [score, stateText(view, context)]),
    detail(view),
    attemptText(view),
    ranText(ran, state.kind),
    view.simulated ? 'simulated' : '',
    over ? '' : twinText(view, context.index),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** An agent has made the same twice. */
function twinText({ task }: TaskView, index: TaskIndex): string {
  const { similar_to: id } = task.contextData;
  const twin = typeof id === 'string' ? index.get(id as TaskId) : undefined;
  return twin === undefined ? '' : `like “${clipped(twin.task.title, quoteLimit)}”`;
}

function ranText(ran: number | null, kind: DisplayState['kind']): string {
  if (ran === null) return '';
  if (kind === 'running') return growingText(ran);
  return kind === 'completed' || kind === 'failed' || kind === 'cancelled' ? durationText(ran) : '';
}

/** A task that waits or runs is in an attempt; one that failed has used some. */
function attemptText({ task, state }: TaskView): string {
  if (state.kind === 'failed') return task.attempt > 1 ? `${task.attempt} attempts` : '';
  return task.attempt > 0 && task.finishedAt === null ? `attempt ${task.attempt + 1}` : '';
}

function detail({ task, state }: TaskView): string {
  if (state.kind === 'needs_you') return clipped(state.why, quoteLimit);
  return state.kind === 'failed' && task.error !== null ? clipped(task.error.message, quoteLimit) : '';
}

function blockersText(view: TaskView, index: TaskIndex): string {
  const [first, ...others] = openNeeds(view, index);
  if (first !== undefined && others.length === 0 && view.task.unmet === 1) {
    return clipped(first.task.title, quoteLimit);
  }
  return view.task.unmet === 1 ? 'a task' : `${view.task.unmet} tasks`;
}

function speak(view: TaskView, context: PresentContext): string {
  const { task, state } = view;
  const ran = ranFor(view, context.now);
  return [
    task.title,
    // A countdown would change every second under the reader's cursor.
    state.kind === 'scheduled'
      ? 'scheduled'
      : state.kind === 'waiting'
        ? `waiting for ${state.resource}`
        : stateText(view, context),
    detail(view),
    task.pin === null ? '' : 'pinned',
    `score ${task.score}`,
    view.position === null ? '' : `number ${view.position} in the queue`,
    attemptText(view),
    ran === null ? '' : `${state.kind === 'running' ? 'for' : 'took'} ${spokenDuration(ran)}`,
    `agent ${view.agent}${view.simulated ? ', simulated' : ''}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
