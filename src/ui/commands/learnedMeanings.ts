import { wordingText } from '../documents/meaningsText.ts';
import { counted } from '../present/words.ts';
import { askPickMany } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import type { CommandRun } from './session.ts';

/** Opens what was learned of words. */
export const showLearnedMeanings: CommandRun = async ({ documents }) => {
  await documents.openMeanings();
};

/** Takes wordings out of the meanings they were learned for, or forgets everything. */
export const forgetLearnedMeanings: CommandRun = async ({ house: { meanings }, messages, documents }) => {
  const learned = await meanings.learned();
  if (learned.length === 0) {
    messages.info('Nothing has been learned of words yet.');
    return;
  }
  const everything = '';
  const choices: readonly Choice<string>[] = [
    { label: '$(trash) Everything', description: 'all that was learned', value: everything },
    ...learned.flatMap(({ meaning, wordings }) =>
      wordings.map(({ wording }) => ({
        label: wordingText(wording),
        description: wording === meaning ? '' : `means: ${wordingText(meaning)}`,
        value: wording,
      })),
    ),
  ];
  const answer = await askPickMany({
    title: 'Forget Learned Meanings',
    placeholder: 'What is to be forgotten: it is judged by itself from now on',
    choices,
    selected: () => false,
  });
  if (answer.kind !== 'answer' || answer.value.length === 0) return;
  if (answer.value.includes(everything)) await meanings.clear();
  else await meanings.setApart(answer.value);
  documents.meaningsChanged();
  messages.info(
    answer.value.includes(everything)
      ? 'All is forgotten. Every task is judged again.'
      : `${counted(answer.value.length, 'wording')} forgotten. Tasks that shared a judgement with it are judged again.`,
  );
};
