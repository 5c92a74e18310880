/**
 * Where answers from outside become limits: what runs and calls were told goes to the arbitrator and into the store,
 * and calls of models pass through a handle that takes what they use.
 */
import { PodiumError } from '../errors.ts';
import type { Instant, Milliseconds, Task } from '../model.ts';
import type { DispatchOrder } from '../dispatchOrder.ts';
import type { Model } from '../models.ts';
import type { AgentOutcome, Agents, Clock, Log, RateLimit, Store } from '../ports.ts';
import type { StopReason } from '../workers/workerPool.ts';
import type { Answer } from './answers.ts';
import type { Arbitrator } from './arbitrator.ts';
import { refillOf } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import type { Demands } from './demands.ts';
import { LeasedModel } from './leasedModel.ts';
import { RunHandles } from './runHandles.ts';
import { demandsIn, isExclusive, trustResource } from './requirements.ts';
import { modelResource } from './resource.ts';
import type { Resources } from './resource.ts';
import type { ResourceControl, ResourceView } from './resourceControl.ts';

interface DeskPorts {
  readonly store: Pick<Store, 'putBuckets'>;
  readonly arbitrator: Arbitrator;
  readonly order: Pick<DispatchOrder, 'ended'>;
  readonly agents: Agents;
  readonly demands: Pick<Demands, 'learn' | 'renewLearned'>;
  readonly resources: () => Resources;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
}

/** How a run ended. `sent`: what it has called through handles, by resource. */
export interface EndOfRun {
  readonly duration: Milliseconds;
  readonly stopped: StopReason | undefined;
  readonly sent: Readonly<Record<string, number>>;
}

/** The queue of war story 3, rounded down: 234 tasks waited before anybody knew. */
const crowd = 200;

interface Tally {
  answers: number;
  limited: number;
}

export class ResourceDesk implements ResourceControl {
  readonly #ports: DeskPorts;
  readonly #tallies = new Map<string, Tally>();
  readonly #crowded = new Set<string>();
  #renewing: Promise<void> = Promise.resolve();

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  get known(): Resources {
    return this.#ports.resources();
  }

  async hold(name: string, until: Instant | null): Promise<void> {
    const { store, arbitrator, clock, changed } = this.#ports;
    if (!this.known.has(name)) throw new PodiumError('unknown-resource', `There is no resource "${name}".`);
    await store.putBuckets(new Map([[name, arbitrator.hold(name, until, clock.wallClock())]]));
    changed();
  }

  /** The handles of a run that begins. */
  handlesFor(task: Task): RunHandles {
    const calls = this.#ports.agents.get(task.agentId)?.description.calls ?? [];
    return new RunHandles(
      task.signature,
      calls.map(({ resource }) => resource),
      (model, prepaid) => this.#lease(model, prepaid),
    );
  }

  /**
   * A run has ended: what it took and did not use is given back, and what it was answered is learned from. What it
   * called through handles has taught already. Never rejects.
   */
  async ended(task: Task, outcome: AgentOutcome, { duration, stopped, sent }: EndOfRun): Promise<void> {
    const { order, clock } = this.#ports;
    const used = { ...this.#usedBy(task, outcome), ...sent };
    await this.#keep(order.ended(task.id, duration, clock.wallClock(), used));
    if (stopped === 'shutdown' || stopped === 'cancel' || outcome.used === 'nothing') return;
    await this.#learnFrom(task, outcome, duration, used, new Set(Object.keys(sent)));
  }

  /** A run of a window that is gone has ended with an outcome; what it took was kept as sent. Never rejects. */
  async adopted(task: Task, outcome: AgentOutcome, duration: Milliseconds): Promise<void> {
    const { arbitrator, clock } = this.#ports;
    const used = this.#usedBy(task, outcome);
    await this.#keep(arbitrator.settle(task.signature, clock.wallClock(), used));
    if (outcome.used !== 'nothing') await this.#learnFrom(task, outcome, duration, used, new Set());
  }

  /** What a run says it has used; nothing of anything when it never began. */
  #usedBy(task: Task, { used = {} }: AgentOutcome): Readonly<Record<string, number>> {
    return used === 'nothing' ? Object.fromEntries(this.#meteredOf(task).map((name) => [name, 0])) : used;
  }

  /** @param taught resources of which calls have said already how it is */
  async #learnFrom(
    task: Task,
    outcome: AgentOutcome,
    duration: Milliseconds,
    used: Readonly<Record<string, number>>,
    taught: ReadonlySet<string>,
  ): Promise<void> {
    await this.#ports.demands.learn(task, outcome, used);
    const names = this.#meteredOf(task).filter((name) => !taught.has(name));
    const limit = outcome.kind === 'failed' ? outcome.rateLimited : undefined;
    const limited =
      limit === undefined ? [] : this.#limitedOf(task, limit).filter((name) => !taught.has(name));
    for (const name of new Set([...names, ...limited])) this.#tally(name).answers += 1;
    if (limit !== undefined) {
      const startedAt = this.#ports.clock.wallClock() - duration;
      const { retryAfter } = limit;
      for (const name of limited) await this.#learn(name, { kind: 'limited', startedAt, retryAfter });
      return;
    }
    const isOutage = outcome.kind === 'failed' && outcome.outage === true;
    const answer: Answer = isOutage ? { kind: 'failing', retryAfter: null } : { kind: 'ok' };
    if (isOutage || outcome.kind === 'completed') for (const name of names) await this.#learn(name, answer);
  }

  /** What a run has taught is recorded with it: tasks that wait may need something else by now. */
  recorded(): void {
    this.#renewing = this.#renewing.then(() => this.#ports.demands.renewLearned());
  }

  /** Resolves when what waits needs what was learned. */
  async settled(): Promise<void> {
    await this.#renewing;
  }

  /** Whether what a limit names keeps the task from starting by itself, so that it need not wait for itself as well. */
  isHeldBack(task: Task, limit: RateLimit): boolean {
    const demands = demandsIn(task.signature);
    return this.#limitedOf(task, limit).some((name) => demands.has(name));
  }

  /**
   * Resources that an answer holds back: the one it names, or all that refill of those it uses; where none refills,
   * those that are used up.
   */
  #limitedOf(task: Task, { resource }: RateLimit): readonly string[] {
    if (resource !== null) return this.#isMetered(resource) ? [resource] : [];
    const names = this.#meteredOf(task);
    const rates = names.filter((name) => this.known.get(name)?.kind === 'rate');
    return rates.length > 0 ? rates : names;
  }

  /** What an answer says of a resource; nothing when it is not one that can be held back. */
  async #learn(name: string, answer: Answer): Promise<void> {
    const { arbitrator, clock, log, changed } = this.#ports;
    const now = clock.wallClock();
    if (answer.kind === 'limited') this.#tally(name).limited += 1;
    const bucket = arbitrator.answered(name, answer, now);
    if (bucket === undefined) return;
    const { heldUntil } = bucket;
    if (heldUntil !== null && heldUntil > now && answer.kind !== 'ok') {
      const seconds = Math.ceil((heldUntil - now) / 1_000);
      const why = answer.kind === 'limited' ? 'was called too often' : 'does not answer';
      log.write('info', `${name} ${why}; it rests for ${seconds} s.`);
    }
    await this.#keep(new Map([[name, bucket]]));
    changed();
  }

  /** A handle of nobody's run: it takes what each call uses of what is left. */
  lease(model: Model): LeasedModel {
    return this.#lease(model, 0);
  }

  tryOut(model: Model): LeasedModel {
    return this.#lease(model, 0, async (name, answer) => {
      if (answer.kind === 'ok' && this.known.has(name)) await this.hold(name, null);
    });
  }

  /**
   * A handle through which a model is called: it takes what each call uses, and learns from what is answered.
   * @param prepaid requests that are paid for by the claim of a task
   * @param onTried told what comes of it when a person tries it out
   */
  #lease(
    model: Model,
    prepaid: number,
    onTried?: (name: string, answer: Answer) => Promise<void>,
  ): LeasedModel {
    const { arbitrator, clock, resources } = this.#ports;
    const name = modelResource(model);
    return new LeasedModel({
      model,
      prepaid,
      isTrial: onTried !== undefined,
      arbitrator,
      clock,
      resources,
      keep: (buckets) => this.#keep(buckets),
      learn: async (answer) => {
        this.#tally(name).answers += 1;
        await this.#learn(name, answer);
        await onTried?.(name, answer);
      },
    });
  }

  /** @param running signatures of what runs @param ready signatures of what is ready, with how many there are */
  views(running: readonly string[], ready: ReadonlyMap<string, number>): readonly ResourceView[] {
    const { arbitrator, clock } = this.#ports;
    const now = clock.wallClock();
    return [...this.known].map(([name, resource]) => {
      const bucket = arbitrator.bucketAt(name, now);
      const held = bucket.heldUntil;
      const asking = [...ready].flatMap(([signature, count]) => {
        const amount = demandsIn(signature).get(name);
        return amount === undefined ? [] : [{ count, amount }];
      });
      const waiting = sumOf(asking.map(({ count }) => count));
      const used = sumOf(running.map((signature) => demandsIn(signature).get(name) ?? 0));
      return {
        name,
        kind: resource.kind,
        level: resource.kind === 'pool' ? resource.capacity - used : Math.max(0, bucket.level),
        capacity: resource.capacity,
        perSecond: resource.kind === 'rate' ? resource.perSecond : null,
        inForce: resource.kind === 'rate' ? refillOf(resource, bucket) : null,
        isAssumed: resource.kind === 'rate' && resource.isAssumed === true,
        waiting,
        isCrowded: this.#isCrowded(name, waiting),
        wanted: sumOf(asking.map(({ count, amount }) => count * amount)),
        heldUntil: held !== null && held > now ? held : null,
        ...this.#tally(name),
      };
    });
  }

  /** Tells the log when more wait than usual, and again after it has become half as many. */
  #isCrowded(name: string, waiting: number): boolean {
    const was = this.#crowded.has(name);
    const is = waiting >= (was ? crowd / 2 : crowd);
    if (is && !was) {
      this.#crowded.add(name);
      this.#ports.log.write('warn', `${waiting} ready tasks need ${name}; they start as it comes back.`);
    } else if (!is) this.#crowded.delete(name);
    return is;
  }

  #meteredOf(task: Task): readonly string[] {
    return [...demandsIn(task.signature).keys()].filter((name) => this.#isMetered(name));
  }

  #isMetered(name: string): boolean {
    if (name === trustResource || isExclusive(name)) return false;
    const resource = this.known.get(name);
    return resource !== undefined && resource.kind !== 'pool';
  }

  #tally(name: string): Tally {
    let tally = this.#tallies.get(name);
    if (tally === undefined) this.#tallies.set(name, (tally = { answers: 0, limited: 0 }));
    return tally;
  }

  /** What is not kept is reckoned from what was kept before: never more than there is. */
  async #keep(buckets: ReadonlyMap<string, Bucket>): Promise<void> {
    if (buckets.size === 0) return;
    try {
      await this.#ports.store.putBuckets(buckets);
    } catch {
      this.#ports.log.write('warn', 'What is left of a resource could not be noted.');
    }
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
