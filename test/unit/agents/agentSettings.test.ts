import assert from 'node:assert/strict';
import { noModels } from '../../../src/core/models.ts';
import { AgentRegistry } from '../../../src/agents/registry.ts';
import { parseAgentSettings } from '../../../src/agents/agentSettings.ts';
import type { AgentId } from '../../../src/core/model.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SeededChance } from '../../support/seededChance.ts';

const defaults = { defaultTimeout: 60_000, outputLimit: 1_000 };

describe('the setting podium.agents', () => {
  const problemsOf = (agents: unknown): readonly string[] => parseAgentSettings(agents, defaults).problems;

  it('may be absent', () => {
    for (const value of [undefined, null, {}]) {
      assert.deepEqual(parseAgentSettings(value, defaults), { commands: [], simulations: [], problems: [] });
    }
  });

  it('defines a program with as little as its command, taken to be careless', () => {
    const [command] = parseAgentSettings({ claude: { command: ['claude', '-p'] } }, defaults).commands;
    assert.deepEqual(command, {
      description: {
        id: 'claude',
        label: 'claude',
        detail: 'claude -p',
        simulated: false,
        needsTrust: true,
        idempotent: false,
        writes: true,
        takesCommand: false,
        maxAttempts: 1,
        timeout: 60_000,
      },
      argv: ['claude', '-p'],
      prompt: 'stdin',
      cwd: '.',
      env: {},
      outputLimit: 1_000,
    });
  });

  it('defines a program in every detail', () => {
    const fields = {
      label: 'L',
      detail: 'D',
      command: ['x'],
      prompt: 'argument',
      cwd: 'a/b',
      env: { K: 'v' },
    };
    const more = { timeoutSeconds: 1.5, idempotent: true, writes: false };
    const { commands, problems } = parseAgentSettings({ x: { ...fields, ...more } }, defaults);
    assert.deepEqual(problems, []);
    const { description, ...rest } = commands[0]!;
    assert.deepEqual(rest, {
      argv: ['x'],
      prompt: 'argument',
      cwd: 'a/b',
      env: { K: 'v' },
      outputLimit: 1_000,
    });
    assert.deepEqual([description.timeout, description.maxAttempts, description.writes], [1_500, 3, false]);
  });

  it('defines simulated workers', () => {
    const { simulations, problems } = parseAgentSettings(
      {
        slow: { type: 'simulated', durationSeconds: [1, 2], failureRate: 0.5 },
        quick: { type: 'simulated', durationSeconds: 0 },
      },
      defaults,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      simulations.map(({ duration, failureRate }) => [duration, failureRate]),
      [
        [[1_000, 2_000], 0.5],
        [[0, 0], 0],
      ],
    );
    assert.ok(simulations.every(({ description }) => description.simulated && !description.needsTrust));
  });

  const wrong: readonly (readonly [fields: unknown, message: RegExp])[] = [
    ['claude -p', /"a" must be an object/],
    [{}, /"a": "command" must be a program and its arguments/],
    [{ command: 'claude -p' }, /"command" must be a list of strings/],
    [{ command: [] }, /"command" must be/],
    [{ command: [''] }, /"command" must be/],
    [{ command: ['a', 1] }, /"command" must be/],
    [{ command: ['a\0b'] }, /"command" must be/],
    [{ command: ['a'], prompt: 'shell' }, /"prompt" must be "stdin", "argument", "none"/],
    [{ command: ['a'], cwd: '..' }, /"cwd" must be relative .* inside/],
    [{ command: ['a'], cwd: 'b/../../c' }, /"cwd" must be/],
    [{ command: ['a'], cwd: '/tmp' }, /"cwd" must be/],
    [{ command: ['a'], cwd: 'C:\\tmp' }, /"cwd" must be/],
    [{ command: ['a'], env: { K: 1 } }, /"env" must be an object of strings/],
    [{ command: ['a'], env: { 'K=1': '' } }, /"env" must be/],
    [{ command: ['a'], timeoutSeconds: 0 }, /"timeoutSeconds" must be a number from 1 to 86400/],
    [{ command: ['a'], timeoutSeconds: Number.NaN }, /"timeoutSeconds" must be/],
    [{ command: ['a'], maxAttempts: 1.5 }, /"maxAttempts" must be a whole number from 1 to 20/],
    [{ command: ['a'], idempotent: 'yes' }, /"idempotent" must be true or false/],
    [{ command: ['a'], idempotant: true }, /has no field "idempotant"/],
    [{ type: 'robot', command: ['a'] }, /"type" must be "command", "simulated"/],
    [{ type: 'simulated', durationSeconds: [3, 1] }, /"durationSeconds" must be .*\[shortest, longest\]/],
    [{ type: 'simulated', failureRate: 2 }, /"failureRate" must be a number from 0 to 1/],
    [{ type: 'simulated', command: ['a'] }, /has no field "command"/],
  ];
  for (const [fields, message] of wrong) {
    it(`refuses ${JSON.stringify(fields)} and keeps its neighbour`, () => {
      const { commands, simulations, problems } = parseAgentSettings(
        { a: fields, b: { command: ['b'] } },
        defaults,
      );
      assert.deepEqual([commands.map(({ description }) => description.id), simulations], [['b'], []]);
      assert.match(problems.join('\n'), message);
      assert.match(problems[0] ?? '', /^podium\.agents: "a"/);
    });
  }

  it('names every problem, not only the first', () => {
    assert.equal(problemsOf({ a: { command: [], cwd: '..', writes: 7, label: 1 } }).length, 4);
  });

  it('refuses what is no object, bad names and those that are built in', () => {
    for (const value of [[], 'x', 7, true]) assert.match(problemsOf(value)[0] ?? '', /must be an object/);
    for (const id of ['', 'a b', '../x', 'é', 'x'.repeat(65), '-x']) {
      assert.match(problemsOf({ [id]: { command: ['a'] } })[0] ?? '', /is no name/, id);
    }
    for (const id of ['command', 'check', 'simulated']) {
      assert.match(problemsOf({ [id]: { command: ['a'] } })[0] ?? '', /built in/);
    }
  });
});

describe('the registry of agents', () => {
  const registry = (): AgentRegistry =>
    new AgentRegistry({
      clock: new FakeClock(),
      chance: new SeededChance(),
      supervisor: '/supervisor.cjs',
      models: noModels,
    });

  it('has the built-in agents and those of the settings', () => {
    const agents = registry();
    assert.deepEqual(agents.list(), []);
    const problems = agents.configure({ ...defaults, agents: { mine: { command: ['x'] }, bad: 7 } });
    assert.equal(problems.length, 1);
    assert.deepEqual(
      agents.list().map(({ id }) => id),
      ['command', 'check', 'mine', 'simulated'],
    );
    assert.equal(agents.get('mine' as AgentId)?.description.takesCommand, false);
    assert.equal(agents.get('none' as AgentId), undefined);
  });

  it('forgets what the settings no longer say', () => {
    const agents = registry();
    agents.configure({ ...defaults, agents: { mine: { command: ['x'] } } });
    agents.configure({ ...defaults, agents: {} });
    assert.equal(agents.get('mine' as AgentId), undefined);
  });

  it('lets only read-only commands run beside others and again', () => {
    const agents = registry();
    agents.configure({ ...defaults, agents: {} });
    const traits = (id: string): unknown => {
      const about = agents.get(id as AgentId)?.description;
      return [about?.writes, about?.idempotent, about?.maxAttempts, about?.takesCommand, about?.needsTrust];
    };
    assert.deepEqual(traits('command'), [true, false, 1, true, true]);
    assert.deepEqual(traits('check'), [false, true, 1, true, true]);
    assert.deepEqual(traits('simulated'), [false, true, 3, false, false]);
  });
});
