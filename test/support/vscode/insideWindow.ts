/** What specs inside the extension host share: Podium as other extensions see it, and the folder of the window. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Control, TaskRequest } from '../../../src/core/control.ts';
import { isFinished } from '../../../src/core/model.ts';
import type { AgentId, Task, TaskId, WorkspaceId } from '../../../src/core/model.ts';
import type { PodiumApi } from '../../../src/podium.ts';
import { eventually } from './eventually.ts';
import { processes } from './processTree.ts';

/** A task for a program in the folder of the window; `agentId` is `check` when absent. */
export type Wish = Partial<Omit<TaskRequest, 'workspaceId' | 'agentId' | 'argv'>> & {
  readonly title: string;
  readonly agent?: string;
  /** The program behind `${node}`. */
  readonly script?: string;
  readonly argv?: readonly string[];
};

/** The product in this window, once its tasks are open. */
export class Podium {
  readonly control: Control;
  readonly workspaceId: WorkspaceId;
  /** Absolute path of the folder that is open. */
  readonly folder: string;

  private constructor(control: Control, workspaceId: WorkspaceId, folder: string) {
    this.control = control;
    this.workspaceId = workspaceId;
    this.folder = folder;
  }

  static async open(): Promise<Podium> {
    const api = await vscode.extensions.getExtension<PodiumApi>('podium.podium')?.activate();
    assert.ok(api, 'the extension is installed');
    const control = await api.whenReady();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const workspaceId = (await control.snapshot()).workspaces[0]?.workspace.id;
    assert.ok(folder !== undefined && workspaceId !== undefined, 'a folder is open');
    return new Podium(control, workspaceId, folder);
  }

  async add({ agent = 'check', script, argv, ...rest }: Wish): Promise<TaskId> {
    const command = script === undefined ? argv : ['${node}', '-e', script, ...(argv ?? [])];
    return await this.control.addTask({
      ...rest,
      workspaceId: this.workspaceId,
      agentId: agent as AgentId,
      ...(command === undefined ? {} : { argv: command }),
    });
  }

  /** @throws Error when there is no such task */
  async task(id: TaskId): Promise<Task> {
    const task = await this.control.task(id);
    assert.ok(task, 'the task is there');
    return task;
  }

  async until(id: TaskId, wanted: (task: Task) => boolean, timeout = 20_000): Promise<Task> {
    return await eventually(
      async () => {
        const task = await this.task(id);
        if (wanted(task)) return task;
        throw new Error(`"${task.title.slice(0, 50)}" is ${task.status}: ${JSON.stringify(task.error)}`);
      },
      { timeout, interval: 50 },
    );
  }

  async running(id: TaskId): Promise<Task> {
    return await this.until(
      id,
      (task) =>
        task.status === 'running' && typeof task.launch?.process === 'object' && task.launch.process !== null,
    );
  }

  async finished(id: TaskId, timeout?: number): Promise<Task> {
    return await this.until(id, (task) => isFinished(task.status), timeout);
  }

  /** Adds a task and waits for its end. */
  async run(wish: Wish, timeout?: number): Promise<Task> {
    return await this.finished(await this.add(wish), timeout);
  }

  /** The words of a file in the folder, as soon as there are any. */
  async words(name: string): Promise<string[]> {
    return await eventually(async () => {
      const words = (await readFile(path.join(this.folder, name), 'utf8')).split(/\s+/).filter(Boolean);
      return words.length > 0 && words;
    });
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(path.join(this.folder, name), text);
  }

  /** Ends and deletes every task. */
  async clear(): Promise<void> {
    const { control, workspaceId } = this;
    await control.resume('all');
    await eventually(async () => {
      // One may end by itself before its turn comes.
      await Promise.allSettled((await control.unfinished(workspaceId)).map(({ id }) => control.cancel(id)));
      return (await control.unfinished(workspaceId)).length === 0;
    });
    await control.clearFinished(workspaceId);
  }
}

/** Changes a setting of Podium in the folder and gives back what undoes it. */
export async function change(key: string, value: unknown): Promise<AsyncDisposable> {
  const update = async (to: unknown): Promise<void> =>
    await vscode.workspace.getConfiguration('podium').update(key, to, vscode.ConfigurationTarget.Workspace);
  await update(value);
  return { [Symbol.asyncDispose]: () => update(undefined) };
}

/** Those of the processes that are alive. */
export async function alive(pids: readonly number[]): Promise<number[]> {
  return (await processes()).filter(({ pid, zombie }) => pids.includes(pid) && !zombie).map(({ pid }) => pid);
}
