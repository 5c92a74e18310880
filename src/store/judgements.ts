/** The part of the embedded store that keeps judgements. */
import { setImmediate } from 'node:timers/promises';
import type { Instant, WorkspaceId } from '../core/model.ts';
import type {
  AwaitingJudgement,
  CachedJudgement,
  JudgementStore,
  JudgingRound,
  Readiness,
  TaskVerdict,
} from '../core/priority/judgementStore.ts';
import {
  awaitingIn,
  cachedJudgement,
  giveVerdicts,
  keepJudgements,
  readinessIn,
  roundOf,
} from './judging.ts';
import type { Ledger } from './ledger.ts';
import type { LiveStore } from './liveStore.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Tasks marked in one transaction. */
const portion = 2_000;

export class EmbeddedJudgements implements JudgementStore {
  readonly #live: LiveStore;

  constructor(live: LiveStore) {
    this.#live = live;
  }

  async setJudging(on: boolean): Promise<void> {
    const last = await this.#live.write((ledger) => {
      if (ledger.judging !== on) turn(ledger, on);
      if (!on) ledger.database.write(writes.awaitNoOpinion);
      return ledger.lastSequence;
    }, 'judge');
    for (let from = 1; on && from <= last; from += portion) {
      await this.#live.write(
        (ledger) => ledger.database.write(writes.awaitOpinions, from, from + portion - 1),
        'judge',
      );
      await setImmediate();
    }
  }

  async awaitingJudgement(): Promise<readonly AwaitingJudgement[]> {
    return await this.#live.read((ledger) => awaitingIn(ledger), 'judge');
  }

  async readiness(most: number): Promise<Readiness> {
    return await this.#live.read((ledger) => readinessIn(ledger, most), 'judge');
  }

  async judgingRound(
    workspaceId: WorkspaceId,
    model: string,
    limit: number,
    now: Instant,
  ): Promise<JudgingRound> {
    return await this.#live.read((ledger) => roundOf(ledger, workspaceId, model, limit, now), 'judge');
  }

  async judgeAgain(workspaceId: WorkspaceId): Promise<void> {
    await this.#live.write((ledger) => {
      const { key } = ledger.knownWorkspace(workspaceId);
      // Keys begin with the workspace; no character is higher than the last one.
      ledger.database.write(writes.dropJudgements, workspaceId, `${workspaceId}\u{10FFFF}`);
      if (ledger.judging) ledger.database.write(writes.awaitAllOpinions, key);
    }, 'judge');
  }

  async judge(
    verdicts: readonly TaskVerdict[],
    said: readonly CachedJudgement[],
    at: Instant,
  ): Promise<void> {
    if (verdicts.length === 0 && said.length === 0) return;
    await this.#live.write((ledger) => {
      giveVerdicts(ledger, verdicts, Math.round(at));
      if (said.length > 0) keepJudgements(ledger, said);
    }, 'judge');
  }

  async cachedJudgements(keys: readonly string[]): Promise<ReadonlyMap<string, CachedJudgement>> {
    if (keys.length === 0) return new Map();
    return await this.#live.read((ledger) => {
      const rows = ledger.database.rows(reads.judgements, JSON.stringify(keys)).map(cachedJudgement);
      return new Map(rows.map((one) => [one.key, one]));
    }, 'judge');
  }
}

/** What was judged counts from now on, or no more: every score is out of date. */
function turn(ledger: Ledger, on: boolean): void {
  ledger.setJudging(on);
  for (const { key } of ledger.workspaces()) {
    ledger.database.write(writes.outdateWorkspace, key);
    ledger.due.note(key, 0);
  }
}
