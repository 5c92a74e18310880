// @ts-nocheck -- runs as it is, in the extension host of a test
'use strict';
/**
 * A model that the editor offers. Asked to judge, it gives each task the number in its title times ten; asked for
 * anything else, it repeats that in capitals.
 */
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
      const text = messages.map(({ content }) => content.map(({ value }) => value ?? '').join('')).join('\n');
      for (const piece of answerTo(text)) progress.report(new vscode.LanguageModelTextPart(piece));
    },
    provideTokenCount: (_model, text) =>
      Math.ceil((typeof text === 'string' ? text : JSON.stringify(text)).length / 4),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('fake', provider));
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
