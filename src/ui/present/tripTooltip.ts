/** What is told of a fuse that has blown to someone who points at it. */
import type { Trip } from '../../core/fuses/trip.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { Instant } from '../../core/model.ts';
import type { TooltipLine } from './row.ts';
import { fuseNames } from './tripRow.ts';
import { clockText, momentText } from './words.ts';

export function tripTooltip(trip: Trip, { workspaces }: Snapshot, now: Instant): readonly TooltipLine[] {
  const place = workspaces.find(({ workspace }) => workspace.id === trip.workspaceId)?.workspace.name ?? '';
  return [
    { lead: `${fuseNames[trip.fuse]} fuse`, text: '' },
    { text: trip.reason },
    { lead: 'Since', text: `${clockText(trip.at, now)}, in ${place}` },
    ...(trip.resumesAt === null ? [] : [{ lead: 'Resumes', text: momentText(trip.resumesAt, now) }]),
    { text: 'Nothing was dropped. What runs may finish.' },
  ];
}
