/**
 * The way by which a running program asks for sub-tasks: it appends JSON lines to `$PODIUM_OUTBOX`, each passes the
 * gate, and the answer is appended to `$PODIUM_INBOX` under the line's number. The inbox is also the memory of what
 * was answered, so that reading an outbox again after a crash asks for nothing twice.
 */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { appendFile, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PodiumError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Milliseconds } from '../core/model.ts';
import type { Admission, Clock, SubTaskRequest } from '../core/ports.ts';
import { lineLimit, parseOutboxLine, RequestKeys } from './outboxLine.ts';
import { inboxFile, outboxFile } from './runFiles.ts';

/** An answer, one line of the inbox. */
export type OutboxReply =
  | { readonly line: number; readonly ok: true; readonly id: string }
  | { readonly line: number; readonly ok: false; readonly code: string; readonly message: string };

/** Lines of one run that are answered; the rest of the file is not read. */
export const requestLimit = 1_000;
/** Not every file system tells of changes; this often the outbox is looked at in any case. */
const pollInterval: Milliseconds = 500;
const chunkSize = 256 * 1024;
/** Refusals that say nothing about the request. */
const storeTroubles: ReadonlySet<ErrorCode> = new Set([
  'store-unavailable',
  'store-full',
  'read-only',
  'closed',
]);
const lineFeed = 0x0a;

type CreateSubTask = (request: SubTaskRequest) => Promise<Admission>;

export class Outbox {
  readonly #file: string;
  readonly #inbox: string;
  readonly #create: CreateSubTask;
  #keys = new RequestKeys();
  #answered: ReadonlySet<number> | undefined;
  #offset = 0;
  #partial = Buffer.alloc(0);
  /** The line being read is over its limit and was refused. */
  #skipping = false;
  #lines = 0;
  #over = false;
  #work: Promise<void> = Promise.resolve();

  constructor(runDirectory: string, create: CreateSubTask) {
    this.#file = path.join(runDirectory, outboxFile);
    this.#inbox = path.join(runDirectory, inboxFile);
    this.#create = create;
  }

  /** Makes both files, so that programs can open them and changes are noticed. */
  async prepare(): Promise<void> {
    for (const file of [this.#file, this.#inbox]) await (await open(file, 'a', 0o600)).close();
  }

  /**
   * Answers lines as they come, until disposed; then `drain` answers the rest.
   * @param onProblem told when the files cannot be read or written; the next look tries again
   */
  follow(clock: Clock, onProblem: (message: string) => void): Disposable {
    let timer: Disposable | undefined;
    let ended = false;
    const look = (): void => {
      this.#next(false).catch((thrown: unknown) => onProblem(messageOf(thrown)));
    };
    const poll = (): void => {
      if (ended) return;
      look();
      timer = clock.setTimer(pollInterval, poll);
    };
    const watcher = watchFile(this.#file, look);
    poll();
    return {
      [Symbol.dispose]: () => {
        ended = true;
        timer?.[Symbol.dispose]();
        watcher?.close();
      },
    };
  }

  /**
   * Answers everything that is still unanswered; a last line without a line feed counts. The program has ended.
   * @throws what kept it from answering; calling it again starts over
   */
  async drain(): Promise<void> {
    await this.#next(true);
  }

  /** One reading at a time, each after the one before. */
  async #next(last: boolean): Promise<void> {
    const work = this.#work.catch(() => undefined).then(() => this.#read(last));
    this.#work = work;
    await work;
  }

  async #read(last: boolean): Promise<void> {
    try {
      await this.#readOn(last);
    } catch (thrown) {
      // Lines taken from the file may be unanswered: start over; answered ones are skipped.
      this.#keys = new RequestKeys();
      this.#answered = undefined;
      this.#offset = 0;
      this.#lines = 0;
      this.#partial = Buffer.alloc(0);
      this.#skipping = false;
      throw thrown;
    }
  }

  async #readOn(last: boolean): Promise<void> {
    this.#answered ??= await answeredLines(this.#inbox);
    for (let chunk = await this.#chunk(); chunk.length > 0 && !this.#over; chunk = await this.#chunk()) {
      await this.#take(chunk);
    }
    if (last && !this.#over && this.#partial.length > 0) await this.#take(Buffer.of(lineFeed));
  }

  /** The next bytes of the file; none at its end. */
  async #chunk(): Promise<Buffer> {
    const file = await open(this.#file, 'r').catch((thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw thrown;
    });
    if (file === undefined) return Buffer.alloc(0);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return Buffer.alloc(0);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkSize), 0, chunkSize, this.#offset);
      this.#offset += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async #take(chunk: Buffer): Promise<void> {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const line = Buffer.concat([this.#partial, chunk.subarray(from, end)]);
      from = end + 1;
      this.#partial = Buffer.alloc(0);
      await this.#line(line);
      if (this.#over) return;
    }
    this.#partial = Buffer.concat([this.#partial, chunk.subarray(from)]);
    if (this.#partial.length > lineLimit) {
      this.#partial = Buffer.alloc(0);
      this.#skipping = true;
    }
  }

  async #line(bytes: Buffer): Promise<void> {
    this.#lines += 1;
    const line = this.#lines;
    const tooLong = this.#skipping || bytes.length > lineLimit;
    this.#skipping = false;
    const text = tooLong ? '' : bytes.toString('utf8').trim();
    if (!tooLong && text === '') return;
    if (line > requestLimit) {
      this.#over = true;
      const message = `A run may ask for ${requestLimit} sub-tasks; nothing from this line on is read.`;
      await this.#reply({ line, ok: false, code: 'too-many', message });
      return;
    }
    if (tooLong) {
      const message = `The line is longer than ${lineLimit} bytes. Put long texts into a file and name the file.`;
      await this.#reply({ line, ok: false, code: 'too-long', message });
      return;
    }
    const parsed = parseOutboxLine(text);
    if (parsed.kind === 'invalid') {
      await this.#reply({ line, ok: false, code: 'invalid-request', message: parsed.message });
      return;
    }
    const request = { ...parsed.request, key: this.#keys.keyOf(parsed.request) };
    if (this.#answered?.has(line) === true) return;
    await this.#reply({ line, ...(await this.#ask(request)) });
  }

  /** @throws when the store cannot decide now: that is no answer to a program */
  async #ask(request: SubTaskRequest): Promise<OutboxAnswer> {
    const admission = await this.#create(request);
    if (admission.kind !== 'refused') return { ok: true, id: admission.id };
    const { code, message } = admission;
    if (storeTroubles.has(code)) throw new PodiumError(code, message);
    return { ok: false, code, message };
  }

  async #reply(reply: OutboxReply): Promise<void> {
    if (this.#answered?.has(reply.line) === true) return;
    await appendFile(this.#inbox, `${JSON.stringify(reply)}\n`, { mode: 0o600 });
  }
}

type OutboxAnswer =
  { readonly ok: true; readonly id: string } | Omit<Extract<OutboxReply, { ok: false }>, 'line'>;

/** Numbers of the lines an inbox answers. */
async function answeredLines(inbox: string): Promise<ReadonlySet<number>> {
  const text = await readFile(inbox, 'utf8').catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  });
  const numbers = text.split('\n').map((line) => /^\{"line":(\d+),/.exec(line)?.[1]);
  return new Set(numbers.filter((number) => number !== undefined).map(Number));
}

function watchFile(file: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(file, changed);
    watcher.on('error', () => watcher.close()); // the poll goes on
    return watcher;
  } catch {
    return undefined;
  }
}
