/** The part of the embedded store that keeps what was learned of words. */
import type { Instant } from '../core/model.ts';
import type { LearnedTerm, TermChange, TermStore } from '../core/priority/meanings.ts';
import { Cells } from './cells.ts';
import type { Ledger } from './ledger.ts';
import type { LiveStore } from './liveStore.ts';
import { reads } from './reads.ts';
import { numbersOf } from './rows.ts';
import { rescore } from './scoring.ts';
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

  async changeTerms({ put, drop, unsettled, at }: TermChange): Promise<void> {
    await this.#live.write((ledger) => {
      if (drop.length > 0) ledger.database.write(writes.dropTerms, JSON.stringify(drop));
      for (const { term, concept, agreed, disagreed, at: when } of put)
        ledger.database.write(writes.putTerm, term, concept, agreed, disagreed, Math.round(when));
      if (unsettled.length > 0) unsettle(ledger, unsettled, Math.round(at));
    }, 'judge');
  }
}

/** What was judged under keys of which the part of the meaning begins so holds no more, whatever goal and model were. */
function unsettle(ledger: Ledger, beginnings: TermChange['unsettled'], at: Instant): void {
  const { database, judging } = ledger;
  const wanted = beginnings === 'all' ? null : JSON.stringify(beginnings);
  if (wanted === null) database.write(writes.dropJudgements, '', '\u{10FFFF}');
  else
    for (const row of database.rows(reads.judgementsFor, wanted)) {
      const key = new Cells(row).text();
      database.write(writes.dropJudgements, key, `${key}\u0001`);
    }
  if (wanted === null && judging) {
    for (const { key } of ledger.workspaces()) database.write(writes.awaitAllOpinions, key);
    return;
  }
  for (const row of database.rows(reads.judgedFor, wanted)) {
    const [sequence = 0] = numbersOf(row);
    if (judging) database.write(writes.awaitOpinion, sequence);
    else {
      database.write(writes.setJudged, null, null, sequence);
      rescore(ledger, sequence, at);
    }
  }
}
