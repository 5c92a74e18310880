import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { existingPackage } from '../support/vscode/package.ts';
import { installExtension } from '../support/vscode/server.ts';

const kilobyte = 1024;

describe('the packaged extension', () => {
  let vsix: string;
  let dataFolder: string;
  let extension: string;

  before(async function () {
    this.timeout(120_000);
    vsix = await existingPackage();
    dataFolder = await mkdtemp(path.join(tmpdir(), 'podium-package-'));
    await installExtension(dataFolder, vsix);
    const extensions = path.join(dataFolder, 'extensions');
    const name = (await readdir(extensions)).find((entry) => entry.startsWith('podium.podium-'));
    assert.ok(name);
    extension = path.join(extensions, name);
  });

  after(() => rm(dataFolder, { recursive: true, force: true }));

  const files = async (): Promise<string[]> => {
    const entries = await readdir(extension, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name !== '.vsixmanifest')
      .map((entry) => path.relative(extension, path.join(entry.parentPath, entry.name)));
  };

  it('is at most 1 MB', async () => {
    const { size } = await stat(vsix);
    assert.ok(size <= kilobyte * kilobyte, `${size} bytes`);
  });

  it('has at most 40 files', async () => {
    const all = await files();
    assert.ok(all.length <= 40, all.join('\n'));
  });

  it('has a main file of at most 60 KB', async () => {
    const { size } = await stat(path.join(extension, 'dist', 'extension.cjs'));
    assert.ok(size <= 60 * kilobyte, `${size} bytes`);
  });

  it('ships no sources, tests, source maps or settings of its makers', async () => {
    const allowed =
      /^(package\.json|readme\.md|changelog\.md|license(\.txt)?|dist\/[\w.-]+\.(cjs|wasm)|dist\/LICENSES\.txt|dist\/webview\/.+|media\/.+)$/i;
    const surplus = (await files()).filter((file) => !allowed.test(file.split(path.sep).join('/')));
    assert.deepEqual(surplus, []);
    assert.deepEqual(
      (await files()).filter((file) => file.endsWith('.map')),
      [],
    );
  });

  it('contains every file that its manifest names', async () => {
    const manifest = JSON.parse(await readFile(path.join(extension, 'package.json'), 'utf8')) as {
      main: string;
      icon: string;
      contributes: { walkthroughs: { steps: { media: { svg: string } }[] }[] };
    };
    const pictures = manifest.contributes.walkthroughs.flatMap(({ steps }) =>
      steps.map(({ media }) => media.svg),
    );
    assert.ok(pictures.length > 0);
    for (const file of [manifest.main, manifest.icon, ...pictures]) {
      assert.ok(await stat(path.join(extension, file)), file);
    }
  });
});
