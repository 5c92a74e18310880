/**
 * What stands for the module `vscode` in unit tests of commands: whoever asks gets the next answer of a script. Read
 * it first (`import './fakeEditor.ts'`), then the command with `await import(…)`.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
});

interface Question {
  readonly text: string;
  readonly buttons: readonly string[];
}

/** Questions that were asked, oldest first, and the answers to the next ones. */
export const editor = {
  warnings: [] as Question[],
  picks: [] as (readonly string[])[],
  /** Button of the next warning. */
  button: undefined as string | undefined,
  /** Number of the row that is chosen in the next list. */
  row: 0,
  /** Called while a warning stands. */
  meanwhile: (): void => undefined,
};

/** Forgets what was asked and what was to be answered. */
export function freshEditor(): void {
  Object.assign(editor, { warnings: [], picks: [], button: undefined, row: 0, meanwhile: () => undefined });
}

interface Box {
  items: readonly { readonly label: string }[];
  selectedItems: readonly { readonly label: string }[];
  show(): void;
}

export const window = {
  showWarningMessage: (text: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
    editor.warnings.push({ text, buttons: rest.filter((part) => typeof part === 'string') });
    editor.meanwhile();
    return Promise.resolve(editor.button);
  },
  createQuickPick: (): Box => {
    const listeners: (() => void)[] = [];
    const nothing = (): void => undefined;
    const box = {
      items: [] as Box['items'],
      selectedItems: [] as Box['selectedItems'],
      canSelectMany: false,
      onDidAccept: (listener: () => void) => listeners.push(listener),
      onDidHide: nothing,
      onDidTriggerButton: nothing,
      dispose: nothing,
      show: () => {
        editor.picks.push(box.items.map(({ label }) => label));
        // What is ticked in a list of several stays so.
        if (!box.canSelectMany) box.selectedItems = box.items.slice(editor.row, editor.row + 1);
        for (const listener of listeners) listener();
      },
    };
    return box;
  },
};

export const QuickInputButtons = { Back: {} };
