/** Reads `podium.sample.json`: the tasks a folder brings along to show what Podium does. Nothing in it is trusted. */
import { PodiumError } from '../core/errors.ts';
import { priorityLevels } from '../core/model.ts';
import type { PriorityLevel } from '../core/model.ts';
import { isFields, isText, SettingsReader } from './settingsReader.ts';

export const sampleFile = 'podium.sample.json';

export interface SampleTask {
  /** Names the task within the file. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** Id of an agent; `check` unless the file says otherwise. */
  readonly agent: string;
  /** For agents that take a command. */
  readonly argv?: readonly string[];
  /** Amounts by resource, in place of what its agent uses. */
  readonly resources?: Readonly<Record<string, number>>;
  readonly priority: PriorityLevel;
  /** Keys of tasks that come earlier in the list. */
  readonly needs: readonly string[];
}

const fields = ['key', 'title', 'description', 'agent', 'argv', 'resources', 'priority', 'needs'];
const taskLimit = 200;

/** In an argument: the folder of the sample project. */
const folderPlaceholder = '${sample}';

/**
 * @param text the file
 * @param folder the folder it lies in, relative to the workspace folder; `.` when it is that folder
 * @returns the tasks, each after those it needs
 * @throws PodiumError `invalid-setting` with everything that is wrong
 */
export function parseSampleTasks(text: string, folder = '.'): readonly SampleTask[] {
  const problems: string[] = [];
  const tasks: SampleTask[] = [];
  const value = parseJson(text);
  const list = isFields(value) ? value.tasks : undefined;
  if (!Array.isArray(list)) throw invalid(['it must be an object with a list of "tasks"']);
  if (list.length > taskLimit) throw invalid([`it has ${list.length} tasks; ${taskLimit} are allowed`]);
  const keys = new Set<string>();
  for (const [index, item] of (list as readonly unknown[]).entries()) {
    const reader = new SettingsReader(isFields(item) ? item : {}, `task ${index + 1}`);
    reader.refuseOthers(fields);
    const key = reader.text('key') ?? String(index + 1);
    if (keys.has(key)) reader.wrong('key', 'different from those before');
    const needs = reader.read('needs', 'a list of keys', isTextList) ?? [];
    const unknown = needs.filter((one) => !keys.has(one));
    if (unknown.length > 0)
      reader.wrong('needs', `a list of keys of earlier tasks, and ${unknown.join(', ')} is none`);
    keys.add(key);
    const title = reader.text('title');
    if (title === undefined || title.trim() === '')
      reader.wrong('title', 'a string with at least one letter');
    const argv = reader.read('argv', 'a list of strings: a program and its arguments', isTextList);
    const resources = reader.read('resources', 'an object from names of resources to amounts', isAmounts);
    tasks.push({
      key,
      title: title ?? '',
      description: reader.text('description') ?? '',
      agent: reader.text('agent') ?? 'check',
      ...(argv !== undefined && { argv: argv.map((part) => part.replaceAll(folderPlaceholder, folder)) }),
      ...(resources !== undefined && { resources }),
      priority: reader.choice('priority', priorityLevels) ?? 'medium',
      needs,
    });
    problems.push(...new Set(reader.problems));
  }
  if (problems.length > 0) throw invalid(problems);
  return tasks;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isAmounts(value: unknown): value is Readonly<Record<string, number>> {
  return isFields(value) && Object.values(value).every((amount) => typeof amount === 'number');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new PodiumError('invalid-setting', `${sampleFile} is not JSON.`, { cause: thrown });
  }
}

function invalid(problems: readonly string[]): PodiumError {
  return new PodiumError('invalid-setting', `${sampleFile} cannot be used: ${problems.join(' ')}`);
}
