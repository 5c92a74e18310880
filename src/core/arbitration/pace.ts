/**
 * How fast a resource that refills may really be used, as far as answers from outside have told. What the settings say
 * is the most; an answer that asks for fewer calls cuts it, and while tasks go on using it up it grows again along a
 * cubic curve: fast towards where it was cut, slowly around there, then beyond (Ha, Rhee and Xu 2008). It does not
 * grow while nobody needs it, for then nothing is learned. Pure.
 */
import type { Instant, Milliseconds } from '../model.ts';

export interface Pace {
  /** Part of what the settings say that is in force, above 0 to 1; more where they say nothing. */
  readonly share: number;
  /** The share that turned out to be too much last. */
  readonly ceiling: number;
  /** When it was cut last; answers to what was sent before say nothing new. */
  readonly cutAt: Instant;
  /** How long it has grown since, as far as it was needed. */
  readonly grown: Milliseconds;
  /** Most that may be taken within a second, as learned; null when nothing was. */
  readonly spike: number | null;
  /** Failures of what is behind the resource, one after the other. */
  readonly failures: number;
  /** Answers lately that were of no use and are to be asked for again, less what good ones have made up for. */
  readonly retries: number;
}

export const fullPace: Pace = {
  share: 1,
  ceiling: 1,
  cutAt: 0,
  grown: 0,
  spike: null,
  failures: 0,
  retries: 0,
};

/** What is left of a share after a cut, and the least that is left of the settings. */
export const afterCut = 0.7;
export const leastShare = 0.02;
/** The least that is believed of what the other side tells. */
export const leastTold = 0.0001;
/** How far it may be above a rate that was only assumed. */
export const mostShare = 100;
/** How long it takes to come back to where it was cut. */
const recovery: Milliseconds = 120_000;
/** A learned spike limit is tried one higher after so long without another answer of the kind. */
const spikeEase: Milliseconds = 300_000;

/**
 * The retry budget: of what is answered, about a sixth may be of no use before only one at a time tries for all.
 */
const retryBudget = 10;
const madeUpFor = 0.2;
/** Failures in a row after which what is behind the resource is taken to be down. */
export const breakAfter = 5;

/** Whether only one may try at a time. */
export function isOnTrial({ failures, retries }: Pace): boolean {
  return failures >= breakAfter || retries >= retryBudget;
}

/** An answer of use. */
export function succeeded(pace: Pace): Pace {
  if (pace.failures === 0 && pace.retries === 0) return pace;
  return { ...pace, failures: 0, retries: Math.max(0, pace.retries - madeUpFor) };
}

/** Something has to be asked for again. Its bound lets a resource that is well again come back soon. */
export function oneMoreRetry(pace: Pace): Pace {
  return { ...pace, retries: Math.min(retryBudget + 1, pace.retries + 1) };
}

/** Fewer calls: the share is cut, and growth begins anew. @param startedAt of what was answered so */
export function cut(pace: Pace, startedAt: Instant, now: Instant): Pace {
  if (startedAt < pace.cutAt) return pace;
  return {
    ...pace,
    share: Math.max(leastShare, pace.share * afterCut),
    ceiling: pace.share,
    cutAt: now,
    grown: 0,
  };
}

/** Fewer at a time. @param recent what was taken within the second before the answer */
export function cutSpike(pace: Pace, recent: number, startedAt: Instant, now: Instant): Pace {
  if (startedAt < pace.cutAt) return pace;
  const before = Math.min(pace.spike ?? Infinity, recent);
  return { ...pace, spike: Math.max(1, Math.floor(before * afterCut)), cutAt: now, grown: 0 };
}

/** Grows by time in which all there was has been needed. */
export function grow(pace: Pace, needed: Milliseconds): Pace {
  if (needed <= 0 || (pace.share >= 1 && pace.spike === null)) return pace;
  const grown = pace.grown + needed;
  const eased = Math.floor(grown / spikeEase) - Math.floor(pace.grown / spikeEase);
  return {
    ...pace,
    grown,
    share: Math.max(pace.share, shareAfter(pace.ceiling, grown)),
    spike: pace.spike === null ? null : pace.spike + eased,
  };
}

/** The cubic curve through the cut and the ceiling, whose flat part is at the ceiling. */
function shareAfter(ceiling: number, grown: Milliseconds): number {
  const behind = (grown - recovery) / recovery;
  return Math.min(1, ceiling * (1 + (1 - afterCut) * behind ** 3));
}
