/** Real runs of real programs in a folder of their own, with everything a run needs around them. */
import { mkdtempSync, realpathSync, rmSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandAgent } from '../../src/agents/commandAgent.ts';
import type { CommandDefinition } from '../../src/agents/commandDefinition.ts';
import { isAlive, parseIdentity } from '../../src/agents/processIdentity.ts';
import type { AgentId, Launch, ProcessIdentity, Task, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type {
  Admission,
  AgentDescription,
  AgentRun,
  PrerequisiteResult,
  SubTaskRequest,
} from '../../src/core/ports.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { permitted } from './permitted.ts';

export const supervisor = fileURLToPath(new URL('../../src/agents/supervisor.ts', import.meta.url));

export function description(over: Partial<AgentDescription> = {}): AgentDescription {
  return {
    id: 'command' as AgentId,
    label: 'Command line',
    detail: '',
    simulated: false,
    needsTrust: true,
    idempotent: false,
    writes: true,
    takesCommand: true,
    maxAttempts: 1,
    timeout: 60_000,
    ...over,
  };
}

export function definition(over: Partial<CommandDefinition> = {}): CommandDefinition {
  return {
    description: description(),
    argv: null,
    prompt: 'stdin',
    cwd: '.',
    env: {},
    outputLimit: 8_000_000,
    ...over,
  };
}

export function taskOf(argv: readonly string[], over: Partial<Task> = {}): Task {
  return {
    id: 'task-1' as TaskId,
    workspaceId: 'workspace' as WorkspaceId,
    sequence: 1,
    title: 'A task',
    description: '',
    agentId: 'command' as AgentId,
    input: { argv },
    priority: 'medium',
    score: 500,
    scoreParts: { judgement: 500, unblocking: 0, goal: 0, deadline: 0, age: 0, boost: 0 },
    judgement: null,
    pin: null,
    createdBy: 'user',
    parentId: null,
    rootId: 'task-1' as TaskId,
    contextData: { delegation_depth: 0 },
    needs: [],
    unmet: 0,
    broken: 0,
    requiredResources: [],
    held: false,
    signature: '',
    status: 'running',
    question: null,
    claim: 1,
    attempt: 0,
    interruptions: 0,
    deferrals: 0,
    lease: 1,
    notBefore: null,
    dueAt: null,
    timeout: null,
    launch: null,
    result: null,
    error: null,
    createdAt: 0,
    startedAt: 0,
    finishedAt: null,
    tokens: 0,
    costMicros: 0,
    ...over,
  };
}

/** A gate that lets everything in and knows the keys it has seen. */
export class KeyedGate {
  readonly requests: SubTaskRequest[] = [];
  readonly #ids = new Map<string, TaskId>();

  readonly create = (request: SubTaskRequest): Promise<Admission> => {
    this.requests.push(request);
    const key = request.key ?? `unnamed ${this.requests.length}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return Promise.resolve({ kind: 'existing', id: known });
    const id = `child-${this.#ids.size + 1}` as TaskId;
    this.#ids.set(key, id);
    return Promise.resolve({ kind: 'added', id, score: 500 });
  };

  get children(): number {
    return this.#ids.size;
  }
}

export class AgentBench implements Disposable {
  /** The workspace folder. */
  readonly folder: string;
  readonly gate = new KeyedGate();
  /** What the prerequisites of the task gave. */
  results: readonly PrerequisiteResult[] = [];
  readonly started: ProcessIdentity[] = [];
  readonly #root: string;

  constructor() {
    this.#root = realpathSync(mkdtempSync(path.join(tmpdir(), 'podium-agents-')));
    this.folder = path.join(this.#root, 'folder');
    mkdirSync(this.folder);
  }

  agent(over: Partial<CommandDefinition> = {}, grace = 300): CommandAgent {
    return new CommandAgent(definition(over), { clock: systemClock, supervisor, grace });
  }

  runDirectory(claim = 1): string {
    const directory = path.join(this.#root, 'runs', String(claim));
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /** What a run of a command line is given. */
  run(argv: readonly string[], over: Partial<Task> = {}): AgentRun {
    const task = taskOf(argv, over);
    return {
      task,
      folder: this.folder,
      runDirectory: this.runDirectory(task.claim),
      results: () => Promise.resolve(this.results),
      createSubTask: this.gate.create,
      started: (identity) => {
        this.started.push(identity);
        return Promise.resolve();
      },
      lease: permitted,
    };
  }

  launch(claim = 1, program: ProcessIdentity | null = null): Launch {
    return { claim, runDirectory: this.runDirectory(claim), process: program };
  }

  /** A script in the folder, as the arguments that run it. */
  script(name: string, code: string): readonly string[] {
    this.write(name, code);
    return ['${node}', name];
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  /** A file of the folder, or undefined while it is not there. */
  read(name: string): string | undefined {
    return readText(path.join(this.folder, name));
  }

  readRun(name: string, claim = 1): string | undefined {
    return readText(path.join(this.runDirectory(claim), name));
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The lines of a JSON-lines file. */
export function jsonLines(text: string | undefined): unknown[] {
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

export function identityIn(
  text: string | undefined,
  field: 'supervisor' | 'program',
): ProcessIdentity | undefined {
  if (text === undefined) return undefined;
  return parseIdentity((JSON.parse(text) as Record<string, unknown>)[field]);
}

/** Whether a pid belongs to a process that runs; one that ended and waits for its parent does not. */
export function runs(pid: number): boolean {
  if (process.platform !== 'linux') {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
  const stat = readText(`/proc/${pid}/stat`);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}

export { isAlive };

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
