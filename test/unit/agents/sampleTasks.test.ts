import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultResources } from '../../../src/core/arbitration/resource.ts';
import { parseSampleTasks, sampleFile } from '../../../src/agents/sampleTasks.ts';
import { AgentBench, jsonLines } from '../../support/agentBench.ts';

const folder = path.resolve(import.meta.dirname, '../../../media/sample');
const text = readFileSync(path.join(folder, sampleFile), 'utf8');

describe('the sample project', () => {
  it('is small', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.length <= 11, files.map(({ name }) => name).join(' '));
  });

  it('has enough tasks that only read for ten to overlap', () => {
    const ready = parseSampleTasks(text).filter(
      ({ agent, needs }) => agent === 'check' && needs.length === 0,
    );
    assert.ok(ready.length >= 10);
  });

  it('has one that waits for two others and writes', () => {
    const [report] = parseSampleTasks(text).filter(({ needs }) => needs.length > 0);
    assert.deepEqual([report?.agent, report?.needs], ['command', ['tests', 'words']]);
  });

  it('has more askers of a limited service than it has calls for', () => {
    const askers = parseSampleTasks(text).filter(({ resources }) => resources !== undefined);
    const calls = askers.map(({ resources }) => resources?.news_api ?? 0);
    const known = defaultResources.get('news_api');
    assert.ok(calls.reduce((sum, amount) => sum + amount, 0) > (known?.capacity ?? Infinity));
    for (const [index, { argv }] of askers.entries()) assert.equal(argv?.at(-1), String(calls[index]));
  });

  it('can lie in any folder of a workspace', () => {
    const task = parseSampleTasks(text, 'play/sample').find(({ key }) => key === 'lint');
    assert.deepEqual(task?.argv, ['${node}', 'play/sample/scripts/check.mjs', 'lint']);
  });

  it('does in every task what the task says', async function () {
    this.timeout(40_000);
    using bench = new AgentBench();
    cpSync(folder, path.join(bench.folder, 'sample'), { recursive: true });
    const quicker = new Map([
      ['20', '2'],
      ['120', '12'],
    ]);
    const quick = parseSampleTasks(text, 'sample').map((task) => ({
      ...task,
      // Soak tests, shortened; nothing here keeps the askers of the news from being too many.
      argv: (task.argv ?? []).map((part) => quicker.get(part) ?? (/^\d$/.test(part) ? '0.2' : part)),
    }));
    const results = await Promise.all(
      quick.map(async ({ key, argv }, claim) => {
        const outcome = await bench.agent().run(bench.run(argv, { claim }), new AbortController().signal);
        return [key, outcome] as const;
      }),
    );
    const failed = results.filter(([, outcome]) => outcome.kind !== 'completed');
    assert.deepEqual(
      failed.map(([key]) => key),
      ['links'],
      JSON.stringify(failed),
    );
    const links = failed[0]?.[1];
    assert.match(
      links?.kind === 'failed' ? links.error.message : '',
      /docs\/guide\.md:\d+ leads nowhere: CHANGES\.md/,
    );
    assert.match(bench.read('sample/report.md') ?? '', /src\/text\.js: \d+ lines/);
    assert.deepEqual(
      bench.gate.requests.map(({ key }) => key),
      ['lint-links.js', 'lint-text.js'],
    );
    const plan = quick.findIndex(({ key }) => key === 'plan');
    assert.equal(jsonLines(bench.readRun('inbox.jsonl', plan)).length, 2);
    for (const [index, { argv = [] }] of bench.gate.requests.entries()) {
      const outcome = await bench
        .agent()
        .run(bench.run(argv, { claim: 100 + index }), new AbortController().signal);
      assert.equal(outcome.kind, 'completed', JSON.stringify(outcome));
    }
  });
});

describe('a list of sample tasks', () => {
  const parse = (...tasks: readonly unknown[]): unknown => parseSampleTasks(JSON.stringify({ tasks }));

  it('fills in what is not said', () => {
    assert.deepEqual(parse({ title: 'a' }), [
      { key: '1', title: 'a', description: '', agent: 'check', priority: 'medium', needs: [] },
    ]);
  });

  const wrong: readonly (readonly [tasks: readonly unknown[], message: RegExp])[] = [
    [[7], /task 1: "title" must be/],
    [[{ title: '  ' }], /task 1: "title" must be/],
    [[{ title: 'a', argv: 'npm test' }], /"argv" must be a list/],
    [[{ title: 'a', priority: 'urgent' }], /"priority" must be "high", "medium", "low"/],
    [
      [
        { title: 'a', key: 'k' },
        { title: 'b', key: 'k' },
      ],
      /task 2: "key" must be different/,
    ],
    [
      [
        { title: 'a', needs: ['b'] },
        { title: 'b', key: 'b' },
      ],
      /task 1: "needs" must be .* and b is none/,
    ],
    [[{ title: 'a', need: [] }], /task 1 has no field "need"/],
  ];
  for (const [tasks, message] of wrong) {
    it(`refuses ${JSON.stringify(tasks)} in plain words`, () => {
      assert.throws(() => parse(...tasks), { code: 'invalid-setting', message });
    });
  }

  it('refuses what is no list', () => {
    for (const bad of ['', '{', '[]', '7', '{"tasks":{}}'])
      assert.throws(() => parseSampleTasks(bad), { code: 'invalid-setting' });
  });
});
