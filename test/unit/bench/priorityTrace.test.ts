import assert from 'node:assert/strict';
import { normal, shuffled } from '../../bench/draws.ts';
import { readGoals, readIntents } from '../../bench/data/pairs.ts';
import { descriptionOf } from '../../bench/priority/descriptions.ts';
import { priorityTrace, traceSeeds } from '../../bench/priorityTrace.ts';
import { seededRandom } from '../../support/seededChance.ts';

describe('the priority trace', () => {
  it('holds every wording of every intent once, whatever the seed', () => {
    const texts = readIntents().flatMap((intent) => [...intent.it, ...intent.en]);
    for (const seed of traceSeeds) {
      const { tasks } = priorityTrace(seed);
      assert.equal(tasks.length, 1000);
      assert.deepEqual(tasks.map((task) => task.text).sort(), texts.toSorted());
    }
  });

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(priorityTrace(3), priorityTrace(3));
    assert.notDeepEqual(priorityTrace(3).tasks, priorityTrace(4).tasks);
  });

  it('keeps dependents and age within bounds and uses their whole range', () => {
    for (const seed of traceSeeds) {
      const { tasks } = priorityTrace(seed);
      const dependents = tasks.map((task) => task.dependents);
      const ages = tasks.map((task) => task.ageDays);
      assert.ok(dependents.every((count) => Number.isInteger(count)));
      assert.equal(Math.min(...dependents), 0);
      assert.ok(Math.max(...dependents) >= 15 && Math.max(...dependents) <= 20);
      assert.ok(Math.min(...ages) >= 0 && Math.min(...ages) < 1);
      assert.ok(Math.max(...ages) > 29 && Math.max(...ages) < 30);
    }
  });

  it('gives wordings of one intent the same value and goal link but facts of their own', () => {
    const { tasks } = priorityTrace(1);
    for (const intent of readIntents()) {
      const own = tasks.filter((task) => task.intent === intent.id);
      assert.equal(own.length, 10);
      assert.ok(own.every((task) => task.value === intent.value && task.goalLink === intent.serves[0]));
      assert.equal(new Set(own.map((task) => task.ageDays)).size, 10);
    }
  });

  it('lets every goal have its turn', () => {
    const turns = new Set(traceSeeds.map((seed) => priorityTrace(seed).goal.id));
    assert.equal(turns.size, readGoals().length);
  });

  it('lets the order of arrival tell nothing about value and age', () => {
    for (const seed of traceSeeds) {
      const { tasks } = priorityTrace(seed);
      assert.ok(Math.abs(correlationWithPlace(tasks.map((task) => task.value))) < 0.12);
      assert.ok(Math.abs(correlationWithPlace(tasks.map((task) => task.ageDays))) < 0.12);
    }
  });
});

describe('the descriptions of the trace', () => {
  const texts = readIntents().flatMap((intent) => [...intent.it, ...intent.en]);

  it('have 400 bytes or so, say what the text says, and are all different', () => {
    const descriptions = texts.map(descriptionOf);
    const bytes = descriptions.map((one) => Buffer.byteLength(one)).toSorted((a, b) => a - b);
    const [least = 0, middle = 0, most = 0] = [bytes[0], bytes[500], bytes.at(-1)];
    assert.ok(least >= 300 && most <= 500, `${String(least)} to ${String(most)}`);
    assert.ok(middle >= 380 && middle <= 420, String(middle));
    assert.ok(texts.every((text, place) => descriptions[place]?.includes(text)));
    assert.equal(new Set(descriptions).size, texts.length);
  });

  it('come from both wordings of the template', () => {
    const polite = texts.filter((text) => descriptionOf(text).startsWith('Please'));
    assert.ok(polite.length > 300 && polite.length < 700);
  });
});

describe('draws', () => {
  it('shuffle without losing anything or touching the original', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const mixed = shuffled(items, seededRandom(1));
    assert.notDeepEqual(mixed, items);
    assert.deepEqual(
      mixed.toSorted((a, b) => a - b),
      items,
    );
  });

  it('are normal around nothing with the deviation asked for', () => {
    const random = seededRandom(1);
    const draws = Array.from({ length: 20_000 }, () => normal(random, 40));
    const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
    const deviation = Math.sqrt(draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length);
    const within = draws.filter((one) => Math.abs(one) <= 40).length / draws.length;
    assert.ok(Math.abs(mean) < 1.5 && Math.abs(deviation - 40) < 1);
    assert.ok(Math.abs(within - 0.683) < 0.015);
  });
});

/** Pearson's correlation of the values with their places in the list. */
function correlationWithPlace(values: readonly number[]): number {
  const meanPlace = (values.length - 1) / 2;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  let both = 0;
  let own = 0;
  let place = 0;
  for (const [index, value] of values.entries()) {
    both += (value - mean) * (index - meanPlace);
    own += (value - mean) ** 2;
    place += (index - meanPlace) ** 2;
  }
  return both / Math.sqrt(own * place);
}
