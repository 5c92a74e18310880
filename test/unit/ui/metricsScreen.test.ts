import assert from 'node:assert/strict';
import { EventHub } from '../../../src/core/events.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import type { MetricRange } from '../../../src/core/metrics/metrics.ts';
import type { Snapshot } from '../../../src/core/metrics/snapshot.ts';
import type { PanelMessage } from '../../../src/shared/metricsMessages.ts';
import { metricsHtml } from '../../../src/ui/metricsHtml.ts';
import { MetricsScreen } from '../../../src/ui/metricsScreen.ts';
import { SnapshotFeed } from '../../../src/ui/snapshotFeed.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { steadyMemory } from '../../support/steadyMemory.ts';
import { ready, running, snapshot, workspace } from './pictures.ts';

class Panel {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly hub = new EventHub((thrown) => assert.fail(String(thrown)));
  readonly sent: PanelMessage[] = [];
  readonly meter = new Meter({ clock: this.clock, memory: steadyMemory });
  tasks = [ready('a')];
  readonly control = {
    snapshot: (): Promise<Snapshot> => Promise.resolve(snapshot([workspace(this.tasks)])),
    subscribe: (listener: Parameters<EventHub['subscribe']>[0]): Disposable => this.hub.subscribe(listener),
    hold: <Result>(_name: string, work: () => Result): Result => work(),
    history: (range: MetricRange) => this.meter.history(range),
  };
  readonly feed = new SnapshotFeed({
    control: this.control,
    clock: this.clock,
    onError: (thrown) => assert.fail(String(thrown)),
  });
  readonly screen = new MetricsScreen({
    clock: this.clock,
    log: this.log,
    post: (message) => this.sent.push(message),
  });

  follow(): void {
    this.screen.follow({ feed: this.feed, control: this.control }, '');
  }

  change(): void {
    this.hub.emit({ type: 'changed', workspaceId: null });
  }

  /** How many messages were sent while this time passed. */
  async during(milliseconds: number): Promise<number> {
    const before = this.sent.length;
    await this.clock.advance(milliseconds);
    return this.sent.length - before;
  }
}

describe('the screen of the metrics', () => {
  it('sends nothing before its page is there, and then the whole picture', async () => {
    const panel = new Panel();
    panel.follow();
    panel.change();
    assert.equal(await panel.during(10_000), 0);
    panel.screen.receive({ type: 'ready', range: '1 h' });
    assert.equal(await panel.during(0), 1);
    const [message] = panel.sent;
    assert.ok(message?.type === 'picture');
    assert.deepEqual([message.picture.series.range, message.picture.totals.ready], ['1 h', 1]);
  });

  it('sends nothing while nothing changes, and twice a second at most while much does', async () => {
    const panel = new Panel();
    panel.follow();
    panel.screen.receive({ type: 'ready', range: '5 min' });
    await panel.clock.advance(0);
    assert.equal(await panel.during(3_600_000), 0);
    assert.equal(panel.clock.waiting, 0, 'and waits for nothing');
    let sent = 0;
    for (let passed = 0; passed < 9_990; passed += 10) {
      panel.change();
      sent += await panel.during(10);
    }
    assert.ok(sent <= 20 && sent >= 19, `${sent} in ten seconds`);
  });

  it('follows the time while something runs, once for each slot', async () => {
    const panel = new Panel();
    panel.tasks = [running('a')];
    panel.follow();
    panel.screen.receive({ type: 'ready', range: '5 min' });
    await panel.clock.advance(0);
    assert.equal(await panel.during(10_000), 10);
    panel.screen.receive({ type: 'range', range: '1 h' });
    await panel.clock.advance(0);
    assert.equal(await panel.during(60_000), 6);
    panel.tasks = [ready('a')];
    panel.change();
    await panel.clock.advance(1_000);
    assert.equal(await panel.during(60_000), 0);
  });

  it('sends nothing at all while it is hidden, whatever runs and changes', async () => {
    const panel = new Panel();
    panel.tasks = [running('a')];
    panel.follow();
    panel.screen.receive({ type: 'ready', range: '5 min' });
    await panel.clock.advance(2_000);
    panel.screen.hide();
    let sent = 0;
    for (let second = 0; second < 60; second += 1) {
      panel.change();
      sent += await panel.during(1_000);
    }
    assert.equal(sent, 0);
    assert.equal(panel.clock.waiting, 0);
    panel.screen.receive({ type: 'ready', range: '5 min' });
    assert.equal(await panel.during(0), 1, 'the page that comes back is given all of it');
  });

  it('says why there is nothing to see while the tasks are closed, and goes on when they open', async () => {
    const panel = new Panel();
    panel.screen.follow(undefined, 'Podium is opening its tasks.');
    panel.screen.receive({ type: 'ready', range: '5 min' });
    assert.deepEqual(panel.sent, [{ type: 'closed', why: 'Podium is opening its tasks.' }]);
    panel.follow();
    await panel.clock.advance(0);
    assert.equal(panel.sent.at(-1)?.type, 'picture');
  });

  it('drops what a page should not send, and logs it', async () => {
    const panel = new Panel();
    panel.follow();
    panel.screen.receive({ type: 'ready', range: 'for ever' });
    assert.equal(await panel.during(1_000), 0);
    assert.equal(panel.log.lines.length, 1);
  });
});

describe('the bare page of the metrics', () => {
  const html = metricsHtml({
    cspSource: 'https://*.local',
    script: 'https://a.local/metrics.js',
    style: 'https://a.local/metrics.css',
    nonce: 'n0nce',
  });

  it('may run its own script and use its own style, and load nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.split('; ');
    assert.deepEqual(policy, [
      "default-src 'none'",
      'style-src https://*.local',
      "script-src 'nonce-n0nce'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('has neither scripts nor styles nor handlers in its text', () => {
    assert.doesNotMatch(html, /<style|style=|\son\w+=|unsafe/);
    assert.deepEqual(html.match(/<script.*/g), [
      '<script nonce="n0nce" src="https://a.local/metrics.js"></script>',
    ]);
  });
});
