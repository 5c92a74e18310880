/** A host to be killed: runs one command as an agent. `node agentHost.ts <folder> <run directory> <argv as JSON>` */
import { systemClock } from '../../src/system/systemClock.ts';
import { CommandAgent } from '../../src/agents/commandAgent.ts';
import { definition, KeyedGate, supervisor, taskOf } from './agentBench.ts';
import { permitted } from './permitted.ts';

const [folder = '', runDirectory = '', argv = '[]'] = process.argv.slice(2);
const agent = new CommandAgent(definition(), { clock: systemClock, supervisor, grace: 300 });
const task = taskOf(JSON.parse(argv) as readonly string[]);
const createSubTask = new KeyedGate().create;
const results = (): Promise<readonly []> => Promise.resolve([]);
const started = (): Promise<void> => Promise.resolve();
await agent.run(
  { task, folder, runDirectory, results, createSubTask, started, lease: permitted },
  new AbortController().signal,
);
