/** One call through the library `openai`; loaded when the first one is made. */
import OpenAI, { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import { messageOf } from '../core/errors.ts';
import type { ModelReply, ModelRequest, ModelUsage, Permit } from '../core/models.ts';
import { failedOf } from './failures.ts';
import { rateFactsOf } from './rateFacts.ts';
import type { Dialect, OpenAiModelOptions } from './openaiModel.ts';

/** Whoever asks has a time limit of its own; the library's must only be longer. */
const patience = 3_600_000;

type PermittedRequest = ModelRequest & { readonly permit: Permit };

/**
 * Tried once, but for one case: an endpoint that does not know how to be held to a form is asked again without it.
 * @throws the reason of `signal` when it aborts
 */
export async function callEndpoint(
  options: OpenAiModelOptions,
  dialect: Dialect,
  request: PermittedRequest,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<ModelReply> {
  const client = clientFor(options);
  const reply = await callOnce(client, options, request, dialect.plain, signal, onText);
  const wasFull = request.form !== undefined || request.temperature !== undefined || onText !== undefined;
  if (dialect.plain || !wasFull || reply.kind === 'answered' || reply.failure !== 'refused') return reply;
  const again = await callOnce(client, options, request, true, signal, onText);
  // Only what helped is remembered: the endpoint may have refused the text and not the form.
  if (again.kind === 'answered') dialect.plain = true;
  return again;
}

/** Names of the models an endpoint offers, or why it does not say. */
export async function listModels(
  options: Omit<OpenAiModelOptions, 'model'>,
  signal: AbortSignal,
): Promise<readonly string[] | Extract<ModelReply, { kind: 'failed' }>> {
  try {
    const page = await clientFor(options).models.list({ signal });
    return page.data.map(({ id }) => id).filter((id) => typeof id === 'string');
  } catch (thrown) {
    return failureFrom(thrown, options, signal);
  }
}

function clientFor({ endpoint, key }: Omit<OpenAiModelOptions, 'model'>): OpenAI {
  return new OpenAI({
    baseURL: endpoint.baseUrl,
    // Everything is said here: nothing is taken from the environment of the editor.
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: patience,
    logLevel: 'off',
    ...(key === null ? { defaultHeaders: { Authorization: null } } : {}),
  });
}

async function callOnce(
  client: OpenAI,
  options: OpenAiModelOptions,
  request: PermittedRequest,
  plain: boolean,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<ModelReply> {
  const body = bodyOf(options.model, request, plain);
  await request.permit.send();
  try {
    return onText === undefined
      ? await whole(client, body, signal)
      : await streamed(client, body, plain, signal, onText);
  } catch (thrown) {
    return failureFrom(thrown, options, signal);
  }
}

function bodyOf(
  model: string,
  { messages, form, maxTokens, temperature }: ModelRequest,
  plain: boolean,
): ChatCompletionCreateParamsBase {
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(maxTokens === undefined ? {} : lengthOf(maxTokens, plain)),
    ...(plain || temperature === undefined ? {} : { temperature }),
    ...(plain || form === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: form.name, schema: { ...form.schema }, strict: true },
          },
        }),
  };
}

/** Servers that are behind know only the old name. */
function lengthOf(tokens: number, plain: boolean): Readonly<Record<string, number>> {
  return plain ? { max_tokens: tokens } : { max_completion_tokens: tokens };
}

interface Counted {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
}

/** What endpoints really send: anything may be missing. */
interface Choice {
  readonly finish_reason?: string | null;
  readonly message?: { readonly content?: string | null; readonly refusal?: string | null };
  readonly delta?: { readonly content?: string | null; readonly refusal?: string | null };
}

async function whole(
  client: OpenAI,
  body: ChatCompletionCreateParamsBase,
  signal: AbortSignal,
): Promise<ModelReply> {
  const sent = client.chat.completions.create({ ...body, stream: false }, { signal });
  const { data: answer, response } = await sent.withResponse();
  const [choice] = (answer as { readonly choices?: readonly Choice[] } | undefined)?.choices ?? [];
  if (choice === undefined) return broken('The endpoint answered something that is not an answer.');
  const { content, refusal } = choice.message ?? {};
  return withLimits(replyOf(content ?? '', refusal, choice.finish_reason, answer.usage), response.headers);
}

async function streamed(
  client: OpenAI,
  body: ChatCompletionCreateParamsBase,
  plain: boolean,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<ModelReply> {
  const usageWish = plain ? {} : { stream_options: { include_usage: true } };
  const sent = client.chat.completions.create({ ...body, ...usageWish, stream: true }, { signal });
  const { data: stream, response } = await sent.withResponse();
  let text = '';
  let refusal = '';
  let finish: string | null | undefined;
  let usage: Counted | null | undefined;
  for await (const part of stream) {
    const [choice] = (part as { readonly choices?: readonly Choice[] }).choices ?? [];
    const piece = choice?.delta?.content ?? '';
    if (piece !== '') onText(piece);
    text += piece;
    refusal += choice?.delta?.refusal ?? '';
    finish = choice?.finish_reason ?? finish;
    usage = part.usage ?? usage;
  }
  // A stream that just ends was cut.
  if (finish === undefined || finish === null)
    return broken('The connection broke off in the middle of the answer.');
  return withLimits(replyOf(text, refusal === '' ? null : refusal, finish, usage), response.headers);
}

function replyOf(
  text: string,
  refusal: string | null | undefined,
  finish: string | null | undefined,
  usage: Counted | null | undefined,
): ModelReply {
  if (finish === 'content_filter' || (refusal !== null && refusal !== undefined && refusal !== '')) {
    return { kind: 'failed', failure: 'refused', message: 'The model refused to answer.', retryAfter: null };
  }
  return { kind: 'answered', text, usage: usageOf(usage), whole: finish !== 'length' };
}

/** Adds what the endpoint says of its limits. */
function withLimits<Reply extends ModelReply>(reply: Reply, headers: Pick<Headers, 'get'>): Reply {
  const limits = rateFactsOf((name) => headers.get(name), Date.now());
  return limits === undefined ? reply : { ...reply, limits };
}

function usageOf(usage: Counted | null | undefined): ModelUsage {
  const count = (value: unknown): number | null =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
  return {
    promptTokens: count(usage?.prompt_tokens),
    completionTokens: count(usage?.completion_tokens),
  };
}

function failureFrom(
  thrown: unknown,
  { endpoint, key }: Omit<OpenAiModelOptions, 'model'>,
  signal: AbortSignal,
): Extract<ModelReply, { kind: 'failed' }> {
  if (signal.aborted || thrown instanceof APIUserAbortError) {
    throw signal.reason instanceof Error
      ? signal.reason
      : new Error('The call was given up.', { cause: thrown });
  }
  if (thrown instanceof APIConnectionTimeoutError) {
    return {
      kind: 'failed',
      failure: 'timeout',
      message: `${endpoint.host} did not answer in time.`,
      retryAfter: null,
    };
  }
  if (thrown instanceof APIError && typeof thrown.status === 'number') {
    const { status, code, message, headers } = thrown as APIError<number, Headers>;
    const header = (name: string): string | null => headers.get(name);
    const error = { status, code: code ?? '', message: withoutKey(message, key), header };
    return withLimits(failedOf(error, endpoint.host, Date.now()), headers);
  }
  const cause = withoutKey(causeOf(thrown), key);
  return broken(`${endpoint.host} cannot be reached: ${cause}`);
}

/** The library says "Connection error."; what lies underneath says why. */
function causeOf(thrown: unknown): string {
  let deepest = thrown;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  if (deepest instanceof Error && 'code' in deepest && typeof deepest.code === 'string') return deepest.code;
  return messageOf(deepest);
}

function withoutKey(text: string, key: string | null): string {
  return key === null || key === '' ? text : text.replaceAll(key, '***');
}

function broken(message: string): Extract<ModelReply, { kind: 'failed' }> {
  return { kind: 'failed', failure: 'unavailable', message, retryAfter: null };
}
