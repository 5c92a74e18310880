/** Gathers what a search finds, a screenful at most, and shows it as it comes. */
import type { History, HistoryHit } from '../../core/history/history.ts';

export interface Collected {
  readonly hits: readonly HistoryHit[];
  /** Whether the search has ended; false while more may come. */
  readonly done: boolean;
  /** There are more than are shown. */
  readonly more: boolean;
}

/** More than this nobody reads: better to type another word. */
export const shownHits = 100;
/** Hits between two pictures. */
const step = 20;

/**
 * Shows growing pictures and the last one; nothing after `signal` was aborted. Reads no further than it must.
 * @throws what the history throws, but for an abort
 */
export async function collectHits(
  history: Pick<History, 'search'>,
  words: string,
  signal: AbortSignal,
  show: (collected: Collected) => void,
): Promise<void> {
  const hits: HistoryHit[] = [];
  let more = false;
  try {
    for await (const hit of history.search(words, signal)) {
      if (signal.aborted) return;
      more = hits.length === shownHits;
      if (more) break;
      hits.push(hit);
      if (hits.length % step === 0) show({ hits: [...hits], done: false, more });
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (!signal.aborted) show({ hits, done: true, more });
}
