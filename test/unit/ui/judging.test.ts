import assert from 'node:assert/strict';
import type { Judgement } from '../../../src/core/priority/judgement.ts';
import type { RefinerFigures, RefinerState } from '../../../src/core/priority/refinerState.ts';
import { meaningsText, wordingText } from '../../../src/ui/documents/meaningsText.ts';
import { whyText } from '../../../src/ui/documents/whyText.ts';
import type { WhyFacts } from '../../../src/ui/documents/whyText.ts';
import { bandOf, judgementText } from '../../../src/ui/present/judgementText.ts';
import { standingText } from '../../../src/ui/present/standingText.ts';
import { modelTrouble, refinerText } from '../../../src/ui/present/refinerText.ts';
import { now, ready, taskId, workspace } from './pictures.ts';

const judgement: Judgement = {
  value: 650,
  said: 900,
  reason: 'The launch depends on it.',
  source: 'model',
  model: 'gauge-1',
  promptVersion: 1,
  at: now - 120_000,
  version: 1,
  key: 'k',
  rounds: 1,
  speaks: false,
};

const figures = (state: RefinerState): RefinerFigures => ({
  state,
  model: 'gauge-1',
  first: 3,
  second: 1,
  calls: 0,
  failedCalls: 0,
  fromCache: 0,
  asked: 0,
  tokensToday: 0,
  lastCall: null,
});

describe('the judgement of a task, in words', () => {
  it('says who gave what, why, and what holds it back', () => {
    const text = judgementText({ judgement, priority: 'medium' }, now);
    assert.match(text, /gauge-1 gave 900 of 1000 \(vital\), 2 min 00 s ago/);
    assert.match(text, /held at 650 until a second opinion agrees/);
    assert.match(text, /“The launch depends on it\.”/);
  });

  it('says when it is shared, stands in for an answer, or was never given', () => {
    const of = (over: Partial<Judgement>): string =>
      judgementText({ judgement: { ...judgement, ...over }, priority: 'high' }, now);
    assert.match(of({ source: 'cache' }), /for a task that means the same/);
    assert.match(of({ source: 'default', value: 100 }), /gave no number, so 100 stands in/);
    assert.match(of({}), /your high priority moves it by 200/);
    assert.match(
      judgementText({ judgement: null, priority: 'low' }, now),
      /^provisional: the low priority you chose/,
    );
  });

  it('says honestly why a value is lower than what was said', () => {
    const of = (over: Partial<Judgement>): string =>
      judgementText({ judgement: { ...judgement, ...over }, priority: 'medium' }, now);
    assert.match(of({ speaks: true }), /held at 650, because its text speaks to whoever judges it/);
    assert.doesNotMatch(of({ speaks: true }), /second opinion/);
    assert.match(
      of({ source: 'outlier', said: 1_000 }),
      /a number that is not between 0 and 1000, so 650 stands in/,
    );
    assert.doesNotMatch(of({ source: 'outlier', said: 1_000 }), /second opinion/);
    assert.doesNotMatch(of({ said: 650 }), /held/);
  });

  it('has a word for each band that a model is told', () => {
    assert.deepEqual([1_000, 899, 400, 100, 0].map(bandOf), [
      'vital',
      'moves the goal forward',
      'useful',
      'nice to have',
      'no value now',
    ]);
  });
});

describe('what the judging model does, in words', () => {
  it('is nothing to be told of while all is well, nor after one failed call', () => {
    const one = { kind: 'waiting', until: now, failure: 'unavailable', message: 'x', failures: 1 } as const;
    for (const state of [
      { kind: 'idle' },
      { kind: 'asking', since: now, tasks: 4 },
      { kind: 'off' },
      one,
    ] as const)
      assert.equal(modelTrouble(figures(state), now), '');
    assert.equal(modelTrouble(null, now), '');
  });

  it('is a calm word when it goes on failing, cannot be asked, or has used up its day', () => {
    const failing = {
      kind: 'waiting',
      until: now,
      failure: 'unavailable',
      message: 'x',
      failures: 2,
    } as const;
    assert.match(modelTrouble(figures(failing), now), /^The model does not answer; tasks keep their order\./);
    const spent = { ...failing, failure: 'quota', failures: 1 } as const;
    assert.match(modelTrouble(figures(spent), now), /^The quota of the model is used up; tasks keep/);
    const stopped = { kind: 'stopped', failure: 'unauthorized', message: 'The key is wrong.' } as const;
    assert.equal(modelTrouble(figures(stopped), now), 'The model cannot be asked: The key is wrong.');
    assert.match(modelTrouble(figures({ kind: 'spent', until: now }), now), /used up/);
  });

  it('is a wait and no trouble when it may not be called yet', () => {
    const limited = figures({ kind: 'limited', until: now + 30_000 });
    assert.match(refinerText(limited, now).join(' '), /^gauge-1 waits until it may be called again, /);
    assert.equal(modelTrouble(limited, now), '');
  });

  it('is named when there is no such model, and looked for again', () => {
    const missing = figures({
      kind: 'waiting',
      until: now + 30_000,
      failure: 'no-model',
      message: 'The editor has no model "a/b".',
      failures: 2,
    });
    assert.match(
      refinerText(missing, now).join(' '),
      /^The editor has no model "a\/b"\. It is looked for again/,
    );
    assert.match(modelTrouble(missing, now), /^The editor has no model "a\/b"\. Tasks keep their order\./);
  });

  it('does not claim to be done while something is to be asked about again', () => {
    assert.match(
      refinerText(figures({ kind: 'idle' }), now).join(' '),
      /4 tasks are asked about again later/,
    );
    const done = { ...figures({ kind: 'idle' }), first: 0, second: 0 };
    assert.match(refinerText(done, now).join(' '), /has judged all/);
  });

  it('says what works without a model', () => {
    assert.match(refinerText(figures({ kind: 'off' }), now).join(' '), /the priority you give counts/);
  });
});

describe('why this order', () => {
  const view = ready('a', { position: 2, judgement, score: 800 });
  const facts: WhyFacts = {
    task: {
      ...view.task,
      scoreParts: { judgement: 650, unblocking: 150, goal: 0, deadline: 0, age: 0, boost: 0 },
    },
    view,
    state: 'waiting',
    workspace: workspace([]).workspace,
    neighbours: [ready('first', { position: 1, score: 900 }), view],
    change: {
      at: now,
      score: 650,
      parts: { judgement: 650, unblocking: 0, goal: 0, deadline: 0, age: 0, boost: 0 },
    },
    decision: {
      id: 1,
      taskId: taskId('a'),
      claim: 1,
      at: now,
      reason: 'rank',
      score: 650,
      top: [{ id: taskId('a'), pin: null, score: 650, sequence: 1 }],
      context: { workspaces: 1, paused: 0, running: 3, freeWorkers: 1, resources: [] },
    },
    titles: new Map([[taskId('a'), 'a']]),
    refiner: figures({ kind: 'off' }),
    standing: '',
    now,
  };

  it('adds the score up, with where each part comes from', () => {
    const text = whyText(facts);
    assert.match(text, / 650 {2}priority +gauge-1 gave 900/);
    assert.match(text, / 150 {2}unblocks others +tasks wait for it/);
    assert.match(text, / 800 {2}in all/);
  });

  it('shows its neighbours, what changed last, and the best candidates of its last start', () => {
    const text = whyText(facts);
    assert.match(text, /1st +900 {2}first\n +▶ +2nd +800 {2}a\n/);
    assert.match(text, /score 650 → 800\n +unblocks others 0 → 150/);
    assert.match(text, /3 tasks were running, 1 worker was free/);
    assert.match(text, /▶ +650 {2}a/);
  });

  it('tells a model that is not allowed yet, or that cannot be where it is said to be, from none', () => {
    assert.match(whyText(facts), /No model is chosen/);
    for (const standing of [
      { kind: 'not-allowed', where: 'models.example.com' },
      { kind: 'invalid', problem: 'The address must begin with https://.' },
    ] as const) {
      const text = whyText({ ...facts, standing: standingText(standing) });
      assert.doesNotMatch(text, /No model is chosen/);
      assert.match(
        text,
        standing.kind === 'invalid' ? /must begin with https/ : /sent to models\.example\.com before/,
      );
      assert.match(text, /The priority you give counts/);
    }
    for (const kind of ['none', 'chosen'] as const) assert.equal(standingText({ kind }), '');
  });

  it('says plainly what is not known', () => {
    const text = whyText({ ...facts, change: undefined, decision: undefined, neighbours: [] });
    assert.match(text, /Nothing has changed its score since/);
    assert.match(text, /It has not been started yet/);
    assert.doesNotMatch(text, /Neighbours/);
  });
});

describe('learned meanings', () => {
  it('are listed with their evidence, as people read words', () => {
    const text = meaningsText([
      {
        meaning: 'ai article',
        wordings: [
          { wording: 'ai article', agreed: 2, disagreed: 0 },
          { wording: '"acme ~wobbl', agreed: 1, disagreed: 1 },
        ],
      },
    ]);
    assert.match(text, /● ai · article {3}\(2 judgements for it\)/);
    assert.match(text, /acme · wobbl {3}\(1 judgement for it, 1 against\)/);
    assert.equal(wordingText('#10 user'), '10 · user');
    assert.match(meaningsText([]), /Nothing has been learned yet/);
  });
});
