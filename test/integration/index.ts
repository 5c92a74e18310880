/** Entry of the integration suite: VS Code calls `run` in its extension host. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { format } from 'node:util';
import { outputMark } from '../support/outputMark.ts';

/** Marks what the reporter and the specs print, see {@link outputMark}. */
function markOutput(): Disposable {
  const print = console.log;
  // Defined, not assigned: the extension host has replaced the property by one that ignores assignments.
  const define = (value: typeof print): unknown =>
    Object.defineProperty(console, 'log', { value, configurable: true, writable: true });
  define((...args) => print(outputMark + format(...args)));
  return { [Symbol.dispose]: () => void define(print) };
}

/**
 * Runs every bundled spec of this folder with mocha.
 * @throws Error saying how many failed
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true); // failures name the lines of the .ts files
  using _marked = markOutput(); // before mocha is loaded: its reporters keep the console.log they find
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, slow: 2_000, forbidOnly: !!process.env.CI });
  if (process.env.PODIUM_TEST_GREP) mocha.fgrep(process.env.PODIUM_TEST_GREP);
  // The specs are CommonJS bundles whose `require('vscode')` only this extension host can answer, so they
  // are loaded here, not by mocha, between the events its interfaces listen to.
  const load = createRequire(__filename);
  for (const name of readdirSync(__dirname).sort()) {
    if (!name.endsWith('.test.cjs')) continue;
    const file = path.join(__dirname, name);
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    mocha.suite.emit('require', load(file), file, mocha);
    mocha.suite.emit('post-require', globalThis, file, mocha);
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} integration ${failures === 1 ? 'test' : 'tests'} failed.`);
}
