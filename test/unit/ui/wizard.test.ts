import assert from 'node:assert/strict';
import { runWizard } from '../../../src/ui/prompts/wizard.ts';
import type { Answer, Place, Question } from '../../../src/ui/prompts/wizard.ts';

type Draft = Readonly<Record<string, string>>;

/** Questions that answer from a script, and note where they stood. */
class Script {
  readonly asked: string[] = [];
  readonly #answers: string[];

  constructor(...answers: string[]) {
    this.#answers = answers;
  }

  question(name: string, applies?: (draft: Draft) => boolean): Question<Draft> {
    return {
      ...(applies === undefined ? {} : { applies }),
      ask: (draft, place) => Promise.resolve(this.#answer(name, draft, place)),
    };
  }

  #answer(name: string, draft: Draft, { step, total }: Place): Answer<Draft> {
    this.asked.push(`${name} ${step}/${total} ${draft[name] ?? ''}`.trim());
    const answer = this.#answers.shift() ?? 'cancel';
    if (answer === 'back' || answer === 'cancel') return { kind: answer };
    return { kind: 'answer', value: { ...draft, [name]: answer } };
  }
}

describe('a wizard', () => {
  it('asks in order and numbers its steps', async () => {
    const script = new Script('1', '2');
    const draft = await runWizard([script.question('a'), script.question('b')], {});
    assert.deepEqual(draft, { a: '1', b: '2' });
    assert.deepEqual(script.asked, ['a 1/2', 'b 2/2']);
  });

  it('goes back with the answers kept', async () => {
    const script = new Script('1', '2', 'back', '3', '4');
    const questions = [script.question('a'), script.question('b'), script.question('c')];
    assert.deepEqual(await runWizard(questions, {}), { a: '1', b: '3', c: '4' });
    assert.deepEqual(script.asked, ['a 1/3', 'b 2/3', 'c 3/3', 'b 2/3 2', 'c 3/3']);
  });

  it('gives nothing when the person gives up, wherever that is', async () => {
    for (const answers of [['cancel'], ['1', 'cancel'], ['1', 'back', 'cancel']]) {
      const script = new Script(...answers);
      assert.equal(await runWizard([script.question('a'), script.question('b')], {}), undefined);
    }
  });

  it('leaves out what does not apply, in both directions', async () => {
    const script = new Script('plain', 'back', 'command', 'npm test', 'high');
    const questions = [
      script.question('agent'),
      script.question('argv', ({ agent }) => agent === 'command'),
      script.question('priority'),
    ];
    const draft = await runWizard(questions, {});
    assert.deepEqual(draft, { agent: 'command', argv: 'npm test', priority: 'high' });
    assert.deepEqual(script.asked, [
      'agent 1/2',
      'priority 2/2',
      'agent 1/2 plain',
      'argv 2/3',
      'priority 3/3',
    ]);
  });

  it('stays at the first question when there is no way back', async () => {
    const script = new Script('back', '1');
    assert.deepEqual(await runWizard([script.question('a')], {}), { a: '1' });
  });

  it('is done at once when nothing applies', async () => {
    const script = new Script();
    assert.deepEqual(await runWizard([script.question('a', () => false)], { x: 'y' }), { x: 'y' });
  });
});
