/** Draws the snapshot: what the store, the loop and the pool know at one moment. */
import type { Arbitration } from '../arbitration/arbitration.ts';
import { resourceLabel } from '../arbitration/requirements.ts';
import type { SnapshotWish } from '../control.ts';
import type { EventLoop } from '../loop/eventLoop.ts';
import type { AgentId, WorkspaceId } from '../model.ts';
import type { AgentDescription, Agents, Clock, Counts, Places, Store } from '../ports.ts';
import type { RefinerFigures } from '../priority/refinerState.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import type { Meter } from './meter.ts';
import { shownAtOnce, sumCounts, viewsOf } from './snapshot.ts';
import type { RecoveryReport, Snapshot, Want } from './snapshot.ts';

interface Sitters {
  readonly store: Store;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly places: Places;
  readonly meter: Meter;
  readonly trusted: () => boolean;
  readonly pool: WorkerPool;
  readonly loop: EventLoop;
  readonly recovery: RecoveryReport | null;
  readonly refiner: RefinerFigures | null;
  readonly arbitration: Arbitration;
  /** Told the counts of every workspace. */
  readonly counted: (workspaceId: WorkspaceId, counts: Counts) => void;
}

export async function portrayed(wish: SnapshotWish, house: Sitters): Promise<Snapshot> {
  const { store, agents, clock, trusted, places, meter, pool, loop, recovery, refiner } = house;
  const { unfinished = shownAtOnce.unfinished, filter } = wish;
  const picture = await store.picture(unfinished, shownAtOnce.finished, filter);
  const isOpen = (id: WorkspaceId): boolean => places.folderOf(id) !== undefined;
  const workspaces = picture.workspaces.filter(({ workspace }) => isOpen(workspace.id));
  const context = {
    waitsFor: (signature: string): Want | null => {
      const lack = house.arbitration.arbitrator.lackOf(signature, picture.running, clock.wallClock());
      return lack === null ? null : { resource: resourceLabel(lack.resource), until: lack.until };
    },
    agent: (id: AgentId): AgentDescription | undefined => agents.get(id)?.description,
  };
  const views = meter.hold('views', () =>
    workspaces.map((one) => ({
      workspace: one.workspace,
      tier: loop.tierOf(one.workspace.id),
      counts: one.counts,
      more: one.more,
      ...viewsOf(one, { ...context, paused: one.workspace.pause !== null, whole: filter === undefined }),
    })),
  );
  if (store.state !== null) {
    for (const { workspace, counts } of picture.workspaces) house.counted(workspace.id, counts);
    meter.read(pool.size, store.state);
  }
  return {
    at: clock.wallClock(),
    role: store.role,
    trusted: trusted(),
    workers: { size: pool.size, busy: pool.busy },
    workspaces: views,
    totals: sumCounts(workspaces.map(({ counts }) => counts)),
    recovery,
    resources: house.arbitration.desk.views(picture.running, new Map(picture.ready)),
    balances: house.arbitration.fairShare.balances().filter(({ workspaceId }) => isOpen(workspaceId)),
    trips: picture.trips.filter(({ workspaceId }) => isOpen(workspaceId)),
    refiner,
    metrics: meter.metrics({
      store: store.state,
      tiers: views.map(({ workspace: { id, name }, tier }) => ({ workspaceId: id, name, tier })),
    }),
  };
}
