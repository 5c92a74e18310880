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
  /** The request as such was refused: unknown model, too long, content filter. */
  | 'refused'
  /** The endpoint failed, could not be reached, or broke off. */
  | 'unavailable'
  /** It did not answer in time. */
  | 'timeout';

/** What an endpoint says of its limits, where it does. */
export interface RateFacts {
  /** Requests in a window, those left of it, and when all are there again. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly reset: Milliseconds | null;
  /** The same of tokens. */
  readonly tokenLimit: number | null;
  readonly tokensRemaining: number | null;
  readonly tokenReset: Milliseconds | null;
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
    }
) & { readonly limits?: RateFacts };

export interface Model {
  /** What screens and logs call it, e.g. `gpt-5-mini at api.example.com`. */
  readonly name: string;
  /**
   * One call, tried once. Everything that goes wrong is a reply; it rejects only with the reason of `signal`, after
   * the connection is gone.
   * @param onText told each piece of the answer as it arrives; without it the answer need not be streamed
   */
  ask(request: ModelRequest, signal: AbortSignal, onText?: (piece: string) => void): Promise<ModelReply>;
}

/** The models of the house, as the settings name them now; null where there is none, and everything else works. */
export interface Models {
  /** Judges tasks. */
  scoring(): Model | null;
  /** Does the work of prompt tasks. */
  working(): Model | null;
}

/** A house without models. */
export const noModels: Models = { scoring: () => null, working: () => null };
