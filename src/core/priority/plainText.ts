/** The plainest meanings: tasks mean the same when they say the same, up to case, punctuation and spaces. */
import type { UnjudgedTask } from './judgementStore.ts';
import type { Meanings } from './meanings.ts';

/** Keys are read by people and kept by the thousand: longer texts are told apart by a checksum. */
const keyLimit = 400;

export class TextMeanings implements Meanings {
  keyOf({ title, description, upstream }: Pick<UnjudgedTask, 'title' | 'description' | 'upstream'>): string {
    const key = [title, description, ...upstream.toSorted()].map(plain).join('\n');
    return key.length <= keyLimit ? key : `${key.slice(0, keyLimit)}#${checksum(key)}`;
  }

  /** There are no words to learn. */
  learn(): Promise<void> {
    return Promise.resolve();
  }
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** cyrb53 by bryc (public domain): 53 bits, enough to tell some thousand texts apart. */
function checksum(text: string): string {
  let [high, low] = [0xde_ad_be_ef, 0x41_c6_ce_57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36);
}
