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
  /** Tasks judged from the cache, and by asking. */
  readonly fromCache: number;
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
  return kind === 'waiting' || kind === 'stopped' || kind === 'spent';
}
