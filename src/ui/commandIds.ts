/** Every command of the manifest. The table of handlers and the manifest are both checked against this list. */

/** In the palette. */
export const paletteCommands = [
  'podium.addTask',
  'podium.addTaskFromSelection',
  'podium.editTask',
  'podium.deleteTasks',
  'podium.clearFinished',
  'podium.runNow',
  'podium.cancel',
  'podium.retry',
  'podium.setPriority',
  'podium.pin',
  'podium.unpin',
  'podium.moveUp',
  'podium.moveDown',
  'podium.boost',
  'podium.filterTasks',
  'podium.clearFilter',
  'podium.groupTasks',
  'podium.resolve',
  'podium.pauseWorkspace',
  'podium.resumeWorkspace',
  'podium.pauseAll',
  'podium.resumeAll',
  'podium.setGoal',
  'podium.showResult',
  'podium.showLog',
  'podium.searchHistory',
  'podium.exportHistory',
  'podium.addSampleTasks',
  'podium.takeOver',
  'podium.bringTasks',
  'podium.openMetrics',
  'podium.chooseModel',
  'podium.setApiKey',
  'podium.removeApiKey',
  'podium.testConnection',
  'podium.whyThisOrder',
  'podium.reprioritiseAll',
  'podium.answerFuse',
  'podium.inspectTree',
  'podium.stopTree',
  'podium.dropBranch',
  'podium.resumeBranch',
  'podium.approve',
  'podium.approvePlan',
  'podium.demoRunaway',
  'podium.holdResource',
  'podium.releaseResource',
  'podium.editResources',
  'podium.showLearnedMeanings',
  'podium.forgetLearnedMeanings',
  'podium.openSettings',
  'podium.openWalkthrough',
  'podium.showOutput',
] as const;

/** Only on an item or in a message; hidden from the palette. */
export const hiddenCommands = [
  'podium.showMore',
  'podium.dismissRecovery',
  'podium.alertFuse',
  'podium.reopen',
] as const;

export const commandIds = [...paletteCommands, ...hiddenCommands] as const;
export type CommandId = (typeof commandIds)[number];

/** The view of the tasks, and the container it is in. */
export const taskViewId = 'podium.tasks';
export const containerId = 'podium';
/** What rows of the view are dragged as; the editor wants the id of the view in lower case. */
export const taskMime = 'application/vnd.code.tree.podium.tasks';

/** The panel of the metrics, for the editor that restores it. */
export const metricsPanelId = 'podium.metrics';
