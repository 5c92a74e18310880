/**
 * A database in memory whose transactions can be told again: every write is noted as the number of its statement and
 * its parameters. Reads and writes are synchronous; nothing here knows a disk.
 */
import { migrate, newerStore } from './migrations.ts';
import { schemaVersion } from './schema.ts';
import type { SqlDatabase, SqlStatement } from './sqlModule.ts';
import { writesById } from './statements.ts';
import type { ReadStatement, Statement } from './reads.ts';
import type { WriteStatement } from './statements.ts';

export type SqlValue = string | number | null;
export type Row = readonly unknown[];

/** One write: the number of its statement, then its parameters. */
export type Entry = readonly [id: number, ...parameters: SqlValue[]];

export interface Committed<T> {
  readonly value: T;
  /** What was written, in order; empty when nothing was. */
  readonly entries: readonly Entry[];
}

/** Text used instead of a statement's own: how a test breaks a guarantee on purpose. */
export type StatementOverrides = ReadonlyMap<Statement, string>;

/** Nothing touches a disk here, so SQLite need not guard against losing it. 16 MB of pages stay parsed. */
const pageSize = 8_192;
const pragmas = [
  `page_size = ${pageSize}`,
  'journal_mode = MEMORY',
  'synchronous = OFF',
  'locking_mode = EXCLUSIVE',
  'temp_store = MEMORY',
  'cache_size = -16000',
];

/**
 * So many writes and SQLite's transaction ends. The more, the fewer pages are copied twice; 2,000 make an insert a
 * third cheaper than 200, and their pages still fit the cache.
 */
const longestTransaction = 2_000;

const begin: ReadStatement = { sql: 'BEGIN' };
const commit: ReadStatement = { sql: 'COMMIT' };
const rollback: ReadStatement = { sql: 'ROLLBACK' };
const pageCount: ReadStatement = { sql: 'PRAGMA page_count' };

export class Database {
  readonly #sql: SqlDatabase;
  readonly #overrides: StatementOverrides;
  readonly #prepared = new Map<Statement, SqlStatement>();
  #entries: Entry[] | undefined;
  #rolledBack = 0;
  /** Whether SQLite is in a transaction, and what has been written in it by ours that succeeded. */
  #isOpen = false;
  #unsettled: Entry[] = [];

  constructor(sql: SqlDatabase, overrides: StatementOverrides = new Map()) {
    this.#sql = sql;
    this.#overrides = overrides;
    for (const pragma of pragmas) sql.run(`PRAGMA ${pragma}`);
  }

  rows(statement: ReadStatement, ...parameters: SqlValue[]): Row[] {
    return this.#execute(statement, parameters);
  }

  /** The first row, or undefined. */
  row(statement: ReadStatement, ...parameters: SqlValue[]): Row | undefined {
    const prepared = this.#prepare(statement);
    prepared.bind(parameters);
    try {
      return prepared.step() ? prepared.get() : undefined;
    } finally {
      prepared.reset();
    }
  }

  /** Writes within a transaction; gives what the statement returns. */
  write(statement: WriteStatement, ...parameters: SqlValue[]): Row[] {
    if (this.#entries === undefined) throw new Error('A write outside a transaction.');
    const rows = this.#execute(statement, parameters);
    this.#entries.push([statement.id, ...parameters]);
    return rows;
  }

  /** Rows changed by the last write, those changed by triggers not counted. */
  get changed(): number {
    return this.#sql.getRowsModified();
  }

  /** How many writes the last transaction that failed had made. */
  get rolledBack(): number {
    return this.#rolledBack;
  }

  /** Bytes it takes. */
  get size(): number {
    const [pages] = this.row(pageCount) ?? [];
    return typeof pages === 'number' ? pages * pageSize : 0;
  }

  /**
   * Runs `work` as one transaction. When it throws, nothing of it remains.
   *
   * SQLite itself sees one long transaction for many of these: here a commit makes nothing durable and only costs
   * the copying of pages. To undo one is rare, and done by undoing all and telling the earlier ones again.
   */
  transaction<T>(work: () => T): Committed<T> {
    if (this.#entries !== undefined) throw new Error('A transaction within a transaction.');
    const entries: Entry[] = [];
    this.#open();
    this.#entries = entries;
    try {
      const value = work();
      this.#unsettled.push(...entries);
      return { value, entries };
    } catch (thrown) {
      this.#rolledBack = entries.length;
      if (entries.length > 0) this.#undo();
      throw thrown;
    } finally {
      this.#entries = undefined;
      if (this.#unsettled.length >= longestTransaction) this.settle();
    }
  }

  /** Ends SQLite's own transaction. */
  settle(): void {
    if (!this.#isOpen) return;
    this.#execute(commit, []);
    this.#isOpen = false;
    this.#unsettled = [];
  }

  /**
   * Tells a commit again.
   * @throws PodiumError `store-newer` when it names a statement this program does not know
   */
  replay(entries: readonly Entry[]): void {
    this.transaction(() => {
      for (const [id, ...parameters] of entries) this.write(statementOf(id), ...parameters);
    });
  }

  /**
   * Brings the schema to `target`, or to that of today. Not within a transaction.
   * @returns whether anything had to be done
   */
  migrate(target?: number): boolean {
    this.settle();
    return migrate(this.#sql, target);
  }

  /** The bytes of the whole database. Not within a transaction. */
  export(): Uint8Array {
    this.settle();
    return this.#sql.export();
  }

  close(): void {
    this.#prepared.clear();
    this.#sql.close();
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#execute(begin, []);
    this.#isOpen = true;
  }

  #undo(): void {
    this.#execute(rollback, []);
    this.#isOpen = false;
    this.#open();
    for (const [id, ...parameters] of this.#unsettled) this.#execute(statementOf(id), parameters);
  }

  #execute(statement: Statement, parameters: SqlValue[]): Row[] {
    const prepared = this.#prepare(statement);
    prepared.bind(parameters);
    const rows: Row[] = [];
    // A statement that has come to its end holds nothing open; the next `bind` resets it.
    while (prepared.step()) rows.push(prepared.get());
    return rows;
  }

  #prepare(statement: Statement): SqlStatement {
    let prepared = this.#prepared.get(statement);
    if (prepared === undefined) {
      prepared = this.#sql.prepare(this.#overrides.get(statement) ?? statement.sql);
      this.#prepared.set(statement, prepared);
    }
    return prepared;
  }
}

function statementOf(id: number): WriteStatement {
  const statement = writesById.get(id);
  if (statement === undefined) throw newerStore(schemaVersion + 1);
  return statement;
}
