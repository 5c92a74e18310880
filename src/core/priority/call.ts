/** One call of the model about a batch of tasks: what is sent, and what its answer says of which. */
import type { Milliseconds } from '../model.ts';
import type { ModelFailure, ModelHandle, ModelMessage } from '../models.ts';
import type { Chance, Clock } from '../ports.ts';
import { shuffled, spread } from './arrange.ts';
import type { Question } from './batch.ts';
import type { JudgingRound } from './judgementStore.ts';
import { readAnswer } from './modelAnswer.ts';
import { answerForm, promptFor } from './prompt.ts';
import { tokensOf } from './spend.ts';
import { timedCall } from './timedCall.ts';
import type { Answered } from './weigh.ts';

/** Examples in a prompt. */
const exampleLimit = 5;

export interface FailedCall {
  readonly kind: 'failed';
  readonly failure: ModelFailure | 'unreadable';
  readonly message: string;
  readonly retryAfter: Milliseconds | null;
}

export type CallResult =
  FailedCall | { readonly kind: 'answered'; readonly answers: readonly Answered[]; readonly whole: boolean };

export interface MadeCall {
  readonly result: CallResult;
  readonly took: Milliseconds;
  readonly tasks: number;
  readonly tokens: number;
}

/** Asks about some questions, in an order drawn anew. @param limit longest wait for the answer */
export async function callAbout(
  model: ModelHandle,
  round: Pick<JudgingRound, 'context' | 'examples'>,
  batch: readonly Question[],
  {
    clock,
    chance,
    limit,
    ending,
  }: { clock: Clock; chance: Chance; limit: Milliseconds; ending: AbortSignal },
): Promise<MadeCall> {
  const questions = shuffled(batch, chance);
  const names = questions.map((_, index) => `t${index + 1}`);
  const messages = messagesFor(round, questions, names, chance);
  const began = clock.monotonic();
  const reply = await timedCall(model, { messages, form: answerForm, temperature: 0 }, clock, limit, ending);
  const made = { took: clock.monotonic() - began, tasks: questions.length };
  if (reply.kind === 'failed') return { ...made, result: refusalOf(reply, questions), tokens: 0 };
  const tokens = tokensOf(reply.usage, messages, reply.text);
  const answer = readAnswer(reply.text, names);
  if (!answer.readable) return { ...made, result: unreadable, tokens };
  const answers = questions.map((question, index) => ({
    question,
    verdict: answer.verdicts.get(names[index] ?? ''),
  }));
  return { ...made, result: { kind: 'answered', answers, whole: reply.whole }, tokens };
}

const unreadable: FailedCall = {
  kind: 'failed',
  failure: 'unreadable',
  message: 'The model answered something else than scores.',
  retryAfter: null,
};

/** When a single task is refused it is the task that the endpoint refuses: the others go on without it. */
function refusalOf(reply: FailedCall, questions: readonly Question[]): CallResult {
  const [only, ...others] = questions;
  return reply.failure === 'refused' && only !== undefined && others.length === 0
    ? { kind: 'answered', answers: [{ question: only, verdict: undefined }], whole: true }
    : reply;
}

function messagesFor(
  { context, examples }: Pick<JudgingRound, 'context' | 'examples'>,
  questions: readonly Question[],
  names: readonly string[],
  chance: Chance,
): readonly ModelMessage[] {
  const asked = questions.map(({ tasks: [task] }, index) => ({
    name: names[index] ?? '',
    title: task?.title ?? '',
    description: task?.description ?? '',
    upstream: task?.upstream ?? [],
  }));
  return promptFor(context, asked, shuffled(spread(examples, exampleLimit), chance));
}
