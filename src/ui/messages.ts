/** Says what went wrong: once, in a sentence, with what can be done about it. */
import { commands, window } from 'vscode';
import { messageOf, PodiumError } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { errorActions } from './present/errorActions.ts';
import type { MessageAction } from './present/errorActions.ts';
import { withoutLinks } from './present/plain.ts';
import { clipped } from './present/words.ts';

/** Characters of a notification; the log has the rest. */
const shownLength = 400;

export class Messages {
  readonly #log: Log;
  /** Texts on the screen right now. */
  readonly #open = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Shows an error. What is not a PodiumError is a defect: it goes to the log with its stack. */
  error(thrown: unknown): void {
    if (thrown instanceof PodiumError) {
      this.#log.write('warn', thrown.message, { code: thrown.code, cause: causeOf(thrown) });
      this.#show(window.showErrorMessage, thrown.message, errorActions(thrown.code));
      return;
    }
    const stack = thrown instanceof Error ? thrown.stack : undefined;
    this.#log.write('error', `Unexpected: ${messageOf(thrown)}`, { stack });
    this.#show(
      window.showErrorMessage,
      `Something unexpected went wrong: ${messageOf(thrown)}`,
      errorActions(undefined),
    );
  }

  /** Goes on without waiting until the message is read. */
  info(text: string, ...actions: readonly MessageAction[]): void {
    this.#show(window.showInformationMessage, text, actions);
  }

  #show(show: typeof window.showErrorMessage, raw: string, actions: readonly MessageAction[]): void {
    const text = withoutLinks(clipped(raw, shownLength));
    if (this.#open.has(text)) return;
    this.#open.add(text);
    void this.#ask(show, text, actions);
  }

  async #ask(
    show: typeof window.showErrorMessage,
    text: string,
    actions: readonly MessageAction[],
  ): Promise<void> {
    try {
      const chosen = await show(text, ...actions.map(({ title }) => title));
      this.#open.delete(text);
      const action = actions.find(({ title }) => title === chosen);
      if (action !== undefined) await commands.executeCommand(action.command, ...(action.arguments ?? []));
    } catch (thrown) {
      this.#open.delete(text);
      this.#log.write('error', `A message or its action failed: ${messageOf(thrown)}`);
    }
  }
}

function causeOf(error: Error): string | undefined {
  return error.cause === undefined ? undefined : messageOf(error.cause);
}
