/**
 * A command line as people type it, and back. No shell is involved: quotes and backslashes group words as a POSIX
 * shell would, and what only a shell can do is refused in plain words.
 */
import { PodiumError } from '../core/errors.ts';

/** Outside of quotes these mean something to a shell, longest first. */
const operators = ['&&', '||', '>>', '<<', '|', '&', ';', '>', '<', '`', '$('] as const;
/** Words that need no quotes: nothing in them is special to any shell. */
const plainWord = /^[\w@%+=:,./${}-]+$/;

/**
 * Splits a command line into program and arguments. `'…'` is literal; in `"…"` a backslash escapes `"` and `\`;
 * elsewhere it escapes what follows, except on Windows, where it separates folders.
 * @throws PodiumError `invalid-command`
 */
export function parseCommandLine(
  text: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (character === "'" || character === '"') {
      const { content, next } = readQuoted(text, at);
      word = (word ?? '') + content;
      at = next;
    } else if (character === '\\' && platform !== 'win32') {
      if (at + 1 === text.length)
        throw invalid('The command line ends with a backslash that escapes nothing.');
      word = (word ?? '') + text.charAt(at + 1);
      at += 2;
    } else {
      const operator = operators.find((one) => text.startsWith(one, at));
      if (operator !== undefined) throw noShell(operator);
      word = (word ?? '') + character;
      at += 1;
    }
  }
  if (word !== undefined) words.push(word);
  const [program] = words;
  if (program === undefined || program.trim() === '') throw invalid('Type a program and its arguments.');
  if (text.includes('\0')) throw invalid('A command line cannot contain a zero character.');
  return words;
}

function readQuoted(text: string, from: number): { readonly content: string; readonly next: number } {
  const quote = text.charAt(from);
  let content = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    const following = text.charAt(at + 1);
    if (character === quote) return { content, next: at + 1 };
    if (quote === '"' && character === '\\' && (following === '"' || following === '\\')) {
      content += following;
      at += 1;
    } else {
      content += character;
    }
  }
  throw invalid(`The ${quote} at position ${from + 1} is not closed.`);
}

/** The command line that `parseCommandLine` turns into `argv` again, on any platform. */
export function formatCommandLine(argv: readonly string[]): string {
  return argv.map(formatWord).join(' ');
}

function formatWord(word: string): string {
  if (plainWord.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}

function noShell(operator: string): PodiumError {
  return invalid(
    `Programs are started without a shell, so ${operator} has no meaning here. Put it in quotes to pass it on as it is, ` +
      `or name the shell: sh -c '…'.`,
  );
}

function invalid(message: string): PodiumError {
  return new PodiumError('invalid-command', message);
}
