/**
 * The oracle: what it costs to let a task wait, known to the benchmark and to nobody else, and how far an order is
 * from the best one.
 *
 * Its weights are deliberately not the product's (src/core/priority/score.ts), in size and in shape. An oracle that
 * repeated the product's own arithmetic would only find that the arithmetic equals itself; this one is a second
 * opinion, and agreeing with it to within a few per cent is something a ranking has to earn. Each term has its own
 * reason:
 *
 * - **Intrinsic value**, 0-1000: as it is; the unit of everything else.
 * - **Graph**: 100 x dependents^0.6. Each task that is held up loses some value, but they would have run one after
 *   the other anyway, so the tenth loses less than the first. There is no ceiling: twenty people who wait are worse
 *   than ten. The product saturates at 600, runs above this curve to twelve dependents, and below it beyond.
 * - **Goal**: 200 x link. The link is the one set by hand, by meaning; the product's is 150 points by shared words.
 * - **Age**: 8 points a day, evenly, to 240 at thirty days. Patience wears at one speed. The product goes up in four
 *   steps to 300 at fourteen days, and stays there.
 * - **Deadline**: 320 when due or overdue, halving with every eight hours still left. The product has four steps.
 *
 * Measured with these weights on the traces of priorityTrace.ts: a noise of N(0, 40) on the intrinsic value costs
 * 0.46 % regret, N(0, 200) 8.4 %, a random order 48.9 %; leaving out the value 20 %, the graph 5.6 %, age 1.6 %, the
 * goal 1.2 %. So no term can be left out for nothing, and none drowns the others.
 */

/** Everything the utility of a task depends on. */
export interface OracleFacts {
  /** Intrinsic value, 0-1000. */
  readonly value: number;
  /** Unfinished tasks that wait for it. */
  readonly dependents: number;
  readonly ageDays: number;
  /** How far it serves its workspace's goal, 0 to 1. */
  readonly goalLink: number;
  /** Hours until it is due, negative when overdue; null without a deadline. */
  readonly hoursLeft: number | null;
}

/** What each unit of waiting costs. Never negative for facts that are not. */
export function utility(facts: OracleFacts): number {
  return worthForGoal(facts) + 100 * facts.dependents ** 0.6 + 8 * facts.ageDays + deadline(facts.hoursLeft);
}

/** The part of the utility that follows from the text and the goal alone: all that a perfect judge could know. */
export function worthForGoal(facts: Pick<OracleFacts, 'value' | 'goalLink'>): number {
  return facts.value + 200 * facts.goalLink;
}

function deadline(hoursLeft: number | null): number {
  return hoursLeft === null ? 0 : 320 * 0.5 ** (Math.max(0, hoursLeft) / 8);
}

/** The cost of starting tasks in this order: the sum of utility x start position, the first position being 0. */
export function costOf(utilities: readonly number[]): number {
  return utilities.reduce((sum, each, position) => sum + each * position, 0);
}

/**
 * How much worse than the best order: (C_P - C_opt) / C_opt, 0 for the best. `utilities` are in the order in which
 * the tasks were started. The best order is by falling utility, for swapping two neighbours that are not would only
 * lower the cost (Smith's rule with equal lengths). 0 as well when no order costs anything.
 */
export function regret(utilities: readonly number[]): number {
  const best = costOf(utilities.toSorted((a, b) => b - a));
  return best === 0 ? 0 : (costOf(utilities) - best) / best;
}

/** The regret of running tasks by falling key, those with equal keys in the order given. */
export function regretOfKeys<T>(
  tasks: readonly T[],
  utilityOf: (task: T) => number,
  keyOf: (task: T) => number,
): number {
  const ordered = tasks
    .map((task) => ({ key: keyOf(task), utility: utilityOf(task) }))
    .sort((a, b) => b.key - a.key);
  return regret(ordered.map((each) => each.utility));
}
