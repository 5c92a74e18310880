/** Takes values apart that come from a disk: each is what it should be, or the store is corrupt. */
import { PodiumError } from '../core/errors.ts';
import type { Row } from './database.ts';

/** Takes the cells of a row one after the other. */
export class Cells {
  readonly #row: Row;
  #next = 0;

  constructor(row: Row) {
    this.#row = row;
  }

  text(): string {
    return this.textOrNull() ?? wrong('a text');
  }

  textOrNull(): string | null {
    const value = this.#take();
    return value === null || typeof value === 'string' ? value : wrong('a text');
  }

  number(): number {
    return this.numberOrNull() ?? wrong('a number');
  }

  numberOrNull(): number | null {
    const value = this.#take();
    return value === null || typeof value === 'number' ? value : wrong('a number');
  }

  /** Never below zero. */
  count(): number {
    return Math.max(0, this.number());
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const value = this.#take();
    return words.find((word) => word === value) ?? wrong(`one of ${words.join(', ')}`);
  }

  json(): unknown {
    const value = this.textOrNull();
    return value === null ? null : parseJson(value);
  }

  #take(): unknown {
    this.#next += 1;
    return this.#row[this.#next - 1] ?? null;
  }
}

export function wrong(wanted: string): never {
  throw new PodiumError('store-corrupt', `The saved tasks hold something that is not ${wanted}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new PodiumError('store-corrupt', 'The saved tasks hold a value that cannot be read.', {
      cause: thrown,
    });
  }
}

/** The texts of a list; what is none of either is left out. */
export function textsOf(value: unknown): string[] {
  return listOf(value).filter((part) => typeof part === 'string');
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of an object; none when it is none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
