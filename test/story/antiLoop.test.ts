/** Agents that start and start: the pause of a folder, how long it lasts, and who hears of it. */
import assert from 'node:assert/strict';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { Task } from '../../src/core/model.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { fusesOf, openStorm, refusals, tripsOf, waitsOf } from '../support/stormHouse.ts';

const minute = 60_000;

describe('the anti-loop fuse', () => {
  const fuses = { ...off, antiLoop: 20 };
  const plan = ({ parentId }: Task): number => (parentId === null ? 40 : 0);

  it('lets twenty start in five minutes, trips at the next, and goes on by itself', async () => {
    const { house } = await openStorm(plan, { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 1 + 20);
    const [trip] = tripsOf(house);
    assert.deepEqual([fusesOf(house), trip?.holds], [['anti-loop'], true]);
    const [{ workspace } = { workspace: undefined }] = (await house.desk.snapshot()).workspaces;
    assert.equal(workspace?.pause?.by, 'fuse');
    assert.equal((await house.desk.snapshot()).trips.length, 1);
    // Not a moment earlier, and then the twenty before count no more.
    await house.clock.advance((trip?.resumesAt ?? 0) - house.clock.wallClock() - 1);
    assert.equal(house.agent.performances.length, 21);
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41);
    assert.equal((await house.desk.snapshot()).trips.length, 0);
    assert.equal(fusesOf(house).length, 1);
  });

  it('counts to the millisecond', async () => {
    const { house } = await openStorm(({ title }) => (title === 'Root' ? 40 : 0), { fuses, workers: 1 });
    await using _house = house;
    await house.add('Root');
    // One start a second: the twenty-first would be 20 s after the first, within the window.
    await house.clock.advance(21_500);
    assert.equal(fusesOf(house).length, 1);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41, 'an answer empties the window');
  });

  it('waits twice as long when it trips again without an answer, and is told once each time', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 150 : 0), { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(40 * minute);
    assert.deepEqual([waitsOf(house), fusesOf(house)], [[5, 10, 20, 40], ['anti-loop']]);
    assert.equal((await house.desk.snapshot()).trips.length, 1, 'it is shown, but not told again');
    // An answer is the end of that: the next one is short and told.
    await house.desk.fuses.answer((await house.store.trips()).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.deepEqual([waitsOf(house).at(-1), fusesOf(house).length], [5, 2]);
  });

  it('forgets how long it has waited when a day has gone by without a trip', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 30 : 0), { fuses });
    await using _house = house;
    await house.add('Monday');
    await house.clock.advance(20 * minute);
    await house.add('Later on Monday');
    await house.clock.advance(60 * minute);
    await house.clock.advance(25 * 60 * minute);
    await house.add('Tuesday');
    await house.clock.advance(minute);
    assert.deepEqual([waitsOf(house), fusesOf(house).length], [[5, 10, 5], 2]);
  });

  it('is over when what was started is stopped, with its window kept', async () => {
    const { house } = await openStorm(plan, { fuses });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(minute);
    const paused = async (): Promise<unknown> =>
      (await house.desk.snapshot()).workspaces.map(({ workspace }) => workspace.pause?.by);
    assert.deepEqual(await paused(), ['fuse']);
    assert.equal(await house.desk.fuses.cancelTree(root), 20);
    assert.deepEqual([await paused(), await house.store.trips()], [[undefined], []]);
    // Twenty have been started all the same.
    await house.add('Another');
    await house.clock.advance(1_500);
    assert.deepEqual([fusesOf(house).length, house.agent.performances.length], [2, 22]);
  });

  it('is over when what waited is cancelled or deleted one by one', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 22 : 0), { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    const [first, second] = (await house.all()).filter(({ status }) => status === 'pending');
    assert.ok(first && second);
    await house.desk.cancel(first.id);
    assert.equal((await house.store.trips()).length, 1);
    await house.desk.deleteTasks([second.id]);
    assert.deepEqual(await house.store.trips(), []);
  });

  it('leaves alone what a person added, and what a person approved', async () => {
    const { house, answers } = await openStorm(({ title }) => (title === 'Plan' ? 150 : 0), {
      fuses: defaultFuses,
    });
    await using _house = house;
    for (let index = 0; index < 100; index += 1) await house.add(`Mine ${index}`);
    const plan = await house.add('Plan');
    await house.desk.fuses.approvePlan(plan, 150);
    await house.clock.advance(5 * minute);
    assert.deepEqual([fusesOf(house), refusals(answers)], [[], []]);
    assert.equal((await house.counts()).completed, 251);
  });

  it('survives a crash with its window and its pause', async () => {
    let { house } = await openStorm(plan, { fuses });
    await house.add('Root');
    await house.clock.advance(minute);
    await house.crash();
    ({ house } = await openStorm(plan, { fuses, files: house.files, clock: house.clock }));
    await using _house = house;
    await house.clock.advance(2 * minute);
    assert.equal(house.agent.performances.length, 0);
    assert.equal((await house.desk.snapshot()).trips.length, 1);
    await house.clock.advance(5 * minute);
    assert.equal(house.agent.performances.length, 20);
  });
});

describe('a folder that a fuse has paused', () => {
  it('goes on with Resume', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 40 : 0), {
      fuses: { ...off, antiLoop: 20 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.resume('all');
    assert.deepEqual((await house.desk.snapshot()).trips, []);
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41);
  });

  it('stays paused when a person has paused it as well', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 40 : 0), {
      fuses: { ...off, antiLoop: 20 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.pause('all', 'lunch');
    await house.clock.advance(10 * minute);
    assert.equal(house.agent.performances.length, 21);
    assert.deepEqual((await house.desk.snapshot()).trips, []);
  });
});
