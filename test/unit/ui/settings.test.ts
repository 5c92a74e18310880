import assert from 'node:assert/strict';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { defaultHistory } from '../../../src/core/history/history.ts';
import { numberRules, parseSettings, settingKeys } from '../../../src/ui/settings/settingsModel.ts';
import type { ParsedSettings, RawSettings } from '../../../src/ui/settings/settingsModel.ts';

const nothing = Object.fromEntries(settingKeys.map((key) => [key, undefined])) as unknown as RawSettings;

const parse = (over: Partial<RawSettings>): ParsedSettings => parseSettings({ ...nothing, ...over });
describe('the settings', () => {
  it('are the defaults when nothing is set, in the units of the house', () => {
    const { settings, problems } = parseSettings(nothing);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      workers: 10,
      agents: undefined,
      defaultTimeout: 30 * 60_000,
      retry: { baseDelay: 2_000, maxDelay: 300_000 },
      outputLimit: 10 * 1024 * 1024,
      history: defaultHistory,
      model: {
        provider: 'none',
        baseUrl: 'https://api.openai.com/v1',
        scoring: '',
        working: '',
        timeout: 60_000,
        dailyTokens: 200_000,
        prices: { input: 0, output: 0 },
      },
      fuses: defaultFuses,
      synonyms: [],
      resources: undefined,
      windowShare: 1,
    });
  });

  it('take the limits of fuses in minutes, hours and whole money', () => {
    const { fuses } = parse({
      'fuses.startsWindowMinutes': 2,
      'fuses.treeHours': 0.5,
      'fuses.dailyCost': 1.25,
      'fuses.depth': 0,
      'approval.writes': true,
    }).settings;
    assert.deepEqual(
      [fuses.antiLoopWindow, fuses.treeTime, fuses.dailyCostMicros, fuses.depth, fuses.approveWrites],
      [120_000, 1_800_000, 1_250_000, 1, true],
    );
  });

  it('take prices as they are in price lists, for a million tokens', () => {
    const { settings, problems } = parse({ 'model.inputPrice': 0.25, 'model.outputPrice': -2 });
    assert.deepEqual(settings.model.prices, { input: 0.25, output: 0 });
    assert.equal(problems.length, 1);
  });

  it('take synonyms that are words, and say which are not', () => {
    const { settings, problems } = parse({ synonyms: { RFP: 'tender', ' ': 'x', Odd: 7 } });
    assert.deepEqual(settings.synonyms, [{ word: 'RFP', means: 'tender' }]);
    assert.equal(problems.length, 2);
    assert.equal(parse({ synonyms: ['x'] }).problems.length, 1);
  });

  it('keep history for as long as is asked for, in days and megabytes', () => {
    const { settings, problems } = parse({
      'history.keepFinished': 5,
      'history.archiveDays': 365,
      'history.logDays': 0,
      'history.logMegabytes': 0,
    });
    assert.deepEqual(settings.history, {
      keepFinished: 5,
      archiveDays: 365,
      logDays: 0,
      logBytes: 1024 * 1024,
    });
    assert.deepEqual(problems, [
      'podium.history.logMegabytes must be a whole number from 1 to 1000000; 1 is used.',
    ]);
  });

  it('name models as texts, and nothing that is none', () => {
    const { settings, problems } = parse({
      'model.provider': 'endpoint',
      'model.scoring': ' small ',
      'model.working': 7,
      'model.baseUrl': null,
    });
    assert.deepEqual(
      [settings.model.provider, settings.model.scoring, settings.model.working],
      ['endpoint', 'small', ''],
    );
    assert.deepEqual(problems, ['podium.model.working must be a text; its default is used.']);
    const wrong = parse({ 'model.provider': 'cloud' });
    assert.equal(wrong.settings.model.provider, 'none');
    assert.match(wrong.problems[0] ?? '', /must be one of none, endpoint, editor/);
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
      const { settings, problems } = parse({ workers: junk });
      assert.equal(settings.workers, numberRules.workers.default);
      assert.equal(problems.length, 1);
    }
  });

  it('hand the agents on as they were written', () => {
    const agents = { claude: { command: ['claude', '-p'] } };
    assert.equal(parse({ agents }).settings.agents, agents);
  });
});
