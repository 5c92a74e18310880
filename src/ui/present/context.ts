/** The context keys of the manifest's `when` clauses. Pure. */
import type { PodiumError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { ModelStanding } from './standingText.ts';

export interface ContextKeys {
  readonly 'podium.state': 'no-folder' | 'starting' | 'failed' | 'ready';
  /** Code of what keeps the store closed, or the empty string. */
  readonly 'podium.failure': string;
  readonly 'podium.readOnly': boolean;
  /** There is no task in any workspace; false while that is not known. */
  readonly 'podium.empty': boolean;
  /** Tasks of an open folder can be brought from another window's storage. */
  readonly 'podium.elsewhere': boolean;
  /** At least one workspace is paused. */
  readonly 'podium.paused': boolean;
  /** How the models that the settings name stand. */
  readonly 'podium.model': ModelStanding['kind'];
  /** The tree leaves tasks out that do not fit its filter. */
  readonly 'podium.filtered': boolean;
}

export const contextKeyNames: readonly (keyof ContextKeys)[] = [
  'podium.state',
  'podium.failure',
  'podium.readOnly',
  'podium.empty',
  'podium.paused',
  'podium.elsewhere',
  'podium.filtered',
  'podium.model',
];

/** @param state what `HostState` says, without the house itself */
export function contextOf(
  state: { readonly kind: ContextKeys['podium.state']; readonly error?: PodiumError },
  snapshot: Snapshot | undefined,
): Omit<ContextKeys, 'podium.filtered' | 'podium.elsewhere' | 'podium.model'> {
  const known = state.kind === 'ready' ? snapshot : undefined;
  const tasks = known === undefined ? [] : Object.values<number>({ ...known.totals });
  return {
    'podium.state': state.kind,
    'podium.failure': state.error?.code ?? '',
    'podium.readOnly': known?.role.kind === 'reader',
    'podium.empty': known !== undefined && tasks.every((count) => count === 0),
    'podium.paused': known?.workspaces.some(({ workspace }) => workspace.pause !== null) ?? false,
  };
}
