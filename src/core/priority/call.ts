/** One call of the model about a batch of tasks: what is sent, and what its answer says of which. */
import type { Milliseconds } from '../model.ts';
import type { ModelFailure, ModelHandle, ModelMessage } from '../models.ts';
import type { Chance, Clock } from '../ports.ts';
import { shuffled, spread } from './arrange.ts';
import type { Question } from './batch.ts';
import type { Company, JudgingRound } from './judgementStore.ts';
import type { Listings } from './listings.ts';
import { readAnswer } from './modelAnswer.ts';
import { answerForm, promptFor } from './prompt.ts';
import type { AskedTask } from './prompt.ts';
import { speaksToJudge } from './speaksToJudge.ts';
import { tokensOf } from './spend.ts';
import { timedCall } from './timedCall.ts';
import type { Answered } from './weigh.ts';

/** Examples in a prompt. */
const exampleLimit = 5;
/** What is shown again to be confirmed is shown among so many at least, if there are as many. */
const leastListed = 5;

export interface FailedCall {
  readonly kind: 'failed';
  readonly failure: ModelFailure | 'unreadable';
  readonly message: string;
  readonly retryAfter: Milliseconds | null;
  /** The call was not made: it would have been one too many. */
  readonly notSent?: true;
}

export type CallResult =
  FailedCall | { readonly kind: 'answered'; readonly answers: readonly Answered[]; readonly whole: boolean };

export interface MadeCall {
  readonly result: CallResult;
  readonly took: Milliseconds;
  /** Tasks it showed. */
  readonly tasks: number;
  readonly tokens: number;
}

/** What a call is about. */
export type Shown = Pick<JudgingRound, 'context' | 'examples' | 'company'>;

interface Listed {
  readonly key: string;
  readonly again: boolean;
  /** Undefined for company. */
  readonly question: Question | undefined;
  readonly task: Omit<AskedTask, 'name'>;
}

/** Asks about some questions, in an order drawn anew. @param limit longest wait for the answer */
export async function callAbout(
  model: ModelHandle,
  shown: Shown,
  batch: readonly Question[],
  {
    clock,
    chance,
    listings,
    limit,
    ending,
  }: { clock: Clock; chance: Chance; listings: Listings; limit: Milliseconds; ending: AbortSignal },
): Promise<MadeCall> {
  const listed = listings.arrange([...batch.map(asListed), ...companyOf(shown, batch)], chance);
  const names = listed.map((_, index) => `t${index + 1}`);
  const messages = messagesFor(shown, listed, names, chance);
  const began = clock.monotonic();
  const reply = await timedCall(model, { messages, form: answerForm, temperature: 0 }, clock, limit, ending);
  const made = { took: clock.monotonic() - began, tasks: listed.length };
  if (reply.kind === 'failed') return { ...made, result: reply, tokens: tokensOfFailed(reply, messages) };
  const tokens = tokensOf(reply.usage, messages, reply.text);
  const answer = readAnswer(reply.text, names);
  if (!answer.readable) return { ...made, result: unreadable, tokens };
  listings.remember(listed);
  const answers = listed.flatMap(({ question }, index) =>
    question === undefined ? [] : [{ question, verdict: answer.verdicts.get(names[index] ?? '') }],
  );
  return { ...made, result: { kind: 'answered', answers, whole: reply.whole }, tokens };
}

const unreadable: FailedCall = {
  kind: 'failed',
  failure: 'unreadable',
  message: 'The model answered something else than scores.',
  retryAfter: null,
};

/** An endpoint has read what it refuses or does not finish; one that is down, or has no such model, has not. */
function tokensOfFailed({ failure, notSent }: FailedCall, messages: readonly ModelMessage[]): number {
  const isRead = notSent !== true && (failure === 'timeout' || failure === 'refused');
  return isRead ? tokensOf({ promptTokens: null, completionTokens: null }, messages, '') : 0;
}

/**
 * Those in whose company something can be shown that is to be confirmed, so that it is not asked about in the same
 * words as before.
 */
function companyOf({ company }: Pick<Shown, 'company'>, batch: readonly Question[]): readonly Listed[] {
  if (!batch.some(({ opinion }) => opinion === 'second')) return [];
  const asked = new Set(batch.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
  return company
    .filter(({ id, title, description }) => !asked.has(id) && !speaksToJudge(`${title}\n${description}`))
    .slice(0, Math.max(0, leastListed - batch.length))
    .map(asCompany);
}

/** Alone, a second time, something would be asked about in the same words. It waits until it has company. */
export function canBeShown(round: Shown, [question, ...others]: readonly Question[]): boolean {
  if (question === undefined) return false;
  return question.opinion !== 'second' || others.length > 0 || companyOf(round, [question]).length > 0;
}

function asCompany({ id, title, description }: Company): Listed {
  return { key: id, again: false, question: undefined, task: { title, description, upstream: [] } };
}

function asListed(question: Question): Listed {
  const { title = '', description = '', upstream = [] } = question.tasks[0] ?? {};
  const { key, opinion } = question;
  return { key, again: opinion === 'second', question, task: { title, description, upstream } };
}

function messagesFor(
  { context, examples }: Shown,
  listed: readonly Listed[],
  names: readonly string[],
  chance: Chance,
): readonly ModelMessage[] {
  const asked = listed.map(({ task }, index) => ({ name: names[index] ?? '', ...task }));
  // What a task was judged before, or its like, would tell what to answer.
  const keys = new Set(listed.map(({ key }) => key));
  const titles = new Set(asked.map(({ title }) => title));
  const others = examples.filter(({ key, title }) => !keys.has(key) && !titles.has(title));
  return promptFor(context, asked, shuffled(spread(others, exampleLimit), chance));
}
