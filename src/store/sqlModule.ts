/** The one importer of sql.js; reached by a dynamic `import()` so that its weight is loaded with the first store. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import initSqlJs from 'sql.js';

/** What the store uses of a prepared statement. */
export interface SqlStatement {
  bind(values: (string | number | null)[]): boolean;
  step(): boolean;
  get(): unknown[];
  reset(): void;
  free(): unknown;
}

/** What the store uses of a database in memory. */
export interface SqlDatabase {
  run(sql: string): unknown;
  prepare(sql: string): SqlStatement;
  /** Rows changed by the last write, triggers not counted. */
  getRowsModified(): number;
  export(): Uint8Array;
  close(): void;
}

/** Makes databases: empty ones, or from the bytes of an SQLite file. */
export type SqlEngine = (bytes: Uint8Array | null) => SqlDatabase;

/**
 * Compiles SQLite.
 * @param wasm the bytes of `sql-wasm.wasm`; found beside this module or in its package when absent
 */
export async function openSqlEngine(wasm: Uint8Array = findWasm()): Promise<SqlEngine> {
  const wasmBinary = new Uint8Array(wasm).buffer;
  const { Database } = await initSqlJs({ wasmBinary });
  return (bytes) => new Database(bytes);
}

/** The bundle has the file beside it; a run from source takes it from the package. */
function findWasm(): Uint8Array {
  const beside = fileURLToPath(new URL('./sql-wasm.wasm', import.meta.url));
  if (existsSync(beside)) return readFileSync(beside);
  return readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));
}
