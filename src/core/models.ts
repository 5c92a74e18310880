/**
 * The door to language models. An adapter speaks to one endpoint or to the editor; whoever asks decides about
 * retries, time limits and money. Nothing here is asked while a task is being dispatched.
 */
import type { Milliseconds } from './model.ts';

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The form an answer must have, for endpoints that can be held to one; others are only told in the prompt. */
export interface AnswerForm {
  /** Letters, digits and dashes. */
  readonly name: string;
  /** JSON schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly form?: AnswerForm;
  /** Longest answer, in the tokens of the model. */
  readonly maxTokens?: number;
  /** 0 for the likeliest answer. Left to the endpoint when absent. */
  readonly temperature?: number;
}

/** What a call used, as the endpoint counted it; null where it did not say. */
export interface ModelUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** What can go wrong with a call. */
export type ModelFailure =
  /** The key is missing, wrong or may not do this. */
  | 'unauthorized'
  /** Too many calls; not a fault of this one. */
  | 'rate-limited'
  /** Quota or money is used up; waiting a little does not help. */
  | 'quota'
  /** The user has not allowed it, or has refused. */
  | 'no-consent'
  /** The request as such was refused: too long, content filter. */
  | 'refused'
  /** There is no model of that name, or not yet. */
  | 'no-model'
  /** The endpoint failed, could not be reached, or broke off. */
  | 'unavailable'
  /** It did not answer in time. */
  | 'timeout';

/** What an endpoint says of one of its limits. */
export interface RateFacts {
  /** How much there is in a window, where that was said. */
  readonly limit: number | null;
  readonly remaining: number;
  /** How long it takes until all of it is there again. */
  readonly reset: Milliseconds | null;
}

/** What an endpoint says of its limits, where it does. */
export interface ModelLimits {
  readonly requests?: RateFacts;
  readonly tokens?: RateFacts;
}

export type ModelReply = (
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly usage: ModelUsage;
      /** False when the longest answer was reached before its end. */
      readonly whole: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ModelFailure;
      /** A sentence for people, without secrets. */
      readonly message: string;
      /** How long the endpoint asked to wait, or null. */
      readonly retryAfter: Milliseconds | null;
      /** Nothing left the house: it was refused here. */
      readonly notSent?: true;
    }
) & { readonly limits?: ModelLimits };

/** The right to send something to a model. Only who shares out its calls gives it. */
export interface Permit {
  /**
   * Asked for right before each request that leaves the house; resolves when what it uses is taken and kept.
   * @throws PodiumError `no-permit` when the call is over, and nothing may be sent
   */
  send(): Promise<void>;
}

/** A model as someone may call it: a handle that owns what its calls use. */
export interface ModelHandle {
  readonly name: string;
  /**
   * One call, tried once. Everything that goes wrong is a reply; it rejects only with the reason of `signal`, after
   * the connection is gone. A signal whose reason is `tooLate` ends it because it took too long.
   * @param onText told each piece of the answer as it arrives; without it the answer need not be streamed
   */
  readonly ask: (
    request: ModelRequest,
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ) => Promise<ModelReply>;
}

/** A model itself, which sends nothing without a permit. */
export interface Model {
  /** What screens and logs call it, e.g. `gpt-5-mini at api.example.com`. */
  readonly name: string;
  /** Tells keys apart without telling them: limits are those of a key. Absent where there is none. */
  readonly account?: string;
  /** As of a handle. */
  readonly ask: (
    request: ModelRequest & { readonly permit: Permit },
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ) => Promise<ModelReply>;
}

/** How long a model rests whose quota is used up, when nobody says until when. */
export const quotaRest: Milliseconds = 900_000;

/** Reason of a signal that ends a call, or a run, because it took too long. */
export const tooLate = 'timeout';

/** The models of the house, as the settings name them now; null where there is none, and everything else works. */
export interface Models {
  /** Judges tasks. */
  scoring(): Model | null;
  /** Does the work of prompt tasks. */
  working(): Model | null;
}

/** A house without models. */
export const noModels: Models = { scoring: () => null, working: () => null };
