/** The rows that are not tasks: a workspace, its finished ones, what did not fit, and the report of a recovery. */
import type { RecoveredTask, RecoveryReport, WorkspaceSnapshot } from '../../core/metrics/snapshot.ts';
import type { Pause } from '../../core/model.ts';
import type { Counts } from '../../core/ports.ts';
import type { Row, RowIcon } from './row.ts';
import { counted } from './words.ts';
import type { PresentContext } from './taskRow.ts';
import { fuseIcon } from './tripRow.ts';

/**
 * `my-project  paused · 2 running · 5 waiting · 1 needs you · active`. The pace is the owner's: a window that only reads
 * does not know it.
 */
export function workspaceRow(
  { workspace, counts, tier }: WorkspaceSnapshot,
  { readOnly }: Pick<PresentContext, 'readOnly'>,
): Row {
  const paused = workspace.pause !== null;
  const parts = [...(paused ? ['paused'] : []), ...countParts(counts)];
  const [pace, spokenPace] = readOnly ? [[], []] : [[tier], [`checked at the ${tier} pace`]];
  const words = ['workspace', paused ? 'paused' : 'active'];
  if (!readOnly) words.push('controllable');
  if (!readOnly && finishedCount(counts) > 0) words.push('clearable');
  return {
    label: workspace.name,
    description: [...parts, ...pace].join(' · '),
    icon: iconOf(workspace.pause),
    spoken: [`Workspace ${workspace.name}`, ...parts, ...spokenPace].join(', '),
    context: words.join(' '),
  };
}

function iconOf(pause: Pause | null): RowIcon {
  if (pause === null) return { id: 'folder' };
  return pause.by === 'fuse' ? fuseIcon : { id: 'debug-pause', color: 'charts.yellow' };
}

/** `Finished (12)  9 completed · 2 failed · 1 cancelled` */
export function finishedRow(
  { counts }: Pick<WorkspaceSnapshot, 'counts'>,
  count: number,
  { readOnly }: Pick<PresentContext, 'readOnly'>,
): Row {
  const parts = finishedParts(counts);
  return {
    label: `Finished (${count})`,
    description: counts.failed === 0 ? '' : `${counts.failed} failed`,
    icon: { id: 'archive' },
    spoken: [`Finished, ${count}`, ...parts].join(', '),
    context: readOnly ? 'finished' : 'finished clearable',
  };
}

/** `Running (3)` */
export function groupRow(name: string, count: number): Row {
  return {
    label: `${name} (${count})`,
    description: '',
    icon: { id: 'list-unordered' },
    spoken: `${name}, ${count}`,
    context: 'group',
  };
}

/** The last row of a group that is cut off; finished tasks can be looked up. @param count null when not known */
export function moreRow(count: number | null, what: 'unfinished' | 'finished'): Row {
  const label = count === null ? 'More' : `${count} more`;
  const row = { label, spoken: `${label} ${what} tasks are not shown`, context: 'more' };
  if (what === 'unfinished') return { ...row, description: 'choose to show more', opens: 'more' };
  return { ...row, description: 'choose to search', opens: 'history' };
}

const fates: Readonly<Record<RecoveredTask['fate'], { readonly text: string; readonly icon: RowIcon }>> = {
  adopted: { text: 'had finished, its result counts', icon: { id: 'pass', color: 'testing.iconPassed' } },
  rerun: { text: 'runs again', icon: { id: 'refresh', color: 'charts.blue' } },
  asks: { text: 'waits for your word', icon: { id: 'question', color: 'charts.yellow' } },
};

/** `3 tasks were interrupted  1 runs again · 2 wait for your word` */
export function recoveryRow({ interrupted }: RecoveryReport): Row {
  const count = (fate: RecoveredTask['fate']): number =>
    interrupted.filter((task) => task.fate === fate).length;
  const [adopted, rerun, asks] = [count('adopted'), count('rerun'), count('asks')];
  const parts = [
    rerun === 0 ? '' : `${rerun} ${rerun === 1 ? 'runs' : 'run'} again`,
    adopted === 0 ? '' : `${adopted} had finished`,
    asks === 0 ? '' : `${asks} ${asks === 1 ? 'waits' : 'wait'} for your word`,
  ].filter((part) => part !== '');
  const label = counted(interrupted.length, 'task was interrupted', 'tasks were interrupted');
  return {
    label,
    description: parts.join(' · '),
    icon: { id: 'debug-restart', color: 'charts.yellow' },
    spoken: [label, ...parts].join(', '),
    context: 'recovery',
  };
}

export function recoveredRow({ title, fate }: RecoveredTask): Row {
  const { text, icon } = fates[fate];
  return { label: title, description: text, icon, spoken: `${title}, ${text}`, context: 'recovered' };
}

export function finishedCount({ completed, failed, cancelled }: Counts): number {
  return completed + failed + cancelled;
}

/** Everything that still wants to start. */
export function waitingCount({ ready, blocked, scheduled, held }: Counts): number {
  return ready + blocked + scheduled + held;
}

/** The unfinished ones in words; empty when there are none. */
export function countParts(counts: Counts): readonly string[] {
  const waiting = waitingCount(counts);
  return [
    counts.running === 0 ? '' : `${counts.running} running`,
    waiting === 0 ? '' : `${waiting} waiting`,
    counts.attention === 0 ? '' : `${counts.attention} ${counts.attention === 1 ? 'needs' : 'need'} you`,
  ].filter((part) => part !== '');
}

export function finishedParts({ completed, failed, cancelled }: Counts): readonly string[] {
  return [
    completed === 0 ? '' : `${completed} completed`,
    failed === 0 ? '' : `${failed} failed`,
    cancelled === 0 ? '' : `${cancelled} cancelled`,
  ].filter((part) => part !== '');
}
