import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { parseEndpoint } from '../../src/models/endpoint.ts';
import type { Endpoint } from '../../src/models/endpoint.ts';
import type { OpenAiModelOptions } from '../../src/models/openaiModel.ts';
import { HouseModels } from '../../src/ui/models/houseModels.ts';
import type { ModelSettings } from '../../src/ui/settings/settingsModel.ts';

/** Keeps secrets as the editor does, in memory. */
class FakeSecrets implements vscode.SecretStorage {
  readonly kept = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  readonly onDidChange = this.#changed.event;

  keys(): Promise<string[]> {
    return Promise.resolve([...this.kept.keys()]);
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  store(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
    this.#changed.fire({ key });
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.kept.delete(key);
    this.#changed.fire({ key });
    return Promise.resolve();
  }
}

class FakeMemento implements vscode.Memento {
  readonly kept = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.kept.keys()];
  }

  get<T>(key: string, defaultValue?: T): T | undefined {
    return (this.kept.get(key) as T | undefined) ?? defaultValue;
  }

  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
}

const endpointAt = (address: string): Endpoint => {
  const parsed = parseEndpoint(address);
  assert.equal(parsed.kind, 'endpoint');
  return parsed.endpoint;
};

describe('the models of the house', () => {
  const changed = new vscode.EventEmitter<void>();
  const one = 'https://one.example.com/v1';
  const two = 'https://two.example.com/v1';
  let settings: ModelSettings;
  let secrets: FakeSecrets;
  let memory: FakeMemento;
  /** What models were made with, and which of the editor's. */
  let made: OpenAiModelOptions[];
  let ofEditor: string[];
  let house: HouseModels;

  beforeEach(() => {
    settings = {
      provider: 'endpoint',
      baseUrl: one,
      scoring: 'small',
      working: '',
      timeout: 60_000,
      dailyTokens: 0,
      prices: { input: 0, output: 0 },
    };
    [secrets, memory, made, ofEditor] = [new FakeSecrets(), new FakeMemento(), [], []];
    house = open();
  });
  afterEach(() => house[Symbol.dispose]());
  after(() => changed.dispose());

  const open = (): HouseModels =>
    new HouseModels({
      makers: {
        parseEndpoint,
        endpointModel: (options) => {
          made.push(options);
          return { name: options.model, ask: () => Promise.reject(new Error('nobody asks here')) };
        },
        listModels: () => Promise.resolve([]),
        editorModel: (choice) => {
          ofEditor.push(choice);
          return { name: choice, ask: () => Promise.reject(new Error('nobody asks here')) };
        },
      },
      settings: () => settings,
      onDidChangeSettings: changed.event,
      onDidChangeEditorModels: changed.event,
      secrets,
      memory,
      log: { write: (_level, message) => assert.fail(message) },
    });

  const change = async (over: Partial<ModelSettings>): Promise<void> => {
    settings = { ...settings, ...over };
    changed.fire();
    await house.settled();
  };

  it('are made only once a person has allowed it, for that origin and no other, in every window', async () => {
    await house.settled();
    assert.deepEqual([house.scoring(), made, house.standing.kind], [null, [], 'not-allowed']);
    await house.allow({ kind: 'endpoint', endpoint: endpointAt(one) });
    await house.settled();
    assert.equal(house.scoring()?.name, 'small');
    assert.equal(house.working(), null, 'there is no name for one');
    await change({ baseUrl: two });
    assert.deepEqual(
      [house.scoring(), house.standing],
      [null, { kind: 'not-allowed', where: 'two.example.com' }],
    );
    await change({ baseUrl: 'https://one.example.com:444/v1' });
    assert.equal(house.scoring(), null, 'another port is another origin');
    await change({ baseUrl: 'https://one.example.com/other/path' });
    assert.equal(house.scoring()?.name, 'small', 'another path is the same');
    using again = open();
    await again.settled();
    assert.equal(again.scoring()?.name, 'small');
  });

  it('get the key of their own origin, and the new one at once', async () => {
    for (const address of [one, two]) await house.allow({ kind: 'endpoint', endpoint: endpointAt(address) });
    await house.setKey(endpointAt(one), 'key of one');
    await house.settled();
    assert.equal(made.at(-1)?.key, 'key of one');
    await change({ baseUrl: two });
    assert.equal(made.at(-1)?.endpoint.host, 'two.example.com');
    assert.equal(made.at(-1)?.key, null);
    assert.equal(await house.hasKey(endpointAt(two)), false);
    await house.setKey(endpointAt(two), 'key of two');
    await house.settled();
    assert.equal(made.at(-1)?.key, 'key of two');
    await house.removeKey(endpointAt(two));
    await house.settled();
    assert.equal(made.at(-1)?.key, null);
    assert.equal(await house.hasKey(endpointAt(one)), true, 'the other one is still there');
    for (const { endpoint, key } of made)
      if (key !== null) assert.equal(key, `key of ${endpoint.host.replace('.example.com', '')}`);
  });

  it('of this machine need no permission, and those of the editor one of their own', async () => {
    await change({ baseUrl: 'http://127.0.0.1:1234/v1' });
    assert.equal(house.scoring()?.name, 'small');
    await house.allow({ kind: 'endpoint', endpoint: endpointAt(one) });
    await change({ provider: 'editor', scoring: 'vendor/family' });
    assert.deepEqual([house.scoring(), ofEditor, house.standing.kind], [null, [], 'not-allowed']);
    await house.allow({ kind: 'editor' });
    await house.settled();
    assert.deepEqual(ofEditor, ['vendor/family']);
  });

  it('are not there, and why is known, where the settings name none or no address', async () => {
    await change({ baseUrl: 'http://one.example.com/v1' });
    assert.equal(house.scoring(), null);
    assert.equal(house.standing.kind, 'invalid');
    await change({ baseUrl: one, scoring: '' });
    assert.deepEqual(house.standing, { kind: 'none' });
    await change({ provider: 'none', scoring: 'small' });
    assert.deepEqual(house.standing, { kind: 'none' });
    assert.deepEqual(made, []);
  });
});
