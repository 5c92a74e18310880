/** Asks, once in a window, whether tasks that a folder has in the storage of another window are to be brought. */
import { commands, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { withoutLinks } from './present/plain.ts';
import { offerText } from './present/offer.ts';
import { keyOf } from './tree/nodeKey.ts';
import type { ElsewhereTasks, FolderOffer } from './uiHost.ts';

const bring = 'Bring Tasks';
const notNow = 'Not Now';
const never = 'Never for This Folder';

export class BringOffers implements Disposable {
  readonly #log: Log;
  readonly #changed: () => void;
  /** Asked about in this window. */
  readonly #asked = new Set<string>();
  #listener: { dispose(): unknown } | undefined;

  /** @param changed told when other offers are to be shown */
  constructor(log: Log, changed: () => void) {
    this.#log = log;
    this.#changed = changed;
  }

  /** Asks about what this house has to offer from now on. */
  follow(elsewhere: ElsewhereTasks | undefined): void {
    this.#listener?.dispose();
    this.#listener = elsewhere?.onDidChange(() => this.#look(elsewhere));
    if (elsewhere === undefined) this.#changed();
    else this.#look(elsewhere);
  }

  [Symbol.dispose](): void {
    this.#listener?.dispose();
  }

  #look(elsewhere: ElsewhereTasks): void {
    this.#changed();
    for (const offer of elsewhere.offers) {
      const name = `${offer.workspaceId} ${offer.storage}`;
      if (this.#asked.has(name)) continue;
      this.#asked.add(name);
      this.#ask(elsewhere, offer).catch((thrown: unknown) => {
        this.#log.write('error', `An offer could not be made: ${messageOf(thrown)}`);
      });
    }
  }

  async #ask(elsewhere: ElsewhereTasks, offer: FolderOffer): Promise<void> {
    const text = withoutLinks(offerText(offer));
    const answer = await window.showInformationMessage(text, bring, notNow, never);
    if (answer === never) await elsewhere.never(offer.workspaceId);
    if (answer === bring) {
      await commands.executeCommand('podium.bringTasks', keyOf({ kind: 'elsewhere', id: offer.workspaceId }));
    }
  }
}
