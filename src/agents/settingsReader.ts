/** Reads the fields of one untrusted object and notes in plain words what is wrong with them. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text the operating system can take: it ends at the first zero character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Every method returns undefined for a field that is absent, and for one that is wrong, which is noted. */
export class SettingsReader {
  /** One sentence for each field that is wrong. */
  readonly problems: string[] = [];
  readonly #fields: Fields;
  readonly #name: string;

  /** @param name says whose fields they are, at the beginning of every problem */
  constructor(fields: Fields, name: string) {
    this.#fields = fields;
    this.#name = name;
  }

  text(key: string): string | undefined {
    return this.read(key, 'a string', isText);
  }

  flag(key: string): boolean | undefined {
    return this.read(key, 'true or false', (value) => typeof value === 'boolean');
  }

  number(key: string, minimum: number, maximum: number): number | undefined {
    return this.read(key, `a number from ${minimum} to ${maximum}`, numberBetween(minimum, maximum));
  }

  count(key: string, minimum: number, maximum: number): number | undefined {
    const between = numberBetween(minimum, maximum);
    const isCount = (value: unknown): value is number => between(value) && Number.isInteger(value);
    return this.read(key, `a whole number from ${minimum} to ${maximum}`, isCount);
  }

  /** One number, or the two ends of a range. */
  range(key: string, minimum: number, maximum: number): readonly [number, number] | undefined {
    const between = numberBetween(minimum, maximum);
    const isRange = (value: unknown): value is number | [number, number] =>
      between(value) ||
      (Array.isArray(value) &&
        value.length === 2 &&
        value.every(between) &&
        Number(value[0]) <= Number(value[1]));
    const value = this.read(key, `a number from ${minimum} to ${maximum}, or [shortest, longest]`, isRange);
    return typeof value === 'number' ? [value, value] : value;
  }

  /** Names with a number above 0 each. */
  amounts(key: string): Readonly<Record<string, number>> | undefined {
    const isAmounts = (value: unknown): value is Record<string, number> =>
      isFields(value) && Object.values(value).every(numberBetween(Number.MIN_VALUE, Number.MAX_SAFE_INTEGER));
    return this.read(key, 'an object from names of resources to amounts', isAmounts);
  }

  choice<T extends string>(key: string, known: readonly T[]): T | undefined {
    const isKnown = (value: unknown): value is T => known.some((one) => one === value);
    return this.read(key, known.map((one) => `"${one}"`).join(', '), isKnown);
  }

  /** Program and arguments. */
  command(key: string): readonly string[] | undefined {
    const isCommand = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every(isText) && (value[0] ?? '').trim() !== '';
    const command = this.read(key, 'a list of strings: a program and its arguments', isCommand);
    if (command === undefined && this.#fields[key] === undefined)
      this.wrong(key, 'a program and its arguments');
    return command;
  }

  environment(key: string): Readonly<Record<string, string>> | undefined {
    const isEnvironment = (value: unknown): value is Record<string, string> =>
      isFields(value) &&
      Object.entries(value).every(([name, text]) => /^[^=\0]+$/.test(name) && isText(text));
    return this.read(key, 'an object of strings', isEnvironment);
  }

  /** Notes fields that mean nothing, most likely misspelt ones. */
  refuseOthers(known: readonly string[]): void {
    for (const key of Object.keys(this.#fields)) {
      if (!known.includes(key))
        this.problems.push(`${this.#name} has no field "${key}". It has ${known.join(', ')}.`);
    }
  }

  read<T>(key: string, wanted: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.#fields[key];
    if (value === undefined) return undefined;
    if (is(value)) return value;
    this.wrong(key, wanted);
    return undefined;
  }

  wrong(key: string, wanted: string): void {
    this.problems.push(`${this.#name}: "${key}" must be ${wanted}.`);
  }
}

function numberBetween(minimum: number, maximum: number) {
  return (value: unknown): value is number =>
    typeof value === 'number' && value >= minimum && value <= maximum;
}
