/** What waits for a person's word before it runs. */
import assert from 'node:assert/strict';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import { completed } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';

const minute = 60_000;

describe('with approval for what changes files', () => {
  const fuses = { ...defaultFuses, approveWrites: true };
  const script: Script = async (task, run) => {
    if (task.parentId !== null) return completed;
    await run.createSubTask({ title: 'The same again' });
    await run.createSubTask({ title: 'Something else', argv: ['rm', '-rf', '.'] });
    return completed;
  };

  it('a command line of an agent’s own waits although its agent says that it only reads', async () => {
    await using house = await openTestDesk({ script, fuses, agent: { takesCommand: true, writes: false } });
    await house.add('Root', { argv: ['ls'] });
    await house.clock.advance(minute);
    const [own, inherited] = [await house.view('Something else'), await house.view('The same again')];
    assert.deepEqual([own.task.status, own.task.contextData.approval], ['needs_input', 'wanted']);
    assert.equal(inherited.task.status, 'completed', 'what its parent may run it may too');
    await house.desk.fuses.approve([own.task.id]);
    await house.clock.advance(minute);
    assert.equal((await house.view('Something else')).task.status, 'completed');
  });

  it('every task of an agent that changes files waits', async () => {
    await using house = await openTestDesk({ script, fuses, agent: { takesCommand: true, writes: true } });
    await house.add('Root', { argv: ['ls'] });
    await house.clock.advance(minute);
    assert.equal((await house.counts()).attention, 2);
  });
});
