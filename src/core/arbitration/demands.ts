/**
 * What tasks need: what a task declares; otherwise what its agent uses, and with it what runs of its kind were seen to
 * use that nobody has declared. Habits are kept in the store; when one changes, tasks that wait change with it.
 */
import { messageOf } from '../errors.ts';
import type { ResourceDemand, Task, WorkspaceId } from '../model.ts';
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
}

type Doing = Pick<AgentDescription, 'id' | 'needsTrust' | 'writes' | 'resources'>;

const noteName = 'habits';
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
    const declared = checkDemands(wish.declared ?? agent.resources ?? [], this.#ports.resources());
    return requirementsOf(agent, wish.workspaceId, [...declared, ...this.#habitual(agent, wish)]);
  }

  /** A run has ended: learns from what it says it has used, and from being told to use less of something. */
  async learn(task: Task, outcome: AgentOutcome): Promise<void> {
    const agent = this.#ports.agents.get(task.agentId)?.description;
    if (agent === undefined || outcome.kind === 'needs_input') return;
    const limited = outcome.kind === 'failed' ? (outcome.rateLimited?.resource ?? null) : null;
    const doer = doerOf(task.agentId, task.input.argv);
    const before = this.#habits.get(doer) ?? {};
    let after = before;
    if (outcome.used !== undefined) after = afterRun(after, this.#undeclared(agent, outcome.used), true);
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

  /** Waiting tasks whose kind has another habit by now need that. */
  async renewLearned(): Promise<void> {
    if (this.#changed.size === 0) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    await this.#renew((task) => changed.has(doerOf(task.agentId, task.input.argv)));
  }

  /** Agents or resources were configured anew: all waiting tasks need what their agents need now. */
  async renewAll(): Promise<void> {
    await this.#renew(() => true);
  }

  async #renew(isMeant: (task: Task) => boolean): Promise<void> {
    const { store, agents } = this.#ports;
    for (const { id: workspaceId } of await store.workspaces()) {
      for (const task of await store.unfinished(workspaceId, renewed)) {
        const agent = agents.get(task.agentId)?.description;
        if (agent === undefined || task.status === 'running' || !isMeant(task)) continue;
        const wish = { workspaceId, argv: task.input.argv, declared: declaredIn(task) };
        const needed = [...(wish.declared ?? agent.resources ?? []), ...this.#habitual(agent, wish)];
        const requiredResources = requirementsOf(agent, workspaceId, needed);
        const signature = signatureOf(requiredResources);
        if (signature !== task.signature) await this.#change(task, { requiredResources, signature });
      }
    }
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
    const declared = new Set((agent.resources ?? []).map(({ resource }) => resource));
    return Object.fromEntries(
      Object.entries(used).filter(([name]) => known.has(name) && !declared.has(name)),
    );
  }
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
