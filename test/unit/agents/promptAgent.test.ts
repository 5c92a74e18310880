import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PromptAgent, promptDefinition } from '../../../src/agents/promptAgent.ts';
import type { Model, ModelReply } from '../../../src/core/models.ts';
import type { AgentOutcome, Admission } from '../../../src/core/ports.ts';
import { AgentBench } from '../../support/agentBench.ts';
import { answered, failed } from '../../support/scriptedModel.ts';

const asked: string[] = [];

function modelThat(replies: ModelReply): Model {
  return {
    name: 'm',
    ask: (request, signal, onText) => {
      asked.push(request.messages.map(({ content }) => content).join('\n'));
      signal.throwIfAborted();
      if (replies.kind === 'answered') onText?.(replies.text);
      return Promise.resolve(replies);
    },
  };
}

describe('A prompt', () => {
  let bench: AgentBench;

  beforeEach(() => {
    asked.length = 0;
    bench = new AgentBench();
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  const run = async (model: Model | null, signal = new AbortController().signal): Promise<AgentOutcome> => {
    const agent = new PromptAgent(promptDefinition(60_000, 1_000_000), { working: () => model }, () => ({
      input: 1,
      output: 4,
    }));
    return await agent.run(bench.run([], { title: 'Summarise', description: 'In a line.' }), signal);
  };
  const log = (): string => readFileSync(path.join(bench.run([]).runDirectory, 'output.log'), 'utf8');

  it('is answered by the working model, which is shown the task and what it depended on', async () => {
    bench.results = [{ title: 'Read', result: 'It says "hello".' }];
    assert.deepEqual(await run(modelThat(answered('A line.'))), {
      kind: 'completed',
      result: 'A line.',
      tokens: 110,
      costMicros: 140,
    });
    assert.match(asked[0] ?? '', /"task": "Summarise"/);
    assert.match(asked[0] ?? '', /It says \\"hello\\"\./);
    assert.equal(log(), 'A line.');
  });

  it('needs a word when there is no model, and when it may not be asked', async () => {
    assert.equal((await run(null)).kind, 'needs_input');
    assert.equal((await run(modelThat(failed('unauthorized')))).kind, 'needs_input');
    assert.equal((await run(modelThat(failed('no-consent')))).kind, 'needs_input');
  });

  it('is tried again after what passes, and not after a refusal', async () => {
    for (const failure of ['rate-limited', 'unavailable', 'timeout', 'quota'] as const) {
      const outcome = await run(modelThat(failed(failure)));
      assert.ok(outcome.kind === 'failed' && outcome.retryable && outcome.temporary === true, failure);
    }
    const refused = await run(modelThat(failed('refused')));
    assert.ok(refused.kind === 'failed' && !refused.retryable);
  });

  it('says that its answer was cut', async () => {
    const outcome = await run(modelThat(answered('Half', false)));
    assert.match(outcome.kind === 'completed' ? outcome.result : '', /Half\n\[Podium: the answer was cut/);
  });

  it('ends when it is stopped, and what was sent and heard of it is counted', async () => {
    const ending = new AbortController();
    const model: Model = {
      name: 'm',
      ask: (_request, signal, onText) => {
        onText?.('Half an answer');
        ending.abort(new Error('enough'));
        return Promise.reject(signal.reason as Error);
      },
    };
    const outcome = await run(model, ending.signal);
    assert.ok(outcome.kind === 'failed' && !outcome.retryable);
    assert.ok(
      (outcome.tokens ?? 0) > 100 && (outcome.costMicros ?? 0) > (outcome.tokens ?? 0),
      'by its length',
    );
  });

  describe('that asks for sub-tasks', () => {
    const block = (json: string): string => `Done.\n\`\`\`podium-tasks\n${json}\n\`\`\`\n`;

    it('gets them through the gate, as prompts, and is told', async () => {
      await run(modelThat(answered(block('[{"title": "One"}, {"title": "Two", "priority": "high"}]'))));
      assert.deepEqual(
        bench.gate.requests.map(({ title, agent, priority }) => [title, agent, priority]),
        [
          ['One', 'prompt', undefined],
          ['Two', 'prompt', 'high'],
        ],
      );
      assert.match(log(), /\[Podium: "One" was added \(child-1\)\]/);
    });

    it('gets the same ones when it runs again', async () => {
      const model = modelThat(answered(block('[{"title": "One"}]')));
      await run(model);
      await run(model);
      assert.equal(bench.gate.children, 1);
    });

    it('never gets a program started, whatever it says', async () => {
      await run(
        modelThat(answered(block('[{"title": "x", "agent": "command", "argv": ["rm", "-rf", "."]}]'))),
      );
      const [request] = bench.gate.requests;
      assert.deepEqual([request?.agent, request?.argv], ['prompt', undefined]);
    });

    it('is told what was wrong with them, and what the gate refused', async () => {
      await run(modelThat(answered(`${block('nonsense')}${block('[{"titel": "x"}, 7]')}`)));
      assert.equal(bench.gate.requests.length, 0);
      assert.equal(log().match(/a task was not added/g)?.length, 3);
      const refusal: Admission = { kind: 'refused', code: 'depth-limit', message: 'Too deep.' };
      const agent = new PromptAgent(promptDefinition(60_000, 1_000_000), {
        working: () => modelThat(answered(block('{"title": "x"}'))),
      });
      await agent.run(
        { ...bench.run([]), createSubTask: () => Promise.resolve(refusal) },
        new AbortController().signal,
      );
      assert.match(log(), /"x" was refused: Too deep\./);
    });
  });
});
