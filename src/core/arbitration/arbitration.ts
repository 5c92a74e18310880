/** Puts together what shares things out: the arbitrator, the turns of folders, the order, and the desk of resources. */
import { DispatchOrder } from '../dispatchOrder.ts';
import type { WorkspaceId } from '../model.ts';
import type { Model, ModelHandle } from '../models.ts';
import type { Agents, Clock, Log, Places, Store } from '../ports.ts';
import { Arbitrator } from './arbitrator.ts';
import { Demands } from './demands.ts';
import { FairShare } from './fairShare.ts';
import type { Sharing } from './fairShare.ts';
import { defaultResources } from './resource.ts';
import type { Resources } from './resource.ts';
import { ResourceDesk } from './resourceDesk.ts';

export interface ArbitrationPorts {
  readonly store: Store;
  readonly agents: Agents;
  readonly places: Places;
  readonly clock: Clock;
  readonly log: Log;
  readonly trusted: () => boolean;
  /** What tasks share; what the house knows when absent. */
  readonly resources?: () => Resources;
  /** How a folder shares with the others; all alike when absent. */
  readonly sharing?: (workspaceId: WorkspaceId) => Sharing;
}

export class Arbitration {
  readonly arbitrator: Arbitrator;
  readonly fairShare: FairShare;
  readonly order: DispatchOrder;
  readonly demands: Demands;
  readonly desk: ResourceDesk;
  readonly #ports: ArbitrationPorts;
  /** Handles of the judging, one for each model. */
  readonly #leases = new WeakMap<Model, ModelHandle>();

  /** @param changed told when something may start that could not, or the other way round */
  constructor(ports: ArbitrationPorts, changed: () => void) {
    this.#ports = ports;
    const { store, agents, places, clock, log, trusted, sharing, resources = () => defaultResources } = ports;
    this.arbitrator = new Arbitrator({ resources, trusted });
    this.fairShare = new FairShare({ resources, weightOf: (id) => sharing?.(id).weight ?? 1 });
    this.order = new DispatchOrder({
      trusted,
      arbitrator: this.arbitrator,
      fairShare: this.fairShare,
      concurrencyOf: (id) => sharing?.(id).concurrency ?? 0,
      isOpen: (id) => places.folderOf(id) !== undefined,
    });
    const { arbitrator, order } = this;
    this.demands = new Demands({ store, agents, resources, log });
    const { demands } = this;
    this.desk = new ResourceDesk({
      store,
      arbitrator,
      order,
      agents,
      demands,
      resources,
      clock,
      log,
      changed,
    });
  }

  /** Reads what is left of everything, as it was kept. */
  async load(): Promise<void> {
    const { store, clock } = this.#ports;
    this.arbitrator.restore(await store.buckets(), clock.wallClock());
    await this.demands.load();
  }

  /** The model as the judging of tasks may call it. */
  leaseForJudging(model: Model): ModelHandle {
    let lease = this.#leases.get(model);
    if (lease === undefined) this.#leases.set(model, (lease = this.desk.lease(model)));
    return lease;
  }
}
