/** A `JudgementStore` of plain lists, for trying the refiner by itself. */
import type { Instant, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type {
  AwaitingJudgement,
  CachedJudgement,
  JudgementStore,
  JudgingRound,
  ReadyCount,
  TaskVerdict,
  UnjudgedTask,
} from '../../src/core/priority/judgementStore.ts';

interface Entry {
  readonly workspaceId: WorkspaceId;
  task: UnjudgedTask;
  waits: boolean;
  verdict: TaskVerdict | undefined;
}

export class MemoryJudgements implements JudgementStore {
  readonly #entries = new Map<TaskId, Entry>();
  readonly cache = new Map<string, CachedJudgement>();
  goal = '';
  isOn = false;
  ready: readonly ReadyCount[] = [{ workspaceId: 'home' as WorkspaceId, count: 100, isPaused: false }];

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
      count[task.opinion] += 1;
      counts.set(workspaceId, count);
    }
    return Promise.resolve([...counts].map(([workspaceId, count]) => ({ workspaceId, ...count })));
  }

  readyCounts(): Promise<readonly ReadyCount[]> {
    return Promise.resolve(this.ready);
  }

  judgingRound(workspaceId: WorkspaceId, limit: number): Promise<JudgingRound> {
    const tasks = this.#waiting()
      .filter((entry) => entry.workspaceId === workspaceId)
      .map(({ task }) => task);
    const inOrder = [
      ...tasks.filter(({ opinion }) => opinion === 'first'),
      ...tasks.filter(({ opinion }) => opinion === 'second'),
    ];
    return Promise.resolve({
      tasks: inOrder.slice(0, limit),
      context: { goal: this.goal, blocked: 0, oldestDays: 0 },
      examples: [],
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

  judge(verdicts: readonly TaskVerdict[], said: readonly CachedJudgement[], _at: Instant): Promise<void> {
    for (const one of said) this.cache.set(one.key, one);
    for (const verdict of verdicts) {
      const entry = this.#entries.get(verdict.taskId);
      if (entry === undefined) continue;
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
