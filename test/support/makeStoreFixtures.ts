/**
 * Makes what the tests of old data read: a store of the present schema version, as a real snapshot and journal, and
 * the digests of all statements. Run it once for each new version, before the next one is begun:
 *
 *     node test/support/makeStoreFixtures.ts
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFiles } from '../../src/store/nodeFiles.ts';
import { schemaVersion } from '../../src/store/schema.ts';
import { writes } from '../../src/store/statements.ts';
import { claim, completion, draft, home, ids, openHarness, putHome, runOne } from './storeHarness.ts';

const fixtures = fileURLToPath(new URL('../fixtures/store/', import.meta.url));
const made = path.join(tmpdir(), `podium-fixture-${process.pid}`);
const store = await openHarness({ files: nodeFiles, directory: made });
await putHome(store);
await store.setGoal(home, 'release the parser');
await store.addTasks([
  draft('done', { priority: 'high', input: { argv: ['echo', 'ä'] } }),
  draft('running', {
    priority: 'high',
    signature: 'folder:home',
    requiredResources: [{ resource: 'folder:home', amount: 1 }],
  }),
  draft('ready', { description: 'a parser', dueAt: Date.UTC(2030, 5, 1) }),
]);
await runOne(store);
await claim(store);
await store.snapshot();
// From here on only in the journal.
await store.addTasks([
  draft('blocked', { needs: ids('ready') }),
  draft('child', { parentId: 'ready' as never, createKey: 'k', createdBy: 'agent' }),
  draft('failed', { priority: 'high' }),
]);
const [second] = await claim(store);
if (second === undefined) throw new Error('Nothing was ready.');
await store.settle(
  { taskId: second.task.id, claim: second.task.claim },
  { event: 'fail', error: { code: 'exit', message: 'It failed.' }, result: null },
);
await store.runNow('blocked' as never);
await store.setPause([home], { at: Date.UTC(2030, 0, 1), by: 'user', reason: 'lunch' });
await store.settle({ taskId: 'running' as never, claim: 1 }, completion);
await store.close();

const target = path.join(fixtures, `v${schemaVersion}`);
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of readdirSync(made)) renameSync(path.join(made, name), path.join(target, name));
rmSync(made, { recursive: true });

const digest = (sql: string): string =>
  createHash('sha256').update(sql.replace(/\s+/g, ' ')).digest('hex').slice(0, 16);
const digests = Object.fromEntries(Object.values(writes).map(({ id, sql }) => [id, digest(sql)]));
writeFileSync(path.join(fixtures, 'statements.json'), `${JSON.stringify(digests, null, 2)}\n`);
