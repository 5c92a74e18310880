/**
 * The workload `tree`: what it costs to draw the sidebar, in CPU of this thread. From the store to the rows the editor
 * is handed; the editor's own work is not in it.
 */
import type { SnapshotWish } from '../../src/core/control.ts';
import type { Desk } from '../../src/core/desk.ts';
import { Meter } from '../../src/core/metrics/meter.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { systemMemory } from '../../src/system/systemMemory.ts';
import { indexOf } from '../../src/ui/present/taskIndex.ts';
import { treeChange } from '../../src/ui/tree/treeChange.ts';
import { emptyTree, treeModel } from '../../src/ui/tree/treeModel.ts';
import type { TreeModel } from '../../src/ui/tree/treeModel.ts';
import { addTasks, deskOn, threadTime, withStore, workspacesOf } from './house.ts';
import { check, median } from './report.ts';
import type { WorkloadReport } from './report.ts';

const rounds = 21;

interface Drawn {
  readonly model: TreeModel;
  /** Rows the editor is told to fetch again. */
  readonly renewed: number;
  readonly cpu: number;
}

async function draw(desk: Desk, before: TreeModel, wish?: SnapshotWish): Promise<Drawn> {
  const began = threadTime();
  const snapshot = await desk.snapshot(wish);
  const model = treeModel(snapshot, { now: snapshot.at, index: indexOf(snapshot), readOnly: false });
  const change = treeChange(before, model);
  const cpu = threadTime() - began;
  return { model, renewed: change === 'none' ? 0 : change === 'all' ? model.nodes.size : change.length, cpu };
}

interface Figures {
  readonly rows: number;
  readonly first: number;
  readonly refresh: number;
  readonly renewed: number;
  readonly filtered: number;
  readonly everyRow: number;
}

async function figuresAt(count: number): Promise<Figures> {
  const meter = new Meter({ clock: systemClock, memory: systemMemory });
  return await withStore(meter, async (store) => {
    const { desk, agent } = deskOn(store, 10, meter);
    await desk.start(workspacesOf(1));
    await desk.pause('all', 'nothing is to run');
    await addTasks(desk, agent, count, 1);
    // Compiled by then, as in a window that has been open for a moment.
    for (let round = 0; round < 3; round += 1) await draw(desk, emptyTree);
    const first: number[] = [];
    const refresh: number[] = [];
    const filtered: number[] = [];
    const everyRow: number[] = [];
    let renewed = 0;
    let rows = 0;
    const [unfinished] = (await desk.snapshot()).workspaces;
    const views = unfinished?.tasks ?? [];
    for (let round = 0; round < rounds; round += 1) {
      const drawn = await draw(desk, emptyTree);
      first.push(drawn.cpu);
      rows = drawn.model.nodes.size;
      const one = views[round]?.task;
      if (one === undefined) throw new Error('There are fewer tasks than rounds.');
      await desk.editTask(one.id, { title: `Another title ${round}` });
      const again = await draw(desk, drawn.model);
      refresh.push(again.cpu);
      renewed = again.renewed;
      filtered.push((await draw(desk, emptyTree, { filter: { text: 'number 77' } })).cpu);
      everyRow.push((await draw(desk, emptyTree, { unfinished: count })).cpu);
    }
    await desk.stop();
    return {
      rows,
      first: median(first),
      refresh: median(refresh),
      renewed,
      filtered: median(filtered),
      everyRow: median(everyRow),
    };
  });
}

async function tree(): Promise<WorkloadReport> {
  const [thousand, tenThousand] = [await figuresAt(1_000), await figuresAt(10_000)];
  const named = (size: string, figures: Figures): Record<string, number> => ({
    [`rows built, ${size}`]: figures.rows,
    [`first paint, ${size}, ms of CPU`]: figures.first,
    [`refresh after one change, ${size}, ms of CPU`]: figures.refresh,
    [`rows renewed by one change, ${size}`]: figures.renewed,
    [`first paint through a filter, ${size}, ms of CPU`]: figures.filtered,
    [`first paint of every row, ${size}, ms of CPU`]: figures.everyRow,
  });
  return {
    systems: { P: { ...named('1,000', thousand), ...named('10,000', tenThousand) } },
    checks: [
      check('first paint at 1,000', thousand.first, '<=', 150, 'ms'),
      check('first paint of every row at 1,000', thousand.everyRow, '<=', 150, 'ms'),
      check('first paint at 10,000 over 1,000', tenThousand.first / thousand.first, '<=', 3, 'x'),
      check('refresh at 10,000 over 1,000', tenThousand.refresh / thousand.refresh, '<=', 3, 'x'),
      check('rows renewed by one change at 10,000', tenThousand.renewed, '<=', 2, 'rows'),
      // The longest stretch of the thread that is allowed at this size.
      check('first paint through a filter at 10,000', tenThousand.filtered, '<=', 30, 'ms'),
      // Ten times the rows, and a little for what grows faster.
      check('every row at 10,000 over 1,000', tenThousand.everyRow / thousand.everyRow, '<=', 20, 'x'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { tree };
