import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const source = ['def send():', '  # TODO: wait when the server says 429', '  return post()', '', 'send()'];
const entry = 'Podium: Add Task from Selection…';

/** Prints what it is told: the description reaches the program as it was quoted. */
const reader = 'process.stdin.pipe(process.stdout)';

describe('adding a task from a selection', () => {
  let folder = '';
  const vscode = useSession(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-selection-'));
    await mkdir(path.join(folder, 'src'));
    await writeFile(path.join(folder, 'src', 'client.py'), source.join('\n'));
    await writeFile(path.join(folder, 'notes.md'), '# Notes\n');
    return {
      folder,
      settings: {
        'podium.agents': { reader: { command: ['${node}', '-e', reader], writes: false } },
        'explorer.compactFolders': false,
      },
    };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function answerTheRest(): Promise<void> {
    const { quickInput } = vscode.session.workbench;
    await quickInput.asks('Agent');
    await quickInput.choose('reader');
    await quickInput.asks('Priority');
    await quickInput.choose('Medium');
    await quickInput.asks(/Depends on|No other task/);
    await quickInput.accept();
  }

  it('starts from the selected lines, keeps them as they are and gives them to the agent', async () => {
    const { workbench } = vscode.session;
    const { page, quickInput } = workbench;
    await workbench.openFile('client.py');
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await workbench.chooseInMenu(page.locator('.editor-instance .view-line', { hasText: 'TODO' }), entry);
    await quickInput.asks('Title');
    assert.equal(await quickInput.text(), '# TODO: wait when the server says 429');
    await workbench.screenshot('selection-title');
    await quickInput.accept();
    await quickInput.asks('Description');
    assert.match(await quickInput.text(), /^From src\/client\.py, lines 2 to 3: /);
    await workbench.screenshot('selection-description');
    await quickInput.accept();
    await answerTheRest();

    await workbench.tasks.open();
    await workbench.tasks.until((rows) => rows.some((row) => row.label.startsWith('Finished (1)')));
    await workbench.tasks.expand(/^Finished/);
    await workbench.tasks.until((rows) => rows.some((row) => row.label.startsWith('# TODO')));
    await workbench.screenshot('selection-row');
    await workbench.tasks.row('# TODO').click();
    const quoted = [
      'From src/client.py, lines 2 to 3:',
      '',
      ...source.slice(1, 3).map((line) => `> ${line}`),
    ];
    await eventually(async () => (await workbench.editorText()).includes(quoted.join('\n')));
    await workbench.screenshot('selection-result');
    await workbench.closeEditors();
  });

  it('starts from the files and folders chosen in the explorer, several at once', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.runCommand('Explorer: Focus on Folders View');
    await workbench.explorerRow('src').click();
    await workbench.explorerRow('notes.md').click({ modifiers: ['ControlOrMeta'] });
    await workbench.screenshot('selection-explorer');
    await workbench.chooseInMenu(workbench.explorerRow('notes.md'), entry);
    await quickInput.asks('Title');
    assert.equal(await quickInput.text(), 'src and 1 more');
    await quickInput.type('Write up what the client does');
    await quickInput.accept();
    await quickInput.asks('Description');
    assert.equal(await quickInput.text(), 'About these:  - src/ - notes.md');
    await quickInput.cancel();
  });

  it('is reached from the palette alone, and says what to do when there is nothing to start from', async () => {
    const { workbench } = vscode.session;
    await workbench.closeEditors();
    await workbench.runCommand(entry);
    await workbench.notified(/Select text in an editor/);
    await workbench.openFile('notes.md');
    await workbench.page.keyboard.press('ControlOrMeta+A');
    await workbench.runCommand(entry);
    await workbench.quickInput.asks('Title');
    assert.equal(await workbench.quickInput.text(), '# Notes');
    await workbench.quickInput.cancel();
  });

  it('belongs to the folder its file is in, without asking which, when several are open', async () => {
    const file = path.join(folder, 'both.code-workspace');
    await mkdir(path.join(folder, 'docs'));
    await writeFile(path.join(folder, 'docs', 'guide.md'), 'Explain the limits\n');
    await writeFile(file, JSON.stringify({ folders: [{ path: 'src' }, { path: 'docs' }] }));
    // A window of its own: in one that had a folder open the editor may come up with the workspace but without its folders.
    const workbench = await vscode.session.openWindow(file);
    const { quickInput, tasks } = workbench;
    await tasks.open();
    await workbench.runCommand('Podium: Pause All');
    await workbench.openFile('guide.md');
    await workbench.page.keyboard.press('ControlOrMeta+A');
    await workbench.runCommand(entry);
    await quickInput.asks('Title');
    await quickInput.accept();
    await quickInput.asks('Description');
    assert.match(await quickInput.text(), /^From guide\.md, line 1: /);
    await quickInput.accept();
    await answerTheRest();
    const rows = await tasks.until((all) => all.some((row) => row.label === 'Explain the limits'));
    const labels = rows.map((row) => row.label);
    assert.equal(labels[labels.indexOf('Explain the limits') - 1], 'docs', labels.join(', '));
    await workbench.screenshot('selection-two-folders');
  });
});
