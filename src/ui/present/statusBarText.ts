/** The one line in the status bar: what runs, what waits, what needs you. */
import { modelTrouble } from './refinerText.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { TooltipLine } from './row.ts';
import { countParts } from './workspaceRow.ts';
import { counted, listed } from './words.ts';

export interface StatusBarText {
  /** With codicons. */
  readonly text: string;
  readonly spoken: string;
  /** A fuse has stopped a workspace: the only thing worth a coloured background. */
  readonly alarming: boolean;
  readonly tooltip: readonly TooltipLine[];
}

export function statusBarText(snapshot: Snapshot): StatusBarText {
  const { totals, workers, role } = snapshot;
  const paused = snapshot.workspaces.filter(({ workspace }) => workspace.pause !== null);
  const all = paused.length === snapshot.workspaces.length;
  const pauseText = paused.length === 0 ? '' : all ? 'paused' : 'partly paused';
  const readOnly = role.kind === 'reader' ? ['read-only'] : [];
  const { trips } = snapshot;
  const parts = [...countParts(totals), ...(trips.length === 0 ? [] : [counted(trips.length, 'fuse')])];
  const words = [...(pauseText === '' ? [] : [pauseText]), ...parts, ...readOnly];
  return {
    text: `$(${trips.length > 0 ? 'zap' : pauseText === '' ? 'checklist' : 'debug-pause'}) ${words.join(' · ') || 'Podium'}`,
    spoken: ['Podium', ...(words.length === 0 ? ['nothing to do'] : words)].join(', '),
    alarming: trips.length > 0,
    tooltip: [
      { lead: 'Podium', text: listed(parts) || 'nothing to do' },
      // Those that are busy are the owner's, of which a window that only reads knows nothing.
      ...(role.kind === 'reader'
        ? []
        : [{ lead: 'Workers', text: `${workers.busy} of ${workers.size} busy` }]),
      ...paused.map(({ workspace }) => ({
        lead: `${workspace.name} is paused`,
        text: workspace.pause?.reason ?? '',
      })),
      ...trips.map(({ reason }) => ({ lead: 'Fuse', text: reason })),
      ...(role.kind === 'reader' ? [{ lead: 'Read-only', text: readOnlyText(role.ownedBy) }] : []),
    ],
  };
}

/** The number on the icon of the container: tasks that wait for a human, and fuses. */
export function badgeOf({ totals, trips }: Snapshot): { value: number; tooltip: string } {
  const value = totals.attention + trips.length;
  const things = trips.length === 0 ? ['task needs', 'tasks need'] : ['thing needs', 'things need'];
  return { value, tooltip: value === 0 ? '' : `${counted(value, things[0] ?? '', things[1])} you` };
}

/**
 * Said above the rows of the tree; empty when all is well.
 * @param standing why the models of the settings are not asked, or empty
 */
export function treeMessage(snapshot: Snapshot, standing = ''): string {
  if (snapshot.role.kind === 'reader') return readOnlyText(snapshot.role.ownedBy);
  if (!snapshot.trusted) {
    return 'Restricted Mode: tasks are kept, but programs start only after you trust this folder.';
  }
  return standing || modelTrouble(snapshot.refiner, snapshot.at);
}

function readOnlyText(owner: string): string {
  return `These tasks belong to ${owner}, so they can only be read here. Take Over moves them to this window.`;
}
