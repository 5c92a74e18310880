import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  chooseVersion,
  DesktopUnavailable,
  findDisplay,
  hasDisplay,
  installArguments,
  obtain,
  profileIn,
  shown,
  windowArguments,
} from '../../support/vscode/desktop.ts';
import type { Machine } from '../../support/vscode/desktop.ts';
import { node, repository } from '../../support/vscode/paths.ts';
import { startDesktop } from '../../support/vscode/startDesktop.ts';

const noNetwork = (): Promise<never> => Promise.reject(new Error('getaddrinfo ENOTFOUND'));

const machine = (over: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  environment: { DISPLAY: ':0' },
  findProgram: () => undefined,
  downloaded: () => Promise.resolve([]),
  offered: () => Promise.resolve(['1.139.1', '1.139.0', '1.101.0']),
  download: (version) => Promise.resolve(`/vscode/${version}/code`),
  ...over,
});

const unavailable =
  (what: RegExp) =>
  (error: unknown): boolean =>
    error instanceof DesktopUnavailable && what.test(error.message) && !error.message.includes('\n');

describe('desktop VS Code for a machine', () => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  beforeEach(() => said.splice(0));

  it('is the newest release, the oldest the extension promises, or the one that was named', async () => {
    const manifest = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
      engines: { vscode: string };
    };
    assert.equal(await chooseVersion('stable', machine(), say), '1.139.1');
    assert.equal(`^${await chooseVersion('minimum', machine(), say)}`, manifest.engines.vscode);
    assert.equal(await chooseVersion('1.139.0', machine(), say), '1.139.0');
  });

  it('is refused when there is no such version, naming what there is', async () => {
    await assert.rejects(chooseVersion('banana', machine(), say), /"banana" is no version.*minimum, stable/);
    await assert.rejects(chooseVersion('9.9.9', machine(), say), /no VS Code 9\.9\.9.*offers 1\.139\.1/);
  });

  it('asks nobody about a version that is here already', async () => {
    const here = machine({ downloaded: () => Promise.resolve(['1.101.0']), offered: noNetwork });
    assert.equal(await chooseVersion('1.101.0', here, say), '1.101.0');
    assert.equal(await chooseVersion('minimum', here, say), '1.101.0');
  });

  it('is the newest one here when the vendor cannot be asked for the newest, and that is said', async () => {
    const here = machine({ downloaded: () => Promise.resolve(['1.120.0', '1.101.0']), offered: noNetwork });
    assert.equal(await chooseVersion('stable', here, say), '1.120.0');
    assert.match(said.join(), /cannot be reached .*VS Code 1\.120\.0, downloaded earlier, is taken/);
  });

  it('cannot be had without the vendor: the site, the reason and the way out are named', async () => {
    const closed = machine({ offered: noNetwork });
    for (const wish of ['stable', 'minimum', '1.110.0']) {
      await assert.rejects(
        chooseVersion(wish, closed, say),
        unavailable(/update\.code\.visualstudio\.com.*ENOTFOUND.*https-proxy/),
      );
    }
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the library does
    const odd = machine({ offered: () => Promise.reject('Failed to get JSON') });
    await assert.rejects(chooseVersion('stable', odd, say), unavailable(/\(Failed to get JSON\)/));
    const both = new AggregateError([new Error('connect ETIMEDOUT 1.2.3.4'), new Error('other')], '');
    const deaf = machine({ offered: () => Promise.reject(both) });
    await assert.rejects(chooseVersion('stable', deaf, say), unavailable(/\(connect ETIMEDOUT 1\.2\.3\.4\)/));
  });

  it('says that a download failed, and of which version', async () => {
    assert.equal(await obtain('1.101.0', machine()), '/vscode/1.101.0/code');
    const broken = machine({ download: () => Promise.reject(new Error('checksum\nat somewhere')) });
    await assert.rejects(obtain('1.101.0', broken), unavailable(/^VS Code 1\.101\.0 .*: checksum$/));
  });

  it('is shown on the display there is, otherwise on a made one, otherwise not at all', () => {
    const displayOf = (over: Partial<Machine>): unknown => findDisplay(machine(over));
    assert.deepEqual(displayOf({}), { kind: 'own' });
    assert.deepEqual(displayOf({ environment: { WAYLAND_DISPLAY: 'wayland-0' } }), { kind: 'own' });
    assert.deepEqual(displayOf({ platform: 'darwin', environment: {} }), { kind: 'own' });
    const xvfb = { environment: {}, findProgram: (name: string) => `/usr/bin/${name}` };
    assert.deepEqual(displayOf(xvfb), { kind: 'virtual', program: '/usr/bin/xvfb-run' });
    assert.throws(
      () => displayOf({ environment: {} }),
      unavailable(/DISPLAY nor WAYLAND_DISPLAY.*xvfb-run.*apt-get install xvfb/),
    );
    assert.equal(hasDisplay('darwin', { SSH_CONNECTION: 'x' }), false);
  });

  it('reads and changes nothing of the VS Code the user has', () => {
    const profile = profileIn('/data');
    const isolation = ['--user-data-dir=/data/user-data', '--extensions-dir=/data/extensions'];
    assert.deepEqual(windowArguments('/project', profile, false).slice(0, 4), [
      '/project',
      '--new-window',
      ...isolation,
    ]);
    const install = ['--install-extension', 'podium.vsix', '--force'];
    assert.deepEqual(installArguments('podium.vsix', profile, false), [...isolation, ...install]);
    const asRoot = [windowArguments('/project', profile, true), installArguments('x', profile, true)];
    assert.ok(asRoot.every((args) => args.includes('--no-sandbox')));
  });
});

describe('starting desktop VS Code', () => {
  let scratch: string;
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);

  beforeEach(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'podium-desktop-'));
    said.splice(0);
    process.env.PODIUM_VSIX = path.join(scratch, 'podium.vsix');
  });
  afterEach(async () => {
    delete process.env.PODIUM_VSIX;
    await rm(scratch, { recursive: true, force: true });
  });

  async function script(name: string, text: string): Promise<string> {
    const file = path.join(scratch, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o700);
    return file;
  }

  /** Programs in the places where desktop VS Code for Linux has them, which write down how they were called. */
  async function fakeEditor(ending = 'exit 0'): Promise<Machine> {
    await script('vscode/bin/code', `printf '%s\\n' cli "$@" >> "${scratch}/calls"`);
    const executable = await script(
      'vscode/code',
      `printf '%s\\n' window "$@" "log=$PODIUM_EVENT_LOG" >> "${scratch}/calls"\n${ending}`,
    );
    return machine({ download: () => Promise.resolve(executable) });
  }

  const start = (on: Machine, signal = new AbortController().signal): Promise<void> =>
    startDesktop({ folder: '/project', dataFolder: path.join(scratch, 'data'), say, signal, machine: on });
  const calls = async (): Promise<string[]> =>
    (await readFile(path.join(scratch, 'calls'), 'utf8')).split('\n');

  it('installs the package, opens the folder and ends when the window is closed', async function () {
    if (process.platform !== 'linux') this.skip();
    await start(await fakeEditor());
    const lines = await calls();
    const [install, open] = [lines.slice(0, lines.indexOf('window')), lines.slice(lines.indexOf('window'))];
    assert.equal(install[install.indexOf('--install-extension') + 1], path.join(scratch, 'podium.vsix'));
    for (const part of [install, open]) {
      assert.ok(part.includes(`--user-data-dir=${path.join(scratch, 'data', 'user-data')}`));
      assert.ok(part.includes(`--extensions-dir=${path.join(scratch, 'data', 'extensions')}`));
    }
    assert.equal(open[1], '/project');
    assert.match(open.join('\n'), /^log=.*events-\d+\.jsonl$/m);
    const settings = path.join(scratch, 'data', 'user-data', 'User', 'settings.json');
    assert.match(await readFile(settings, 'utf8'), /"telemetry\.telemetryLevel": "off"/);
    assert.match(said.join('\n'), /Podium is running on \/project/);
  });

  it('says in one line why the editor did not start', async function () {
    if (process.platform !== 'linux') this.skip();
    const on = await fakeEditor('echo "libnss3.so: cannot open shared object file" >&2; exit 127');
    await assert.rejects(start(on), /ended at once \(127\): libnss3\.so: cannot open shared object file$/);
  });

  it('ends the editor when it is interrupted', async function () {
    if (process.platform !== 'linux') this.skip();
    const on = await fakeEditor('exec sleep 600');
    const interrupt = new AbortController();
    const work = startDesktop({
      folder: '/project',
      dataFolder: path.join(scratch, 'data'),
      say: (line) => {
        if (line.includes('is running')) interrupt.abort();
      },
      signal: interrupt.signal,
      machine: on,
    });
    await assert.rejects(work, { name: 'AbortError' });
  });

  it('refuses without a display, before anything is downloaded', async () => {
    const on = machine({ environment: {}, offered: noNetwork, download: noNetwork });
    await assert.rejects(start(on), unavailable(/no display.*DISPLAY.*Without --desktop/));
  });

  it('starts on a made display with its arguments as they are', async function () {
    if (process.platform === 'win32') this.skip();
    const program = await script('my xvfb-run', `[ "$1" = -a ] && shift && exec "$@"`);
    const executable = await script('the code', `printf '%s|' "$@"`);
    const file = await shown(executable, { kind: 'virtual', program }, scratch);
    assert.equal((await promisify(execFile)(file, ['a b', '--c=$d'])).stdout, 'a b|--c=$d|');
    assert.equal(await shown(executable, { kind: 'own' }, scratch), executable);
  });
});

describe('a machine that cannot have desktop VS Code', () => {
  /** Runs a launcher to its end. */
  async function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const file = path.join(repository, 'test', 'support', 'vscode', script);
    const child = spawn(node, [file, ...args], { env: { HOME: process.env.HOME, ...env } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return { code: child.exitCode, output };
  }

  const display = { DISPLAY: ':99' };
  /** A proxy where nothing listens: out of reach on every machine. */
  const noWay = { ...display, npm_config_https_proxy: 'http://127.0.0.1:1' };

  it('is told within seconds that the site is out of reach, without a stack', async () => {
    const { code, output } = await run('runIntegration.ts', ['--desktop', '1.101.999'], noWay);
    assert.equal(code, 1);
    assert.match(output, /cannot be reached from here \(connect ECONNREFUSED 127\.0\.0\.1:1\)/);
    assert.match(output, /The same tests run without desktop VS Code: npm run test:integration/);
    assert.doesNotMatch(output, /^ +at /m);
  });

  it('is told the same when the site is reached but keeps silent', async function () {
    this.timeout(20_000);
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const proxy = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    try {
      const env = { ...display, npm_config_https_proxy: proxy };
      const { code, output } = await run('runIntegration.ts', ['--desktop', '1.101.999'], env);
      assert.equal(code, 1);
      assert.match(output, /cannot be reached from here \(no answer within 5 s\)/);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  it('is told that there is no display', async function () {
    if (process.platform !== 'linux') this.skip();
    const tests = await run('runIntegration.ts', ['--desktop', 'minimum', '--desktop', 'stable'], {
      PATH: '',
    });
    assert.equal(tests.code, 1);
    assert.match(tests.output, /needs a display.*xvfb-run/);
    const start = await run('start.ts', ['--desktop', repository], {});
    assert.equal(start.code, 1);
    assert.match(start.output, /no display to see desktop VS Code on/);
    assert.doesNotMatch(`${tests.output}${start.output}`, /^ +at /m);
  });

  it('is not asked for a window that is to be seen and not seen', async () => {
    const { code, output } = await run('start.ts', ['--desktop', '--headless', repository], display);
    assert.equal(code, 1);
    assert.match(output, /leave out --headless, or --desktop/);
  });
});
