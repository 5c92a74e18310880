// @ts-nocheck -- runs as it is, in the extension host of a test
'use strict';
/**
 * A model that the editor offers. Asked to judge, it gives each task the number in its title times ten; asked for
 * anything else, it repeats that in capitals. While the folder has a file `fake-model`, it fails in the way that is
 * named there.
 */
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  const provider = {
    provideLanguageModelChatInformation: () => [
      {
        id: 'rule',
        name: 'Rule',
        family: 'rule',
        version: '1',
        maxInputTokens: 100_000,
        maxOutputTokens: 10_000,
        isUserSelectable: true,
        capabilities: {},
      },
    ],
    async provideLanguageModelChatResponse(_model, messages, _options, progress) {
      const way = wayToFail();
      if (way !== undefined) return await ways[way](progress);
      const text = messages.map(({ content }) => content.map(({ value }) => value ?? '').join('')).join('\n');
      for (const piece of answerTo(text)) progress.report(new vscode.LanguageModelTextPart(piece));
    },
    provideTokenCount: (_model, text) =>
      Math.ceil((typeof text === 'string' ? text : JSON.stringify(text)).length / 4),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('fake', provider));
};

function wayToFail() {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = path.join(folder?.uri.fsPath ?? '', 'fake-model');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const ways = {
  broken: () => Promise.reject(new Error('The provider fell over.')),
  babbling: (progress) => progress.report(new vscode.LanguageModelTextPart('What a lovely tune.')),
  silent: () => new Promise(() => {}),
  spent: () => Promise.reject(vscode.LanguageModelError.Blocked('The month is used up.')),
  locked: () => Promise.reject(vscode.LanguageModelError.NoPermissions('Signed out.')),
};

function answerTo(text) {
  const tasks = [...text.matchAll(/"id":\s*"(t\d+)"[^}]*?"title":\s*"([^"]*)"/g)];
  if (tasks.length === 0) return [text.toUpperCase()];
  const scores = tasks.map(([, id, title]) => ({
    id,
    priority_score: Number(/\d+/.exec(title)?.[0] ?? 0) * 10,
    reason: `The number of ${title}.`,
    concepts: [title.toLowerCase()],
  }));
  const answer = JSON.stringify({ tasks: scores });
  return [answer.slice(0, 20), answer.slice(20)];
}
