/** A model at an endpoint that speaks as OpenAI's does: the vendors', and the servers one runs oneself. */
import { createHash } from 'node:crypto';
import type { Model, ModelReply, ModelRequest, Permit } from '../core/models.ts';
import type { Endpoint } from './endpoint.ts';

export interface OpenAiModelOptions {
  readonly endpoint: Endpoint;
  /** Name of the model at the endpoint. */
  readonly model: string;
  /** Null for endpoints that want none. */
  readonly key: string | null;
}

/**
 * What an endpoint does not understand is left out from then on: a form for the answer, a temperature, a count of
 * tokens in a stream. Shared by all calls of one model.
 */
export interface Dialect {
  plain: boolean;
}

export class OpenAiModel implements Model {
  readonly name: string;
  readonly account?: string;
  readonly #options: OpenAiModelOptions;
  readonly #dialect: Dialect = { plain: false };

  constructor(options: OpenAiModelOptions) {
    this.#options = options;
    const { model, endpoint, key } = options;
    this.name = `${model} at ${endpoint.host}`;
    // Enough to tell a person's keys apart, and next to nothing of a key.
    if (key !== null) this.account = createHash('sha256').update(key).digest('hex').slice(0, 4);
  }

  readonly ask = async (
    request: ModelRequest & { readonly permit: Permit },
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ): Promise<ModelReply> => {
    const { endpoint, key } = this.#options;
    if (key === null && !endpoint.isLocal) {
      const message = `There is no API key for ${endpoint.host}. Set it with Podium: Set API Key.`;
      return { kind: 'failed', failure: 'unauthorized', message, retryAfter: null };
    }
    // The library is large, and most windows never need it.
    const { callEndpoint } = await import('./openaiClient.ts');
    return await callEndpoint(this.#options, this.#dialect, request, signal, onText);
  };
}
