/**
 * The numbered steps from an empty database to the schema of today. A step is never changed once released; a new
 * one is appended, `schemaVersion` raised, and a fixture of the old version committed for the tests.
 */
import { PodiumError } from '../core/errors.ts';
import { schema1, schema2, schema3, schema4, schema5, schemaVersion } from './schema.ts';
import type { SqlDatabase } from './sqlModule.ts';

/** `migrations[n]` turns version n into version n + 1. */
const migrations: readonly string[] = [schema1, schema2, schema3, schema4, schema5];

/** The schema version of a database file; 0 when it is empty. */
export function versionOf(sql: SqlDatabase): number {
  const statement = sql.prepare('PRAGMA user_version');
  statement.step();
  const [version] = statement.get();
  statement.free();
  return typeof version === 'number' ? version : 0;
}

/**
 * Brings a database to `target`, all steps or none.
 * @returns whether anything had to be done
 * @throws PodiumError `store-newer` when the database is of a later version than this program knows
 */
export function migrate(sql: SqlDatabase, target = schemaVersion): boolean {
  const from = versionOf(sql);
  if (from > schemaVersion) throw newerStore(from);
  if (from >= target) return false;
  sql.run('BEGIN');
  for (const step of migrations.slice(from, target)) sql.run(step);
  sql.run(`PRAGMA user_version = ${target}`);
  sql.run('COMMIT');
  return true;
}

/** What a store of a later version is refused with. */
export function newerStore(version: number): PodiumError {
  return new PodiumError(
    'store-newer',
    `The tasks were saved by a newer Podium (data version ${version}, this one knows ${schemaVersion}). ` +
      'Update Podium to open them; nothing was changed.',
  );
}
