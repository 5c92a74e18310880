/**
 * Whose turn it is when several folders have work: start-time fair queueing (Goyal, Vin and Cheng 1996), charged by
 * dominant share (Ghodsi et al. 2011). Every start is charged to its folder with the largest part it takes of anything
 * shared, for as long as it takes it; the folder that has had least, for its weight, comes first. A folder that had
 * nothing to do gathers no credit, and no worker idles while anything may start.
 */
import type { Milliseconds, TaskId, WorkspaceId } from '../model.ts';
import { demandsIn } from './requirements.ts';
import type { Resources } from './resource.ts';

export interface FairSharePorts {
  readonly workers: () => number;
  readonly resources: () => Resources;
  /** 1 for a folder of which nothing is said. */
  readonly weightOf: (workspaceId: WorkspaceId) => number;
}

/** How a folder shares with the others. */
export interface Sharing {
  /** Its part, beside 1 of others. */
  readonly weight: number;
  /** Most of its tasks that run at a time; 0 for no limit. */
  readonly concurrency: number;
}

/** What a folder has had. */
export interface Balance {
  readonly workspaceId: WorkspaceId;
  /** Of everything shared, in seconds of the whole. */
  readonly had: number;
  readonly weight: number;
}

interface Account {
  /** Start tag of the next task. */
  finish: number;
  had: number;
  running: number;
  /** How long its runs take, smoothed. */
  usual: Milliseconds;
}

interface Charge {
  readonly workspaceId: WorkspaceId;
  readonly signature: string;
  readonly estimate: number;
}

const second = 1_000;
/** What a run is taken to last of which nothing is known. */
const firstGuess: Milliseconds = 1_000;
/** How much one run changes the estimate. */
const smoothing = 0.2;
/** Folders whose accounts are kept though nothing of them runs. */
const accountLimit = 2_000;

export class FairShare {
  readonly #ports: FairSharePorts;
  readonly #accounts = new Map<WorkspaceId, Account>();
  readonly #charges = new Map<TaskId, Charge>();
  /** Start tag of what was started last. */
  #virtual = 0;

  constructor(ports: FairSharePorts) {
    this.#ports = ports;
  }

  /** When a folder's next task would start in virtual time; the least goes first. */
  startTag(workspaceId: WorkspaceId): number {
    return Math.max(this.#virtual, this.#accounts.get(workspaceId)?.finish ?? 0);
  }

  /** Tasks of a folder that run. */
  runningIn(workspaceId: WorkspaceId): number {
    return this.#accounts.get(workspaceId)?.running ?? 0;
  }

  /** A task starts; its folder is charged with what it is likely to take. */
  started(taskId: TaskId, workspaceId: WorkspaceId, signature: string): void {
    const account = this.#account(workspaceId);
    const start = this.startTag(workspaceId);
    const estimate = this.#share(signature, account.usual);
    this.#virtual = start;
    account.finish = start + estimate / this.#ports.weightOf(workspaceId);
    account.running += 1;
    this.#charges.set(taskId, { workspaceId, signature, estimate });
  }

  /** It has ended; what it really took counts. */
  ended(taskId: TaskId, duration: Milliseconds): void {
    const charge = this.#charges.get(taskId);
    if (charge === undefined) return;
    this.#charges.delete(taskId);
    const { workspaceId, signature, estimate } = charge;
    const account = this.#account(workspaceId);
    const took = this.#share(signature, duration);
    account.finish += (took - estimate) / this.#ports.weightOf(workspaceId);
    account.had += took;
    account.running -= 1;
    account.usual += smoothing * (duration - account.usual);
    // What lags behind the virtual time says nothing: a folder without an account starts there as well.
    if (account.running === 0 && account.finish <= this.#virtual && this.#accounts.size > accountLimit)
      this.#accounts.delete(workspaceId);
  }

  /** What each folder has had since this window has its tasks. */
  balances(): readonly Balance[] {
    return [...this.#accounts].map(([workspaceId, { had }]) => ({
      workspaceId,
      had,
      weight: this.#ports.weightOf(workspaceId),
    }));
  }

  /** The largest part of anything shared, in seconds of all there is of it. */
  #share(signature: string, duration: Milliseconds): number {
    let dominant = duration / second / Math.max(1, this.#ports.workers());
    for (const [name, amount] of demandsIn(signature)) {
      const resource = this.#ports.resources().get(name);
      if (resource === undefined || amount === 0) continue;
      if (resource.kind === 'pool') {
        dominant = Math.max(dominant, ((amount / resource.capacity) * duration) / second);
      } else if (resource.kind === 'rate' && resource.perSecond > 0) {
        dominant = Math.max(dominant, amount / resource.perSecond);
      }
    }
    return dominant;
  }

  #account(workspaceId: WorkspaceId): Account {
    const known = this.#accounts.get(workspaceId);
    if (known !== undefined) return known;
    const account = { finish: 0, had: 0, running: 0, usual: firstGuess };
    this.#accounts.set(workspaceId, account);
    return account;
  }
}
