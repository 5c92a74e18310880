/** A `JudgementStore` of plain lists, for trying the refiner by itself. */
import type { Instant, TaskId, WorkspaceId } from '../../src/core/model.ts';
import { frameOf } from '../../src/core/priority/frame.ts';
import { freshness, renewsAt } from '../../src/core/priority/freshness.ts';
import type {
  AwaitingJudgement,
  CachedJudgement,
  JudgedExample,
  JudgementStore,
  JudgingRound,
  Readiness,
  ReadyLane,
  TaskVerdict,
  UnjudgedTask,
} from '../../src/core/priority/judgementStore.ts';

interface Entry {
  readonly workspaceId: WorkspaceId;
  task: UnjudgedTask;
  waits: boolean;
  verdict: TaskVerdict | undefined;
}

/** So many tasks are ready in one lane. */
export function readyTasks(count: number, workspace = 'home', signature = ''): ReadyLane {
  return { workspaceId: workspace as WorkspaceId, signature, count };
}

export class MemoryJudgements implements JudgementStore {
  readonly #entries = new Map<TaskId, Entry>();
  readonly cache = new Map<string, CachedJudgement>();
  goal = '';
  isOn = false;
  ready: readonly ReadyLane[] = [readyTasks(100)];

  add(title: string, over: Partial<UnjudgedTask> = {}, workspace = 'home'): TaskId {
    const id = `task-${this.#entries.size + 1}` as TaskId;
    const task: UnjudgedTask = {
      id,
      title,
      description: '',
      opinion: 'first',
      upstream: [],
      ...over,
    };
    this.#entries.set(id, { workspaceId: workspace as WorkspaceId, task, waits: true, verdict: undefined });
    return id;
  }

  verdict(id: TaskId): TaskVerdict | undefined {
    return this.#entries.get(id)?.verdict;
  }

  /** Every verdict in force. */
  all(): readonly TaskVerdict[] {
    return [...this.#entries.values()].flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict]));
  }

  get waiting(): number {
    return this.#waiting().length;
  }

  setJudging(on: boolean): Promise<void> {
    this.isOn = on;
    return Promise.resolve();
  }

  awaitingJudgement(): Promise<readonly AwaitingJudgement[]> {
    const counts = new Map<WorkspaceId, { first: number; second: number }>();
    for (const { workspaceId, task } of this.#waiting()) {
      const count = counts.get(workspaceId) ?? { first: 0, second: 0 };
      count[task.opinion === 'first' ? 'first' : 'second'] += 1;
      counts.set(workspaceId, count);
    }
    return Promise.resolve([...counts].map(([workspaceId, count]) => ({ workspaceId, ...count })));
  }

  readiness(most: number): Promise<Readiness> {
    const lanes = this.ready.map((lane) => ({ ...lane, count: Math.min(most, lane.count) }));
    return Promise.resolve({ lanes, running: [] });
  }

  judgingRound(workspaceId: WorkspaceId, model: string, limit: number, now: Instant): Promise<JudgingRound> {
    const here = [...this.#entries.values()].filter((entry) => entry.workspaceId === workspaceId);
    const waiting = here.filter(({ waits }) => waits && this.isOn).map(({ task }) => task);
    const frame = frameOf(workspaceId, this.goal, model);
    const judged = here.flatMap(({ task, waits, verdict }) =>
      waits || verdict === undefined ? [] : [{ task, verdict }],
    );
    const isOld = ({ key, at }: TaskVerdict): boolean =>
      !key.startsWith(frame) || ['renew', 'expired'].includes(freshness(key, at, now));
    const tasks = [
      ...waiting.filter(({ opinion }) => opinion === 'first'),
      ...waiting.filter(({ opinion }) => opinion === 'second'),
      ...judged
        .filter(({ verdict }) => isOld(verdict))
        .map(({ task }) => ({ ...task, opinion: 'renewal' as const })),
    ];
    const next = judged
      .filter(({ verdict }) => !isOld(verdict))
      .map(({ verdict: { key, at } }) => renewsAt(key, at) + 1);
    const examples: JudgedExample[] = judged
      .filter(
        ({ verdict: { value, said, speaks, source } }) => value === said && !speaks && source !== 'default',
      )
      .map(({ task: { title }, verdict: { value, key } }) => ({ title, value, key }));
    return Promise.resolve({
      tasks: tasks.slice(0, limit),
      context: { goal: this.goal, blocked: 0, oldestDays: 0 },
      examples,
      company: here.map(({ task: { id, title, description } }) => ({ id, title, description })),
      renewAt: next.length === 0 ? null : Math.min(...next),
    });
  }

  judgeAgain(workspaceId: WorkspaceId): Promise<void> {
    this.cache.clear();
    for (const entry of this.#entries.values()) {
      if (entry.workspaceId !== workspaceId) continue;
      entry.waits = true;
      entry.task = { ...entry.task, opinion: 'first' };
    }
    return Promise.resolve();
  }

  judge(verdicts: readonly TaskVerdict[], said: readonly CachedJudgement[], _now: Instant): Promise<void> {
    for (const one of said) this.cache.set(one.key, one);
    for (const verdict of verdicts) {
      const entry = this.#entries.get(verdict.taskId);
      if (entry === undefined || verdict.goal !== this.goal) continue;
      entry.verdict = verdict;
      entry.waits = verdict.unconfirmed;
      entry.task = { ...entry.task, opinion: 'second' };
    }
    return Promise.resolve();
  }

  cachedJudgements(keys: readonly string[]): Promise<ReadonlyMap<string, CachedJudgement>> {
    const found = keys.flatMap((key) => {
      const one = this.cache.get(key);
      return one === undefined ? [] : [[key, one] as const];
    });
    return Promise.resolve(new Map(found));
  }

  #waiting(): Entry[] {
    return this.isOn ? [...this.#entries.values()].filter(({ waits }) => waits) : [];
  }
}
