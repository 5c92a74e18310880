/**
 * A model server that does what a test wants: the chat completions of OpenAI over HTTP on this machine, streamed or
 * not, with any latency and every way to fail. It remembers what it was asked, and no keys.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ShownBatch } from './scriptedModel.ts';

/** A call as the server saw it. */
export interface SeenCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly streamed: boolean;
  /** Whether it asked for a form of the answer. */
  readonly hasForm: boolean;
  readonly hasTemperature: boolean;
  /** Whether an Authorization header came with it. */
  readonly hasKey: boolean;
}

export type ServerAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly finish?: string;
      readonly usage?: object | null;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** These bytes with status 200. */
  | { readonly kind: 'raw'; readonly body: string }
  /** Nothing, for ever. */
  | { readonly kind: 'hang' }
  /** The connection breaks, in a stream after the first piece. */
  | { readonly kind: 'cut' };

export interface ServerScript {
  /** Milliseconds before each answer. */
  latency?: number;
  answer: (call: SeenCall, number: number) => ServerAnswer | string;
  /** Names of models; by default one. */
  models?: readonly string[];
}

export class ModelServer implements AsyncDisposable {
  readonly calls: SeenCall[] = [];
  /** Calls under way now and at most. */
  underWay = 0;
  peak = 0;
  /** When its answers went out, in wall-clock milliseconds. */
  readonly answeredAt: number[] = [];
  script: ServerScript;
  readonly #server: Server;
  readonly #ending = new AbortController();

  private constructor(script: ServerScript) {
    this.script = script;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(script: ServerScript): Promise<ModelServer> {
    const server = new ModelServer(script);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    server.#server.unref();
    return server;
  }

  /** Base URL for clients. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    if (request.method === 'GET' && request.url === '/v1/models') {
      const data = (this.script.models ?? ['scripted-model']).map((id) => ({ id, object: 'model' }));
      json(response, 200, { object: 'list', data });
      return;
    }
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      json(response, 404, { error: { message: `There is no ${request.url ?? ''}.`, code: 'not_found' } });
      return;
    }
    const call = seen(JSON.parse(body) as Readonly<Record<string, unknown>>, request);
    this.calls.push(call);
    this.underWay += 1;
    this.peak = Math.max(this.peak, this.underWay);
    try {
      const latency = this.script.latency ?? 0;
      if (latency > 0) await delay(latency, undefined, { signal: this.#ending.signal });
      const said = this.script.answer(call, this.calls.length);
      this.answeredAt.push(Date.now());
      await this.#reply(call, typeof said === 'string' ? { kind: 'text', text: said } : said, response);
    } finally {
      this.underWay -= 1;
    }
  }

  async #reply(call: SeenCall, answer: ServerAnswer, response: ServerResponse): Promise<void> {
    switch (answer.kind) {
      case 'text': {
        const {
          text,
          finish = 'stop',
          usage = { prompt_tokens: 11, completion_tokens: 7 },
          headers,
        } = answer;
        if (call.streamed) stream(response, text, finish, usage, headers);
        else {
          const message = { role: 'assistant', content: text };
          const choices = [{ index: 0, message, finish_reason: finish }];
          json(
            response,
            200,
            { id: 'x', object: 'chat.completion', choices, ...(usage && { usage }) },
            headers,
          );
        }
        return;
      }
      case 'status':
        json(
          response,
          answer.status,
          { error: { message: answer.message ?? 'It failed.', code: answer.code ?? null } },
          answer.headers,
        );
        return;
      case 'raw':
        response.writeHead(200, { 'content-type': 'application/json' }).end(answer.body);
        return;
      case 'hang':
        await new Promise((resolve) => {
          response.once('close', resolve);
        });
        return;
      case 'cut':
        if (call.streamed) {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.write(event({ choices: [{ index: 0, delta: { content: 'Half' } }] }));
          await delay(5);
        }
        response.destroy();
    }
  }
}

/** Scores by a function of title and place; answers the prompt that asks for judgements, and any other in a word. */
export function judge(valueOf: (title: string, description: string) => number): (call: SeenCall) => string {
  return ({ messages }) => {
    const asked = messages.at(-1)?.content ?? '';
    if (!asked.startsWith('{')) return 'ready';
    const batch = JSON.parse(asked) as ShownBatch;
    const tasks = batch.tasks.map(({ id, title, description = '' }) => ({
      id,
      priority_score: Math.round(valueOf(title, description)),
      reason: `It is about ${title}.`,
      concepts: title.toLowerCase().split(/\s+/),
    }));
    return JSON.stringify({ tasks });
  };
}

/** A judge that does what it is told: 1000 for every task whose text asks for it. */
export function gullible(valueOf: (title: string) => number): (call: SeenCall) => string {
  return judge((title, description) => (`${title} ${description}`.includes('1000') ? 1_000 : valueOf(title)));
}

function seen(body: Readonly<Record<string, unknown>>, { headers }: IncomingMessage): SeenCall {
  return {
    model: String(body.model),
    messages: body.messages as SeenCall['messages'],
    streamed: body.stream === true,
    hasForm: body.response_format !== undefined,
    hasTemperature: body.temperature !== undefined,
    hasKey: headers.authorization !== undefined,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function stream(
  response: ServerResponse,
  text: string,
  finish: string,
  usage: object | null,
  headers: object = {},
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  for (const piece of text.match(/[\s\S]{1,20}/g) ?? [])
    response.write(event({ choices: [{ index: 0, delta: { content: piece } }] }));
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }));
  if (usage !== null) response.write(event({ choices: [], usage }));
  response.end('data: [DONE]\n\n');
}
