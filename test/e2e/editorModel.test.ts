import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { outlives } from '../support/vscode/failingModel.ts';
import type { Failing } from '../support/vscode/failingModel.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const fakeModels = path.join(import.meta.dirname, '../support/vscode/fakeModels');

describe('a model of the editor', () => {
  const vscode = useSession({
    settings: { 'podium.workers': 2, 'podium.model.timeoutSeconds': 5 },
    others: [fakeModels],
  });

  it('is chosen, allowed once, and answers a test', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Choose Model…');
    await quickInput.asks('Where the models are');
    await quickInput.choose(/Editor/);
    await quickInput.asks('judges how valuable');
    await quickInput.choose('fake/rule');
    await quickInput.asks('does the work');
    await quickInput.choose('fake/rule');
    await eventually(async () => (await workbench.dialog()).includes('May Podium send your tasks'));
    await workbench.screenshot('model-consent');
    await workbench.pressDialog('Allow');
    await eventually(
      async () => (await workbench.notifications()).some((text) => text.includes('fake/rule')),
      {
        timeout: 20_000,
      },
    );
    await workbench.screenshot('model-tested');
  });

  it('judges what waits', async () => {
    const { workbench, folder = '' } = vscode.session;
    const effects = await Effects.in(folder);
    const tasks = Array.from({ length: 5 }, (_, index) => ({
      key: String(index),
      title: `Paint wall number ${index + 1}0`,
      agent: 'check',
      argv: effect('signal-go').split(' '),
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.runCommand('Podium: Add Sample Tasks');
    const judged = (rows: readonly { readonly description: string }[]): string =>
      rows
        .filter(({ description }) => description.includes('pending'))
        .map(({ description }) => Number.parseInt(description))
        .join();
    await workbench.tasks.until((rows) => judged(rows) === '500,400,300', 30_000);
    await effects.signal('signal-go');
    await workbench.tasks.until((all) => all.some(({ label }) => label === 'Finished (5)'), 60_000);
  });

  it('does the work of a prompt task', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.runCommand('Podium: Add Task…');
    await quickInput.answer('Title', 'say it loud');
    await quickInput.answer('Description', '');
    await quickInput.asks('Agent');
    await quickInput.choose(/Prompt/);
    await quickInput.asks('Priority');
    await quickInput.choose('Medium');
    await quickInput.asks(/Depends on|No other task/);
    await quickInput.accept();
    await workbench.tasks.until((all) => all.some(({ label }) => label === 'Finished (6)'), 30_000);
    await workbench.tasks.expand(/^Finished/);
    await workbench.tasks.until((all) => all.some(({ label }) => label === 'say it loud'));
    await workbench.tasks.row('say it loud').click();
    await eventually(async () => (await workbench.editorText()).includes('SAY IT LOUD'));
    await workbench.closeEditors();
  });

  const doesNotAnswer = 'The model does not answer';
  const cannotBeAsked = 'The model cannot be asked';
  const ways: readonly (Omit<Failing, 'mend'> & { readonly title: string })[] = [
    { title: 'with an error', name: 'broken', about: 'Tune piano', digit: 0, said: doesNotAnswer },
    { title: 'with garbage', name: 'babbling', about: 'Mend bicycle', digit: 1, said: doesNotAnswer },
    { title: 'by never answering', name: 'silent', about: 'Knit jumper', digit: 2, said: doesNotAnswer },
    {
      title: 'because its quota is used up',
      name: 'spent',
      about: 'Fold paper',
      digit: 3,
      said: 'The quota of the model is used up',
    },
    {
      title: 'because it is not allowed',
      name: 'locked',
      about: 'Sort stamps',
      digit: 4,
      said: cannotBeAsked,
    },
  ];

  for (const { title, ...way } of ways) {
    it(`fails ${title}: tasks go on, the tree says so once, and a test that succeeds ends it`, async () => {
      const { session } = vscode;
      const { workbench, folder = '' } = session;
      await workbench.runCommand('Notifications: Clear All Notifications');
      const file = path.join(folder, 'fake-model');
      await writeFile(file, way.name);
      const mend = async (): Promise<void> => {
        await rm(file);
        await workbench.runCommand('Podium: Test Connection');
        await workbench.notified(/answered in/);
        await workbench.runCommand('Notifications: Clear All Notifications');
      };
      await outlives(session, { ...way, mend });
    });
  }
});
