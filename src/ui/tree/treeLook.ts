/** How a person wants to see the tree: what is shown of it, and how it is grouped. Pure. */
import type { AgentId } from '../../core/model.ts';
import type { Counts, PictureFilter } from '../../core/ports.ts';
import { noTasks, shownAtOnce } from '../../core/metrics/snapshot.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import { clipped, counted } from '../present/words.ts';

/** Sub-tasks under their parent; all in the order in which they run; or under the name of their state. */
export const groupings = ['parent', 'queue', 'state'] as const;
export type Grouping = (typeof groupings)[number];

export interface TreeLook {
  readonly grouping: Grouping;
  readonly filter: Required<PictureFilter>;
}

export const plainLook: TreeLook = { grouping: 'parent', filter: { states: [], agents: [], text: '' } };

/** What the states are called in lists and sentences. */
export const stateNames: Readonly<Record<keyof Counts, string>> = {
  running: 'Running',
  attention: 'Needs you',
  ready: 'Waiting',
  held: 'Held by a fuse',
  scheduled: 'Scheduled',
  blocked: 'Waiting for other tasks',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
export const states = Object.keys(stateNames) as (keyof Counts)[];

export function isFiltered({ filter }: TreeLook): boolean {
  return filter.states.length > 0 || filter.agents.length > 0 || filter.text !== '';
}

/** The filter as the store takes it, or undefined when everything is shown. */
export function wishOf(look: TreeLook): PictureFilter | undefined {
  const { states: wanted, agents, text } = look.filter;
  if (!isFiltered(look)) return undefined;
  return {
    ...(wanted.length === 0 ? {} : { states: wanted }),
    ...(agents.length === 0 ? {} : { agents }),
    ...(text === '' ? {} : { text }),
  };
}

/** `1,201 of 1,204 tasks are hidden. Filter: Failed or Needs you · agent check · "parser"`, or the empty string. */
export function lookText(look: TreeLook, snapshot: Snapshot): string {
  if (!isFiltered(look)) return '';
  const { filter } = look;
  const all = Object.values<number>({ ...snapshot.totals }).reduce((sum, count) => sum + count, 0);
  const shown = snapshot.workspaces.reduce(
    (sum, { tasks, finished }) => sum + tasks.length + finished.length,
    0,
  );
  const isCut = snapshot.workspaces.some(
    ({ more, finished }) => more !== 0 || finished.length >= shownAtOnce.finished,
  );
  const parts = [
    filter.states.map((state) => stateNames[state]).join(' or '),
    filter.agents.length === 0 ? '' : `agent ${filter.agents.join(' or ')}`,
    filter.text === '' ? '' : `"${clipped(filter.text, 40)}"`,
  ].filter((part) => part !== '');
  const share = isCut
    ? `The first ${shown.toLocaleString('en')} that fit of ${counted(all, 'task')} are shown.`
    : `${(all - shown).toLocaleString('en')} of ${counted(all, 'task')} are hidden.`;
  return `${share} Filter: ${parts.join(' · ')}`;
}

/** What was saved, as far as it makes sense today. */
export function parseLook(saved: unknown): TreeLook {
  const { grouping, filter } = fields(saved);
  const { states: wanted, agents, text } = fields(filter);
  return {
    grouping: groupings.find((one) => one === grouping) ?? plainLook.grouping,
    filter: {
      states: texts(wanted).filter((state): state is keyof Counts => Object.hasOwn(noTasks, state)),
      agents: texts(agents) as AgentId[],
      text: typeof text === 'string' ? text : '',
    },
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}
