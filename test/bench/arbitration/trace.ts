/** 600 tasks at once in 60 workspaces, of which some are research that calls three interfaces of others. */
import { priorityLevels } from '../../../src/core/model.ts';
import type { Milliseconds, PriorityLevel } from '../../../src/core/model.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { normal } from '../draws.ts';

export interface TraceTask {
  readonly name: string;
  readonly workspace: number;
  readonly research: boolean;
  /** As its user said. */
  readonly priority: PriorityLevel;
  /** How long it takes when it calls nobody. */
  readonly duration: Milliseconds;
}

/** Of a lognormal distribution: about 1.05 s on average. */
const [mu, sigma] = [-0.08, 0.5];

/** @param every each task of this number is research; a fraction is rounded task by task */
export function apiTrace(seed: number, every = 5, count = 600, workspaces = 60): readonly TraceTask[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, place) => ({
    name: `Task ${place}`,
    workspace: place % workspaces,
    research: Math.floor((place + 1) / every) > Math.floor(place / every),
    duration: Math.round(1_000 * Math.exp(mu + sigma * normal(random, 1))),
    // In turn, so that research has all of them.
    priority: priorityLevels[(place + Math.floor(place / 5)) % priorityLevels.length] ?? 'medium',
  }));
}
