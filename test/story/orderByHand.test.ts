import assert from 'node:assert/strict';
import type { TaskId } from '../../src/core/model.ts';
import { openTestDesk, workspaceId } from '../support/testDesk.ts';
import type { TestDesk } from '../support/testDesk.ts';

const day = 24 * 3_600_000;

function startsOf(house: TestDesk): string[] {
  return house.events.flatMap((event) => (event.type === 'started' ? [event.title] : []));
}

describe('An order given by hand', () => {
  it('is exactly the order of starts, when scores disagree and the oldest would have had its turn', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 1_000 });
    await house.add('Busy');
    await house.clock.advance(10);
    const old = await house.add('The oldest', { priority: 'low' });
    const names = Array.from({ length: 25 }, (_, index) => `Task ${index}`);
    const ids: TaskId[] = [];
    for (const [index, title] of names.entries())
      ids.push(await house.add(title, { priority: index % 2 === 0 ? 'low' : 'high' }));
    // Dragged into the reverse of their numbers, one after the other.
    for (const id of ids) await house.desk.move([id], 'first');
    await house.desk.move([old], 'last');
    await house.clock.advance(40_000);
    assert.deepEqual(startsOf(house), ['Busy', ...names.toReversed(), 'The oldest']);
  });

  it('is what the tree shows, when one task is dragged far down among those that nobody has pinned', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 1_000 });
    await house.add('Busy');
    await house.clock.advance(10);
    const levels = ['low', 'high', 'medium'] as const;
    const ids: TaskId[] = [];
    for (let index = 0; index < 30; index += 1) {
      const priority = levels[index % 3] ?? 'medium';
      ids.push(await house.add(`Task ${index}`, { priority }));
    }
    const shown = async (): Promise<string[]> => {
      const { workspaces } = await house.desk.snapshot();
      const tasks = workspaces[0]?.tasks ?? [];
      return tasks.flatMap(({ task }) => (task.status === 'pending' ? [task.title] : []));
    };
    const [dragged, place] = [ids[1], ids[0]];
    assert.ok(dragged !== undefined && place !== undefined);
    await house.desk.move([dragged], { after: place });
    const order = await shown();
    assert.equal(order.indexOf('Task 1'), order.indexOf('Task 0') + 1);
    const pinned = (await house.all()).filter(({ pin }) => pin !== null).length;
    assert.equal(pinned, order.indexOf('Task 1') + 1);
    await house.clock.advance(1_000 * (pinned + 1));
    assert.deepEqual(startsOf(house).slice(1, pinned + 1), order.slice(0, pinned));
  });

  it('survives a crash, a week, another goal and a thousand new tasks of higher score', async () => {
    const first = await openTestDesk();
    await first.desk.pause('all', 'A week off');
    const need = await first.add('Need', { priority: 'low' });
    const waits = await first.add('Waits for it', { priority: 'low', needs: [need] });
    const other = await first.add('Other', { priority: 'low' });
    await first.desk.pin([other]);
    await first.desk.move([waits], { before: other });
    await first.desk.boost([other], -300);
    await first.clock.advance(7 * day);
    await first.desk.setGoal(workspaceId, 'Release New');
    await first.crash();
    await using house = await openTestDesk({
      clock: first.clock,
      files: first.files,
      workers: 1,
      duration: 1_000,
    });
    const [added] = await house.desk.addBatch(
      Array.from({ length: 1_000 }, (_, index) => house.request(`New ${index}`, { priority: 'high' })),
    );
    const { score, scoreParts } = (await house.view('Other')).task;
    assert.deepEqual([scoreParts.boost, scoreParts.age > 0], [-300, true]);
    assert.ok(added !== undefined);
    assert.ok(((await house.desk.task(added))?.score ?? 0) > score);
    await house.desk.resume('all');
    await house.clock.advance(10_000);
    assert.deepEqual(startsOf(house).slice(0, 3), ['Need', 'Waits for it', 'Other']);
  });

  it('is told to the screens whenever it changes', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 1_000 });
    await house.add('Busy');
    await house.clock.advance(10);
    const [one, two] = [await house.add('One'), await house.add('Two')];
    const verbs: readonly (() => Promise<void>)[] = [
      () => house.desk.pin([two]),
      () => house.desk.move([one], 'first'),
      () => house.desk.moveBy([one], 1),
      () => house.desk.boost([one], 10),
      () => house.desk.unpin([one, two]),
    ];
    for (const verb of verbs) {
      house.events.length = 0;
      await verb();
      assert.ok(
        house.events.some(({ type }) => type === 'changed'),
        String(verb),
      );
    }
  });
});
