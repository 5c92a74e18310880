/**
 * Descriptions for the texts of a trace, of the 400 bytes that benchmark.md gives a row: what is wanted, in the words of
 * the text itself, within what the template of a team says under every task. The template comes in two wordings that
 * mean the same, as when somebody has smoothed it once. Nothing in it belongs to any intent.
 */

const templates: readonly ((text: string) => string)[] = [
  (text) =>
    `${text}.\n\nBefore you begin, please read the notes of this folder. When you are ready, fill in the checklist and ` +
    'put your results into the same folder. If anything is missing, ask the team in the channel of the project. Do not ' +
    'change the work of others without asking. Tell the team when it is finished, and keep the hours up to date in the ' +
    'table.',
  (text) =>
    `Please: ${text}.\n\nBefore you begin, read the notes in this folder. When ready, please fill in the checklist, and ` +
    'put the result into the same folder! If anything is missing, please ask our team in the channel of the project. Do ' +
    'not change the work of the others without asking; tell the team when it is finished, and keep the hours up to date in ' +
    'the table, please.',
];

/** The same for the same text, always. */
export function descriptionOf(text: string): string {
  const template = templates[text.length % templates.length];
  if (template === undefined) throw new Error('There is no template.');
  return template(text);
}
