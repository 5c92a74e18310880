import assert from 'node:assert/strict';
import type { ResourceFigures } from '../../../src/shared/metricsPicture.ts';
import { chartModel, lineTotal } from '../../../src/webview/present/chartModel.ts';
import type { ChartSpec } from '../../../src/webview/present/chartModel.ts';
import { throughput } from '../../../src/webview/present/figures.ts';
import { formatsOf, localeOf, notMeasured } from '../../../src/webview/present/formats.ts';
import { metricsView } from '../../../src/webview/present/metricsView.ts';
import type { MetricsView } from '../../../src/webview/present/metricsView.ts';
import { sections } from '../../../src/webview/present/sections.ts';
import { tableModel } from '../../../src/webview/present/tableModel.ts';
import { nothingTimed, now, picture, series } from './pictures.ts';

const formats = formatsOf('en', 'UTC');

const shown = (view: MetricsView, id: string): string | undefined =>
  view.sections.flatMap(({ figures }) => figures).find((figure) => figure.id === id)?.value;

const busy = picture({
  workers: { size: 10, busy: 7 },
  totals: { ...picture().totals, ready: 4, running: 7, completed: 30, failed: 2 },
  series: series(
    {
      ready: [null, 6, null, 4],
      workers: [null, 10, null, null],
      completed: [0, 1, 0, 2],
      added: [0, 5, 0, 0],
    },
    {
      spread: { wait: { count: 9, p50: 12.4, p95: 1_500, p99: 90_000, longest: 90_000 }, run: nothingTimed },
    },
  ),
});

const spec = (kind: ChartSpec['lines'][number]['kind'], column: string): ChartSpec => ({
  id: 'x',
  title: 'X',
  unit: 'count',
  lines: [{ label: 'L', color: 'blue', column, kind }],
});

describe('the view of the metrics', () => {
  it('shows what was measured, and a dash for what was not', () => {
    const view = metricsView(busy, formats);
    assert.deepEqual(
      ['ready', 'running', 'completed', 'failed', 'workers'].map((id) => shown(view, id)),
      ['4', '7', '30', '2', '7 / 10'],
    );
    assert.deepEqual(
      ['wait-p50', 'wait-p95', 'wait-p99', 'run-p50'].map((id) => shown(view, id)),
      ['12 ms', '1.5 s', '1.5 min', notMeasured],
    );
    assert.deepEqual(
      ['lag', 'snapshot', 'tail'].map((id) => shown(view, id)),
      [notMeasured, notMeasured, '3'],
    );
    assert.equal(view.asOf, 'As of 12:00:00');
    assert.deepEqual(view.notes, []);
    assert.match(view.summary, /^7 running, 4 ready, 0 waiting/);
  });

  it('tells of each resource what is left, how it comes back, who waits, and what it was told', () => {
    const resource: ResourceFigures = {
      name: 'search',
      level: 4.27,
      capacity: 100,
      perSecond: 2,
      inForce: 2,
      waiting: 3,
      wanted: 64.27,
      isCrowded: false,
      isAssumed: false,
      heldUntil: null,
      answers: 0,
      limited: 0,
    };
    const told = (over: Partial<ResourceFigures>): readonly unknown[] => {
      const view = metricsView(picture({ ...busy, resources: [{ ...resource, ...over }] }), formats);
      const [figure] = view.sections.find(({ id }) => id === 'resources')?.figures ?? [];
      return [figure?.value, figure?.detail, view.notes.length];
    };
    assert.deepEqual(told({}), [
      '4.2 / 100',
      '2/s · 3 ready · at least 30 s until all have started · 0 ended',
      0,
    ]);
    assert.deepEqual(told({ inForce: 1, heldUntil: now + 12_000, answers: 8, limited: 2 }), [
      '4.2 / 100',
      'held until 12:00:12, 12 s more · 1/s · of 2/s set · 3 ready · at least 1 min until all have started · 8 ended · ' +
        '2 told to slow down (25 %)',
      0,
    ]);
    assert.equal(told({ isCrowded: true })[2], 1, 'many that wait are told of');
    assert.deepEqual(told({ wanted: 0, inForce: 0.035, isAssumed: true }), [
      '4.2 / 100',
      '2.1/min · as answers show, or assumed · 3 ready · 0 ended',
      0,
    ]);
    assert.match(String(told({ heldUntil: now + 300 * 86_400_000 })[1]), /^held until released · /);
    assert.equal(
      metricsView(busy, formats).sections.some(({ id }) => id === 'resources'),
      false,
    );
  });

  it('says before anything ran that nothing has, and shows no noughts in place of figures', () => {
    const view = metricsView(picture(), formats);
    assert.match(view.notes.join(' '), /Nothing has run yet/);
    assert.deepEqual(
      view.sections.map(({ id }) => id),
      ['store', 'loop', 'memory'],
    );
    assert.equal(view.summary, 'Nothing has run yet.');
  });

  it('claims in a window that only looks on nothing that another one measures', () => {
    const view = metricsView({ ...busy, ownedBy: 'another window', store: null }, formats);
    assert.match(view.notes.join(' '), /belong to another window/);
    assert.deepEqual(
      ['workers', 'throughput', 'commits'].map((id) => shown(view, id)),
      [notMeasured, notMeasured, undefined],
    );
    assert.equal(shown(view, 'completed'), '30', 'the tasks are in the store, which every window reads');
    assert.doesNotMatch(view.summary, /workers/);
  });

  it('draws a section only when its data exists', () => {
    const later = { ...sections[0]!, id: 'later', isThere: () => false };
    assert.ok(!metricsView(busy, formats, [...sections, later]).sections.some(({ id }) => id === 'later'));
  });

  it('shows what judges tasks once there is a model', () => {
    const judging = {
      model: 'gauge-1',
      state: 'It rests.',
      waiting: 4,
      isBacklogged: false,
      fromCache: 30,
      asked: 10,
      calls: 2,
      failedCalls: 1,
      tokensToday: 1_234,
      lastCall: { at: now, took: 4_200, tasks: 7 },
    };
    const spread = {
      rank: { count: 20, p50: 0.4, p95: 0.8, p99: 0.9, longest: 0.9 },
      judge: { count: 2, p50: 4_200, p95: 4_300, p99: 4_300, longest: 4_300 },
    };
    const judged = { ...busy, judging, series: series({}, { spread }) };
    const view = metricsView(judged, formats, sections);
    const shown = view.sections.find(({ id }) => id === 'judging');
    const values = new Map(shown?.figures.map(({ id, value, detail }) => [id, `${value} | ${detail}`]));
    assert.equal(values.get('judge'), 'gauge-1 | It rests.');
    assert.match(values.get('hits') ?? '', /^75 % \| 30 of 40 judgements/);
    assert.equal(values.get('asked'), '10 | in 2 calls, 1 failed');
    assert.match(values.get('last-call') ?? '', /^4\.2 s \| 7 tasks/);
    assert.equal(
      values.get('rank-p99'),
      `${formats.duration(0.9)} | of 20 new tasks until they have their place`,
    );
    assert.equal(values.get('judge-p50'), '4.2 s | of 2 calls to the model');
    assert.ok(!metricsView(busy, formats, sections).sections.some(({ id }) => id === 'judging'));
    assert.ok(!view.notes.some((note) => note.includes('judgement')));
    const backlogged = { ...judging, waiting: 1_950, isBacklogged: true };
    assert.match(
      metricsView({ ...judged, judging: backlogged }, formats, sections).notes.join(' '),
      /1,950 tasks wait for a judgement\. They start/,
    );
  });

  it('tells every line of a chart from the others without its colour: there are no more than kinds of dashes', () => {
    for (const { charts } of sections) for (const { lines } of charts) assert.ok(lines.length <= 4);
  });

  it('counts throughput by the minute since measuring began, and makes up no rate from a few seconds', () => {
    assert.equal(throughput(busy), 3);
    const older = { ...busy, at: now + 3 * 60_000 };
    assert.ok(Math.abs((throughput(older) ?? 0) - 3 / (182 / 60)) < 1e-9);
    assert.equal(throughput(picture()), null);
  });

  it('carries a level on to its next reading, and nothing else', () => {
    const values = (kind: ChartSpec['lines'][number]['kind'], column: string): readonly (number | null)[] =>
      chartModel(spec(kind, column), busy, formats).lines[0]!.values;
    assert.deepEqual(values('level', 'ready'), [null, 6, 6, 4]);
    assert.deepEqual(values('reading', 'ready'), [null, 6, null, 4]);
    assert.deepEqual(
      values('during', 'completed'),
      [null, 1, 0, 2],
      'before anybody counted there were not none',
    );
    assert.deepEqual(values('reading', 'unheard of'), [null, null, null, null]);
  });

  it('says that a chart is empty rather than drawing a line on the ground', () => {
    assert.equal(chartModel(spec('during', 'failed'), busy, formats).isEmpty, true);
    assert.equal(chartModel(spec('level', 'ready'), busy, formats).isEmpty, false);
    assert.match(chartModel(spec('during', 'failed'), busy, formats).spoken, /Nothing was measured/);
  });

  it('says each chart in a sentence: all that was counted, or the last reading, and the most', () => {
    const counted = chartModel(spec('during', 'completed'), busy, formats);
    assert.equal(counted.spoken, 'X, per second, in the last 5 minutes: L 3 in all, at most 2.');
    assert.equal(lineTotal(counted.lines[0]!), 3);
    assert.match(chartModel(spec('level', 'ready'), busy, formats).spoken, /L 4 lately, at most 6\.$/);
  });

  it('has in the table what the chart has, newest first, without the times at which nothing changed', () => {
    const level = tableModel(chartModel(spec('level', 'ready'), busy, formats), formats);
    assert.deepEqual(
      level.rows.map(({ time, cells }) => [time, ...cells]),
      [
        ['12:00:00', '4'],
        ['11:59:58', '6'],
      ],
    );
    assert.match(level.caption, /^X, newest first; .*left out/);
    const during = tableModel(chartModel(spec('during', 'completed'), busy, formats), formats);
    assert.deepEqual(
      during.rows.map(({ cells }) => cells[0]),
      ['2', '1'],
    );
  });
});

describe('the numbers of the page', () => {
  it('have three digits at most, and a unit', () => {
    const durations = [
      0, 0.04, 0.4, 9.96, 12.4, 999.4, 999.5, 1_500, 59_949, 59_950, 3_596_000, 3_597_000, 1e8,
    ];
    assert.deepEqual(durations.map(formats.duration), [
      '0 ms',
      '0.04 ms',
      '0.4 ms',
      '10 ms',
      '12 ms',
      '999 ms',
      '1 s',
      '1.5 s',
      '60 s',
      '1 min',
      '60 min',
      '1 h',
      '28 h',
    ]);
    const sizes = [0, 512, 999, 1_000, 1_536, 52_428_800, 1_023 * 1_024 ** 2, 5e12];
    assert.deepEqual(sizes.map(formats.size), [
      '0 B',
      '512 B',
      '999 B',
      '0.98 KB',
      '1.5 KB',
      '50 MB',
      '1 GB',
      '4,657 GB',
    ]);
  });

  it('are written in the first language of the reader that is one', () => {
    assert.equal(localeOf(['en-US@posix', 'it-IT', 'de']), 'it-IT');
    assert.equal(localeOf(['en-US@posix']), 'en');
    assert.equal(formatsOf('it', 'UTC').duration(1_500), '1,5 s');
  });
});
