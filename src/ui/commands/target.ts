/** What a command was pressed on. Pure; whatever else it was called with counts as nothing. */
import type { TaskId, WorkspaceId } from '../../core/model.ts';
import { parseKey } from '../tree/nodeKey.ts';
import type { NodeKey } from '../tree/nodeKey.ts';

export interface Target {
  readonly tasks: readonly TaskId[];
  readonly workspaces: readonly WorkspaceId[];
  /** Fuses that have blown. */
  readonly trips: readonly number[];
  /** A row was only chosen: what opens must not take the focus from the tree and its keys. */
  readonly keepFocus: boolean;
}

/** Second argument of the command behind a row. */
export const fromRow = 'row';

export const nowhere: Target = { tasks: [], workspaces: [], trips: [], keepFocus: false };

/**
 * @param args as the editor passes them: the clicked node and the selected ones from a menu, `"selection"` from a
 * key, nothing from the palette
 * @param selection what is selected in the tree
 */
export function targetOf(args: readonly unknown[], selection: readonly NodeKey[]): Target {
  const [first, second] = args;
  if (first === 'selection') return { ...nowhere, ...split(selection) };
  const marked = Array.isArray(second) && second.includes(first) ? (second as readonly unknown[]) : [first];
  return { ...split(marked), keepFocus: second === fromRow };
}

function split(keys: readonly unknown[]): Pick<Target, 'tasks' | 'workspaces' | 'trips'> {
  const names = keys.map(parseKey).filter((name) => name !== undefined);
  return {
    tasks: [
      ...new Set(
        names.flatMap((name) =>
          name.kind === 'task' || name.kind === 'recovered' || name.kind === 'needs' ? [name.id] : [],
        ),
      ),
    ],
    trips: names.flatMap((name) => (name.kind === 'trip' ? [name.trip] : [])),
    workspaces: names.flatMap((name) =>
      name.kind === 'workspace' || name.kind === 'finished' || name.kind === 'elsewhere' ? [name.id] : [],
    ),
  };
}
