import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAnswer } from '../../../../src/core/priority/modelAnswer.ts';

const item = (id: string, score: unknown) => ({
  id,
  priority_score: score,
  reason: 'because',
  concepts: ['a'],
});
const valueOf = (text: string, id = 't1', asked = ['t1', 't2']) => readAnswer(text, asked).verdicts.get(id);

describe('The answer of a model', () => {
  it('is read from plain JSON', () => {
    const answer = readAnswer(JSON.stringify({ tasks: [item('t1', 512), item('t2', 7)] }), ['t1', 't2']);
    assert.deepEqual(answer.verdicts.get('t1'), {
      value: 512,
      outlier: false,
      missing: false,
      reason: 'because',
      concepts: ['a'],
    });
    assert.deepEqual([answer.missing, answer.repeated, answer.readable], [[], [], true]);
  });

  it('is found in prose, in a fence, as a bare list, by name, and one object after the other', () => {
    const list = JSON.stringify([item('t1', 1), item('t2', 2)]);
    for (const text of [
      list,
      `Sure {as you like}! Here it is:\n\`\`\`json\n${list}\n\`\`\`\nAnything else?`,
      JSON.stringify({ scores: [item('t1', 1), item('t2', 2)] }),
      JSON.stringify({ t1: { priority_score: 1 }, t2: { priority_score: 2 } }),
      JSON.stringify({ t1: 1, t2: 2 }),
      `${JSON.stringify(item('t1', 1))}\n${JSON.stringify(item('t2', 2))}`,
    ]) {
      assert.deepEqual(
        ['t1', 't2'].map((id) => valueOf(text, id)?.value),
        [1, 2],
        text,
      );
    }
  });

  it('needs no name when one task was asked about', () => {
    assert.equal(valueOf('{"priority_score": 870}', 't1', ['t1'])?.value, 870);
  });

  for (const [given, value, outlier] of [
    [-5, 0, true],
    [1e6, 1000, true],
    [512.7, 513, false],
    ['900', 900, false],
    [' 12.4 ', 12, false],
    [1000, 1000, false],
  ] as const) {
    it(`counts ${JSON.stringify(given)} as ${value}${outlier ? ', an outlier' : ''}`, () => {
      const verdict = valueOf(JSON.stringify([item('t1', given)]));
      assert.deepEqual([verdict?.value, verdict?.outlier, verdict?.missing], [value, outlier, false]);
    });
  }

  for (const given of ['soon', '', null, true, [], {}, undefined, '0x10', 'NaN', '9e2']) {
    it(`counts ${given === undefined ? 'a missing score' : JSON.stringify(given)} as the default of 100, and says so`, () => {
      const verdict = valueOf(JSON.stringify([item('t1', given)]));
      assert.deepEqual([verdict?.value, verdict?.missing], [100, true]);
    });
  }

  it('gives an empty object the default', () => {
    assert.deepEqual(readAnswer('{}', ['t1']).verdicts.get('t1')?.missing, true);
  });

  it('ignores tasks that were not asked about', () => {
    const answer = readAnswer(JSON.stringify([item('t9', 1), item('t1', 2)]), ['t1']);
    assert.deepEqual([...answer.verdicts.keys()], ['t1']);
  });

  it('is not trusted about a task it names twice, even in agreement, and says which', () => {
    const answer = readAnswer(JSON.stringify([item('t1', 5), item('t2', 6), item('t1', 5)]), ['t1', 't2']);
    assert.deepEqual([[...answer.verdicts.keys()], answer.repeated, answer.missing], [['t2'], ['t1'], []]);
  });

  it('names what it forgot', () => {
    assert.deepEqual(readAnswer(JSON.stringify([item('t1', 5)]), ['t1', 't2']).missing, ['t2']);
  });

  it('that breaks off keeps what was whole', () => {
    const whole = JSON.stringify({ tasks: [item('t1', 5), item('t2', 6)] });
    const answer = readAnswer(whole.slice(0, -20), ['t1', 't2']);
    assert.deepEqual([[...answer.verdicts.keys()], answer.missing], [['t1'], ['t2']]);
  });

  it('of prose alone is not readable', () => {
    assert.equal(readAnswer('I would rather not.', ['t1']).readable, false);
  });

  it('keeps reasons short, on one line and free of control characters', () => {
    const text = JSON.stringify([{ ...item('t1', 1), reason: `a\n\u202Eb\u0007${'x'.repeat(1_000)}` }]);
    const reason = valueOf(text)?.reason ?? '';
    assert.match(reason, /^a b x+$/);
    assert.ok(reason.length <= 300);
  });

  it('is read in bounded time whatever it is', () => {
    readAnswer('{'.repeat(200_000), ['t1']);
    readAnswer('[{"'.repeat(50_000), ['t1']);
    // Each of these brackets closes, and none opens JSON.
    readAnswer('{'.repeat(50_000) + '}'.repeat(50_000), ['t1']);
    readAnswer('{a}'.repeat(1_000_000), ['t1']);
  });

  it('is found behind a good deal that only looks like it', () => {
    const answer = readAnswer(`${'{a} '.repeat(500)}${JSON.stringify([item('t1', 5)])}`, ['t1']);
    assert.equal(answer.verdicts.get('t1')?.value, 5);
  });

  it('never yields a value outside the range, a name that was not asked, or an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const [name, { value }] of readAnswer(text, ['t1', '']).verdicts) {
          assert.ok(['t1', ''].includes(name) && Number.isInteger(value) && value >= 0 && value <= 1000);
        }
      }),
    );
  });
});
