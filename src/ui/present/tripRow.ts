/** A fuse that has blown, as one row: `Anti-loop fuse  my-project · resumes 03:30`. */
import type { FuseId, Trip } from '../../core/fuses/trip.ts';
import type { Row, RowIcon } from './row.ts';
import type { PresentContext } from './taskRow.ts';
import { clipped, counted, momentText } from './words.ts';

/** The sign of a fuse, wherever one has blown. */
export const fuseIcon: RowIcon = { id: 'zap', color: 'list.warningForeground' };

export const fuseNames: Readonly<Record<FuseId, string>> = {
  depth: 'Depth',
  children: 'Sub-tasks of one task',
  'tree-tasks': 'Tasks of a tree',
  pending: 'Waiting tasks of agents',
  'creation-rate': 'Creation rate',
  're-entry': 'Re-entry',
  reproduction: 'Reproduction',
  'anti-loop': 'Anti-loop',
  failures: 'Failures in a row',
  'tree-tokens': 'Tokens of a tree',
  'tree-cost': 'Cost of a tree',
  'tree-time': 'Time of a tree',
  'daily-tokens': 'Tokens of the day',
  'daily-cost': 'Cost of the day',
};

/** @param place name of the workspace */
export function tripRow(
  trip: Trip,
  place: string,
  { now, readOnly }: Pick<PresentContext, 'now' | 'readOnly'>,
): Row {
  const about = trip.rootId === null ? place : `“${clipped(trip.title, 60)}”`;
  const effect = trip.holds ? 'paused' : 'more is refused';
  const until = trip.resumesAt === null ? '' : `resumes ${momentText(trip.resumesAt, now)}`;
  const parts = [about, effect, until].filter((part) => part !== '');
  const label = `${fuseNames[trip.fuse]} fuse`;
  return {
    label,
    description: parts.join(' · '),
    icon: fuseIcon,
    spoken: [label, ...parts].join(', '),
    context: readOnly ? 'trip' : 'trip answerable',
  };
}

/** A task among what needs a person: with what cannot go on before it. */
export function needRow(row: Row, holdsUp: number): Row {
  if (holdsUp === 0) return row;
  const text = `holds up ${counted(holdsUp, 'task')}`;
  return { ...row, description: `${text} · ${row.description}`, spoken: `${row.spoken}, ${text}` };
}

/** `Needs you (3)` */
export function attentionRow(count: number): Row {
  return {
    label: `Needs you (${count})`,
    description: '',
    icon: { id: 'bell-dot', color: 'charts.yellow' },
    spoken: `Needs you, ${count}`,
    context: 'attention',
  };
}
