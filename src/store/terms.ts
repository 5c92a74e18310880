/** The part of the embedded store that keeps what was learned of words. */
import type { LearnedTerm, TermStore } from '../core/priority/meanings.ts';
import type { LiveStore } from './liveStore.ts';
import { reads } from './reads.ts';
import { Cells } from './cells.ts';
import { writes } from './statements.ts';

export class EmbeddedTerms implements TermStore {
  readonly #live: LiveStore;

  constructor(live: LiveStore) {
    this.#live = live;
  }

  async terms(): Promise<readonly LearnedTerm[]> {
    return await this.#live.read(
      (ledger) =>
        ledger.database.rows(reads.terms).map((row) => {
          const cells = new Cells(row);
          return {
            term: cells.text(),
            concept: cells.text(),
            agreed: cells.count(),
            disagreed: cells.count(),
            at: cells.number(),
          };
        }),
      'judge',
    );
  }

  async changeTerms(put: readonly LearnedTerm[], drop: readonly string[]): Promise<void> {
    await this.#live.write((ledger) => {
      if (drop.length > 0) ledger.database.write(writes.dropTerms, JSON.stringify(drop));
      for (const { term, concept, agreed, disagreed, at } of put)
        ledger.database.write(writes.putTerm, term, concept, agreed, disagreed, Math.round(at));
    }, 'judge');
  }
}
