/** What was learned of words, as a document to read. Pure. */
import type { LearnedMeaning } from '../../core/priority/meanings.ts';
import { counted } from '../present/words.ts';

const rule = '─'.repeat(72);

export function meaningsText(learned: readonly LearnedMeaning[]): string {
  const head = [
    'Learned meanings',
    rule,
    'Wordings that models have shown to mean the same, as the concepts Podium reads in them. Tasks in any of them share',
    'one judgement. Forget Learned Meanings… takes some or all of this back; podium.synonyms adds words of your own.',
    '',
  ];
  if (learned.length === 0) return [...head, 'Nothing has been learned yet.', ''].join('\n');
  const body = learned.flatMap(({ wordings }) => [
    ...wordings.map((one, place) => {
      const evidence = `${counted(one.agreed, 'judgement')} for it${one.disagreed === 0 ? '' : `, ${one.disagreed} against`}`;
      return `${place === 0 ? '●' : ' '} ${wordingText(one.wording)}   (${evidence})`;
    }),
    '',
  ]);
  return [...head, ...body].join('\n');
}

/** Concepts as people read them: unknown words and names without their marks. */
export function wordingText(wording: string): string {
  return wording
    .split(' ')
    .map((concept) => concept.replace(/^[~"#]/u, '').replaceAll('_', ' '))
    .join(' · ');
}
