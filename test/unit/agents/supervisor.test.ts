import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { CommandAgent } from '../../../src/agents/commandAgent.ts';
import { systemClock } from '../../../src/system/systemClock.ts';
import { AgentBench, definition, supervisor } from '../../support/agentBench.ts';

describe('the supervisor', () => {
  let bench: AgentBench;
  beforeEach(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench[Symbol.dispose]());

  it('is one file that needs nothing but Node, and works as such', async () => {
    const outfile = path.join(bench.folder, 'supervisor.cjs');
    const built = await esbuild.build({
      entryPoints: [supervisor],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      metafile: true,
    });
    const imports = Object.values(built.metafile.outputs).flatMap((output) => output.imports);
    assert.deepEqual(
      imports.filter(({ path: name }) => !name.startsWith('node:')),
      [],
    );
    const rooms = Object.keys(built.metafile.inputs).map((file) => path.basename(path.dirname(file)));
    assert.deepEqual(new Set(rooms), new Set(['agents']));
    const agent = new CommandAgent(definition(), { clock: systemClock, supervisor: outfile });
    const outcome = await agent.run(bench.run(['${node}', '-p', '6 * 7']), new AbortController().signal);
    assert.deepEqual(outcome, { kind: 'completed', result: '42' });
  });

  it('whose host goes away before it says anything ends and claims nothing', async () => {
    const child = spawn(process.execPath, [supervisor], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(bench.runDirectory()), []);
  });

  it('that is given nonsense says so and ends', async () => {
    const child = spawn(process.execPath, [supervisor], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write('{"runDirectory":"/no/such/folder"}\n');
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 70);
    assert.match(Buffer.concat(said).toString(), /"event":"broken","message":"ENOENT/);
  });
});
