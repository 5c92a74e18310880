/** What the end of a program means for its task. */
import { stripVTControlCharacters } from 'node:util';
import type { Instant } from '../core/model.ts';
import type { AgentDescription, AgentOutcome } from '../core/ports.ts';
import { rateLimitIn, spentIn, usedIn } from './resourceLines.ts';
import type { ExitRecord } from './runFiles.ts';

/** Longest result kept with a task, in characters; the log has the rest. */
export const resultLimit = 4_000;
const reasonLimit = 200;
/** EX_TEMPFAIL of sysexits.h: the program asks to be run again later. */
const temporaryFailure = 75;
/** The machine was short of something for a moment. */
const temporaryCodes: ReadonlySet<string> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']);

/** What an outcome depends on beside the program. */
export interface EndFacts {
  /** Whether the task uses something that others use too: then asking for another try means that there was too little. */
  readonly isSharing: boolean;
  readonly now: Instant;
}

export function outcomeOf(
  record: ExitRecord,
  description: AgentDescription,
  { isSharing, now }: EndFacts,
): AgentOutcome {
  const result = resultText(record.tail);
  if (record.end === 'not-started') return notStarted(record);
  const consumption = { ...usedIn(record.tail), ...spentIn(record.tail) };
  if (record.end === 'exited' && record.code === 0) return { kind: 'completed', result, ...consumption };
  const repeatable = description.idempotent || description.maxAttempts > 1;
  if (record.end !== 'exited') {
    const error = { code: 'interrupted', message: 'The program was ended from outside before it was done.' };
    return { kind: 'failed', error, retryable: repeatable, result, ...consumption };
  }
  const temporary = record.code === temporaryFailure;
  const limited =
    rateLimitIn(record.tail, temporary, now) ??
    (temporary && isSharing ? { resource: null, retryAfter: null } : undefined);
  const ending =
    record.code === null ? `Ended by ${record.signal ?? 'a signal'}` : `Exit code ${record.code}`;
  const reason = lastLine(result);
  const message = reason === '' ? `${ending}.` : `${ending}: ${reason}`;
  return {
    kind: 'failed',
    error: { code: record.code === null ? 'signal' : 'exit', message },
    retryable: repeatable || temporary,
    temporary,
    ...(limited === undefined ? {} : { rateLimited: limited }),
    ...consumption,
    result,
  };
}

function notStarted({ error }: ExitRecord): AgentOutcome {
  const { code, message } = error ?? { code: '', message: 'unknown reason' };
  const known = new Map([
    ['ENOENT', 'missing-program'],
    ['EACCES', 'not-executable'],
    ['ENOEXEC', 'not-executable'],
    ['E2BIG', 'invalid-command'],
  ]);
  return {
    kind: 'failed',
    error: {
      code: known.get(code) ?? 'not-started',
      message: `The program could not be started: ${message}`,
    },
    retryable: temporaryCodes.has(code),
    used: 'nothing',
  };
}

/** The end of what was printed, from the beginning of a line if there is one, without colours. */
export function resultText(tail: string): string {
  const text = stripVTControlCharacters(tail).trim();
  if (text.length <= resultLimit) return text;
  const end = text.slice(-(resultLimit - 2));
  const lineFeed = end.indexOf('\n');
  return `…\n${(lineFeed >= 0 && lineFeed < end.length / 2 ? end.slice(lineFeed + 1) : end).replace(/^[\udc00-\udfff]/, '')}`;
}

function lastLine(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1).trim();
  return line.length > reasonLimit ? `${line.slice(0, reasonLimit - 1)}…` : line;
}
