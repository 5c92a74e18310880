import assert from 'node:assert/strict';
import type { TaskId } from '../../../../src/core/model.ts';
import { unlike } from '../../../../src/core/priority/batch.ts';
import type { Question } from '../../../../src/core/priority/batch.ts';
import type { CachedJudgement } from '../../../../src/core/priority/judgementStore.ts';
import { SemanticMeanings } from '../../../../src/meaning/semanticMeanings.ts';

const meanings = new SemanticMeanings({ clock: { wallClock: () => 0 } });
const question = (title: string, before?: CachedJudgement): Question => ({
  key: title,
  tasks: [{ id: title as TaskId, title, description: '', upstream: [], opinion: 'first' }],
  opinion: 'first',
  before,
});
const chosen = (questions: readonly Question[], underWay: readonly Question[] = [], limit = 50): string[] =>
  unlike(questions, limit, meanings, underWay).map(({ key }) => key);

describe('What is asked about at one time', () => {
  const greased = question('Grease the flywheel tonight');
  const oiled = question('Oil the flywheel tonight');
  const quote = question('Hospital quote');

  it('leaves out what may mean the same as one before it or one asked about now', () => {
    assert.deepEqual(chosen([greased, oiled, quote]), [greased.key, quote.key]);
    assert.deepEqual(chosen([oiled, quote], [greased]), [quote.key]);
  });

  it('leaves out nothing that asks for a second opinion', () => {
    const said = {
      key: '',
      said: 1,
      reason: '',
      concepts: [],
      model: '',
      promptVersion: 1,
      rounds: 1,
      at: 0,
    };
    const again = question(oiled.key, said);
    assert.deepEqual(chosen([greased, again], [greased]), [again.key]);
  });

  it('is no more than the limit', () => {
    assert.deepEqual(chosen([greased, quote], [], 1), [greased.key]);
  });
});
