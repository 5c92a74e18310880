/** What is told of a workspace to someone who points at it. */
import type { WorkspaceSnapshot } from '../../core/metrics/snapshot.ts';
import type { TooltipLine } from './row.ts';
import type { PresentContext } from './taskRow.ts';
import { clipped, clockText, listed } from './words.ts';
import { countParts, finishedParts } from './workspaceRow.ts';

export function workspaceTooltip(
  { workspace, counts, tier }: WorkspaceSnapshot,
  { now, readOnly }: Pick<PresentContext, 'now' | 'readOnly'>,
): readonly TooltipLine[] {
  const { pause, goal } = workspace;
  const since = pause === null ? '' : `since ${clockText(pause.at, now)}, by ${owners[pause.by]}: `;
  return [
    { lead: workspace.name, text: '' },
    ...(pause === null ? [] : [{ lead: 'Paused', text: since + clipped(pause.reason, 300) }]),
    { lead: 'Goal', text: goal === '' ? 'none set' : clipped(goal, 300) },
    { lead: 'Tasks', text: listed([...countParts(counts), ...finishedParts(counts)]) || 'none' },
    ...(readOnly ? [] : [{ lead: 'Pace', text: paces[tier] }]),
  ];
}

const owners = { user: 'you', fuse: 'a fuse' } as const;

const paces: Readonly<Record<WorkspaceSnapshot['tier'], string>> = {
  active: 'active, looked at every 5 s besides every event',
  normal: 'normal, looked at every 15 s besides every event',
  low: 'low, looked at every minute besides every event',
  dormant: 'dormant, looked at every 5 min besides every event',
};
