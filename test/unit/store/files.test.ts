import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { baseStorageDirectory, listStore } from '../../../src/store/directory.ts';
import { fileErrorCode } from '../../../src/store/files.ts';
import type { Files } from '../../../src/store/files.ts';
import { nodeFiles } from '../../../src/store/nodeFiles.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, draft, openHarness, putHome } from '../../support/storeHarness.ts';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const bytes = (words: string): Uint8Array => Buffer.from(words);

function behaveLikeFiles(name: string, open: () => Promise<{ files: Files; directory: string }>): void {
  describe(`${name}, as files`, () => {
    let files: Files;
    let directory: string;

    beforeEach(async () => {
      ({ files, directory } = await open());
    });

    it('write at any place, sync, read, cut and close', async () => {
      const name = path.join(directory, 'file');
      const file = await files.create(name);
      await file.write(bytes('hello world'), 0);
      file.writeNow(bytes('W'), 6);
      await file.sync();
      file.syncNow();
      assert.equal(text(await file.read(6, 100)), 'World');
      await file.truncate(5);
      await file.close();
      assert.equal(text(await files.read(name)), 'hello');
      assert.equal((await files.facts(name))?.size, 5);
      const again = await files.open(name);
      assert.equal(text(await again.read(1, 3)), 'ell');
      again.closeNow();
    });

    it('make a file once', async () => {
      const name = path.join(directory, 'once');
      await (await files.create(name)).close();
      await assert.rejects(files.create(name), (thrown) => fileErrorCode(thrown) === 'EEXIST');
    });

    it('rename over what was there, delete, and are quiet about what is not', async () => {
      const [a = '', b = ''] = ['a', 'b'].map((name) => path.join(directory, name));
      for (const name of [a, b]) {
        const file = await files.create(name);
        await file.write(bytes(path.basename(name)), 0);
        await file.close();
      }
      await files.rename(a, b);
      await files.syncDirectory(directory);
      assert.equal(text(await files.read(b)), 'a');
      assert.equal(files.exists(a), false);
      assert.equal(await files.read(a), undefined);
      assert.equal(await files.facts(a), undefined);
      files.renameNow(b, a);
      assert.deepEqual([...(await files.list(directory))], ['a']);
      await files.unlink(a);
      await files.unlink(a);
      files.unlinkNow(a);
      assert.deepEqual([...(await files.list(directory))], []);
      await assert.rejects(files.rename(a, b), (thrown) => fileErrorCode(thrown) === 'ENOENT');
    });
  });
}

describe('Files', () => {
  const made: string[] = [];

  after(async () => {
    for (const directory of made) await rm(directory, { recursive: true });
  });

  const temporary = async (): Promise<string> => {
    const directory = await mkdtemp(path.join(tmpdir(), 'podium-files-'));
    made.push(directory);
    return directory;
  };

  behaveLikeFiles('Those of this machine', async () => ({ files: nodeFiles, directory: await temporary() }));
  behaveLikeFiles('Simulated ones', () => Promise.resolve({ files: new SimulatedFiles(), directory: '/d' }));

  it('of this machine carry a store from one opening to the next', async () => {
    const directory = path.join(await temporary(), 'deep', 'store');
    const first = await openHarness({ files: nodeFiles, directory });
    await putHome(first);
    await first.addTasks([draft('a')]);
    await first.snapshot();
    await first.addTasks([draft('b')]);
    first.closeSync();
    const second = await openHarness({ files: nodeFiles, directory });
    assert.equal((await allTasks(second)).length, 2);
    await second.close();
    const { owners, leftovers } = await listStore(nodeFiles, directory);
    assert.deepEqual([owners, leftovers], [[], []]);
  });
});

describe('The storage folder', () => {
  const folders = new Set(['/ws/abc', '/ws/abc-1', '/ws/lone-2']);
  const exists = (folder: string): boolean => folders.has(folder);

  it('is the base one when the editor offers a fallback beside it', () => {
    assert.equal(baseStorageDirectory('/ws/abc-1/podium.podium', exists), '/ws/abc/podium.podium');
    assert.equal(baseStorageDirectory('/ws/abc-12', exists), '/ws/abc');
  });

  it('is the offered one otherwise', () => {
    assert.equal(baseStorageDirectory('/ws/abc/podium.podium', exists), '/ws/abc/podium.podium');
    assert.equal(baseStorageDirectory('/ws/lone-2/podium.podium', exists), '/ws/lone-2/podium.podium');
  });
});
