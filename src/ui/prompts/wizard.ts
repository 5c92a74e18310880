/**
 * Several questions in a row that can be gone back over and given up at any point. Pure: the questions ask, the
 * wizard only knows their order. Nothing is done before all are answered.
 */

export type Answer<T> =
  { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancel' };

/** Where a question stands among those that are asked. */
export interface Place {
  /** From 1. */
  readonly step: number;
  readonly total: number;
}

export interface Question<Draft> {
  /** Whether it makes sense given the answers so far; asked always when absent. */
  applies?(draft: Draft): boolean;
  /** Shows the draft's own answer as the one to start from, and returns the draft with the new one. */
  ask(draft: Draft, place: Place): Promise<Answer<Draft>>;
}

/**
 * Asks every question that applies, in order. Going back keeps the answers already given.
 * @returns the finished draft, or undefined when the person gave up
 */
export async function runWizard<Draft>(
  questions: readonly Question<Draft>[],
  start: Draft,
): Promise<Draft | undefined> {
  let draft = start;
  const asked: number[] = [];
  let next = nextFrom(questions, 0, draft);
  while (next < questions.length) {
    const question = questions[next];
    if (question === undefined) break;
    const rest = questions.slice(next).filter((other) => other.applies?.(draft) ?? true).length;
    const answer = await question.ask(draft, { step: asked.length + 1, total: asked.length + rest });
    switch (answer.kind) {
      case 'cancel':
        return undefined;
      case 'back':
        // The first question has no way back; staying there is the harmless reading.
        next = asked.pop() ?? next;
        break;
      case 'answer':
        draft = answer.value;
        asked.push(next);
        next = nextFrom(questions, next + 1, draft);
        break;
    }
  }
  return draft;
}

function nextFrom<Draft>(questions: readonly Question<Draft>[], from: number, draft: Draft): number {
  const found = questions.findIndex(
    (question, index) => index >= from && (question.applies?.(draft) ?? true),
  );
  return found < 0 ? questions.length : found;
}
