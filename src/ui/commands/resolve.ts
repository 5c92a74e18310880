import { PodiumError } from '../../core/errors.ts';
import type { TaskView } from '../../core/metrics/snapshot.ts';
import { withoutIcons } from '../present/plain.ts';
import { brokenNeeds } from '../present/taskIndex.ts';
import type { TaskIndex } from '../present/taskIndex.ts';
import { clipped, counted } from '../present/words.ts';
import { askPick } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import { editTask } from './editTask.ts';
import { openDocument } from './openDocument.ts';
import { pickTask, writableIndex } from './pick.ts';
import { forEachTask } from './session.ts';
import type { CommandRun, Session } from './session.ts';
import { nowhere } from './target.ts';

type Way = () => Promise<void>;

/** Shows what a task asks and every way to go on: the one place to give one's word. */
export const resolve: CommandRun = async (session, target) => {
  const id = await pickTask(session, target, {
    title: 'Resolve',
    placeholder: 'Task that needs you',
    ability: 'resolvable',
    none: 'No task needs you.',
  });
  if (id === undefined) return;
  const index = await writableIndex(session);
  const view = index.get(id);
  if (view === undefined) throw new PodiumError('unknown-task', 'This task is not shown any more.');
  if (view.state.kind !== 'needs_you') {
    session.messages.info(`"${clipped(view.task.title, 60)}" does not need you any more.`);
    return;
  }
  const answer = await askPick({
    title: clipped(view.task.title, 80),
    placeholder: clipped(view.state.why, 160),
    choices: waysOf(session, view, index),
  });
  if (answer.kind === 'answer') await answer.value();
};

function waysOf(session: Session, view: TaskView, index: TaskIndex): readonly Choice<Way>[] {
  const { control } = session;
  const { id, needs, status, claim } = view.task;
  const broken = brokenNeeds(view, index);
  const brokenIds = broken.map(({ task }) => task.id);
  const titles = broken.map(({ task }) => `"${clipped(task.title, 40)}"`).join(', ');
  const ways: Choice<Way>[] = [];
  if (status === 'needs_input') {
    ways.push({ label: '$(refresh) Run Again', value: () => control.retry(id) });
  }
  if (broken.length > 0) {
    ways.push(
      {
        label: `$(refresh) Retry ${counted(broken.length, 'Failed Prerequisite')}`,
        description: withoutIcons(titles),
        value: () => forEachTask(brokenIds, (need) => control.retry(need)),
      },
      {
        label: '$(link) Go On Without',
        description: withoutIcons(`no longer waits for ${titles}`),
        value: () => control.editTask(id, { needs: needs.filter((need) => !brokenIds.includes(need)) }),
      },
    );
  }
  ways.push({ label: '$(edit) Edit Task…', value: () => editTask(session, { ...nowhere, tasks: [id] }, []) });
  if (claim > 0) ways.push({ label: '$(output) Show Log', value: () => openDocument(session, 'log', id) });
  ways.push({ label: '$(circle-slash) Cancel Task', value: () => control.cancel(id) });
  return ways;
}
