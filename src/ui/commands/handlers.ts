/** Every command and what it does, read when the first one is given. The type makes a forgotten one a compile error. */
import { commands } from 'vscode';
import type { CommandId } from '../commandIds.ts';
import type { UiHost } from '../uiHost.ts';
import { addSampleTasks } from './addSampleTasks.ts';
import { addTask } from './addTask.ts';
import { addTaskFromSelection } from './addTaskFromSelection.ts';
import { alertFuse } from './alertFuse.ts';
import { answerFuse } from './answerFuse.ts';
import { approve, approvePlan } from './approve.ts';
import { boost } from './boost.ts';
import { bringTasks } from './bringTasks.ts';
import { cancel } from './cancel.ts';
import { chooseModel, removeApiKey, setApiKey } from './chooseModel.ts';
import { clearFinished } from './clearFinished.ts';
import { deleteTasks } from './deleteTasks.ts';
import { demoRunaway } from './demoRunaway.ts';
import { dismissRecovery } from './dismissRecovery.ts';
import { editTask } from './editTask.ts';
import { exportHistory } from './exportHistory.ts';
import { clearFilter, filterTasks } from './filterTasks.ts';
import { groupTasks } from './groupTasks.ts';
import { editResources, holdResource, releaseResource } from './holdResource.ts';
import { inspectTree } from './inspectTree.ts';
import { openMetrics } from './openMetrics.ts';
import { pauseAll } from './pauseAll.ts';
import { pauseWorkspace } from './pauseWorkspace.ts';
import { pin } from './pin.ts';
import { forgetLearnedMeanings, showLearnedMeanings } from './learnedMeanings.ts';
import { reprioritiseAll } from './reprioritiseAll.ts';
import { resolve } from './resolve.ts';
import { resumeAll } from './resumeAll.ts';
import { resumeWorkspace } from './resumeWorkspace.ts';
import { resumeBranch } from './resumeBranch.ts';
import { retry } from './retry.ts';
import { runNow } from './runNow.ts';
import { searchHistory } from './searchHistory.ts';
import type { CommandRun } from './session.ts';
import { setGoal } from './setGoal.ts';
import { setPriority } from './setPriority.ts';
import { moveDown, moveUp } from './shift.ts';
import { showMore } from './showMore.ts';
import { showLog } from './showLog.ts';
import { showResult } from './showResult.ts';
import { dropBranch, stopTree } from './stopTree.ts';
import { takeOver } from './takeOver.ts';
import { testConnection } from './testConnection.ts';
import { unpin } from './unpin.ts';
import { whyThisOrder } from './whyThisOrder.ts';

/** Commands that work while the store is closed. */
type HostCommandId = 'podium.openSettings' | 'podium.openWalkthrough' | 'podium.showOutput' | 'podium.reopen';

export const houseCommands: Readonly<Record<Exclude<CommandId, HostCommandId>, CommandRun>> = {
  'podium.addTask': addTask,
  'podium.addTaskFromSelection': addTaskFromSelection,
  'podium.editTask': editTask,
  'podium.deleteTasks': deleteTasks,
  'podium.clearFinished': clearFinished,
  'podium.runNow': runNow,
  'podium.cancel': cancel,
  'podium.retry': retry,
  'podium.setPriority': setPriority,
  'podium.pin': pin,
  'podium.unpin': unpin,
  'podium.moveUp': moveUp,
  'podium.moveDown': moveDown,
  'podium.boost': boost,
  'podium.filterTasks': filterTasks,
  'podium.clearFilter': clearFilter,
  'podium.groupTasks': groupTasks,
  'podium.showMore': showMore,
  'podium.resolve': resolve,
  'podium.pauseWorkspace': pauseWorkspace,
  'podium.resumeWorkspace': resumeWorkspace,
  'podium.pauseAll': pauseAll,
  'podium.resumeAll': resumeAll,
  'podium.setGoal': setGoal,
  'podium.showResult': showResult,
  'podium.showLog': showLog,
  'podium.searchHistory': searchHistory,
  'podium.exportHistory': exportHistory,
  'podium.addSampleTasks': addSampleTasks,
  'podium.takeOver': takeOver,
  'podium.bringTasks': bringTasks,
  'podium.openMetrics': openMetrics,
  'podium.chooseModel': chooseModel,
  'podium.setApiKey': setApiKey,
  'podium.removeApiKey': removeApiKey,
  'podium.testConnection': testConnection,
  'podium.whyThisOrder': whyThisOrder,
  'podium.reprioritiseAll': reprioritiseAll,
  'podium.showLearnedMeanings': showLearnedMeanings,
  'podium.forgetLearnedMeanings': forgetLearnedMeanings,
  'podium.answerFuse': answerFuse,
  'podium.inspectTree': inspectTree,
  'podium.stopTree': stopTree,
  'podium.dropBranch': dropBranch,
  'podium.resumeBranch': resumeBranch,
  'podium.approve': approve,
  'podium.approvePlan': approvePlan,
  'podium.demoRunaway': demoRunaway,
  'podium.holdResource': holdResource,
  'podium.releaseResource': releaseResource,
  'podium.editResources': editResources,
  'podium.alertFuse': alertFuse,
  'podium.dismissRecovery': dismissRecovery,
};

export const hostCommands: Readonly<Record<HostCommandId, (host: UiHost) => Promise<void>>> = {
  'podium.openSettings': async () => {
    await commands.executeCommand('workbench.action.openSettings', '@ext:podium.podium');
  },
  'podium.openWalkthrough': async () => {
    await commands.executeCommand('workbench.action.openWalkthrough', 'podium.podium#start', false);
  },
  'podium.showOutput': (host) => {
    host.showOutput();
    return Promise.resolve();
  },
  'podium.reopen': (host) => {
    host.reopen();
    return Promise.resolve();
  },
};

export function isHostCommand(id: CommandId): id is HostCommandId {
  return id in hostCommands;
}
