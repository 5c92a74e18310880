/** All fuses, in the order in which they are asked. What a task is called changes nothing of it. */
import type { Instant, Task } from '../model.ts';
import type { AdmissionPolicy, TaskDraft } from '../ports.ts';
import { antiLoop } from './antiLoop.ts';
import { childLimit } from './childLimit.ts';
import { creationRate } from './creationRate.ts';
import { delegationDepth } from './delegationDepth.ts';
import { failureStreak } from './failureStreak.ts';
import type { EndFacts, StartFacts } from './family.ts';
import { defaultFuses } from './fuseSettings.ts';
import type { FuseSettings } from './fuseSettings.ts';
import type { Creation, GateFuse, Refusal } from './gateFuse.ts';
import { pendingCeiling } from './pendingCeiling.ts';
import { reentry, reentryDelay } from './reentry.ts';
import { reproduction, reproductionDelay } from './reproduction.ts';
import { dailySpend, treeSpend } from './spendBudget.ts';
import { treeBudget } from './treeBudget.ts';
import type { TripDraft } from './trip.ts';

/** Of what a person has approved only the depth is asked. */
const always: readonly GateFuse[] = [delegationDepth];
const unlessApproved: readonly GateFuse[] = [
  childLimit,
  treeBudget,
  pendingCeiling,
  creationRate,
  reentry,
  reproduction,
];

/** The fuses as the store asks them, within its transactions. */
export interface FusePolicies {
  readonly admit: AdmissionPolicy;
  /** Before a task is started that an agent made and nobody approved. */
  readonly started: (facts: StartFacts, now: Instant) => TripDraft | null;
  /** After a run has ended for good. */
  readonly ended: (facts: EndFacts, now: Instant) => readonly TripDraft[];
}

export function fusePolicies(settings: () => FuseSettings = () => defaultFuses): FusePolicies {
  return {
    admit: (draft, family, now) =>
      family === null
        ? { rootId: draft.id, contextData: { delegation_depth: 0 } }
        : admitChild({ draft, family, settings: settings(), now }),
    started: (facts, now) => antiLoop(facts, settings(), now),
    ended: (facts, now) =>
      [
        failureStreak(facts, settings()),
        treeSpend(facts, settings()),
        dailySpend(facts, settings(), now),
      ].filter((trip) => trip !== null),
  };
}

function admitChild(creation: Creation): ReturnType<AdmissionPolicy> {
  const { draft, family, settings, now } = creation;
  const [parent] = family.path;
  const root = family.path.at(-1);
  if (parent === undefined || root === undefined)
    return { refused: 'unknown-task', message: 'The task that asked for this one does not exist any more.' };
  // A person's approval of a plan is used up by the tasks made under it.
  const isApproved = approvedLeft(root) > 0;
  for (const fuse of isApproved ? always : [...always, ...unlessApproved]) {
    const refusal = fuse(creation);
    if (refusal !== null) return refused(refusal, root);
  }
  const depth = parent.contextData.delegation_depth + 1;
  const delay = isApproved ? 0 : delayOf(creation);
  const twin = draft.likeness === undefined ? null : family.twin(draft.likeness);
  const asks =
    !isApproved &&
    ((settings.approveWrites && draft.writes === true) ||
      (settings.approvalDepth > 0 && depth >= settings.approvalDepth));
  return {
    rootId: root.id,
    contextData: {
      delegation_depth: depth,
      ...(isApproved ? { approval: 'given' } : asks ? { approval: 'wanted' } : {}),
      ...(twin === null ? {} : { similar_to: twin }),
    },
    ...(isApproved ? { usesApproval: true } : {}),
    ...(delay > 0 ? { notBefore: now + delay } : {}),
    ...(asks ? { question: questionOf(draft, parent) } : {}),
  };
}

function delayOf({ draft, family, settings }: Creation): number {
  const repeated = settings.reentries === 0 ? 0 : (draft.reentries ?? 0);
  return Math.max(reentryDelay(repeated), reproductionDelay(family, settings.reproduction));
}

function refused(
  { code, message, fuse, reason, repeats = false }: Refusal,
  root: Task,
): ReturnType<AdmissionPolicy> {
  return {
    refused: code,
    message,
    trip: { fuse, rootId: root.id, reason, holds: false, resumesAt: null, repeats },
  };
}

function questionOf({ agentId }: TaskDraft, parent: Task): string {
  return `Made by an agent (${agentId}) for “${parent.title.slice(0, 80)}”: may it run?`;
}

/** How many more tasks of this tree a person has approved. */
export function approvedLeft({ contextData }: Pick<Task, 'contextData'>): number {
  const { approved_left: left } = contextData;
  return typeof left === 'number' && left > 0 ? Math.floor(left) : 0;
}

/** What a person has said to a task that an agent made, if that was asked. */
export function approvalOf({ contextData }: Pick<Task, 'contextData'>): 'wanted' | 'given' | null {
  const { approval } = contextData;
  return approval === 'wanted' || approval === 'given' ? approval : null;
}
