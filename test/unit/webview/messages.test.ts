import assert from 'node:assert/strict';
import { parsePageMessage, parsePageState, parsePanelMessage } from '../../../src/shared/metricsMessages.ts';
import type { MetricsPicture } from '../../../src/shared/metricsPicture.ts';
import { metricsPicture } from '../../../src/ui/present/metricsPicture.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { steadyMemory } from '../../support/steadyMemory.ts';
import { running, snapshot, workspace } from '../ui/pictures.ts';
import { picture, series } from './pictures.ts';

/** What arrives on the other side. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The picture with what is at a path replaced. */
function spoilt(path: string, value: unknown): unknown {
  const copy = sent({ type: 'picture', picture: picture({ series: series({ ready: [1, 2, 3, null] }) }) });
  const keys = `picture.${path}`.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Record<string, unknown>>(
    (found, key) => found[key] as Record<string, unknown>,
    copy as Record<string, unknown>,
  );
  assert.ok(last in parent, `${path} is in a picture`);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

describe('the messages of the metrics panel', () => {
  it('bring to the page what the panel sent, of a real past', () => {
    const clock = new FakeClock();
    const meter = new Meter({ clock, memory: steadyMemory });
    meter.committed();
    meter.synced(1.23456789);
    meter.read(10, null);
    const made = metricsPicture(snapshot([workspace([running('a')])]), meter.history('1 h'));
    const message = parsePanelMessage(sent({ type: 'picture', picture: made }));
    assert.deepEqual(message, { type: 'picture', picture: sent(made) });
    assert.equal(made.series.slots, 360);
    assert.equal(
      made.series.columns['sync.p50']?.at(-1),
      Number(made.series.columns['sync.p50']?.at(-1)?.toPrecision(4)),
    );
    assert.equal(made.series.columns.commits?.at(-1), 1);
    assert.equal(made.series.columns.heapUsed?.at(-1), steadyMemory.usage().heapUsed);
  });

  it('are dropped by the page when anything in them is not as agreed', () => {
    assert.notEqual(parsePanelMessage(spoilt('at', 5)), undefined);
    const wrongs: [keyof MetricsPicture | `${keyof MetricsPicture}.${string}`, unknown][] = [
      ['at', '5'],
      ['at', undefined],
      ['ownedBy', 3],
      ['workers.busy', null],
      ['totals.ready', undefined],
      ['workspaces', {}],
      ['workspaces.0.tier', 'busy'],
      ['store.tail', 7],
      ['loop.stretch.longestIn', 4],
      ['memory.heapUsed', null],
      ['series.range', '7 d'],
      ['series.columns.ready', [1, 2, 3]],
      ['series.columns.ready', [1, 2, 3, 'x']],
    ];
    for (const [path, value] of wrongs) {
      assert.equal(parsePanelMessage(spoilt(path, value)), undefined, `${path} = ${String(value)}`);
    }
    for (const other of [
      null,
      1,
      'picture',
      [],
      {},
      { type: 'other' },
      { type: 'closed' },
      { type: 'picture' },
    ]) {
      assert.equal(parsePanelMessage(other), undefined, JSON.stringify(other));
    }
    assert.deepEqual(parsePanelMessage({ type: 'closed', why: 'opening', more: 1 }), {
      type: 'closed',
      why: 'opening',
    });
  });

  it('are dropped by the panel when the page sends something else', () => {
    assert.deepEqual(parsePageMessage({ type: 'ready', range: '1 h' }), { type: 'ready', range: '1 h' });
    const others = [
      undefined,
      'ready',
      {},
      { type: 'ready' },
      { type: 'run', range: '1 h' },
      { type: 'range', range: 'toString' },
    ];
    for (const other of others) assert.equal(parsePageMessage(other), undefined, JSON.stringify(other));
  });

  it('leave the page as at the first time when what it remembers is not as agreed', () => {
    assert.deepEqual(parsePageState({ range: '24 h', tables: ['run'] }), { range: '24 h', tables: ['run'] });
    assert.deepEqual(parsePageState(undefined), { range: '5 min', tables: [] });
    assert.deepEqual(parsePageState({ range: '1 h', tables: [7] }), { range: '1 h', tables: [] });
  });
});
