import assert from 'node:assert/strict';
import { numberRules, parseSettings } from '../../../src/ui/settings/settingsModel.ts';
import type { AgentSetting, ParsedSettings, RawSettings } from '../../../src/ui/settings/settingsModel.ts';

const nothing: RawSettings = {
  workers: undefined,
  agents: undefined,
  defaultTimeoutMinutes: undefined,
  'retry.maxAttempts': undefined,
  'retry.baseDelaySeconds': undefined,
  outputLimitMegabytes: undefined,
};

const parse = (over: Partial<RawSettings>): ParsedSettings => parseSettings({ ...nothing, ...over });
const agentOf = (definition: unknown): { agent: AgentSetting | undefined; problems: readonly string[] } => {
  const { settings, problems } = parse({ agents: { one: definition } });
  return { agent: settings.agents[0], problems };
};

describe('the settings', () => {
  it('are the defaults when nothing is set, in the units of the house', () => {
    const { settings, problems } = parseSettings(nothing);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      workers: 10,
      agents: [],
      defaultTimeout: 30 * 60_000,
      retry: { maxAttempts: 3, baseDelay: 2_000 },
      outputLimit: 10 * 1024 * 1024,
    });
  });

  it('are clamped and say so', () => {
    const { settings, problems } = parse({ workers: 1_000, outputLimitMegabytes: -1 });
    assert.equal(settings.workers, 64);
    assert.equal(settings.outputLimit, 1024 * 1024);
    assert.equal(problems.length, 2);
    assert.match(problems[0]!, /podium\.workers must be a whole number from 1 to 64; 64 is used/);
  });

  it('survive every kind of nonsense with their defaults', () => {
    for (const junk of ['10', NaN, Infinity, {}, [], true, () => 1]) {
      const { settings, problems } = parse({ workers: junk, agents: 'claude' });
      assert.equal(settings.workers, numberRules.workers.default);
      assert.deepEqual(settings.agents, []);
      assert.equal(problems.length, 2);
    }
  });
});

describe('the setting of an agent', () => {
  it('needs only a command; the rest is the careful choice', () => {
    assert.deepEqual(agentOf({ command: ['claude', '-p'] }), {
      agent: {
        id: 'one',
        label: 'one',
        command: ['claude', '-p'],
        prompt: 'stdin',
        cwd: undefined,
        env: {},
        timeout: undefined,
        idempotent: false,
        writes: true,
        maxAttempts: undefined,
      },
      problems: [],
    });
  });

  it('takes what it says', () => {
    const { agent, problems } = agentOf({
      label: 'One',
      command: ['x'],
      prompt: 'none',
      cwd: 'sub',
      env: { A: 'b' },
      timeoutSeconds: 5,
      idempotent: true,
      writes: false,
      maxAttempts: 1,
    });
    assert.deepEqual(problems, []);
    assert.ok(agent);
    assert.equal(agent.timeout, 5_000);
    assert.deepEqual(
      [agent.label, agent.prompt, agent.writes, agent.idempotent],
      ['One', 'none', false, true],
    );
    assert.deepEqual(agent.env, { A: 'b' });
  });

  it('is left out without a command that can be run', () => {
    for (const command of [undefined, 'claude -p', [], [''], ['a', 1], ['a\0b']]) {
      const { agent, problems } = agentOf({ command });
      assert.equal(agent, undefined);
      assert.match(problems[0]!, /left out/);
    }
  });

  it('is left out under a name that could be taken for something else', () => {
    for (const id of ['', '../x', 'a b', '-rf', 'x'.repeat(65)]) {
      assert.deepEqual(parse({ agents: { [id]: { command: ['x'] } } }).settings.agents, [], id);
    }
  });

  it('ignores a bad field, keeps the good ones, and names the bad one', () => {
    const { agent, problems } = agentOf({
      command: ['x'],
      prompt: 'telepathy',
      env: { A: 1 },
      writes: 'no',
      timeoutSeconds: 'long',
      maxAttempts: 99,
    });
    assert.deepEqual(
      [agent!.prompt, agent!.writes, agent!.timeout, agent!.maxAttempts],
      ['stdin', true, undefined, 20],
    );
    const named = ['"prompt"', '"env"', '"writes"', '"timeoutSeconds"', '"maxAttempts"'];
    assert.equal(problems.length, named.length);
    assert.ok(named.every((field) => problems.some((problem) => problem.includes(field))));
  });
});
