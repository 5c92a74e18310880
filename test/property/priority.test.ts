/**
 * Whatever a project holds: its order follows from what is known of its tasks and from nothing else, more never counts
 * for less, and what a person pins goes first.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { priorityLevels } from '../../src/core/model.ts';
import type { PriorityLevel, TaskId } from '../../src/core/model.ts';
import { frameOf } from '../../src/core/priority/frame.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { RefinerBench } from '../support/refinerBench.ts';
import { SimulatedFiles } from '../support/simulatedFiles.ts';
import { claim, draft, home, openHarness, putHome, task } from '../support/storeHarness.ts';

const hour = 3_600_000;
const day = 24 * hour;
const goal = 'Release the mobile application';
const phrases = [
  'release notes',
  'mobile crash',
  'tidy the wiki',
  'application icons',
  'office plants',
  'logs',
];

interface Planned {
  readonly priority: PriorityLevel;
  readonly phrase: string;
  readonly ageDays: number;
  readonly dueHours: number | null;
  readonly judged: number | null;
  readonly boost: number;
  /** Places of earlier tasks that it waits for. */
  readonly needs: readonly number[];
}

const planned: fc.Arbitrary<Planned> = fc.record({
  priority: fc.constantFrom(...priorityLevels),
  phrase: fc.constantFrom(...phrases),
  ageDays: fc.integer({ min: 0, max: 20 }),
  dueHours: fc.option(fc.integer({ min: -2, max: 48 }), { nil: null }),
  judged: fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: null }),
  boost: fc.constantFrom(0, 0, 100, -100),
  needs: fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
});
const project = fc.array(planned, { minLength: 2, maxLength: 10 });

const nameOf = (place: number): string => `t${place}`;
const titleOf = ({ phrase }: Planned, place: number): string => `${phrase} ${place}`;

interface House extends AsyncDisposable {
  readonly store: EmbeddedStore;
  readonly clock: FakeClock;
}

/** @param order in which the tasks are added; what waits for what is said afterwards */
async function open(tasks: readonly Planned[], order = tasks.map((_, place) => place)): Promise<House> {
  const clock = new FakeClock();
  const store = await openHarness({ files: new SimulatedFiles(), clock });
  await putHome(store);
  await store.setGoal(home, goal);
  await store.judgements.setJudging(true);
  const now = clock.wallClock();
  for (const place of order) {
    const one = tasks[place];
    if (one === undefined) continue;
    const { priority, ageDays, dueHours } = one;
    const dueAt = dueHours === null ? null : now + dueHours * hour;
    const over = { title: titleOf(one, place), priority, dueAt, createdAt: now - ageDays * day };
    await store.addTasks([draft(nameOf(place), over)]);
  }
  for (const place of order) {
    const needs = (tasks[place]?.needs ?? []).filter((need) => need < place).map(nameOf);
    if (needs.length > 0) await store.editTask(nameOf(place) as TaskId, { needs: needs as TaskId[] });
    const boost = tasks[place]?.boost ?? 0;
    if (boost !== 0) await store.boost([nameOf(place) as TaskId], boost);
  }
  await judge(store, tasks, now);
  await settle(store);
  return { store, clock, [Symbol.asyncDispose]: () => store.close() };
}

async function judge(store: EmbeddedStore, tasks: readonly Planned[], at: number): Promise<void> {
  const round = await store.judgements.judgingRound(home, 'm', tasks.length, at);
  const verdicts = round.tasks.flatMap(({ id, title, description, upstream }) => {
    const value = tasks[Number(id.slice(1))]?.judged ?? null;
    if (value === null) return [];
    const key = `${frameOf(home, goal, 'm')}${title}`;
    const said = { value, said: value, reason: '', source: 'model', model: 'm', promptVersion: 1 } as const;
    const rest = { key, at, rounds: 1, speaks: false, unconfirmed: false };
    return [{ taskId: id, title, description, upstream, goal, ...said, ...rest }];
  });
  await store.judgements.judge(verdicts, [], at);
}

/** Brings every score up to date. */
async function settle(store: EmbeddedStore): Promise<void> {
  await claim(store, 0);
}

async function scores(store: EmbeddedStore, tasks: readonly Planned[]): Promise<readonly number[]> {
  return await Promise.all(tasks.map(async (_, place) => (await task(store, nameOf(place))).score));
}

/** What is ready, in the order in which it starts, but for the share of the oldest, which nine do not reach. */
async function starts(store: EmbeddedStore): Promise<readonly string[]> {
  return (await claim(store, 9)).map(({ task: { id } }) => id);
}

/** Everything that a task waits for, directly or through others. */
function upstreamOf(tasks: readonly Planned[], place: number): ReadonlySet<number> {
  const found = new Set<number>();
  const look = (at: number): void => {
    for (const need of tasks[at]?.needs ?? []) {
      if (need >= at || found.has(need)) continue;
      found.add(need);
      look(need);
    }
  };
  look(place);
  return found;
}

describe('The order of a project', () => {
  it('does not depend on the order in which its tasks were added', async () => {
    await fc.assert(
      fc.asyncProperty(
        project.chain((tasks) =>
          fc.record({
            tasks: fc.constant(tasks),
            order: fc.shuffledSubarray(
              tasks.map((_, place) => place),
              { minLength: tasks.length },
            ),
          }),
        ),
        async ({ tasks, order }) => {
          await using one = await open(tasks);
          await using other = await open(tasks, order);
          const values = await scores(one.store, tasks);
          assert.deepEqual(await scores(other.store, tasks), values);
          const started = await starts(other.store);
          const inOrder = started.map((id) => values[Number(id.slice(1))] ?? NaN);
          assert.deepEqual(
            inOrder,
            inOrder.toSorted((a, b) => b - a),
          );
          // Of equal ones the one that was added first goes first, and nothing else tells them apart.
          if (new Set(values).size === values.length) assert.deepEqual(await starts(one.store), started);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('puts what is pinned first, whatever else is known of it', async () => {
    await fc.assert(
      fc.asyncProperty(project, fc.nat(), async (tasks, pick) => {
        await using house = await open(tasks);
        const place = pick % tasks.length;
        const needs = [...upstreamOf(tasks, place)];
        await house.store.runNow(nameOf(place) as TaskId);
        const [first] = await starts(house.store);
        const expected = [place, ...needs].map(nameOf);
        assert.ok(first !== undefined && expected.includes(first), `${first} before ${expected.join(', ')}`);
      }),
      { numRuns: 60 },
    );
  });

  it('never puts a task further back because one more waits for it', async () => {
    await fc.assert(
      fc.asyncProperty(project, fc.nat(), async (tasks, pick) => {
        await using house = await open(tasks);
        const { store } = house;
        const before = await scores(store, tasks);
        const place = pick % tasks.length;
        await store.addTasks([draft('more', { needs: [nameOf(place) as TaskId] })]);
        await settle(store);
        const upstream = upstreamOf(tasks, place);
        for (const [at, after] of (await scores(store, tasks)).entries()) {
          const was = before[at] ?? NaN;
          if (at === place || upstream.has(at)) assert.ok(after > was, `${after} after ${was}`);
          else assert.equal(after, was);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never lets a score fall by waiting', async () => {
    await fc.assert(
      fc.asyncProperty(
        project,
        fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 5 }),
        async (tasks, waits) => {
          await using house = await open(tasks);
          const { store, clock } = house;
          let before = await scores(store, tasks);
          for (const hours of waits) {
            await clock.advance(hours * hour);
            await settle(store);
            const after = await scores(store, tasks);
            for (const [place, value] of after.entries()) assert.ok(value >= (before[place] ?? NaN));
            before = after;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same for the same tasks, the same answers and the same chance', async () => {
    const judged = async (tasks: readonly Planned[]): Promise<unknown> => {
      await using house = await open(tasks.map((one) => ({ ...one, judged: null })));
      const bench = new RefinerBench(house.store.judgements, house.clock);
      bench.freeWorkers = 0;
      bench.model.latency = 1_000;
      await bench.go(60_000);
      await bench.stop();
      const shown = bench.model.batches.map(({ tasks: all }) => all.map(({ title }) => title));
      return [shown, await scores(house.store, tasks), await starts(house.store)];
    };
    await fc.assert(
      fc.asyncProperty(project, async (tasks) => {
        assert.deepEqual(await judged(tasks), await judged(tasks));
      }),
      { numRuns: 30 },
    );
  });
});

describe('The order of a project without a model', () => {
  const now = new FakeClock().wallClock();
  /** Goal and tasks, in the same order in each language. */
  const languages = {
    English: [
      'Release the mobile application',
      'Fix the crash of the mobile application',
      'Order plants for the office',
      'Write the release announcement',
      'Tidy the wiki',
      'Renew the certificate',
      'Translate the application',
    ],
    Italian: [
      'Pubblicare l’applicazione mobile',
      'Correggere il blocco dell’applicazione mobile',
      'Ordinare piante per l’ufficio',
      'Scrivere un annuncio per pubblicare',
      'Riordinare la wiki',
      'Rinnovare il certificato',
      'Tradurre l’applicazione',
    ],
    Greek: [
      'Κυκλοφορία της εφαρμογής κινητού',
      'Διόρθωση σφάλματος της εφαρμογής κινητού',
      'Παραγγελία φυτών για το γραφείο',
      'Ανακοίνωση για κυκλοφορία',
      'Τακτοποίηση του wiki',
      'Ανανέωση του πιστοποιητικού',
      'Μετάφραση της εφαρμογής',
    ],
  };

  async function orderIn([aim = '', ...titles]: readonly string[]): Promise<readonly string[]> {
    const store = await openHarness({ files: new SimulatedFiles() });
    try {
      await putHome(store);
      await store.setGoal(home, aim);
      const over = [
        {},
        { priority: 'low' },
        {},
        { createdAt: now - 8 * day },
        { dueAt: now + 3 * hour },
        {},
      ] as const;
      await store.addTasks(titles.map((title, place) => draft(nameOf(place), { ...over[place], title })));
      const needs = [nameOf(5) as TaskId];
      await store.addTasks(['one', 'two'].map((name) => draft(name, { title: '…', needs })));
      await settle(store);
      return await starts(store);
    } finally {
      await store.close();
    }
  }

  it('is the same in every language, where what is known of its tasks differs clearly', async () => {
    const orders = await Promise.all(Object.values(languages).map(orderIn));
    const [english] = orders;
    assert.equal(english?.length, 6);
    assert.equal(english.at(-1), nameOf(1));
    for (const order of orders) assert.deepEqual(order, english);
  });
});
