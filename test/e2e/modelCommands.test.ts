import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judge, ModelServer } from '../support/modelServer.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { valueByNumber } from '../support/vscode/failingModel.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const elsewhere = 'https://models.example.invalid/v1';
const valueOf = (title: string): number => (title.startsWith('Paint') ? 610 : 320);

describe('the commands about models, after settings were typed by hand', () => {
  let one: ModelServer;
  let two: ModelServer;
  const vscode = useSession(async () => {
    [one, two] = [
      await ModelServer.start({ answer: judge(valueOf) }),
      await ModelServer.start({ answer: judge(valueOf) }),
    ];
    return {
      settings: {
        'podium.workers': 1,
        'podium.model.provider': 'endpoint',
        'podium.model.baseUrl': elsewhere,
        'podium.model.scoring': 'scripted-model',
      },
    };
  });

  before(async () => {
    await vscode.session.workbench.tasks.open();
  });

  after(async () => {
    for (const server of [one, two]) await server[Symbol.asyncDispose]();
  });

  const clear = async (): Promise<void> =>
    await vscode.session.workbench.runCommand('Notifications: Clear All Notifications');

  async function moveTo(address: string): Promise<void> {
    const file = path.join(vscode.session.server.dataFolder, 'data', 'Machine', 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, 'podium.model.baseUrl': address }, null, 2));
  }

  /** Whether a test of the connection to this server brings a key. */
  async function bringsKey(server: ModelServer): Promise<boolean | undefined> {
    const before = server.calls.length;
    await eventually(
      async () => {
        // The editor reads its settings when it gets to it.
        await vscode.session.workbench.runCommand('Podium: Test Connection');
        await vscode.session.workbench.notified(/answered in/);
        await clear();
        return server.calls.length > before;
      },
      { timeout: 20_000 },
    );
    return server.calls.at(-1)?.hasKey;
  }

  async function add(...titles: readonly string[]): Promise<void> {
    const { workbench, folder = '' } = vscode.session;
    const argv = effect('signal-go').split(' ');
    const tasks = titles.map((title) => ({ key: title, title, agent: 'check', argv }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.runCommand('Podium: Add Sample Tasks');
  }

  it('ask before anything is sent to an address that nobody has allowed', async () => {
    const { workbench } = vscode.session;
    await eventually(async () => (await workbench.tasks.welcome()).includes('before you allow it'));
    await workbench.screenshot('model-not-allowed');
    await workbench.tasks.pressWelcome('Allow');
    await eventually(async () => (await workbench.dialog()).includes('to models.example.invalid?'));
    assert.match(await workbench.dialog(), /titles of what they depend on/);
    await workbench.screenshot('model-consent-endpoint');
    await workbench.pressDialog('Cancel');
    await workbench.runCommand('Podium: Test Connection');
    await eventually(async () => (await workbench.dialog()) !== '');
    await workbench.pressDialog('Allow');
    await workbench.notified('There is no API key for models.example.invalid');
    await eventually(async () => !(await workbench.tasks.welcome()).includes('allow'));
    await clear();
  });

  it('say what is wrong with an address, and where it can be mended', async () => {
    const { workbench } = vscode.session;
    await moveTo('http://models.example.invalid/v1');
    await workbench.notified('podium.model.baseUrl in the settings cannot be used');
    await eventually(async () => (await workbench.tasks.welcome()).includes('cannot be used'));
    await workbench.screenshot('model-bad-address');
    await workbench.pressNotification('podium.model.baseUrl', 'Choose Model…');
    await workbench.quickInput.asks('Where the models are');
    await workbench.quickInput.choose(/Endpoint/);
    await workbench.quickInput.asks('Address of the endpoint');
    assert.equal(await workbench.quickInput.text(), 'http://models.example.invalid/v1');
    await workbench.quickInput.accept();
    await eventually(async () =>
      (await workbench.quickInput.message()).includes('Only addresses of this machine may use http'),
    );
    await workbench.quickInput.cancel();
    await clear();
  });

  it('keep a key for one address, send it to no other, and ask before they remove it', async () => {
    const { workbench } = vscode.session;
    await moveTo(one.url);
    assert.equal(await bringsKey(one), false);
    await workbench.runCommand('Podium: Set API Key…');
    await workbench.quickInput.answer('Key for 127.0.0.1', 'not-a-real-key');
    await workbench.notified('is kept in the editor');
    await clear();
    assert.equal(await bringsKey(one), true);
    await moveTo(two.url);
    assert.equal(await bringsKey(two), false);
    await moveTo(one.url);
    assert.equal(await bringsKey(one), true);
    await workbench.runCommand('Podium: Remove API Key…');
    await eventually(async () => (await workbench.dialog()).includes('Remove the key for 127.0.0.1'));
    await workbench.pressDialog('Cancel');
    assert.equal(await bringsKey(one), true);
    await workbench.runCommand('Podium: Remove API Key…');
    await eventually(async () => (await workbench.dialog()) !== '');
    await workbench.pressDialog('Remove');
    await workbench.notified('any more');
    await clear();
    assert.equal(await bringsKey(one), false);
    assert.ok(!two.calls.some(({ hasKey }) => hasKey));
  });

  it('judge all tasks anew', async () => {
    const { workbench, folder = '' } = vscode.session;
    await Effects.in(folder);
    await add('Sharpen tools', 'Paint fence', 'Rake leaves');
    const scores = async (wanted: string): Promise<void> => {
      await workbench.tasks.until(
        (rows) =>
          rows
            .filter(({ description }) => description.includes('pending'))
            .map(({ label, description }) => `${label} ${Number.parseInt(description)}`)
            .join() === wanted,
        20_000,
      );
    };
    await scores('Paint fence 610,Rake leaves 320');
    one.script = { answer: judge((title) => 900 - valueOf(title)) };
    const before = one.calls.length;
    await workbench.runCommand('Podium: Reprioritise All');
    await workbench.notified(/tasks were judged anew/, 20_000);
    assert.ok(one.calls.length > before);
    await scores('Rake leaves 580,Paint fence 290');
    await workbench.screenshot('model-judged-anew');
    await clear();
  });

  it('forget what was learned of words', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    one.script = { answer: judge(valueByNumber) };
    for (const kind of ['crowded', 'broken']) {
      await add(...[40, 50, 60].map((number) => `Paint ${kind} wall ${number}`));
      await workbench.tasks.until((rows) =>
        rows.some(
          ({ label, description }) => label === `Paint ${kind} wall 60` && description.startsWith('600 ·'),
        ),
      );
    }
    await workbench.runCommand('Podium: Show Learned Meanings');
    await eventually(async () => (await workbench.editorText()).includes('crowd'));
    await workbench.screenshot('model-learned');
    // What is forgotten is judged again, and would be learned again.
    one.script = { answer: () => ({ kind: 'status', status: 500 }) };
    await workbench.runCommand('Podium: Forget Learned Meanings…');
    await quickInput.asks('What is to be forgotten');
    await quickInput.tick(/Everything/);
    await quickInput.accept();
    await workbench.notified('All is forgotten.');
    await eventually(async () => (await workbench.editorText()).includes('Nothing has been learned yet'));
    await workbench.runCommand('Podium: Forget Learned Meanings…');
    await workbench.notified('Nothing has been learned of words yet.');
  });
});
