/** What menus and welcome views are switched by. */
import { commands } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import type { Snapshot } from '../core/metrics/snapshot.ts';
import { contextOf } from './present/context.ts';
import type { ContextKeys } from './present/context.ts';
import type { ModelStanding } from './present/standingText.ts';
import { isFiltered } from './tree/treeLook.ts';
import type { TreeLook } from './tree/treeLook.ts';
import type { HostState } from './uiHost.ts';

export class Context {
  readonly #log: Log;
  readonly #set = new Map<string, unknown>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param snapshot the latest one, while there is one */
  show(state: HostState, snapshot: Snapshot | undefined): void {
    for (const [key, value] of Object.entries(contextOf(state, snapshot))) this.#put(key, value);
  }

  /** Whether the tree leaves something out. */
  showLook(look: TreeLook): void {
    this.#put('podium.filtered' satisfies keyof ContextKeys, isFiltered(look));
  }

  /** Whether there are tasks to be brought here. */
  showOffers(some: boolean): void {
    this.#put('podium.elsewhere' satisfies keyof ContextKeys, some);
  }

  /** How the models of the settings stand. */
  showModel({ kind }: ModelStanding): void {
    this.#put('podium.model' satisfies keyof ContextKeys, kind);
  }

  #put(key: string, value: unknown): void {
    if (this.#set.get(key) === value) return;
    this.#set.set(key, value);
    commands.executeCommand('setContext', key, value).then(undefined, (thrown: unknown) => {
      this.#log.write('error', `A context key could not be set: ${messageOf(thrown)}`, { key });
    });
  }
}
