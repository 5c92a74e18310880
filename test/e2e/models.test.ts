import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judge, ModelServer } from '../support/modelServer.ts';
import type { ServerAnswer } from '../support/modelServer.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import type { PodiumEvent } from '../support/vscode/eventLog.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { outlives, valueByNumber } from '../support/vscode/failingModel.ts';
import type { Failing } from '../support/vscode/failingModel.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const numberIn = (title = ''): number => Number(/\d+/.exec(title)?.[0] ?? 0);

/** Told the id of a task, has ten tasks made that wait for it, and ends when it may. */
const bringing = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const lines = (file) => { try { return readFileSync(file, 'utf8').split('\\n').filter(Boolean); } catch { return []; } };
let asked = false;
const look = () => {
  const [needed] = lines('needed');
  if (needed !== undefined && !asked) {
    asked = true;
    const wish = (_, index) => JSON.stringify({ title: 'Room ' + 'abcdefghij'[index], agent: 'check', needs: [needed],
      argv: ['\${node}', 'effect.mjs', 'signal-go'] });
    appendFileSync(process.env.PODIUM_OUTBOX, Array.from({ length: 10 }, wish).join('\\n') + '\\n');
  }
  if (asked && existsSync('signal-brought')) return;
  setTimeout(look, 50);
};
look();
`;

describe('a model that takes four seconds', () => {
  const latency = 4_000;
  let server: ModelServer;
  const vscode = useSession(async () => {
    server = await ModelServer.start({ latency, answer: judge((title) => 300 + numberIn(title) * 6) });
    return {
      settings: {
        'podium.model.provider': 'endpoint',
        'podium.model.baseUrl': server.url,
        'podium.model.scoring': 'scripted-model',
        // One program makes all of a task's dependents here.
        'podium.fuses.children': 10,
      },
    };
  });
  let effects: Effects;

  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const happened = async (name: string): Promise<readonly PodiumEvent[]> =>
    (await vscode.session.events.read()).filter(({ event }) => event === name);

  it('keeps no task waiting: ten start before it has said a word, and forty wait when its scores appear', async () => {
    const { session } = vscode;
    const { workbench, folder = '' } = session;
    effects = await Effects.in(folder);
    await writeFile(path.join(folder, 'bring.mjs'), bringing);
    const tasks = Array.from({ length: 50 }, (_, index) => ({
      key: String(index),
      title: `Task ${index + 1}`,
      agent: 'check',
      argv: index === 0 ? ['${node}', 'bring.mjs'] : effect('signal-go').split(' '),
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    await eventually(async () => (await happened('started')).length === 10);
    await workbench.screenshot('model-provisional');
    await workbench.tasks.until(
      (rows) => rows.some(({ label, description }) => label === 'Task 50' && description.startsWith('600 ·')),
      30_000,
    );
    const waiting = (await workbench.tasks.rows()).filter(({ description }) =>
      description.includes('pending'),
    );
    const shown = waiting.map(({ label }) => numberIn(label));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => b - a),
      'what it says orders those that wait',
    );
    await workbench.screenshot('model-refined');
    const added = await happened('added');
    const started = await happened('started');
    assert.equal(added.length, 50);
    assert.deepEqual(
      started.map(({ title }) => title),
      tasks.slice(0, 10).map(({ title }) => title),
      'ten, and in provisional order: the oldest first among equals',
    );
    const [firstAnswer = 0] = server.answeredAt;
    const lastStart = Math.max(...started.map(({ at }) => at));
    const lastAdded = Math.max(...added.map(({ at }) => at));
    assert.ok(
      lastStart < firstAnswer,
      `the tenth started ${lastStart - firstAnswer} ms after its first answer`,
    );
    assert.ok(lastStart - lastAdded < latency / 2, 'in less than half the time that one answer takes');
  });

  it('is quoted where one asks why a task is where it is, and counted in the metrics', async () => {
    const { workbench } = vscode.session;
    const judge = `scripted-model at ${new URL(server.url).host}`;
    await workbench.tasks.menu('Task 50', 'Why This Order?');
    await eventually(async () => (await workbench.editorText()).includes(`${judge} gave 600 of 1000`));
    const text = await workbench.editorText();
    assert.match(text, /Why this order: Task 50/);
    assert.match(text, /next of those in/);
    assert.match(text, /▶.*1st.*Task 50/);
    await workbench.screenshot('why-this-order');
    await workbench.closeEditors();
    await workbench.runCommand('Podium: Open Metrics');
    await eventually(async () => (await workbench.metrics.figure('judge')) === judge, {
      timeout: 20_000,
    });
    assert.equal(await workbench.metrics.figure('asked'), '40');
    const seconds = Number.parseFloat((await workbench.metrics.figure('judge-p50')) ?? '');
    assert.ok(
      seconds >= latency / 1_000 && seconds < 2 * (latency / 1_000),
      'a call takes what the model takes',
    );
    assert.match((await workbench.metrics.figure('rank-p99')) ?? '', / ms$/, 'a place in the order does not');
    await (await workbench.metrics.chart('rank')).scrollIntoViewIfNeeded();
    await workbench.screenshot('metrics-judging');
    await workbench.closeEditors();
  });

  it('does not keep a low task down that ten others have come to wait for: it is the next to start', async () => {
    const { workbench, folder = '' } = vscode.session;
    const low = (await happened('added')).find(({ title }) => title === 'Task 12');
    await writeFile(path.join(folder, 'needed'), `${low?.task ?? ''}\n`);
    await eventually(async () => (await happened('added')).length === 60, { timeout: 20_000 });
    // 300 + 12 * 6, and 429 for ten dependents.
    await workbench.tasks.until((rows) => {
      const [first] = rows.filter(({ description }) => description.includes('pending'));
      return first?.label === 'Task 12' && first.description.startsWith('801 ·');
    });
    await workbench.screenshot('model-unblocks');
    await effects.signal('signal-brought');
    await eventually(async () => (await happened('started')).length === 11);
    assert.equal((await happened('started')).at(-1)?.title, 'Task 12');
  });

  it('decides who is next', async () => {
    const { session } = vscode;
    await effects.signal('signal-go');
    await session.workbench.tasks.until(
      (rows) => rows.some(({ label }) => label === 'Finished (60)'),
      60_000,
    );
    const order = (await happened('started')).map(({ title }) => numberIn(title));
    // One start in ten goes to the oldest.
    const best = order.slice(11, 21);
    assert.ok(best.filter((number) => number > 40).length >= 9, best.join(', '));
    assert.deepEqual(await effects.twins(), []);
  });
});

describe('a model that fails', () => {
  let server: ModelServer;
  const vscode = useSession(async () => {
    server = await ModelServer.start({ answer: judge(valueByNumber) });
    return {
      settings: {
        'podium.workers': 2,
        'podium.model.provider': 'endpoint',
        'podium.model.baseUrl': server.url,
        'podium.model.scoring': 'scripted-model',
        'podium.model.timeoutSeconds': 5,
      },
    };
  });

  before(async () => {
    await vscode.session.workbench.tasks.open();
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const recover = (): void => {
    server.script = { answer: judge(valueByNumber) };
  };
  const recoverAndTest = async (): Promise<void> => {
    recover();
    const { workbench } = vscode.session;
    await workbench.runCommand('Podium: Test Connection');
    await workbench.notified(/answered in/);
    await workbench.runCommand('Notifications: Clear All Notifications');
  };
  const asked = 'The model does not answer';
  const ways: readonly (Failing & { readonly title: string; readonly answer: ServerAnswer })[] = [
    {
      name: 'crowded',
      about: 'Paint wall',
      digit: 0,
      title: 'with 429',
      answer: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      said: asked,
      mend: recover,
    },
    {
      name: 'broken',
      about: 'Water garden',
      digit: 1,
      title: 'with 500',
      answer: { kind: 'status', status: 500 },
      said: asked,
      mend: recover,
    },
    {
      name: 'babbling',
      about: 'Bake bread',
      digit: 2,
      title: 'with garbage',
      answer: { kind: 'text', text: 'What lovely bread.' },
      said: asked,
      mend: recover,
    },
    {
      name: 'silent',
      about: 'Polish silver',
      digit: 3,
      title: 'by never answering',
      answer: { kind: 'hang' },
      said: asked,
      mend: recoverAndTest,
    },
    {
      name: 'locked',
      about: 'Sweep street',
      digit: 4,
      title: 'with 401, until a person tries it again',
      answer: { kind: 'status', status: 401, code: 'invalid_api_key' },
      said: 'The model cannot be asked',
      mend: recoverAndTest,
    },
  ];

  for (const { title, answer, ...way } of ways) {
    it(`${title}: tasks go on, the tree says so once, and afterwards it judges again`, async () => {
      server.script = { answer: () => answer };
      await outlives(vscode.session, way);
    });
  }
});
