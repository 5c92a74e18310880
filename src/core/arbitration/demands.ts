/**
 * What tasks need: what a task declares; otherwise what its agent uses, and with it what runs of its kind were seen to
 * use that nobody has declared. Habits are kept in the store; when one changes, tasks that wait change with it.
 */
import { messageOf } from '../errors.ts';
import type { Creator, ResourceDemand, Task, WorkspaceId } from '../model.ts';
import type { AgentDescription, AgentOutcome, Agents, Log, Store } from '../ports.ts';
import { afterRun, asksAlike, doerOf } from './habits.ts';
import type { Habit } from './habits.ts';
import { checkDemands, declaredIn, requirementsOf, signatureOf } from './requirements.ts';
import type { Resources } from './resource.ts';

export interface DemandPorts {
  readonly store: Pick<Store, 'note' | 'putNote' | 'workspaces' | 'unfinished' | 'editTask'>;
  readonly agents: Agents;
  readonly resources: () => Resources;
  readonly log: Log;
}

/** What decides what a task needs. */
export interface Wish {
  readonly workspaceId: WorkspaceId;
  readonly argv: readonly string[] | undefined;
  /** Undefined when the task says nothing itself. */
  readonly declared: readonly ResourceDemand[] | undefined;
  /** What an agent says of a task that it makes may add to what the doer uses, and take nothing away. */
  readonly createdBy: Creator;
}

type Doing = Pick<AgentDescription, 'id' | 'needsTrust' | 'writes' | 'resources' | 'calls'>;

const noteName = 'habits';
/** What tasks were brought up to date by. */
const basisName = 'demands';
/** Tasks changed at a time. */
const together = 100;
/** Kinds of runs that are remembered; whose runs told of something longest ago goes first. */
const mostHabits = 200;
/** Most unfinished tasks of a workspace that are looked at. */
const renewed = 100_000;

export class Demands {
  readonly #ports: DemandPorts;
  #habits = new Map<string, Habit>();
  /** Habits that have changed since tasks were renewed. */
  readonly #changed = new Set<string>();

  constructor(ports: DemandPorts) {
    this.#ports = ports;
  }

  /** Reads the habits, as they were kept. */
  async load(): Promise<void> {
    this.#habits = parseHabits(await this.#ports.store.note(noteName));
    this.#changed.clear();
  }

  /** @throws PodiumError `unknown-resource`, `resource-capacity` for what is declared */
  of(agent: Doing, wish: Wish): readonly ResourceDemand[] {
    const declared = checkDemands(declaredFor(agent, wish), this.#ports.resources());
    return requirementsOf(agent, wish.workspaceId, [...declared, ...this.#habitual(agent, wish)]);
  }

  /**
   * A run has ended: learns from what it has used, and from being told to use less of something. One that declares
   * what it uses says nothing of others.
   */
  async learn(task: Task, outcome: AgentOutcome, used: Readonly<Record<string, number>>): Promise<void> {
    const agent = this.#ports.agents.get(task.agentId)?.description;
    if (agent === undefined || outcome.kind === 'needs_input' || declaredIn(task) !== undefined) return;
    const limited = outcome.kind === 'failed' ? (outcome.rateLimited?.resource ?? null) : null;
    const doer = doerOf(task.agentId, task.input.argv);
    const before = this.#habits.get(doer) ?? {};
    let after = before;
    if (Object.keys(used).length > 0) after = afterRun(after, this.#undeclared(agent, used), true);
    if (limited !== null && !Object.hasOwn(after, limited))
      after = afterRun(after, this.#undeclared(agent, { [limited]: 1 }), false);
    if (after === before) return;
    this.#habits.delete(doer);
    if (Object.keys(after).length > 0) this.#habits.set(doer, after);
    for (const oldest of this.#habits.keys()) {
      if (this.#habits.size <= mostHabits) break;
      this.#habits.delete(oldest);
    }
    if (asksAlike(before, after)) return;
    this.#changed.add(doer);
    const uses = Object.entries(after).map(([name, { amount }]) => `${amount} of ${name}`);
    const { log, store } = this.#ports;
    log.write('info', `Runs of "${doer}" use ${uses.join(', ') || 'nothing'} that nobody has declared.`);
    try {
      await store.putNote(noteName, JSON.stringify(Object.fromEntries(this.#habits)));
    } catch (thrown) {
      log.write('warn', `What runs use could not be noted: ${messageOf(thrown)}`);
    }
  }

  /** Waiting tasks whose kind has another habit by now need that. Never rejects. */
  async renewLearned(): Promise<void> {
    if (this.#changed.size === 0) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    await this.#renew((task) => changed.has(doerOf(task.agentId, task.input.argv)));
  }

  /**
   * Waiting tasks need what agents, resources and habits say now: when they were configured anew, also while nobody
   * could write, and after a crash between learning something and changing what waits. Never rejects.
   */
  async renewAll(): Promise<void> {
    if ((await this.#ports.store.note(basisName)) !== this.#basis()) await this.#renew(() => true);
  }

  async #renew(isMeant: (task: Task) => boolean): Promise<void> {
    const { store, agents, log } = this.#ports;
    const basis = this.#basis();
    try {
      for (const { id: workspaceId } of await store.workspaces()) {
        const stale = (await store.unfinished(workspaceId, renewed)).flatMap((task) => {
          const agent = agents.get(task.agentId)?.description;
          if (agent === undefined || task.status === 'running' || !isMeant(task)) return [];
          const { createdBy, input } = task;
          const wish = { workspaceId, argv: input.argv, declared: declaredIn(task), createdBy };
          const needed = [...declaredFor(agent, wish), ...this.#habitual(agent, wish)];
          const requiredResources = requirementsOf(agent, workspaceId, needed);
          const signature = signatureOf(requiredResources);
          return signature === task.signature ? [] : [{ task, edit: { requiredResources, signature } }];
        });
        // What is written together shares a sync.
        for (let from = 0; from < stale.length; from += together)
          await Promise.all(
            stale.slice(from, from + together).map(({ task, edit }) => this.#change(task, edit)),
          );
      }
      await store.putNote(basisName, basis);
    } catch (thrown) {
      log.write('warn', `What tasks need could not be brought up to date: ${messageOf(thrown)}`);
    }
  }

  /** All that what a task needs follows from, but for the task itself. */
  #basis(): string {
    const { agents, resources } = this.#ports;
    return JSON.stringify([
      agents
        .list()
        .map(({ id, needsTrust, writes, resources: own, calls }) => [id, needsTrust, writes, own, calls]),
      [...resources()].map(([name, { capacity }]) => [name, capacity]),
      [...this.#habits],
    ]);
  }

  /** One that has started or gone meanwhile needs nothing else any more. */
  async #change(task: Task, edit: Pick<Task, 'requiredResources' | 'signature'>): Promise<void> {
    try {
      await this.#ports.store.editTask(task.id, edit);
    } catch (thrown) {
      this.#ports.log.write('info', `"${task.title}" keeps what it needs: ${messageOf(thrown)}`);
    }
  }

  /** What a task that declares nothing needs beside what its agent declares: as much as there ever is at most. */
  #habitual(agent: Doing, { argv, declared }: Wish): readonly ResourceDemand[] {
    if (declared !== undefined) return [];
    const habit = this.#habits.get(doerOf(agent.id, argv)) ?? {};
    const amounts = Object.entries(habit).map(([name, { amount }]) => [name, amount] as const);
    const known = this.#ports.resources();
    return Object.entries(this.#undeclared(agent, Object.fromEntries(amounts))).map(([resource, amount]) => ({
      resource,
      amount: Math.min(amount, known.get(resource)?.capacity ?? 0),
    }));
  }

  /** What the settings know and the agent does not name. */
  #undeclared(agent: Doing, used: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    const known = this.#ports.resources();
    const declared = new Set(
      [...(agent.resources ?? []), ...(agent.calls ?? [])].map(({ resource }) => resource),
    );
    return Object.fromEntries(
      Object.entries(used).filter(([name]) => known.has(name) && !declared.has(name)),
    );
  }
}

/** What is said of a task, and what the doer uses whatever is said. */
function declaredFor(agent: Doing, { declared, createdBy }: Wish): readonly ResourceDemand[] {
  const own = agent.resources ?? [];
  const said = declared === undefined ? own : createdBy === 'agent' ? greater(declared, own) : declared;
  return greater(said, agent.calls ?? []);
}

/** Of each resource the greater amount. */
function greater(
  one: readonly ResourceDemand[],
  other: readonly ResourceDemand[],
): readonly ResourceDemand[] {
  const amounts = new Map(one.map(({ resource, amount }) => [resource, amount]));
  for (const { resource, amount } of other)
    amounts.set(resource, Math.max(amount, amounts.get(resource) ?? 0));
  return [...amounts].map(([resource, amount]) => ({ resource, amount }));
}

/** What cannot be read is learned anew. */
function parseHabits(text: string | undefined): Map<string, Habit> {
  const habits = new Map<string, Habit>();
  for (const [doer, value] of entriesIn(parsed(text))) {
    const habit = entriesIn(value).flatMap(([name, usage]) => {
      const { mean, amount } = Object.fromEntries(entriesIn(usage));
      const isSound = typeof mean === 'number' && typeof amount === 'number' && amount >= 1;
      return isSound ? [[name, { mean, amount }] as const] : [];
    });
    if (habit.length > 0) habits.set(doer, Object.fromEntries(habit));
  }
  return habits;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

function entriesIn(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
