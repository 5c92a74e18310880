/** Why a task is where it is: the parts of its score, what it waits for, what interrupted it. */
import { isUntilReleased } from '../../core/arbitration/resourceControl.ts';
import type { DisplayState, TaskView } from '../../core/metrics/snapshot.ts';
import type { Instant, ScoreParts, Workspace } from '../../core/model.ts';
import type { ChoiceReason, Decision } from '../../core/ports.ts';
import { judgementText } from './judgementText.ts';
import type { TooltipLine } from './row.ts';
import { openNeeds } from './taskIndex.ts';
import { ranFor, stateText } from './taskRow.ts';
import type { PresentContext } from './taskRow.ts';
import { clipped, clockText, counted, durationText, listed, momentText, ordinal } from './words.ts';

const descriptionShown = 400;
const needsShown = 5;

/**
 * @param workspace the one the task belongs to
 * @param decision why its last run started, when it is known
 */
export function taskTooltip(
  view: TaskView,
  workspace: Workspace,
  decision: Decision | undefined,
  context: PresentContext,
): readonly TooltipLine[] {
  const { task } = view;
  const agent = view.simulated ? `${view.agent}: simulated, its results are made up` : view.agent;
  return [
    { lead: clipped(task.title, 200), text: '' },
    { lead: 'State', text: [stateText(view, context), ...runText(view, context)].join(', ') },
    ...waitingLines(view, workspace, context),
    { lead: 'Score', text: scoreText(task.score, task.scoreParts) },
    ...(task.judgement === null ? [] : [{ lead: 'Priority', text: judgementText(task, context.now) }]),
    ...(decision === undefined ? [] : [{ lead: 'Last start', text: decisionText(decision, context) }]),
    { lead: 'Agent', text: agent },
    ...historyLines(view, context),
    ...(task.error === null ? [] : [{ lead: 'Error', text: clipped(task.error.message, descriptionShown) }]),
    ...(task.description === '' ? [] : [{ text: clipped(task.description, descriptionShown) }]),
  ];
}

/** The parts of a score in the order in which they are told. */
export const partNames: Readonly<Record<keyof ScoreParts, string>> = {
  judgement: 'priority',
  unblocking: 'unblocks others',
  goal: 'close to the goal',
  deadline: 'deadline',
  age: 'waiting time',
  boost: 'your boost',
};

/** `870 = 1020 priority + 50 close to the goal - 200 your boost`; parts that add nothing are left out. */
export function scoreText(score: number, parts: ScoreParts): string {
  const named = (Object.keys(partNames) as (keyof ScoreParts)[]).map(
    (key) => [parts[key], partNames[key]] as const,
  );
  const [first, ...others] = named.filter(([points]) => points !== 0);
  if (first === undefined) return String(score);
  const rest = others.map(([points, name]) => ` ${points < 0 ? '-' : '+'} ${Math.abs(points)} ${name}`);
  return `${score} = ${first.join(' ')}${rest.join('')}`;
}

function runText(view: TaskView, { now }: PresentContext): readonly string[] {
  const ran = ranFor(view, now);
  if (ran === null) return [];
  return [view.state.kind === 'running' ? `for ${durationText(ran)}` : `ran ${durationText(ran)}`];
}

function waitingLines(view: TaskView, workspace: Workspace, context: PresentContext): readonly TooltipLine[] {
  const { task, state, position } = view;
  const lines: TooltipLine[] = [];
  switch (state.kind) {
    case 'needs_you':
      lines.push({ lead: 'Needs you', text: clipped(state.why, descriptionShown) });
      break;
    case 'scheduled':
      lines.push({ lead: 'Resumes', text: momentText(state.at, context.now) });
      break;
    case 'paused':
      lines.push({ lead: 'Paused', text: workspace.pause?.reason ?? 'The workspace is paused.' });
      break;
    case 'waiting':
      lines.push({ lead: 'Waits for', text: waitedFor(state, context.now) });
      break;
    default:
      break;
  }
  if (position !== null) lines.push({ lead: 'Place', text: placeText(view, position) });
  else if (task.pin !== null && state.kind !== 'running')
    lines.push({ lead: 'Place', text: 'pinned: as soon as it can start, it goes before all that is not' });
  const open = openNeeds(view, context.index);
  if (open.length > 0) {
    const titles = open.slice(0, needsShown).map((need) => quoted(need));
    const hidden = open.length - titles.length;
    if (hidden > 0) titles.push(counted(hidden, 'more task'));
    lines.push({ lead: 'Depends on', text: listed(titles) });
  }
  if (task.status === 'pending') {
    lines.push({ lead: 'Waiting', text: durationText(context.now - task.createdAt) });
  }
  return lines;
}

function placeText({ task }: TaskView, position: number): string {
  const place = position === 1 ? 'next' : ordinal(position);
  if (task.pin !== null)
    return `${place}: pinned, so its place was chosen by hand and its score does not count`;
  return `${place} of those that can start; one start in ten goes to the oldest`;
}

function quoted({ task, state }: TaskView): string {
  const suffix = state.kind === 'failed' || state.kind === 'cancelled' ? ` (${state.kind})` : '';
  return `"${clipped(task.title, 60)}"${suffix}`;
}

const reasons: Readonly<Record<ChoiceReason, string>> = {
  rank: 'it had the highest rank',
  pinned: 'it was pinned',
  oldest: 'it was the oldest: one start in ten is reserved',
};

function decisionText({ at, reason, score, context: then }: Decision, { now }: PresentContext): string {
  const others = counted(then.running, 'task was', 'tasks were');
  return `${clockText(at, now)}, because ${reasons[reason]} (score ${score}; ${others} running)`;
}

function historyLines({ task }: TaskView, { now }: PresentContext): readonly TooltipLine[] {
  const added = task.createdBy === 'agent' ? 'Added by an agent' : 'Added by you';
  const lines: TooltipLine[] = [{ lead: added, text: clockText(task.createdAt, now) }];
  if (task.attempt > 0) lines.push({ lead: 'Failed attempts', text: String(task.attempt) });
  if (task.interruptions > 0) {
    const text = `${counted(task.interruptions, 'time')}, by a reload or crash`;
    lines.push({ lead: 'Interrupted', text });
  }
  return lines;
}

function waitedFor({ resource, until }: Extract<DisplayState, { kind: 'waiting' }>, now: Instant): string {
  if (until === null || until <= now) return `${resource}; it starts as soon as that is free.`;
  if (isUntilReleased(until, now)) return `${resource}, which is held. Podium: Release Resource lets it go.`;
  return `${resource}; there may be enough ${momentText(until, now)}.`;
}
