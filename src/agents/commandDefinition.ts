/** What makes a program an agent: its definition, and the argument vector, input and environment of one run. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Milliseconds, Task } from '../core/model.ts';
import type { AgentDescription } from '../core/ports.ts';
import { inboxFile, outboxFile, runMark } from './runFiles.ts';

/** How a program is told the title and description of its task. */
export const promptDeliveries = ['stdin', 'argument', 'none'] as const;
export type PromptDelivery = (typeof promptDeliveries)[number];

export interface CommandDefinition {
  readonly description: AgentDescription;
  /**
   * Program and arguments; null when each task brings its own. `${node}` as the first element is the editor's own
   * Node; `${workspaceFolder}` is replaced anywhere in it, but never in what a task brings.
   */
  readonly argv: readonly string[] | null;
  readonly prompt: PromptDelivery;
  /** Relative to the workspace folder; must not lead out of it. */
  readonly cwd: string;
  /** Added to the editor's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Bytes of output kept from the beginning. */
  readonly outputLimit: number;
}

/** For programs that say nothing of the kind: long enough for a build, short enough to notice. */
export const fallbackTimeout: Milliseconds = 30 * 60_000;

const nodePlaceholder = '${node}';
const folderPlaceholder = '${workspaceFolder}';

export interface Invocation {
  readonly argv: readonly string[];
  /** Text for the standard input; null for none. */
  readonly prompt: string | null;
}

/** The words of a task are one argument after `--`, or input; whatever they say, they cannot become an option. */
export function invocationOf(definition: CommandDefinition, task: Task, folder: string): Invocation {
  const template = definition.argv?.map((part) => part.replaceAll(folderPlaceholder, folder));
  const [program = '', ...rest] = template ?? task.input.argv ?? [];
  const argv = [program === nodePlaceholder ? process.execPath : program, ...rest];
  const prompt = promptOf(task);
  switch (definition.prompt) {
    case 'stdin':
      return { argv, prompt };
    case 'argument':
      return { argv: [...argv, '--', prompt.trimEnd()], prompt: null };
    case 'none':
      return { argv, prompt: null };
  }
}

/** Title, an empty line, description. A zero character, which no argument can hold, is left out. */
function promptOf({ title, description }: Task): string {
  const text = description === '' ? `${title}\n` : `${title}\n\n${description}\n`;
  return text.replaceAll('\0', '');
}

/** Variables by which the editor speaks to its own processes; programs of a task are not among them. */
const editorVariable = /^(?:ELECTRON_|VSCODE_(?!PORTABLE$))/i;

/** The environment of a run. */
export function environmentOf(
  definition: CommandDefinition,
  task: Task,
  runDirectory: string,
  inherited: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !editorVariable.test(name)) env[name] = value;
  }
  Object.assign(env, definition.env);
  const [program] = definition.argv ?? task.input.argv ?? [];
  if (program === nodePlaceholder) env.ELECTRON_RUN_AS_NODE = '1';
  return {
    ...env,
    PODIUM_TASK_ID: task.id,
    [runMark]: runDirectory,
    PODIUM_OUTBOX: path.join(runDirectory, outboxFile),
    PODIUM_INBOX: path.join(runDirectory, inboxFile),
  };
}

export type WorkingDirectory =
  | { readonly kind: 'found'; readonly path: string }
  | {
      readonly kind: 'refused';
      readonly code: 'outside-workspace' | 'missing-folder';
      readonly message: string;
    };

/** The folder to run in, with every link followed. @param cwd relative to `folder` */
export async function workingDirectory(folder: string, cwd: string): Promise<WorkingDirectory> {
  const wanted = path.resolve(folder, cwd);
  const missing = {
    kind: 'refused',
    code: 'missing-folder',
    message: `There is no folder ${wanted}.`,
  } as const;
  const [root, actual] = await Promise.all(
    [folder, wanted].map((one) => realpath(one).catch(() => undefined)),
  );
  if (root === undefined || actual === undefined) return missing;
  if (!isInside(root, actual)) {
    const message = `The folder ${cwd} leads out of the workspace, to ${actual}.`;
    return { kind: 'refused', code: 'outside-workspace', message };
  }
  const facts = await stat(actual).catch(() => undefined);
  return facts?.isDirectory() === true ? { kind: 'found', path: actual } : missing;
}

function isInside(root: string, target: string): boolean {
  const way = path.relative(root, target);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}
