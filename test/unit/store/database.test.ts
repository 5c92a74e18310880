import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Database } from '../../../src/store/database.ts';
import { reads } from '../../../src/store/reads.ts';
import { writes } from '../../../src/store/statements.ts';
import { engine } from '../../support/storeHarness.ts';

function newDatabase(): Database {
  const database = new Database(engine(null));
  database.migrate();
  return database;
}

const put = (database: Database, key: number): unknown =>
  database.write(writes.putWorkspace, key, `w${key}`, 'uri', 'name');
const count = { sql: 'SELECT count(*) FROM workspace' };

describe('The database', () => {
  it('keeps its prepared statements and pragmas over an export', () => {
    const sql = engine(null);
    const database = new Database(sql);
    database.migrate();
    database.transaction(() => put(database, 1));
    const prepared = sql.prepare('SELECT count(*) FROM workspace');
    assert.ok(database.export().length > 0);
    assert.equal(prepared.step(), true);
    assert.deepEqual(prepared.get(), [1]);
    prepared.free();
    const pragma = (name: string): unknown => database.row({ sql: `PRAGMA ${name}` })?.[0];
    assert.equal(pragma('journal_mode'), 'memory');
    assert.equal(pragma('synchronous'), 0);
    database.transaction(() => put(database, 2));
    assert.deepEqual(database.row(count), [2]);
  });

  it('exports everything committed, and an exported database is the same', () => {
    const database = newDatabase();
    database.transaction(() => put(database, 1));
    const copy = new Database(engine(database.export()));
    assert.deepEqual(copy.rows(reads.workspaces), database.rows(reads.workspaces));
  });

  it('refuses to export in the middle of a transaction', () => {
    const sql = engine(null);
    sql.run('CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)');
    assert.throws(() => sql.export());
  });

  it('undoes a transaction that throws, and keeps those before it', () => {
    const database = newDatabase();
    database.transaction(() => put(database, 1));
    assert.throws(() =>
      database.transaction(() => {
        put(database, 2);
        throw new Error('no');
      }),
    );
    assert.equal(database.rolledBack, 1);
    assert.deepEqual(database.row(count), [1]);
    database.transaction(() => put(database, 3));
    assert.deepEqual(database.row(count), [2]);
  });

  it('tells a transaction again from its entries', () => {
    const database = newDatabase();
    const { entries } = database.transaction(() => put(database, 1));
    const other = newDatabase();
    other.replay(entries);
    assert.deepEqual(other.rows(reads.workspaces), database.rows(reads.workspaces));
  });

  it('refuses an entry of a newer program', () => {
    assert.throws(() => newDatabase().replay([[9_999]]), { code: 'store-newer' });
  });

  it('refuses a write outside a transaction', () => {
    assert.throws(() => put(newDatabase(), 1));
  });
});

describe('The statements', () => {
  it('have numbers of their own', () => {
    const numbers = Object.values(writes).map(({ id }) => id);
    assert.equal(new Set(numbers).size, numbers.length);
  });

  it('all work on the schema of today', () => {
    const database = newDatabase();
    for (const { sql } of [...Object.values(writes), ...Object.values(reads)]) {
      assert.doesNotThrow(() => database.rows({ sql: `EXPLAIN ${sql}` }), sql);
    }
  });

  it('never change once they were in a release: journals name them for ever', () => {
    const file = new URL('../../fixtures/store/statements.json', import.meta.url);
    const released = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const now = new Map<string, string>(
      Object.values(writes).map(({ id, sql }) => [String(id), digest(sql)]),
    );
    for (const [id, text] of Object.entries(released)) {
      assert.equal(
        now.get(id),
        text,
        `statement ${id}: give the new text a new number, and keep the old one`,
      );
    }
    assert.equal(
      Object.keys(released).length,
      now.size,
      'run test/support/makeStoreFixtures.ts for new statements',
    );
  });
});

/** White space does not matter. */
function digest(sql: string): string {
  return createHash('sha256').update(sql.replace(/\s+/g, ' ')).digest('hex').slice(0, 16);
}
