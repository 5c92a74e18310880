/**
 * Whose turn it is when several folders have work: start-time fair queueing (Goyal, Vin and Cheng 1996) for the workers
 * and for each resource apart. Every start is charged to its folder with what it takes of each; a task's turn is that
 * of its folder in what it has had most of, compared with the others that want the same. So a folder that calls much is
 * behind where it calls, and not where it only needs a worker: charging by the largest share of all (Ghodsi et al.
 * 2011) would leave calls unused while every worker is busy. A folder that had nothing to do gathers no credit, and no
 * worker idles while anything may start.
 */
import type { Milliseconds, TaskId, WorkspaceId } from '../model.ts';
import { demandsIn } from './requirements.ts';
import type { Resources } from './resource.ts';

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
  /** Of the workers, in seconds of one. */
  readonly had: number;
  readonly weight: number;
}

export interface FairSharePorts {
  readonly resources: () => Resources;
  /** 1 for a folder of which nothing is said. */
  readonly weightOf: (workspaceId: WorkspaceId) => number;
}

/** What may take its turn: tasks of a folder with a signature. */
export interface Contender {
  readonly workspaceId: WorkspaceId;
  readonly signature: string;
}

/** The workers, as something that is shared. */
const workers = '';
const nothing: readonly string[] = [];

interface Account {
  /** Start tag of the next task, by what is shared. */
  readonly finish: Map<string, number>;
  had: number;
  running: number;
  /** How long its runs take, smoothed. */
  usual: Milliseconds;
}

interface Charge extends Contender {
  readonly estimate: Milliseconds;
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
  /** Start tag of what was started last, by what is shared. */
  readonly #virtual = new Map<string, number>();

  constructor(ports: FairSharePorts) {
    this.#ports = ports;
  }

  /**
   * How far each contender is ahead of the one that has had least of the same; the least has its turn. Asked for at
   * every decision about every lane: what needs only a worker, as most does, costs one look.
   */
  turns(contenders: readonly Contender[]): readonly number[] {
    const ahead: number[] = [];
    const sharing: (readonly [place: number, name: string, tag: number])[] = [];
    const least = new Map<string, number>();
    const virtual = this.#virtual.get(workers) ?? 0;
    let leastWork = Infinity;
    for (const { workspaceId, signature } of contenders) {
      const finish = this.#accounts.get(workspaceId)?.finish;
      const work = Math.max(virtual, finish?.get(workers) ?? 0);
      if (work < leastWork) leastWork = work;
      for (const name of this.#sharedIn(signature)) {
        const tag = Math.max(this.#virtual.get(name) ?? 0, finish?.get(name) ?? 0);
        sharing.push([ahead.length, name, tag]);
        if (tag < (least.get(name) ?? Infinity)) least.set(name, tag);
      }
      ahead.push(work);
    }
    for (let place = 0; place < ahead.length; place += 1) ahead[place] = (ahead[place] ?? 0) - leastWork;
    for (const [place, name, tag] of sharing)
      ahead[place] = Math.max(ahead[place] ?? 0, tag - (least.get(name) ?? 0));
    return ahead;
  }

  /** Tasks of a folder that run. */
  runningIn(workspaceId: WorkspaceId): number {
    return this.#accounts.get(workspaceId)?.running ?? 0;
  }

  /** A task starts; its folder is charged with what it is likely to take. */
  started(taskId: TaskId, workspaceId: WorkspaceId, signature: string): void {
    const account = this.#account(workspaceId);
    const estimate = account.usual;
    for (const name of this.#wantedBy(signature)) {
      const start = this.#startTag(workspaceId, name);
      this.#virtual.set(name, start);
      account.finish.set(name, start + this.#taken(name, signature, estimate, workspaceId));
    }
    account.running += 1;
    this.#charges.set(taskId, { workspaceId, signature, estimate });
  }

  /** It has ended; what it really took counts. */
  ended(taskId: TaskId, duration: Milliseconds): void {
    const charge = this.#charges.get(taskId);
    if (charge === undefined) return;
    const { workspaceId, signature, estimate } = charge;
    const account = this.#discharge(taskId, workspaceId);
    for (const name of this.#wantedBy(signature)) {
      const more = this.#taken(name, signature, duration - estimate, workspaceId);
      if (this.#dependsOnTime(name)) account.finish.set(name, (account.finish.get(name) ?? 0) + more);
    }
    account.had += duration / second;
    account.usual += smoothing * (duration - account.usual);
    if (this.#accounts.size > accountLimit && account.running === 0) this.#accounts.delete(workspaceId);
  }

  /** A start that never came to be. */
  revert(taskId: TaskId): void {
    const charge = this.#charges.get(taskId);
    if (charge === undefined) return;
    const { workspaceId, signature, estimate } = charge;
    const account = this.#discharge(taskId, workspaceId);
    for (const name of this.#wantedBy(signature)) {
      const finish = account.finish.get(name) ?? 0;
      account.finish.set(name, finish - this.#taken(name, signature, estimate, workspaceId));
    }
  }

  /** A run, or a start, is over. @returns the account of its folder */
  #discharge(taskId: TaskId, workspaceId: WorkspaceId): Account {
    this.#charges.delete(taskId);
    const account = this.#account(workspaceId);
    account.running -= 1;
    return account;
  }

  /** What each folder has had since this window has its tasks. */
  balances(): readonly Balance[] {
    return [...this.#accounts].map(([workspaceId, { had }]) => ({
      workspaceId,
      had,
      weight: this.#ports.weightOf(workspaceId),
    }));
  }

  /** What is shared that a signature takes part of: the workers always. */
  #wantedBy(signature: string): readonly string[] {
    return [workers, ...this.#sharedIn(signature)];
  }

  /** The same without the workers. */
  #sharedIn(signature: string): readonly string[] {
    if (signature === '') return nothing;
    const known = this.#ports.resources();
    return [...demandsIn(signature)].flatMap(([name, amount]) =>
      amount > 0 && known.has(name) ? [name] : [],
    );
  }

  #startTag(workspaceId: WorkspaceId, name: string): number {
    return Math.max(this.#virtual.get(name) ?? 0, this.#accounts.get(workspaceId)?.finish.get(name) ?? 0);
  }

  /** What a run takes of something, for the weight of its folder: time of a worker or a slot, or an amount. */
  #taken(name: string, signature: string, duration: Milliseconds, workspaceId: WorkspaceId): number {
    const amount = name === workers ? 1 : (demandsIn(signature).get(name) ?? 0);
    const time = this.#dependsOnTime(name) ? duration / second : 1;
    return (amount * time) / this.#ports.weightOf(workspaceId);
  }

  #dependsOnTime(name: string): boolean {
    return name === workers || this.#ports.resources().get(name)?.kind === 'pool';
  }

  #account(workspaceId: WorkspaceId): Account {
    const known = this.#accounts.get(workspaceId);
    if (known !== undefined) return known;
    const account: Account = { finish: new Map(), had: 0, running: 0, usual: firstGuess };
    this.#accounts.set(workspaceId, account);
    return account;
  }
}
