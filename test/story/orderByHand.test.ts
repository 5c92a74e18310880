import assert from 'node:assert/strict';
import { openTestDesk } from '../support/testDesk.ts';

describe('An order given by hand', () => {
  it('is exactly the order of starts, when scores disagree and the oldest would have had its turn', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 1_000 });
    await house.add('Busy');
    await house.clock.advance(10);
    const old = await house.add('The oldest', { priority: 'low' });
    const names = Array.from({ length: 25 }, (_, index) => `Task ${index}`);
    const ids = [];
    for (const [index, title] of names.entries())
      ids.push(await house.add(title, { priority: index % 2 === 0 ? 'low' : 'high' }));
    // Dragged into the reverse of their numbers, one after the other.
    for (const id of ids) await house.desk.move([id], 'first');
    await house.desk.move([old], 'last');
    await house.clock.advance(40_000);
    const starts = house.events.flatMap((event) => (event.type === 'started' ? [event.title] : []));
    assert.deepEqual(starts, ['Busy', ...names.toReversed(), 'The oldest']);
  });

  it('survives a thousand new tasks of higher score', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 1_000 });
    await house.add('Busy');
    await house.clock.advance(10);
    const pin = await house.add('Pinned', { priority: 'low' });
    await house.desk.pin([pin]);
    await house.desk.addBatch(
      Array.from({ length: 1_000 }, (_, index) => house.request(`New ${index}`, { priority: 'high' })),
    );
    await house.clock.advance(1_500);
    const starts = house.events.flatMap((event) => (event.type === 'started' ? [event.title] : []));
    assert.deepEqual(starts, ['Busy', 'Pinned']);
  });
});
