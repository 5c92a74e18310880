/** What menus and welcome views are switched by. */
import { commands } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import type { Snapshot } from '../core/metrics/snapshot.ts';
import { contextOf } from './present/context.ts';
import type { ContextKeys } from './present/context.ts';
import type { HostState } from './uiHost.ts';

export class Context {
  readonly #log: Log;
  readonly #set = new Map<string, unknown>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param snapshot the latest one, while there is one */
  show(state: HostState, snapshot: Snapshot | undefined): void {
    const keys: ContextKeys = contextOf(state, snapshot);
    for (const [key, value] of Object.entries(keys)) {
      if (this.#set.get(key) === value) continue;
      this.#set.set(key, value);
      commands.executeCommand('setContext', key, value).then(undefined, (thrown: unknown) => {
        this.#log.write('error', `A context key could not be set: ${messageOf(thrown)}`, { key });
      });
    }
  }
}
