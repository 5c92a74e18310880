/**
 * The one door through which tasks come to be, whoever asks. It checks what was asked for, computes parent, root and
 * delegation depth, and hands validated drafts to the store; nothing else inserts.
 */
import type { TaskChange } from '../control.ts';
import type { Demands } from '../arbitration/demands.ts';
import { declaredIn, signatureOf } from '../arbitration/requirements.ts';
import { PodiumError } from '../errors.ts';
import type { History } from '../history/history.ts';
import { plainText } from '../priority/plainText.ts';
import type { Meanings } from '../priority/meanings.ts';
import { likenessOf } from './likeness.ts';
import { withoutPast } from '../history/pastNeeds.ts';
import type { ErrorCode } from '../errors.ts';
import { priorityLevels } from '../model.ts';
import type {
  AgentId,
  Creator,
  Instant,
  Milliseconds,
  PriorityLevel,
  Task,
  TaskId,
  TaskInput,
  WorkspaceId,
} from '../model.ts';
import type {
  Admission,
  AgentDescription,
  Agents,
  Chance,
  Clock,
  Store,
  SubTaskRequest,
  TaskDraft,
  TaskEdit,
} from '../ports.ts';

/** Longest title, in characters: it is a line in a tree. */
export const titleLimit = 500;
/** Longest description, in characters: it is a prompt. */
export const descriptionLimit = 100_000;
const argumentLimit = 1_000;
const argumentsLength = 100_000;

/** A task as someone words it, before it is checked. */
export interface CreationRequest {
  readonly workspaceId: WorkspaceId;
  readonly title: string;
  readonly description?: string | undefined;
  readonly agentId: AgentId;
  readonly argv?: readonly string[] | undefined;
  readonly priority?: string | undefined;
  readonly needs?: readonly TaskId[] | undefined;
  readonly timeout?: Milliseconds | null | undefined;
  readonly dueAt?: Instant | null | undefined;
  /** Amounts by resource, in place of what its agent uses. */
  readonly resources?: Readonly<Record<string, number>> | undefined;
}

/** A task that came to be, with its title as it is kept. */
export interface Added {
  readonly id: TaskId;
  readonly title: string;
  readonly score: number;
}

interface GatePorts {
  readonly store: Pick<Store, 'addTasks' | 'editTask' | 'task'>;
  /** What tells loops and duplicates among the tasks of agents; without it only equal words do. */
  readonly meanings?: Pick<Meanings, 'load' | 'keysOf'> | undefined;
  /** Where prerequisites may be that the store has let go. */
  readonly past?: Pick<History, 'findMany'> | undefined;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly demands: Pick<Demands, 'of'>;
}

export class Gate {
  readonly #ports: GatePorts;

  constructor(ports: GatePorts) {
    this.#ports = ports;
  }

  /**
   * Adds a user's tasks under ids from `reserveIds`; `needs` may name drafts earlier in the list.
   * @throws PodiumError for the first request that is refused, and then none is added.
   */
  async addForUser(requests: readonly CreationRequest[], ids: readonly TaskId[]): Promise<readonly Added[]> {
    const drafts = requests.map((request, index) =>
      this.#draft(request, ids[index] ?? this.#newId(), 'user', null, null),
    );
    const admissions = await this.#admitted(drafts);
    return admissions.map((admission, index) => {
      if (admission.kind === 'refused') throw new PodiumError(admission.code, admission.message);
      const { title = '' } = drafts[index] ?? {};
      return { id: admission.id, title, score: admission.kind === 'added' ? admission.score : 0 };
    });
  }

  reserveIds(count: number): readonly TaskId[] {
    return Array.from({ length: count }, () => this.#newId());
  }

  /** Adds a sub-task of `parent` at an agent's request. A refusal is an answer the agent can read. */
  async addForAgent(parent: Task, request: SubTaskRequest): Promise<Admission> {
    try {
      const agentId = (request.agent ?? parent.agentId) as AgentId;
      const inherits = request.argv === undefined && agentId === parent.agentId;
      const draft = this.#draft(
        {
          workspaceId: parent.workspaceId,
          title: request.title,
          description: request.description,
          agentId,
          argv: inherits ? parent.input.argv : request.argv,
          priority: request.priority ?? parent.priority,
          needs: request.needs as readonly TaskId[] | undefined,
          resources: request.resources ?? (inherits ? parent.input.resources : undefined),
        },
        this.#newId(),
        'agent',
        parent.id,
        request.key ?? null,
      );
      const meaningOf = await this.#meaning();
      const likeness = await likenessOf(draft, parent, this.#ports.store, meaningOf);
      // A command line of the agent's own may do anything, whatever the agent it names says of itself.
      const writes = request.argv !== undefined || this.#agent(agentId).writes;
      const [admission] = await this.#admitted([{ ...draft, ...likeness, writes }]);
      return admission ?? refusal('unknown-task', 'The store gave no answer.');
    } catch (thrown) {
      if (thrown instanceof PodiumError) return refusal(thrown.code, thrown.message);
      throw thrown;
    }
  }

  /**
   * Changes what a task says, by the rules of creation; what is not mentioned stays.
   * @throws PodiumError what the store throws; `unknown-dependency` also for what was not completed and archived
   */
  async change(task: Task, change: TaskChange): Promise<void> {
    const agentId = change.agentId ?? task.agentId;
    const keepsCommand = agentId === task.agentId || this.#agent(agentId).takesCommand;
    const request = {
      workspaceId: task.workspaceId,
      title: change.title ?? task.title,
      description: change.description ?? task.description,
      agentId,
      argv: change.argv ?? (keepsCommand ? task.input.argv : undefined),
      priority: change.priority ?? task.priority,
      resources: change.resources ?? task.input.resources,
    };
    await this.#edit(task.id, {
      ...this.#check(request, task.createdBy),
      agentId,
      ...(change.needs === undefined ? {} : { needs: [...new Set(change.needs)] }),
      ...(change.timeout === undefined ? {} : { timeout: change.timeout }),
      ...(change.dueAt === undefined ? {} : { dueAt: change.dueAt }),
    });
  }

  async #edit(id: TaskId, edit: TaskEdit): Promise<void> {
    const { store, past } = this.#ports;
    try {
      await store.editTask(id, edit);
    } catch (thrown) {
      const unknown = thrown instanceof PodiumError && thrown.code === 'unknown-dependency';
      if (!unknown || past === undefined || edit.needs === undefined) throw thrown;
      await store.editTask(id, { ...edit, needs: await withoutPast(edit.needs, new Set(), { store, past }) });
    }
  }

  async #meaning(): Promise<(title: string) => string> {
    const { meanings } = this.#ports;
    if (meanings === undefined) return plainText;
    await meanings.load();
    return (title) => meanings.keysOf({ title, description: '', upstream: [] }).shared;
  }

  /** Hands drafts to the store; only when that does not know what they wait for, the past is asked. */
  async #admitted(drafts: readonly TaskDraft[]): Promise<readonly Admission[]> {
    const { store, past } = this.#ports;
    const admissions = await store.addTasks(drafts);
    const unknown = admissions.some(
      (admission) => admission.kind === 'refused' && admission.code === 'unknown-dependency',
    );
    if (!unknown || past === undefined) return admissions;
    const known = new Set(drafts.map((draft) => draft.id));
    const waiting: TaskDraft[] = [];
    for (const draft of drafts)
      waiting.push({ ...draft, needs: await withoutPast(draft.needs, known, { store, past }) });
    return await store.addTasks(waiting);
  }

  /** Checks words by the rules of creation. @throws PodiumError */
  #check(
    request: CreationRequest,
    createdBy: Creator,
  ): Pick<TaskDraft, 'title' | 'description' | 'input' | 'priority' | 'requiredResources' | 'signature'> {
    const agent = this.#agent(request.agentId);
    const { workspaceId, argv, resources } = request;
    const declared = declaredIn({ input: resources === undefined ? {} : { resources } });
    const requiredResources = this.#ports.demands.of(agent, { workspaceId, argv, declared, createdBy });
    return {
      title: checkTitle(request.title),
      description: checkDescription(request.description ?? ''),
      input: {
        ...checkInput(agent, request.argv),
        ...(resources === undefined ? {} : { resources }),
      },
      priority: checkPriority(request.priority ?? 'medium'),
      requiredResources,
      signature: signatureOf(requiredResources),
    };
  }

  #draft(
    request: CreationRequest,
    id: TaskId,
    createdBy: Creator,
    parentId: TaskId | null,
    createKey: string | null,
  ): TaskDraft {
    return {
      id,
      workspaceId: request.workspaceId,
      agentId: request.agentId,
      ...this.#check(request, createdBy),
      needs: [...new Set(request.needs ?? [])],
      parentId,
      createdBy,
      createKey,
      timeout: request.timeout ?? null,
      dueAt: request.dueAt ?? null,
      createdAt: this.#ports.clock.wallClock(),
    };
  }

  #agent(id: AgentId): AgentDescription {
    const agent = this.#ports.agents.get(id);
    if (agent !== undefined) return agent.description;
    const known = this.#ports.agents.list().map((other) => other.id);
    throw new PodiumError(
      'unknown-agent',
      `There is no agent "${clip(id)}". Known agents: ${known.join(', ')}.`,
    );
  }

  #newId(): TaskId {
    return this.#ports.chance.newId() as TaskId;
  }
}

function refusal(code: ErrorCode, message: string): Admission {
  return { kind: 'refused', code, message };
}

/** A title is one line: white space and control characters become single spaces. */
function checkTitle(raw: string): string {
  const title = raw.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (title === '') throw new PodiumError('invalid-title', 'A task needs a title.');
  if (title.length > titleLimit) {
    throw new PodiumError(
      'invalid-title',
      `The title has ${title.length} characters; ${titleLimit} are allowed. Put the rest into the description.`,
    );
  }
  return title;
}

function checkDescription(raw: string): string {
  if (raw.length <= descriptionLimit) return raw;
  throw new PodiumError(
    'invalid-description',
    `The description has ${raw.length} characters; ${descriptionLimit} are allowed. Put it into a file and name the file.`,
  );
}

function checkPriority(raw: string): PriorityLevel {
  const level = priorityLevels.find((known) => known === raw);
  if (level !== undefined) return level;
  throw new PodiumError(
    'invalid-setting',
    `"${clip(raw)}" is no priority; use ${priorityLevels.join(', ')}.`,
  );
}

function checkInput(agent: AgentDescription, argv: readonly string[] | undefined): TaskInput {
  if (!agent.takesCommand) {
    if (argv === undefined) return {};
    throw new PodiumError(
      'invalid-command',
      `The agent "${agent.id}" runs its own command; it takes none from a task.`,
    );
  }
  const program = argv?.[0]?.trim() ?? '';
  if (argv === undefined || program === '') {
    throw new PodiumError('invalid-command', `The agent "${agent.id}" needs a command to run.`);
  }
  if (argv.length > argumentLimit || argv.reduce((sum, part) => sum + part.length, 0) > argumentsLength) {
    throw new PodiumError('invalid-command', 'The command is too long.');
  }
  if (argv.some((part) => part.includes('\0'))) {
    throw new PodiumError('invalid-command', 'A command cannot contain a zero character.');
  }
  return { argv };
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
