import assert from 'node:assert/strict';
import { matcher } from '../../../src/core/history/match.ts';
import { pastTask } from '../../support/pastTask.ts';

describe('Words looked for in history', () => {
  it('are found in title, description, result, error and agent, whatever their capitals', () => {
    const task = pastTask({
      title: 'Parse the Log',
      description: 'of last night',
      result: 'Three ERRORS were found.',
      error: { code: 'exit', message: 'It ended with 2.' },
    });
    for (const words of ['log', 'NIGHT', 'errors', 'ended', 'check', '  parse   night '])
      assert.notEqual(matcher(words)(task), undefined, words);
    assert.equal(matcher('parse nothing')(task), undefined);
  });

  it('show where they were found when that is not the title', () => {
    const result = `${'a '.repeat(200)}needle ${'b '.repeat(200)}`;
    const excerpt = matcher('needle')(pastTask({ result })) ?? '';
    assert.ok(excerpt.startsWith('…') && excerpt.includes('needle') && excerpt.endsWith('…'));
    assert.ok(excerpt.length <= 102);
    assert.equal(matcher('task')(pastTask({ title: 'A task', result })), '');
  });

  it('find everything when there are none', () => {
    assert.equal(matcher('  ')(pastTask({})), '');
  });
});
