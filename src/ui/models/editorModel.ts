/** A model that the editor offers. Its first use follows a user's action; the editor asks for permission then. */
import { CancellationTokenSource, LanguageModelChatMessage, LanguageModelError, lm } from 'vscode';
import type { LanguageModelAccessInformation, LanguageModelChat } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { Model, ModelFailure, ModelReply, ModelRequest, Permit } from '../../core/models.ts';

export class EditorModel implements Model {
  readonly name: string;
  readonly #choice: string;
  readonly #access: LanguageModelAccessInformation;
  readonly #hasActed: () => boolean;

  /**
   * @param choice `vendor/family`
   * @param hasActed whether a person has just asked for this call, so that the editor may ask for permission
   */
  constructor(choice: string, access: LanguageModelAccessInformation, hasActed: () => boolean) {
    this.name = `${choice} of the editor`;
    this.#choice = choice;
    this.#access = access;
    this.#hasActed = hasActed;
  }

  readonly ask = async (
    { messages, permit }: ModelRequest & { readonly permit: Permit },
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ): Promise<ModelReply> => {
    using cancelling = new Cancelling(signal);
    try {
      const [vendor = '', family = ''] = this.#choice.split('/');
      const [model] = await lm.selectChatModels(family === '' ? { vendor } : { vendor, family });
      if (model === undefined) return failed('no-model', `The editor has no model "${this.#choice}".`);
      if (this.#access.canSendRequest(model) !== true && !this.#hasActed())
        return failed('no-consent', 'The editor has not been asked yet. Use Podium: Test Connection.');
      await permit.send();
      return await this.#send(model, messages, cancelling, onText);
    } catch (thrown) {
      signal.throwIfAborted();
      return failed(failureOf(thrown), `The editor's model: ${messageOf(thrown)}`);
    }
  };

  async #send(
    model: LanguageModelChat,
    messages: ModelRequest['messages'],
    cancelling: Cancelling,
    onText: ((piece: string) => void) | undefined,
  ): Promise<ModelReply> {
    // The editor knows no system messages: they are said by the user, first.
    const worded = messages.map(({ role, content }) =>
      role === 'assistant'
        ? LanguageModelChatMessage.Assistant(content)
        : LanguageModelChatMessage.User(content),
    );
    const justification = 'Podium judges the value of your tasks, or does the prompt tasks you added.';
    const response = await model.sendRequest(worded, { justification }, cancelling.token);
    let text = '';
    for await (const piece of response.text) {
      text += piece;
      onText?.(piece);
    }
    // An answer is not lost because nobody can say how long it is.
    const count = async (words: string): Promise<number | null> => {
      try {
        return await model.countTokens(words, cancelling.token);
      } catch {
        return null;
      }
    };
    const prompt = messages.map(({ content }) => content).join('\n');
    return {
      kind: 'answered',
      text,
      usage: { promptTokens: await count(prompt), completionTokens: await count(text) },
      whole: true,
    };
  }
}

/** A signal as the editor's kind of token. */
class Cancelling implements Disposable {
  readonly #source = new CancellationTokenSource();
  readonly #signal: AbortSignal;
  readonly #cancel = (): void => this.#source.cancel();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#cancel, { once: true });
    if (signal.aborted) this.#cancel();
  }

  get token(): CancellationTokenSource['token'] {
    return this.#source.token;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#cancel);
    this.#source.dispose();
  }
}

function failureOf(thrown: unknown): ModelFailure {
  if (!(thrown instanceof LanguageModelError)) return 'unavailable';
  if (thrown.code === LanguageModelError.NoPermissions().code) return 'no-consent';
  if (thrown.code === LanguageModelError.NotFound().code) return 'no-model';
  if (thrown.code === LanguageModelError.Blocked().code) return 'quota';
  return 'unavailable';
}

function failed(failure: ModelFailure, message: string): ModelReply {
  return { kind: 'failed', failure, message, retryAfter: null };
}
