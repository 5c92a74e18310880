/** The two boxes of the editor as questions: a line of text, and a list. Every one can be left with Escape. */
import { QuickInputButtons, window } from 'vscode';
import type { InputBox, QuickInput, QuickPickItem } from 'vscode';
import type { Answer, Place } from './wizard.ts';

interface Common {
  readonly title: string;
  /** Step numbers and a way back; absent for a question that stands alone. */
  readonly place?: Place | undefined;
  readonly placeholder?: string;
}

export interface TextQuestion extends Common {
  readonly prompt: string;
  readonly value: string;
  /** A sentence about what is wrong with a value, or undefined. */
  readonly validate?: (value: string) => string | undefined;
}

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

export interface PickQuestion<T> extends Common {
  readonly choices: readonly Choice<T>[];
  /** The choice the list starts on. */
  readonly active?: (value: T) => boolean;
}

export interface PickManyQuestion<T> extends Common {
  readonly choices: readonly Choice<T>[];
  readonly selected: (value: T) => boolean;
}

export async function askText(question: TextQuestion): Promise<Answer<string>> {
  const box = window.createInputBox();
  box.prompt = question.prompt;
  box.value = question.value;
  const complain = (value: string): string | undefined => question.validate?.(value);
  box.onDidChangeValue(() => {
    // An empty field that is only being filled in is not a mistake yet.
    box.validationMessage = box.value === '' ? '' : (complain(box.value) ?? '');
  });
  return await answered<string>(box, question, (accept) => {
    box.onDidAccept(() => {
      const complaint = complain(box.value);
      if (complaint === undefined) accept(box.value);
      else box.validationMessage = complaint;
    });
  });
}

export async function askPick<T>(question: PickQuestion<T>): Promise<Answer<T>> {
  const box = window.createQuickPick<Choice<T>>();
  box.items = question.choices;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.activeItems = question.choices.filter(({ value }) => question.active?.(value) ?? false).slice(0, 1);
  return await answered<T>(box, question, (accept) => {
    box.onDidAccept(() => {
      const [choice] = box.selectedItems;
      if (choice !== undefined) accept(choice.value);
    });
  });
}

export async function askPickMany<T>(question: PickManyQuestion<T>): Promise<Answer<readonly T[]>> {
  const box = window.createQuickPick<Choice<T>>();
  box.items = question.choices;
  box.canSelectMany = true;
  box.matchOnDescription = true;
  box.selectedItems = question.choices.filter(({ value }) => question.selected(value));
  return await answered<readonly T[]>(box, question, (accept) => {
    box.onDidAccept(() => accept(box.selectedItems.map(({ value }) => value)));
  });
}

/** Shows the box until it is answered, left or gone back from; the box is gone afterwards. */
async function answered<T>(
  box: QuickInput & Pick<InputBox, 'placeholder' | 'buttons' | 'onDidTriggerButton'>,
  { title, place, placeholder }: Common,
  listen: (accept: (value: T) => void) => void,
): Promise<Answer<T>> {
  box.title = title;
  box.placeholder = placeholder;
  // What was typed must not be lost because the focus went to a notification.
  box.ignoreFocusOut = true;
  if (place !== undefined) {
    box.step = place.step;
    box.totalSteps = place.total;
    if (place.step > 1) box.buttons = [QuickInputButtons.Back];
  }
  const { promise, resolve } = Promise.withResolvers<Answer<T>>();
  box.onDidTriggerButton((button) => {
    if (button === QuickInputButtons.Back) resolve({ kind: 'back' });
  });
  box.onDidHide(() => resolve({ kind: 'cancel' }));
  listen((value) => resolve({ kind: 'answer', value }));
  box.show();
  try {
    return await promise;
  } finally {
    box.dispose();
  }
}
