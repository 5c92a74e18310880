/** Parsers of what comes from the other side: a value that is not as agreed is refused, never cast. */

/** Gives the value as what it is. @throws Mismatch when it is something else */
export type Parser<Value> = (value: unknown) => Value;

/** A value is not as agreed; the message says where. */
export class Mismatch extends Error {}

export const number: Parser<number> = (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Mismatch('not a number');
  return value;
};

export const text: Parser<string> = (value) => {
  if (typeof value !== 'string') throw new Mismatch('not a text');
  return value;
};

export const flag: Parser<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Mismatch('neither true nor false');
  return value;
};

export function nullable<Value>(parse: Parser<Value>): Parser<Value | null> {
  return (value) => (value === null ? null : parse(value));
}

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Parser<Word> {
  return (value) => {
    const word = words.find((each) => each === value);
    if (word === undefined) throw new Mismatch(`none of ${words.join(', ')}`);
    return word;
  };
}

export function list<Item>(parse: Parser<Item>): Parser<readonly Item[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Mismatch('not a list');
    return value.map((item: unknown, index) => within(String(index), parse, item));
  };
}

/** An object whose keys are not known before. */
export function record<Value>(parse: Parser<Value>): Parser<Readonly<Record<string, Value>>> {
  return (value) =>
    Object.fromEntries(
      Object.entries(fieldsOf(value)).map(([key, field]) => [key, within(key, parse, field)]),
    );
}

/** An object with these fields; others are left out. */
export function object<Fields extends object>(shape: {
  readonly [Key in keyof Fields]-?: Parser<Fields[Key]>;
}): Parser<Fields> {
  const parsers = Object.entries<Parser<unknown>>(shape);
  return (value) => {
    const fields = fieldsOf(value);
    // The type of the shape says that every field has its parser.
    return Object.fromEntries(
      parsers.map(([key, parse]) => [key, within(key, parse, fields[key])]),
    ) as Fields;
  };
}

/** The value, or undefined when it is not as agreed. */
export function parsed<Value>(parse: Parser<Value>, value: unknown): Value | undefined {
  try {
    return parse(value);
  } catch (thrown) {
    if (thrown instanceof Mismatch) return undefined;
    throw thrown;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mismatch('not an object');
  }
  return { ...value };
}

function within<Value>(place: string, parse: Parser<Value>, value: unknown): Value {
  try {
    return parse(value);
  } catch (thrown) {
    if (thrown instanceof Mismatch) throw new Mismatch(`${place}: ${thrown.message}`);
    throw thrown;
  }
}
