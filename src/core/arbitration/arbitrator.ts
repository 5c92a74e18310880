/**
 * Who may have what. A task names amounts of several resources and is granted all of them or none, in the step that
 * starts it, so that nothing is held while it waits and no two tasks can wait for each other. Slots are counted from
 * what runs, so they cannot leak; what refills or is used up is kept in buckets that the store writes with the claim.
 *
 * One reservation for each resource: what has waited longest for more than there is, past a bound, keeps others from
 * taking what it needs of that resource, and holds nothing else.
 */
import type { Instant, Milliseconds } from '../model.ts';
import { afterAnswer, afterTold } from './answers.ts';
import type { Answer } from './answers.ts';
import { availableAt, charged, fullBucket, settledAt } from './bucket.ts';
import type { Bucket, Metered } from './bucket.ts';
import type { RateFacts } from '../models.ts';
import { isOnTrial } from './pace.ts';
import { demandsIn, isExclusive, trustResource } from './requirements.ts';
import type { Resources } from './resource.ts';

/** After so long without getting what it needs a demand is reserved for, unless part of it is far away. */
const usualPatience: Milliseconds = 30_000;
const farAway: Milliseconds = 60_000;
const second: Milliseconds = 1_000;
/** How long it is remembered what was taken when. */
const remembered: Milliseconds = 10_000;
/** A run is taken to have sent within this time what it took. */
const sentWithin: Milliseconds = 30_000;

export interface ArbitratorPorts {
  readonly resources: () => Resources;
  readonly trusted: () => boolean;
  /** How long something waits before it is reserved for. */
  readonly patience?: Milliseconds;
}

/** Why a signature is not granted now. */
export interface Lack {
  readonly resource: string;
  /** When there may be enough; null when that is not known. */
  readonly until: Instant | null;
}

/** A signature that waits: since when, and for when there may be enough, as of when it was last asked for. */
interface Wait {
  readonly since: Instant;
  readonly until: Instant | null;
}

interface Taken {
  readonly at: Instant;
  readonly amount: number;
}

export class Arbitrator {
  readonly #ports: ArbitratorPorts;
  readonly #buckets = new Map<string, Bucket>();
  /** What was taken of resources that refill, lately. */
  readonly #spikes = new Map<string, Taken[]>();
  /** What was taken by runs that have not ended, not long ago: it may not have been sent yet. */
  readonly #inFlight = new Map<string, readonly Taken[]>();
  /** What has not got what it needs. */
  readonly #waiting = new Map<string, Wait>();

  constructor(ports: ArbitratorPorts) {
    this.#ports = ports;
  }

  /** Buckets as they were kept: what a restart knows. What was under way counts as sent. */
  restore(buckets: ReadonlyMap<string, Bucket>, now: Instant): void {
    this.#buckets.clear();
    for (const [name, bucket] of buckets) this.#buckets.set(name, upTo(bucket, now));
    this.#spikes.clear();
    this.#inFlight.clear();
    this.#waiting.clear();
  }

  /**
   * Whether a task with this signature may start.
   * @param running signatures of the tasks that run
   */
  grantable(signature: string, running: readonly string[], now: Instant): boolean {
    const lack = this.lackOf(signature, running, now);
    const since = this.#waiting.get(signature)?.since ?? (lack === null ? undefined : now);
    // What may start and does not, because its folder may not, is no reason to look again.
    if (since !== undefined) this.#waiting.set(signature, { since, until: lack?.until ?? null });
    return lack === null;
  }

  /** What is not there, or null; of several the one that is longest in coming. */
  lackOf(signature: string, running: readonly string[], now: Instant): Lack | null {
    let lack: Lack | null = null;
    for (const [name, amount] of demandsIn(signature)) {
      if (name === trustResource) {
        if (!this.#ports.trusted()) return { resource: name, until: null };
        continue;
      }
      const at = this.#availableAt(name, amount, signature, running, now);
      if (at <= now) continue;
      const until = Number.isFinite(at) ? at : null;
      if (lack === null || (until ?? 0) > (lack.until ?? 0)) lack = { resource: name, until };
    }
    return lack;
  }

  /** A task starts: takes what it needs. @returns the buckets that have changed, to be kept */
  take(signature: string, now: Instant): ReadonlyMap<string, Bucket> {
    const changed = new Map<string, Bucket>();
    this.#waiting.delete(signature);
    for (const [name, resource, amount] of this.#metered(signature)) {
      const bucket = charged(this.#settled(name, resource, now), resource, amount);
      this.#buckets.set(name, bucket);
      this.#inFlight.set(name, [...this.#unsent(name, now), { at: now, amount }]);
      changed.set(name, bucket);
      const before = (this.#spikes.get(name) ?? []).filter(({ at }) => at > now - remembered);
      this.#spikes.set(name, [...before, { at: now, amount }]);
    }
    return changed;
  }

  /**
   * What was taken for a run is sent by now, or never will be.
   * @param used amounts the run says it has really used, of some resources, whether it has taken of them or not
   * @returns the buckets that have changed, to be kept
   */
  give(
    signature: string,
    now: Instant,
    used: Readonly<Record<string, number>> = {},
  ): ReadonlyMap<string, Bucket> {
    for (const [name, resource, amount] of this.#metered(signature)) {
      // Up to now it may have come back no further than it was sent.
      this.#buckets.set(name, this.#settled(name, resource, now));
      const unsent = this.#unsent(name, now);
      const place = unsent.findIndex((one) => one.amount === amount);
      this.#inFlight.set(name, place < 0 ? unsent : unsent.toSpliced(place, 1));
    }
    return this.settle(signature, now, used);
  }

  /** Corrects what was reckoned for a run by what it has really used. @returns the buckets that have changed */
  settle(
    signature: string,
    now: Instant,
    used: Readonly<Record<string, number>>,
  ): ReadonlyMap<string, Bucket> {
    const changed = new Map<string, Bucket>();
    for (const [name, resource, amount] of this.#metered(signature)) {
      const really = used[name];
      if (really === undefined) continue;
      const bucket = charged(this.#settled(name, resource, now), resource, really - amount);
      this.#buckets.set(name, bucket);
      changed.set(name, bucket);
    }
    const taken = demandsIn(signature);
    for (const [name, amount] of Object.entries(used)) {
      const resource = this.#ports.resources().get(name);
      if (taken.has(name) || resource === undefined || resource.kind === 'pool') continue;
      const bucket = charged(this.#settled(name, resource, now), resource, amount);
      this.#buckets.set(name, bucket);
      changed.set(name, bucket);
    }
    return changed;
  }

  /** Nobody takes of a resource before an instant; null lets them again. @returns the bucket, to be kept */
  hold(name: string, until: Instant | null, now: Instant): Bucket {
    const bucket = { ...this.#bucket(name, now), heldUntil: until };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /**
   * Learns from an answer.
   * @returns the bucket, to be kept; undefined when nothing has changed
   */
  answered(name: string, answer: Answer, now: Instant): Bucket | undefined {
    const resource = this.#ports.resources().get(name);
    if (resource === undefined || resource.kind === 'pool') return undefined;
    const bucket = this.#bucket(name, now);
    const recent = answer.kind === 'limited' ? this.#takenAround(name, answer.startedAt) : 0;
    const changed = afterAnswer(bucket, resource, answer, recent, now);
    if (changed === bucket) return undefined;
    this.#buckets.set(name, changed);
    return changed;
  }

  /**
   * What the other side says of its limits counts where it is less than was reckoned.
   * @param own what the call has used whose answer says so
   * @returns what has changed
   */
  told(name: string, facts: RateFacts, now: Instant, own = 0): ReadonlyMap<string, Bucket> {
    const resource = this.#ports.resources().get(name);
    if (resource?.kind !== 'rate') return new Map();
    // What else is under way was not counted there yet.
    const others = Math.max(0, sumOf(this.#unsent(name, now)) - own);
    const bucket = afterTold(this.#bucket(name, now), resource, facts, others);
    this.#buckets.set(name, bucket);
    return new Map([[name, bucket]]);
  }

  /** Whether a task waits for a resource. */
  isAwaited(name: string): boolean {
    return [...this.#waiting.keys()].some((signature) => demandsIn(signature).has(name));
  }

  /**
   * Ends a pass: what was not asked for in it waits no more.
   * @param asked signatures that were asked for
   * @returns when something that waits may be there, or null
   */
  endPass(asked: ReadonlySet<string>): Instant | null {
    for (const signature of this.#waiting.keys()) if (!asked.has(signature)) this.#waiting.delete(signature);
    const instants = [...this.#waiting.values()].map(({ until }) => until).filter((until) => until !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** What is left as of now, and what is in force. */
  bucketAt(name: string, now: Instant): Bucket {
    return this.#bucket(name, now);
  }

  #bucket(name: string, now: Instant): Bucket {
    const resource = this.#ports.resources().get(name);
    if (resource === undefined || resource.kind === 'pool')
      return this.#buckets.get(name) ?? fullBucket(resource ?? { kind: 'pool', capacity: 0 }, now);
    return this.#settled(name, resource, now);
  }

  #settled(name: string, resource: Metered, now: Instant): Bucket {
    const bucket = this.#buckets.get(name) ?? fullBucket(resource, now);
    return settledAt(bucket, resource, sumOf(this.#unsent(name, now)), now);
  }

  #unsent(name: string, now: Instant): readonly Taken[] {
    return (this.#inFlight.get(name) ?? []).filter(({ at }) => at > now - sentWithin);
  }

  /** What a signature takes of resources that refill or are used up. */
  *#metered(signature: string): Generator<readonly [string, Metered, number]> {
    for (const [name, amount] of demandsIn(signature)) {
      const resource = this.#ports.resources().get(name);
      if (resource !== undefined && resource.kind !== 'pool') yield [name, resource, amount];
    }
  }

  #availableAt(
    name: string,
    amount: number,
    signature: string,
    running: readonly string[],
    now: Instant,
  ): Instant {
    const resource = this.#ports.resources().get(name);
    const held = this.#buckets.get(name)?.heldUntil ?? null;
    if (resource === undefined || resource.kind === 'pool') {
      if (held !== null && held > now) return held;
      // Of what nobody knows there is nothing.
      const capacity = resource?.capacity ?? (isExclusive(name) ? 1 : 0);
      const left = capacity - usedOf(name, running) - this.#reserved(name, signature, running, now);
      return amount <= left ? now : Infinity;
    }
    const bucket = this.#settled(name, resource, now);
    // One tries for all.
    if (isOnTrial(bucket.pace) && this.#unsent(name, now).length > 0) return Infinity;
    const reserved = Math.min(resource.capacity - amount, this.#reserved(name, signature, running, now));
    const at = availableAt(bucket, resource, amount + Math.max(0, reserved), now);
    return Math.max(at, this.#spikeEnd(name, resource, bucket, amount, now));
  }

  /** What is kept for another signature, which has waited too long for it. */
  #reserved(name: string, signature: string, running: readonly string[], now: Instant): number {
    let oldest: { readonly since: Instant; readonly amount: number } | undefined;
    for (const [other, { since }] of this.#waiting) {
      if (now - since < (this.#ports.patience ?? usualPatience)) continue;
      const amount = demandsIn(other).get(name);
      if (amount === undefined) continue;
      if (oldest !== undefined && since >= oldest.since) continue;
      if (other === signature) oldest = { since, amount: 0 };
      else if (!this.#isFarAway(other, name, running, now)) oldest = { since, amount };
    }
    return oldest?.amount ?? 0;
  }

  /**
   * Whether something else that a signature needs will not be there soon: for that nothing of `name` is kept. Nobody
   * knows how long a run keeps a folder; the folder itself is kept, and the rest once it is free.
   */
  #isFarAway(signature: string, name: string, running: readonly string[], now: Instant): boolean {
    for (const [other, amount] of demandsIn(signature)) {
      if (other === trustResource && !this.#ports.trusted()) return true;
      if (isExclusive(other) && other !== name && usedOf(other, running) > 0) return true;
      if (this.#isOut(other, amount, now)) return true;
    }
    return false;
  }

  #isOut(name: string, amount: number, now: Instant): boolean {
    if ((this.#buckets.get(name)?.heldUntil ?? 0) > now + farAway) return true;
    const resource = this.#ports.resources().get(name);
    if (resource === undefined) return name !== trustResource && !isExclusive(name);
    if (resource.kind === 'pool') return amount > resource.capacity;
    return availableAt(this.#settled(name, resource, now), resource, amount, now) > now + farAway;
  }

  /** When `amount` more would not be too much within one second. */
  #spikeEnd(name: string, resource: Metered, bucket: Bucket, amount: number, now: Instant): Instant {
    if (resource.kind !== 'rate') return now;
    const spike = Math.min(resource.spike ?? Infinity, bucket.pace.spike ?? Infinity);
    if (spike === Infinity) return now;
    const most = Math.max(spike, amount);
    const recent = this.#recent(name, now);
    let sum = sumOf(recent);
    let end = now;
    for (const one of recent) {
      if (sum + amount <= most) break;
      sum -= one.amount;
      end = one.at + second;
    }
    return end;
  }

  #recent(name: string, now: Instant): readonly Taken[] {
    return (this.#spikes.get(name) ?? []).filter(({ at }) => at > now - second);
  }

  /** What was taken around an instant. */
  #takenAround(name: string, instant: Instant): number {
    return sumOf((this.#spikes.get(name) ?? []).filter(({ at }) => Math.abs(at - instant) <= second));
  }
}

/** A bucket whose clock was ahead, as if it had been right. */
function upTo(bucket: Bucket, now: Instant): Bucket {
  const ahead = bucket.at - now;
  const { heldUntil, pace } = bucket;
  return {
    ...bucket,
    at: Math.min(bucket.at, now),
    heldUntil: heldUntil === null || ahead <= 0 ? heldUntil : heldUntil - ahead,
    pace: { ...pace, cutAt: Math.min(pace.cutAt, now) },
  };
}

function sumOf(taken: readonly Taken[]): number {
  return taken.reduce((sum, { amount }) => sum + amount, 0);
}

function usedOf(name: string, running: readonly string[]): number {
  return running.reduce((sum, other) => sum + (demandsIn(other).get(name) ?? 0), 0);
}
