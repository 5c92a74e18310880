/** Why a task is where it is, as a document to read: its score taken apart, its neighbours, and why it last ran. Pure. */
import type { TaskView } from '../../core/metrics/snapshot.ts';
import type { Instant, ScoreParts, Task, TaskId, Workspace } from '../../core/model.ts';
import type { Decision, ScoreChange } from '../../core/ports.ts';
import type { RefinerFigures } from '../../core/priority/refinerState.ts';
import { judgementText } from '../present/judgementText.ts';
import { partNames } from '../present/taskTooltip.ts';
import { refinerText } from '../present/refinerText.ts';
import { clipped, clockText, counted, durationText, ordinal } from '../present/words.ts';

export interface WhyFacts {
  readonly task: Task;
  /** As the tree shows it; undefined when it is not among what is shown. */
  readonly view: TaskView | undefined;
  /** What its state is, in words. */
  readonly state: string;
  readonly workspace: Workspace;
  /** The ready tasks around it, best first, itself included; empty when it is not ready. */
  readonly neighbours: readonly TaskView[];
  readonly change: ScoreChange | undefined;
  readonly decision: Decision | undefined;
  /** Titles of the tasks a decision names. */
  readonly titles: ReadonlyMap<TaskId, string>;
  readonly refiner: RefinerFigures | null;
  /** Why the models of the settings are not asked, or empty. */
  readonly standing: string;
  readonly now: Instant;
}

const rule = '─'.repeat(72);
const titleShown = 52;

/** The whole document. */
export function whyText(facts: WhyFacts): string {
  const { task, now } = facts;
  return [
    `Why this order: ${clipped(task.title, 160)}`,
    rule,
    placeText(facts),
    '',
    ...section('Score', scoreLines(facts)),
    ...section('Neighbours', neighbourLines(facts)),
    ...section('What changed last', changeLines(facts)),
    ...section('Last start', startLines(facts)),
    ...section('How the order is made', orderLines(facts)),
    `As of ${clockText(now, now)}.`,
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), ''];
}

function placeText({ view, state, task, workspace }: WhyFacts): string {
  const place =
    view?.position === null || view?.position === undefined
      ? ''
      : `, ${view.position === 1 ? 'next' : ordinal(view.position)} of those in “${workspace.name}” that can start`;
  const pinned =
    task.pin === null ? '' : ' It is pinned: its place was chosen by hand, and its score does not count.';
  return `It is ${state}${place}.${pinned}`;
}

function scoreLines({ task, workspace, now }: WhyFacts): readonly string[] {
  const { judgement, unblocking, goal, deadline, age, boost } = task.scoreParts;
  const why: Readonly<Record<keyof ScoreParts, string>> = {
    judgement: judgementText(task, now),
    unblocking: unblocking === 0 ? 'nothing waits for it' : 'tasks wait for it, directly or through others',
    goal:
      workspace.goal === ''
        ? 'this folder has no goal'
        : `words it shares with the goal “${clipped(workspace.goal, 80)}”`,
    deadline: task.dueAt === null ? 'it has no deadline' : `due ${clockText(task.dueAt, now)}`,
    age: `it was added ${durationText(Math.max(0, now - task.createdAt))} ago`,
    boost: boost === 0 ? 'you have not changed it' : 'what you have added or taken away',
  };
  const points: ScoreParts = { judgement, unblocking, goal, deadline, age, boost };
  const keys = Object.keys(partNames) as (keyof ScoreParts)[];
  return [
    ...keys.map((key) => `${column(points[key])}  ${partNames[key].padEnd(18)}${why[key]}`),
    `${column(task.score)}  in all`,
  ];
}

function neighbourLines({ neighbours, task }: WhyFacts): readonly string[] {
  return neighbours.map((view) => {
    const mark = view.task.id === task.id ? '▶' : ' ';
    const score = view.task.pin === null ? column(view.task.score) : 'pinned';
    const place = view.position === null ? '' : ordinal(view.position);
    return `${mark} ${place.padStart(6)}  ${score.padStart(6)}  ${clipped(view.task.title, titleShown)}`;
  });
}

function changeLines({ change, task, now }: WhyFacts): readonly string[] {
  if (change === undefined) return ['Nothing has changed its score since this window opened its tasks.'];
  const changed = (Object.keys(partNames) as (keyof ScoreParts)[])
    .filter((key) => change.parts[key] !== task.scoreParts[key])
    .map((key) => `${partNames[key]} ${change.parts[key]} → ${task.scoreParts[key]}`);
  return [`${clockText(change.at, now)}: score ${change.score} → ${task.score}`, ...changed];
}

const reasons: Readonly<Record<Decision['reason'], string>> = {
  rank: 'it had the highest rank',
  pinned: 'it was pinned',
  oldest: 'it was the oldest: one start in ten is reserved for that',
};

function startLines({ decision, titles, now }: WhyFacts): readonly string[] {
  if (decision === undefined) return ['It has not been started yet.'];
  const { at, reason, score, context, top, taskId } = decision;
  return [
    `${clockText(at, now)}, because ${reasons[reason]} (score ${score}).`,
    `${counted(context.running, 'task was', 'tasks were')} running, ${counted(context.freeWorkers, 'worker was', 'workers were')} free, ` +
      `${counted(context.workspaces, 'folder')} had tasks ready, ${context.paused} of them paused.`,
    'The best candidates at that moment:',
    ...top.map((one) => {
      const mark = one.id === taskId ? '▶' : ' ';
      const title = titles.get(one.id) ?? 'a task that is gone';
      return `${mark} ${(one.pin === null ? column(one.score) : 'pinned').padStart(6)}  ${clipped(title, titleShown)}`;
    }),
  ];
}

function orderLines({ refiner, standing, now }: WhyFacts): readonly string[] {
  return [
    'Pinned tasks go first, in their order; then the highest score; of equal ones the older.',
    'One start in ten goes to the oldest that can start, so that nothing waits for ever.',
    'A task starts when a worker and what it needs are free.',
    ...(standing === ''
      ? refinerText(refiner, now)
      : [standing, 'The priority you give counts, and all arithmetic works.']),
  ];
}

function column(points: number): string {
  return String(points).padStart(5);
}
