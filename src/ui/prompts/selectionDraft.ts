/** A task worded from what is selected in an editor or chosen in the explorer. Pure. */
import { descriptionLimit } from '../../core/fuses/gate.ts';
import { clipped } from '../present/words.ts';
import type { TaskDraft } from './taskDraft.ts';

export interface SelectedPart {
  /** First and last line, from 1. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type Selected =
  /** Parts of one document, in the order of the document; none means the document as a whole. */
  | { readonly kind: 'text'; readonly reference: string; readonly parts: readonly SelectedPart[] }
  /** At least one file or folder. */
  | { readonly kind: 'files'; readonly references: readonly string[] };

/** Characters of a suggested title: it should be read at a glance in the tree. */
const suggestedTitle = 80;
/** Characters a file's path may take up; the longest path of the usual systems is 4,096. */
const referenceLimit = 4_096;
/** Characters kept free for saying that something was left out. */
const noteRoom = 200;

/**
 * Title and description to start from. The text may come from anywhere, so it is quoted line by line: nothing in it
 * can pass for a word of the person who adds the task. What does not fit into a description is left out, and said.
 */
export function draftOfSelection(selected: Selected): Pick<TaskDraft, 'title' | 'description'> {
  switch (selected.kind) {
    case 'files':
      return draftOfFiles(selected.references);
    case 'text':
      return selected.parts.length === 0
        ? draftOfFiles([selected.reference])
        : draftOfText(selected.reference, selected.parts);
  }
}

function draftOfText(
  reference: string,
  parts: readonly SelectedPart[],
): Pick<TaskDraft, 'title' | 'description'> {
  const place = plainReference(reference);
  const firstLine = parts.flatMap(({ text }) => linesOf(text)).find((line) => line.trim() !== '') ?? '';
  const title = clipped(firstLine, suggestedTitle);
  const text = new LimitedText();
  for (const part of parts) {
    text.add(`${text.isEmpty ? '' : '\n'}From ${place}, ${lineRange(part)}:\n`);
    for (const line of linesOf(part.text)) text.add(`> ${line}`);
  }
  return { title: title === '' ? nameOf(place) : title, description: text.end('the text') };
}

function draftOfFiles(references: readonly string[]): Pick<TaskDraft, 'title' | 'description'> {
  const places = references.map(plainReference);
  const [first = '', ...others] = places;
  const title = others.length === 0 ? nameOf(first) : `${nameOf(first)} and ${others.length} more`;
  const text = new LimitedText();
  text.add(others.length === 0 ? 'About this:\n' : 'About these:\n');
  for (const place of places) text.add(`- ${place}`);
  return { title, description: text.end('the list') };
}

/** Lines that together stay within the limit of a description; what is over it is counted, not kept. */
class LimitedText {
  readonly #lines: string[] = [];
  #length = 0;
  #dropped = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  add(line: string): void {
    const room = descriptionLimit - noteRoom - this.#length;
    if (this.#dropped > 0 || line.length + 1 > room) {
      const part = this.#dropped > 0 ? '' : wholeCharacters(line.slice(0, Math.max(0, room - 1)));
      if (part !== '') this.#keep(part);
      this.#dropped += line.length - part.length;
      return;
    }
    this.#keep(line);
  }

  end(what: string): string {
    const text = this.#lines.join('\n');
    if (this.#dropped === 0) return text;
    return `${text}\n\n(The end of ${what} is left out: ${this.#dropped} characters more than fit here.)`;
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
  }
}

/** Without the half of a character that a cut has left at the end. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}

/**
 * Everything that any program takes for the end of a line ends one; control characters and halves of characters, which
 * no box of the editor would give back, become visible.
 */
function linesOf(text: string): readonly string[] {
  const lines = text.toWellFormed().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  // A selection of whole lines ends at the start of the next one.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replaceAll(/(?!\t)\p{Cc}/gu, '\uFFFD'));
}

function lineRange({ from, to }: SelectedPart): string {
  return from === to ? `line ${from}` : `lines ${from} to ${to}`;
}

/** A file's name may contain line breaks; a reference is one line. */
function plainReference(reference: string): string {
  return clipped(reference.toWellFormed(), referenceLimit);
}

/** Last part of a path, which may end with the slash of a folder. */
function nameOf(reference: string): string {
  const name = /([^/\\]+)[/\\]*$/.exec(reference)?.[1] ?? reference;
  return clipped(name, suggestedTitle);
}
