/** Asks for what a command is about when it was not pressed on anything. */
import { indexOf } from '../present/taskIndex.ts';
import type { TaskIndex } from '../present/taskIndex.ts';
import type { Snapshot, TaskView, WorkspaceSnapshot } from '../../core/metrics/snapshot.ts';
import type { TaskId, WorkspaceId } from '../../core/model.ts';
import { PodiumError } from '../../core/errors.ts';
import { abilitiesOf } from '../present/abilities.ts';
import type { Ability } from '../present/abilities.ts';
import { leftOutText } from '../present/leftOut.ts';
import { withoutIcons } from '../present/plain.ts';
import { taskRow } from '../present/taskRow.ts';
import { clipped } from '../present/words.ts';
import { workspaceRow } from '../present/workspaceRow.ts';
import { askPick, askPickMany } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import { splitByAbility } from './splitByAbility.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';

interface TaskWish {
  readonly title: string;
  readonly placeholder: string;
  /** Only tasks that can be treated so are offered. */
  readonly ability: Ability;
  /** Said when there is none. */
  readonly none: string;
}

/**
 * Tasks of the target that can be treated so, in the order in which the tree shows them, or those ticked in a list;
 * none when the person gave up or there is none. Says which of the target are left out, and why.
 * @throws PodiumError `read-only`
 */
export async function pickTasks(
  session: Session,
  target: Target,
  wish: TaskWish,
): Promise<readonly TaskId[]> {
  if (target.tasks.length > 0) return await ableTasks(session, target.tasks, wish.ability);
  const choices = await taskChoices(session, wish);
  if (choices.length === 0) return [];
  const { title, placeholder } = wish;
  const answer = await askPickMany({ title, placeholder, choices, selected: () => choices.length === 1 });
  return answer.kind === 'answer' ? answer.value : [];
}

/** Those of several selected tasks that can be treated so, or the one task of the target, or the one chosen. */
export async function pickSelectedOrOne(
  session: Session,
  target: Target,
  wish: TaskWish,
): Promise<readonly TaskId[]> {
  if (target.tasks.length > 1) return await ableTasks(session, target.tasks, wish.ability);
  const id = await pickTask(session, target, wish);
  return id === undefined ? [] : [id];
}

/** The one task of the target, or the one chosen from a list: of all, or of several that are selected. */
export async function pickTask(
  session: Session,
  target: Target,
  wish: TaskWish,
): Promise<TaskId | undefined> {
  const [first, second] = target.tasks;
  if (first !== undefined && second === undefined) return first;
  const all = await taskChoices(session, wish);
  const selected = all.filter(({ value }) => target.tasks.includes(value));
  const choices = selected.length > 0 ? selected : all;
  if (choices.length === 0) return undefined;
  const answer = await askPick({ title: wish.title, placeholder: wish.placeholder, choices });
  return answer.kind === 'answer' ? answer.value : undefined;
}

async function ableTasks(
  session: Session,
  ids: readonly TaskId[],
  ability: Ability,
): Promise<readonly TaskId[]> {
  const snapshot = readable.has(ability) ? await session.shown() : await writable(session.shown());
  const { able, unable } = splitByAbility(ids, ability, snapshot);
  if (unable.length > 0) session.messages.info(leftOutText(ability, unable, ids.length));
  return able;
}

interface WorkspaceWish {
  readonly title: string;
  readonly placeholder: string;
  readonly offers?: (workspace: WorkspaceSnapshot) => boolean;
  readonly none: string;
}

/** Workspaces of the target, the only one there is, or the one chosen from a list. */
export async function pickWorkspaces(
  session: Session,
  target: Target,
  { title, placeholder, offers = () => true, none }: WorkspaceWish,
): Promise<readonly WorkspaceId[]> {
  if (target.workspaces.length > 0) return target.workspaces;
  const snapshot = await session.control.snapshot();
  const offered = snapshot.workspaces.filter(offers);
  const [first, ...others] = offered;
  if (first === undefined) {
    session.messages.info(none);
    return [];
  }
  if (others.length === 0) return [first.workspace.id];
  const readOnly = snapshot.role.kind === 'reader';
  const choices = offered.map((each) => {
    const { label, description } = workspaceRow(each, { readOnly });
    return { label: withoutIcons(label), description, value: each.workspace.id };
  });
  const answer = await askPick({ title, placeholder, choices });
  return answer.kind === 'answer' ? [answer.value] : [];
}

/** @throws PodiumError `read-only` before a person has typed anything in vain */
export async function writableSnapshot({ control }: Session): Promise<Snapshot> {
  return await writable(control.snapshot());
}

/**
 * The first tasks of each workspace and those that the tree shows: a filter hides what the shown ones depend on.
 * @throws PodiumError `read-only`
 */
export async function writableIndex(session: Session): Promise<TaskIndex> {
  const first = await writableSnapshot(session);
  return new Map([...indexOf(first), ...indexOf(await session.shown())]);
}

async function writable(reading: Promise<Snapshot>): Promise<Snapshot> {
  const snapshot = await reading;
  if (snapshot.role.kind === 'owner') return snapshot;
  throw new PodiumError(
    'read-only',
    `These tasks belong to ${snapshot.role.ownedBy}; here they can only be read.`,
  );
}

/** What can be done in a window that only reads. */
const readable: ReadonlySet<Ability> = new Set(['withLog', 'withResult', 'explainable']);

async function taskChoices(session: Session, wish: TaskWish): Promise<readonly Choice<TaskId>[]> {
  const snapshot = await session.shown();
  const readOnly = snapshot.role.kind === 'reader';
  const context = { now: snapshot.at, index: indexOf(snapshot), readOnly };
  const several = snapshot.workspaces.length > 1;
  const choices = snapshot.workspaces.flatMap((each) =>
    [...each.tasks, ...each.finished]
      .filter((view) => abilitiesOf(view, readOnly).has(wish.ability))
      .map((view) => choiceOf(view, several ? each.workspace.name : undefined)),
  );
  if (choices.length === 0) {
    // Nothing is offered in a window that only reads: say that rather than that there is none.
    if (readOnly && !readable.has(wish.ability)) await writableSnapshot(session);
    session.messages.info(wish.none);
  }
  return choices;

  function choiceOf(view: TaskView, workspaceName: string | undefined): Choice<TaskId> {
    const { label, description, icon } = taskRow(view, context);
    const detail = workspaceName === undefined ? {} : { detail: withoutIcons(workspaceName) };
    return {
      label: `$(${icon?.id ?? 'circle-outline'}) ${withoutIcons(clipped(label, 120))}`,
      description: withoutIcons(description),
      value: view.task.id,
      ...detail,
    };
  }
}
