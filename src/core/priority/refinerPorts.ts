/** What the refiner is given: its doors to the rest of the house, and what a person sets. */
import type { Milliseconds, WorkspaceId } from '../model.ts';
import type { Model, ModelHandle, Models } from '../models.ts';
import type { Chance, Clock, JudgingWatch, Log } from '../ports.ts';
import type { JudgementStore, ReadyLane } from './judgementStore.ts';
import type { Meanings } from './meanings.ts';
import type { Spend } from './spend.ts';

export const defaultRefinement = { timeout: 60_000, dailyTokens: 200_000 } as const;

export interface RefinerSettings {
  /** Longest wait for an answer. */
  readonly timeout: Milliseconds;
  /** Tokens a day; 0 for no limit. */
  readonly dailyTokens: number;
}

export interface RefinerPorts {
  readonly store: JudgementStore;
  readonly models: Pick<Models, 'scoring'>;
  readonly meanings: Meanings;
  readonly spend: Spend;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly settings: () => RefinerSettings;
  readonly house: RefinerHouse;
}

/** What keeps ready tasks from starting: no trust in their folder, or something they share; null for neither. */
export type Hindrance = 'trust' | 'shared' | null;

/** What the refiner needs to know of the rest of the house. */
export interface RefinerHouse {
  freeWorkers(): number;
  /** @param running signatures of the tasks that run */
  hindrance(lane: ReadyLane, running: readonly string[]): Hindrance;
  /** The model as the judging may call it. */
  lease(model: Model): ModelHandle;
  /** Whether the folder of a workspace is open here; the tasks of others are not judged. */
  isOpen(workspaceId: WorkspaceId): boolean;
  /** Told when ranks of these workspaces have changed. */
  onJudged(workspaceId: WorkspaceId): void;
  /** Told when it does something else than before: it asks, it waits, it cannot go on. */
  onState(): void;
  readonly watch?: JudgingWatch;
}
