/** What the refiner is doing and has done, as the screens show it. */
import type { Instant, Milliseconds } from '../model.ts';
import type { ModelFailure } from '../models.ts';

export type RefinerState =
  /** There is no model. */
  | { readonly kind: 'off' }
  /** Nothing waits for a judgement. */
  | { readonly kind: 'idle' }
  /** There is a free worker for everything that is ready. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'asking'; readonly since: Instant; readonly tasks: number }
  /** The model is called as often as it may be; nothing is wrong. */
  | { readonly kind: 'limited'; readonly until: Instant }
  /** The model failed; it is asked again by itself. */
  | {
      readonly kind: 'waiting';
      readonly until: Instant;
      readonly failure: ModelFailure | 'unreadable';
      readonly message: string;
      /** Calls that failed, one after the other. */
      readonly failures: number;
    }
  /** The model cannot be used until a person has changed something. */
  | { readonly kind: 'stopped'; readonly failure: ModelFailure; readonly message: string }
  /** The tokens of the day are used up. */
  | { readonly kind: 'spent'; readonly until: Instant };

export interface RefinerFigures {
  readonly state: RefinerState;
  /** Null when there is none. */
  readonly model: string | null;
  /** Tasks that wait for a first and for a second opinion, as of the last look. */
  readonly first: number;
  readonly second: number;
  readonly calls: number;
  readonly failedCalls: number;
  /** Tasks that got their first judgement from the cache. */
  readonly fromCache: number;
  /** Tasks sent in calls, each as often as it was sent, whatever came of it. */
  readonly asked: number;
  readonly tokensToday: number;
  readonly lastCall: { readonly at: Instant; readonly took: Milliseconds; readonly tasks: number } | null;
}

/** Why nothing more will be judged for now, or null. */
export function troubleOf(state: RefinerState): string | null {
  switch (state.kind) {
    case 'off':
      return 'No model is set up.';
    case 'stopped':
    case 'waiting':
      return state.message;
    case 'spent':
      return 'The tokens of the day are used up.';
    default:
      return null;
  }
}

/** Whether no call is to be made for now, whatever waits. */
export function isLeftAlone({ kind }: RefinerState): boolean {
  return kind === 'waiting' || kind === 'limited' || kind === 'stopped' || kind === 'spent';
}

/** Whether it fails until a person has changed something. */
export function needsPerson(failure: ModelFailure | 'unreadable'): failure is 'unauthorized' | 'no-consent' {
  return failure === 'unauthorized' || failure === 'no-consent';
}
