/**
 * The workload `panel`: what the panel of the metrics costs the extension host while ten commands run. The product's
 * feed and screen, a past that is full in every column, and of the way to the page its first step, the text of the
 * message.
 */
import { Meter } from '../../src/core/metrics/meter.ts';
import { metricRanges } from '../../src/core/metrics/metrics.ts';
import type { MetricRange } from '../../src/core/metrics/metrics.ts';
import type { AgentId, TaskId, WorkspaceId } from '../../src/core/model.ts';
import { MetricsScreen } from '../../src/ui/metricsScreen.ts';
import { SnapshotFeed } from '../../src/ui/snapshotFeed.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { systemMemory } from '../../src/system/systemMemory.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { running, snapshot, workspace } from '../unit/ui/pictures.ts';
import { threadTime } from './house.ts';
import { check } from './report.ts';
import type { WorkloadReport } from './report.ts';

const about = {
  taskId: 'task' as TaskId,
  workspaceId: 'workspace' as WorkspaceId,
  title: 'Task',
  agentId: 'check' as AgentId,
};

/** A range in which everything happened in every slot. */
function fullPast(range: MetricRange): Meter {
  const { step, slots } = metricRanges[range];
  let now = Date.UTC(2030, 0, 1);
  const meter = new Meter({ clock: { ...systemClock, wallClock: () => now }, memory: systemMemory });
  for (let slot = 0; slot < slots; slot += 1) {
    for (let task = 0; task < 10; task += 1) {
      meter.listen({ type: 'added', by: 'user', score: 500, ...about });
      meter.listen({ type: 'started', claim: 1, attempt: 0, score: 500, waited: 1.7 ** task, ...about });
      meter.listen({
        type: 'settled',
        claim: 1,
        status: 'completed',
        retries: false,
        duration: 1.8 ** task,
        message: '',
        ...about,
      });
      meter.held('pass', 0.05 * 1.4 ** task);
      meter.synced(0.2 * 1.1 ** task);
      meter.fired(task);
      meter.committed();
    }
    meter.scanned(1);
    meter.counted(about.workspaceId, { ...snapshot([]).totals, ready: slot, running: 10 });
    meter.read(10, { tail: { records: slot, bytes: slot }, snapshotBytes: 1, databaseBytes: 1 });
    if (slot < slots - 1) now += step;
  }
  return meter;
}

/** What a minute costs in which something happens all the time. */
async function busyMinute(range: MetricRange): Promise<{ cpu: number; sent: number; bytes: number }> {
  const meter = fullPast(range);
  const clock = new FakeClock();
  const picture = snapshot([workspace(Array.from({ length: 10 }, (_, number) => running(`task ${number}`)))]);
  let change = (): void => undefined;
  let cpu = 0;
  let sent = 0;
  let bytes = 0;
  const control = {
    snapshot: () => Promise.resolve(picture),
    subscribe: (listener: (event: { type: 'changed'; workspaceId: null }) => void): Disposable => {
      change = () => listener({ type: 'changed', workspaceId: null });
      return { [Symbol.dispose]: () => undefined };
    },
    hold: <Result>(_name: string, work: () => Result): Result => {
      const began = threadTime();
      try {
        return work();
      } finally {
        cpu += threadTime() - began;
      }
    },
    history: (wanted: MetricRange) => meter.history(wanted),
  };
  const failed = (thrown: unknown): void => {
    throw thrown instanceof Error ? thrown : new Error(String(thrown));
  };
  using feed = new SnapshotFeed({ control, clock, onError: failed });
  using screen = new MetricsScreen({
    clock,
    log: new RecordingLog(),
    post: (message) => {
      sent += 1;
      bytes += JSON.stringify(message).length;
    },
  });
  screen.follow({ feed, control }, '');
  screen.receive({ type: 'ready', range });
  for (let passed = 0; passed < 60_000; passed += 100) {
    change();
    await clock.advance(100);
  }
  return { cpu, sent, bytes };
}

async function panel(): Promise<WorkloadReport> {
  const podium: Record<string, number> = {};
  const shares: number[] = [];
  let most = 0;
  for (const range of Object.keys(metricRanges) as MetricRange[]) {
    const { cpu, sent, bytes } = await busyMinute(range);
    shares.push((cpu / 60_000) * 100);
    most = Math.max(most, sent);
    podium[`${range}: CPU of a picture, ms`] = cpu / sent;
    podium[`${range}: size of a picture, KB`] = bytes / sent / 1_024;
    podium[`${range}: share of a core, %`] = (cpu / 60_000) * 100;
  }
  return {
    systems: { P: podium },
    checks: [
      check('panel, of a core', Math.max(...shares), '<=', 2, '%'),
      // The first one is there at once, the minute is for the others.
      check('pictures a second', (most - 1) / 60, '<=', 2, '/s'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { panel };
