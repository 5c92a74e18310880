import assert from 'node:assert/strict';
import { PodiumError } from '../../../src/core/errors.ts';
import type { ModelHandle, ModelReply, ModelRequest } from '../../../src/core/models.ts';
import { answerForm, promptFor } from '../../../src/core/priority/prompt.ts';
import { parseEndpoint } from '../../../src/models/endpoint.ts';
import type { Endpoint } from '../../../src/models/endpoint.ts';
import { retryAfter } from '../../../src/models/failures.ts';
import { listModels } from '../../../src/models/openaiClient.ts';
import { OpenAiModel } from '../../../src/models/openaiModel.ts';
import { judge, ModelServer } from '../../support/modelServer.ts';
import type { ServerAnswer } from '../../support/modelServer.ts';
import { permitted } from '../../support/permitted.ts';
import { until } from '../../support/until.ts';

function endpointAt(url: string): Endpoint {
  const parsed = parseEndpoint(url);
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return parsed.endpoint;
}

const signal = new AbortController().signal;
const request: ModelRequest = {
  messages: [{ role: 'user', content: 'Hello' }],
  form: answerForm,
  temperature: 0,
};
const secret = 'sk-very-secret-key';

describe('A model at an endpoint', () => {
  let server: ModelServer;
  let raw: OpenAiModel;
  let model: ModelHandle;

  beforeEach(async () => {
    server = await ModelServer.start({ answer: () => 'Hi there, all of you.' });
    raw = new OpenAiModel({ endpoint: endpointAt(server.url), model: 'scripted-model', key: secret });
    model = permitted(raw);
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const failing = async (answer: ServerAnswer): Promise<Extract<ModelReply, { kind: 'failed' }>> => {
    server.script = { answer: () => answer };
    const reply = await model.ask(request, signal);
    assert.equal(reply.kind, 'failed');
    assert.equal(JSON.stringify(reply).includes(secret), false);
    return reply;
  };

  it('answers with its text and what that used', async () => {
    assert.deepEqual(await model.ask(request, signal), {
      kind: 'answered',
      text: 'Hi there, all of you.',
      usage: { promptTokens: 11, completionTokens: 7 },
      whole: true,
    });
    const [call] = server.calls;
    assert.deepEqual([call?.model, call?.hasForm, call?.hasKey], ['scripted-model', true, true]);
  });

  it('hands on the pieces of a stream as they come', async () => {
    const pieces: string[] = [];
    const reply = await model.ask(request, signal, (piece) => pieces.push(piece));
    assert.equal(pieces.length, 2);
    assert.equal(pieces.join(''), 'Hi there, all of you.');
    assert.deepEqual(reply.kind === 'answered' && reply.usage, { promptTokens: 11, completionTokens: 7 });
  });

  it('says when its answer was cut at the longest length, and when it counted nothing', async () => {
    server.script = { answer: () => ({ kind: 'text', text: 'x', finish: 'length', usage: null }) };
    const reply = await model.ask(request, signal);
    assert.deepEqual(reply.kind === 'answered' && [reply.whole, reply.usage], [
      false,
      { promptTokens: null, completionTokens: null },
    ]);
  });

  it('is asked without a form from then on when the endpoint does not know forms', async () => {
    server.script = {
      answer: ({ hasForm, hasTemperature }) =>
        hasForm || hasTemperature ? { kind: 'status', status: 400, message: 'response_format?' } : 'plain',
    };
    for (let round = 0; round < 2; round += 1)
      assert.equal((await model.ask(request, signal)).kind, 'answered');
    assert.deepEqual(
      server.calls.map(({ hasForm }) => hasForm),
      [true, false, false],
    );
  });

  it('is asked with a form again after a refusal that had another reason', async () => {
    await failing({ kind: 'status', status: 400, message: 'too long' });
    server.script = { answer: () => 'fine' };
    await model.ask(request, signal);
    assert.deepEqual(
      server.calls.map(({ hasForm }) => hasForm),
      [true, false, true],
    );
  });

  for (const [status, code, failure] of [
    [401, 'invalid_api_key', 'unauthorized'],
    [403, '', 'unauthorized'],
    [404, '', 'no-model'],
    [400, 'model_not_found', 'no-model'],
    [400, '', 'refused'],
    [400, 'content_filter', 'refused'],
    [408, '', 'timeout'],
    [429, 'rate_limit_exceeded', 'rate-limited'],
    [429, 'insufficient_quota', 'quota'],
    [402, '', 'quota'],
    [500, '', 'unavailable'],
    [503, '', 'unavailable'],
  ] as const) {
    it(`fails as ${failure} on HTTP ${status} ${code}, tried once`, async () => {
      const reply = await failing({ kind: 'status', status, code, message: `No, ${secret} is wrong.` });
      assert.equal(reply.failure, failure);
      const tries = failure === 'refused' ? 2 : 1;
      assert.equal(server.calls.length, tries, 'only a refusal is asked again, without the form');
    });
  }

  it('passes on how long the endpoint asks to wait', async () => {
    const headers = { 'retry-after': '17' };
    assert.equal((await failing({ kind: 'status', status: 429, headers })).retryAfter, 17_000);
  });

  it('passes on what the endpoint says of its limits', async () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '12s',
    };
    const { limits } = await failing({ kind: 'status', status: 429, headers });
    assert.deepEqual(limits, { requests: { limit: 60, remaining: 0, reset: 12_000 } });
  });

  it('reads waiting times in seconds, milliseconds and as dates, and nothing else', () => {
    const now = Date.UTC(2030, 0, 1);
    const wait = (headers: Readonly<Record<string, string>>): number | null =>
      retryAfter((name) => headers[name] ?? null, now);
    assert.equal(wait({ 'retry-after': '1.5' }), 1_500);
    assert.equal(wait({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
    assert.equal(wait({ 'retry-after': new Date(now + 60_000).toUTCString() }), 60_000);
    assert.equal(wait({ 'retry-after': new Date(now - 60_000).toUTCString() }), 0);
    for (const text of ['', 'soon', '-5', 'NaN']) assert.equal(wait({ 'retry-after': text }), null, text);
  });

  it('fails when the connection breaks, also in the middle of a stream', async () => {
    assert.equal((await failing({ kind: 'cut' })).failure, 'unavailable');
    const pieces: string[] = [];
    const reply = await model.ask(request, signal, (piece) => pieces.push(piece));
    assert.deepEqual([reply.kind, pieces], ['failed', ['Half']]);
  });

  it('fails when the answer is none', async () => {
    for (const body of ['{}', '[]', 'null', '{"choices":[]}', 'not json'])
      assert.equal((await failing({ kind: 'raw', body })).failure, 'unavailable', body);
  });

  it('fails in words when nobody is there', async () => {
    await server[Symbol.asyncDispose]();
    const reply = await model.ask(request, signal);
    assert.ok(reply.kind === 'failed' && reply.failure === 'unavailable');
    assert.match(reply.message, /cannot be reached: ECONNREFUSED/);
    server = await ModelServer.start({ answer: () => '' });
  });

  it('counts a filtered answer as refused', async () => {
    assert.equal((await failing({ kind: 'text', text: '', finish: 'content_filter' })).failure, 'refused');
  });

  it('ends the connection and rejects when it is given up', async () => {
    server.script = { answer: () => ({ kind: 'hang' }) };
    const ending = new AbortController();
    const asked = model.ask(request, ending.signal);
    await until(() => server.underWay === 1);
    ending.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    await until(() => server.underWay === 0);
  });

  it('sends no key to a server of this machine that has none, and nothing at all elsewhere without one', async () => {
    const local = new OpenAiModel({ endpoint: endpointAt(server.url), model: 'm', key: null });
    assert.equal((await permitted(local).ask(request, signal)).kind, 'answered');
    assert.equal(server.calls[0]?.hasKey, false);
    const away = new OpenAiModel({
      endpoint: endpointAt('https://api.example.com/v1'),
      model: 'm',
      key: null,
    });
    const reply = await permitted(away).ask(request, signal);
    assert.deepEqual(reply.kind === 'failed' && reply.failure, 'unauthorized');
  });

  it('is asked for nothing without a permit, and for each request anew', async () => {
    const over = { send: () => Promise.reject(new PodiumError('no-permit', 'It is over.')) };
    await assert.rejects(raw.ask({ ...request, permit: over }, signal), { code: 'no-permit' });
    assert.equal(server.calls.length, 0);
    let sent = 0;
    const permit = { send: () => Promise.resolve(void (sent += 1)) };
    server.script = { answer: () => ({ kind: 'status', status: 400 }) };
    await raw.ask({ ...request, permit }, signal);
    assert.deepEqual([sent, server.calls.length], [2, 2], 'asked again in plainer words');
  });

  it('tells its keys apart without telling them', () => {
    const at = (key: string | null): string | undefined =>
      new OpenAiModel({ endpoint: endpointAt(server.url), model: 'm', key }).account;
    assert.notEqual(at(secret), at('another key'));
    assert.equal(at(secret), raw.account);
    assert.equal(at(null), undefined);
    assert.match(at(secret) ?? '', /^[0-9a-f]{4}$/);
  });

  it('says which models there are', async () => {
    server.script = { answer: () => '', models: ['a', 'b'] };
    assert.deepEqual(await listModels({ endpoint: endpointAt(server.url), key: null }, signal), ['a', 'b']);
  });

  it('judges tasks when it is a judge', async () => {
    server.script = { answer: judge((title) => title.length * 10) };
    const messages = promptFor(
      { goal: '', blocked: 0, oldestDays: 0 },
      [{ name: 't1', title: 'Write', description: '', upstream: [] }],
      [],
    );
    const reply = await model.ask({ messages, form: answerForm }, signal);
    assert.match(reply.kind === 'answered' ? reply.text : '', /"priority_score":50/);
  });
});

describe('The address of an endpoint', () => {
  it('is taken apart', () => {
    assert.deepEqual(endpointAt(' https://api.example.com:8443/v1/ '), {
      baseUrl: 'https://api.example.com:8443/v1',
      origin: 'https://api.example.com:8443',
      host: 'api.example.com:8443',
      isLocal: false,
    });
    for (const url of ['http://127.0.0.1:9/v1', 'http://localhost:11434/v1', 'http://[::1]:9'])
      assert.equal(endpointAt(url).isLocal, true, url);
  });

  for (const [text, why] of [
    ['', /must look like/],
    ['api.example.com', /must look like/],
    ['ftp://example.com', /must begin with https/],
    ['http://example.com/v1', /in the clear/],
    ['http://127.0.0.1.example.com/v1', /in the clear/],
    ['https://me:secret@example.com', /must not contain/],
  ] as const) {
    it(`is refused in words: "${text}"`, () => {
      const parsed = parseEndpoint(text);
      assert.match(parsed.kind === 'invalid' ? parsed.problem : '', why);
    });
  }
});
