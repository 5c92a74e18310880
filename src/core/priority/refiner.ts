/**
 * Refines the order in the background. A task has a provisional score from the moment it exists; here, whenever more
 * waits than there are free workers, a model is asked about those nearest to being started: up to fifty of one
 * workspace in a call, a few calls at a time, each meaning once. Nothing waits for this, whatever the model does.
 */
import { messageOf } from '../errors.ts';
import type { Instant, Milliseconds, WorkspaceId } from '../model.ts';
import type { Model } from '../models.ts';
import { retryDelay } from '../workers/retryPolicy.ts';
import { inTurn } from './arrange.ts';
import { keyedTask, sortTasks, unlike } from './batch.ts';
import type { MeantTask, Question } from './batch.ts';
import { callAbout } from './call.ts';
import type { FailedCall, MadeCall } from './call.ts';
import type { AwaitingJudgement, CachedJudgement, JudgingRound, TaskVerdict } from './judgementStore.ts';
import { plainText } from './plainText.ts';
import { batchLimit, promptVersion } from './prompt.ts';
import { isLeftAlone, troubleOf } from './refinerState.ts';
import type { RefinerPorts } from './refinerPorts.ts';
import type { RefinerFigures, RefinerState } from './refinerState.ts';
import { Trouble } from './trouble.ts';
import { weigh } from './weigh.ts';
import type { Answered } from './weigh.ts';

/** What arrives within this time is asked about together. */
const gathering: Milliseconds = 200;
/** The same while no call is to be made. */
const gatheringAlone: Milliseconds = 5_000;
/** Workspaces looked at in one turn, at least until there is something to ask about. */
const workspacesAtOnce = 10;
/** Tasks looked at in one round of a workspace. */
const roundLimit = 400;
/** Meanings worked out, and verdicts written, without giving the thread back: a few milliseconds each. */
const stride = 20;
const verdictsAtOnce = 100;
/** Between the parts of a key; no text that people write has it. */
const separator = '\u001F';
/** Calls at one time, while the model answers; and tokens that one may cost, for the limit of the day. */
export const callsAtOnce = 8;
const tokensOfCall = 20_000;
/** What is open is spread over the calls that may be made, but for fewer tasks than this no second one is. */
const leastBatch = 25;
const backoff = { baseDelay: 5_000, maxDelay: 300_000 };
/** When quota is used up and nobody says until when. */
const quotaWait: Milliseconds = 900_000;

interface Batch {
  readonly workspaceId: WorkspaceId;
  readonly round: JudgingRound;
  readonly questions: readonly Question[];
}

export class Refiner {
  readonly #ports: RefinerPorts;
  #ending = new AbortController();
  readonly #trouble = new Trouble();
  /** Workspaces whose tasks are judged even while workers are free, because a person asked for it. */
  readonly #wanted = new Set<WorkspaceId>();
  #state: RefinerState = { kind: 'off' };
  #figures = { first: 0, second: 0, calls: 0, failedCalls: 0, fromCache: 0, asked: 0 };
  #lastCall: RefinerFigures['lastCall'] = null;
  /** For the next turn. */
  #timer: Disposable | undefined;
  /** For the end of a time in which the model, or some meanings, are left alone. */
  #resume: Disposable | undefined;
  #turning: Promise<void> | undefined;
  #again = false;
  #started = false;
  #failures = 0;
  /** Calls under way, and what they ask about. */
  readonly #calls = new Map<Promise<void>, readonly Question[]>();
  /** Calls at one time: one after a failure, and twice as many with each answer. */
  #pace: number = callsAtOnce;
  /** Ends the wait for the calls under way, because there may be more to ask. */
  #rouse: (() => void) | undefined;
  #batchSize = batchLimit;
  /** The workspace asked about last: the next one's turn comes first. */
  #last: WorkspaceId | undefined;
  #listeners: (() => void)[] = [];

  constructor(ports: RefinerPorts) {
    this.#ports = ports;
  }

  get figures(): RefinerFigures {
    const { models, spend, clock } = this.#ports;
    return {
      ...this.#figures,
      state: this.#state,
      model: models.scoring()?.name ?? null,
      tokensToday: spend.today(clock.wallClock()),
      lastCall: this.#lastCall,
    };
  }

  /** Begins; whatever waits for a judgement gets one. */
  async start(): Promise<void> {
    await this.#ports.spend.load();
    this.#ending = new AbortController();
    this.#started = true;
    await this.modelsChanged();
  }

  /** Ends a call under way and starts none. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#ending.abort();
    this.#rest();
    this.#resume?.[Symbol.dispose]();
    this.#rouse?.();
    await this.#turning;
    await Promise.all(this.#calls.keys());
  }

  /** Another model, key or permission: what kept it from being asked may be gone. */
  async modelsChanged(): Promise<void> {
    if (!this.#started) return;
    this.#failures = 0;
    this.#batchSize = batchLimit;
    this.#trouble.clear();
    const isOn = this.#ports.models.scoring() !== null;
    if (isOn) await this.#ports.meanings.load();
    await this.#ports.store.setJudging(isOn);
    this.#resume?.[Symbol.dispose]();
    this.#become(isOn ? { kind: 'idle' } : { kind: 'off' });
    if (isOn) this.#soon(0);
  }

  /** Something was added, changed or settled. While the model is left alone the cache still answers, now and then. */
  wake(): void {
    if (this.#state.kind === 'off') return;
    this.#soon(isLeftAlone(this.#state) ? gatheringAlone : gathering);
  }

  /**
   * Has every unfinished task of a workspace judged anew, also while workers are free.
   * @param onProgress told how many still wait
   * @returns null when all are judged, or why that could not be; an abort leaves the rest to the background
   */
  async judgeAgain(
    workspaceId: WorkspaceId,
    signal: AbortSignal,
    onProgress: (waiting: number) => void,
  ): Promise<string | null> {
    await this.#ports.store.judgeAgain(workspaceId);
    this.#wanted.add(workspaceId);
    try {
      await this.modelsChanged();
      for (;;) {
        const waiting = await this.#waitingIn(workspaceId);
        onProgress(waiting);
        if (waiting === 0 || signal.aborted || !this.#started) return null;
        const trouble = troubleOf(this.#state);
        if (trouble !== null) return trouble;
        await this.#nextTurn(signal);
      }
    } finally {
      this.#wanted.delete(workspaceId);
    }
  }

  async #waitingIn(workspaceId: WorkspaceId): Promise<number> {
    return (await this.#waiting()).find((one) => one.workspaceId === workspaceId)?.first ?? 0;
  }

  /** Resolves after the next turn, or when `signal` aborts. */
  async #nextTurn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const done = (): void => resolve(undefined);
    this.#listeners.push(done);
    signal.addEventListener('abort', done, { once: true });
    await promise;
    signal.removeEventListener('abort', done);
  }

  #become(state: RefinerState): void {
    const { kind } = this.#state;
    this.#state = state;
    if (state.kind !== kind) this.#ports.house.onState();
  }

  #soon(delay: Milliseconds): void {
    if (!this.#started) return;
    if (this.#turning !== undefined) this.#again = true;
    if (this.#timer !== undefined && delay > 0) return;
    this.#rest();
    this.#timer = this.#ports.clock.setTimer(delay, () => {
      this.#timer = undefined;
      if (this.#turning !== undefined) {
        this.#rouse?.();
        return;
      }
      this.#turning = this.#turns().finally(() => {
        this.#turning = undefined;
        if (this.#again) this.wake();
      });
    });
  }

  #rest(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Waits until an instant, then looks again. */
  #until(instant: Instant): void {
    const { clock } = this.#ports;
    this.#resume?.[Symbol.dispose]();
    if (!this.#started) return;
    this.#resume = clock.setTimer(Math.max(0, instant - clock.wallClock()), () => {
      this.#resume = undefined;
      if (isLeftAlone(this.#state)) this.#become({ kind: 'idle' });
      this.#soon(0);
    });
  }

  async #turns(): Promise<void> {
    this.#again = false;
    try {
      while (this.#started && (await this.#turn()));
    } catch (thrown) {
      if (!this.#ending.signal.aborted)
        this.#fail({ failure: 'unavailable', message: messageOf(thrown), retryAfter: null });
    } finally {
      this.#tell();
    }
  }

  /** Uses the cache, then makes calls and waits for the first answer. @returns whether to go on at once */
  async #turn(): Promise<boolean> {
    const { models, spend, clock, settings } = this.#ports;
    const model = models.scoring();
    if (model === null) {
      this.#become({ kind: 'off' });
      return false;
    }
    const leftAlone = isLeftAlone(this.#state);
    if (!leftAlone && this.#wanted.size === 0 && !(await this.#needed())) {
      if (this.#calls.size === 0) this.#become({ kind: 'not-needed' });
      await this.#waiting();
      return false;
    }
    do {
      const batch = await this.#prepare(model);
      if (leftAlone) return false;
      if (batch === undefined) break;
      const { dailyTokens } = settings();
      const now = clock.wallClock();
      if (dailyTokens > 0 && spend.today(now) >= dailyTokens) {
        const until = spend.nextDay(now);
        this.#become({ kind: 'spent', until });
        this.#until(until);
        return false;
      }
      this.#last = batch.workspaceId;
      this.#call(model, batch);
    } while (this.#started && this.#calls.size < this.#callsAtOnce());
    if (this.#calls.size === 0) {
      this.#become({ kind: 'idle' });
      await this.#waiting();
      this.#waitForTrouble();
      return false;
    }
    await this.#nextAnswer();
    await this.#waiting();
    this.#tell();
    return !isLeftAlone(this.#state);
  }

  /** Resolves with the first answer of the calls under way, or when there may be more to ask. */
  async #nextAnswer(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#rouse = () => resolve(undefined);
    if (this.#started) await Promise.race([promise, ...this.#calls.keys()]);
    this.#rouse = undefined;
  }

  #tell(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /**
   * Whether order matters: more is ready than there are free workers, or something waits although there are. While
   * there is a free worker for everything no call is made.
   */
  async #needed(): Promise<boolean> {
    const { store, house } = this.#ports;
    const ready = (await store.readyCounts()).filter(({ workspaceId }) => house.isOpen(workspaceId));
    const all = ready.reduce((sum, { count }) => sum + count, 0);
    return ready.some(({ isPaused, count }) => !isPaused && count > 0) || all > house.freeWorkers();
  }

  /** Tasks of open folders that wait. */
  async #waiting(): Promise<readonly AwaitingJudgement[]> {
    const { store, house } = this.#ports;
    const waiting = (await store.awaitingJudgement()).filter(({ workspaceId }) => house.isOpen(workspaceId));
    this.#figures.first = waiting.reduce((sum, { first }) => sum + first, 0);
    this.#figures.second = waiting.reduce((sum, { second }) => sum + second, 0);
    house.watch?.waiting(this.#figures.first + this.#figures.second);
    return waiting;
  }

  /**
   * Gives out what the cache knows, in some workspaces; the others have their turn next.
   * @returns what to ask about, or undefined for nothing
   */
  async #prepare(model: Model): Promise<Batch | undefined> {
    const waiting = inTurn(await this.#waiting(), this.#last);
    const isWanted = ({ workspaceId }: AwaitingJudgement): boolean => this.#wanted.has(workspaceId);
    const order = [...waiting.filter(isWanted), ...waiting.filter((one) => !isWanted(one))];
    let batch: Batch | undefined;
    for (const [place, { workspaceId }] of order.entries()) {
      if (batch !== undefined && place >= workspacesAtOnce) break;
      const questions = await this.#prepareIn(workspaceId, model);
      if (questions !== undefined) batch ??= questions;
    }
    return batch;
  }

  /**
   * The same for one workspace: round after round, for what the cache answers makes room for those behind, until a
   * call is full or the cache knows nothing more.
   */
  async #prepareIn(workspaceId: WorkspaceId, model: Model): Promise<Batch | undefined> {
    const { store, clock } = this.#ports;
    for (;;) {
      const round = await store.judgingRound(workspaceId, roundLimit, clock.wallClock());
      const meant = await this.#meant(workspaceId, round, model);
      const keys = new Set(meant.flatMap(({ own, shared }) => [own, shared]));
      const cached = await store.cachedJudgements([...keys]);
      const keyed = meant.map((one) => keyedTask(one, cached, clock.wallClock()));
      const { verdicts, questions } = sortTasks(keyed, cached, clock.wallClock());
      this.#figures.fromCache += verdicts.length;
      await this.#give(workspaceId, verdicts, []);
      const underWay = [...this.#calls.values()].flat();
      const asked = new Set(underWay.map(({ key }) => key));
      const open = questions.filter(
        ({ key }) => !asked.has(key) && this.#trouble.mayAsk(key, clock.wallClock()),
      );
      if (this.#started && verdicts.length > 0 && open.length < this.#batchSize) continue;
      const share = Math.ceil(open.length / Math.max(1, this.#callsAtOnce() - this.#calls.size));
      const size = Math.min(this.#batchSize, Math.max(leastBatch, share));
      const chosen = unlike(open, size, this.#ports.meanings, underWay);
      return chosen.length === 0 ? undefined : { workspaceId, round, questions: chosen };
    }
  }

  /** The keys under which these tasks are kept: their meaning under this goal, for this model and prompt. */
  async #meant(workspaceId: WorkspaceId, round: JudgingRound, model: Model): Promise<MeantTask[]> {
    const { meanings } = this.#ports;
    const frame = [workspaceId, plainText(round.context.goal), model.name, promptVersion].join(separator);
    const meant: MeantTask[] = [];
    for (const task of round.tasks) {
      if (meant.length % stride === stride - 1) await this.#breathe();
      const { own, shared } = meanings.keysOf(task);
      meant.push({ task, own: `${frame}${separator}${own}`, shared: `${frame}${separator}${shared}` });
    }
    return meant;
  }

  /** Begins a call; whatever comes of it is dealt with by itself. */
  #call(model: Model, batch: Batch): void {
    const call = this.#ask(model, batch)
      .catch((thrown: unknown) =>
        this.#fail({ failure: 'unavailable', message: messageOf(thrown), retryAfter: null }),
      )
      .finally(() => this.#calls.delete(call));
    this.#calls.set(call, batch.questions);
    const tasks = [...this.#calls.values()].flat().length;
    this.#become({ kind: 'asking', since: this.#ports.clock.wallClock(), tasks });
  }

  async #ask(model: Model, { workspaceId, round, questions }: Batch): Promise<void> {
    const { clock, chance, settings, house } = this.#ports;
    const { timeout: limit } = settings();
    const made = await callAbout(house.lease(model), round, questions, {
      clock,
      chance,
      limit,
      ending: this.#ending.signal,
    });
    await this.#note(made);
    const { result, tasks } = made;
    if (result.kind === 'failed') {
      this.#fail(result, tasks);
      return;
    }
    this.#failures = 0;
    this.#pace = Math.min(callsAtOnce, this.#pace * 2);
    this.#batchSize = result.whole ? Math.min(batchLimit, this.#batchSize * 2) : half(tasks);
    await this.#take(model, workspaceId, result.answers);
  }

  async #note({ result, took, tasks, tokens }: MadeCall): Promise<void> {
    const { clock, spend, house } = this.#ports;
    if (this.#ending.signal.aborted) return;
    house.watch?.called(took);
    this.#figures.calls += 1;
    if (result.kind === 'failed') this.#figures.failedCalls += 1;
    this.#lastCall = { at: clock.wallClock(), took, tasks };
    if (tokens > 0) await spend.add(tokens, clock.wallClock());
  }

  /** Calls made at a time: no more than the tokens of the day are likely to allow. */
  #callsAtOnce(): number {
    const { spend, clock, settings } = this.#ports;
    const { dailyTokens } = settings();
    if (dailyTokens === 0) return this.#pace;
    const left = dailyTokens - spend.today(clock.wallClock());
    return Math.min(this.#pace, Math.max(1, Math.floor(left / tokensOfCall)));
  }

  /** Keeps an answer: for the tasks asked about, those that mean the same, and the cache. */
  async #take(model: Model, workspaceId: WorkspaceId, answers: readonly Answered[]): Promise<void> {
    const at = this.#ports.clock.wallClock();
    const { verdicts, kept, learned } = weigh(answers, model.name, at, this.#trouble);
    // Before anyone can see the verdicts.
    this.#figures.asked += answers.length;
    await this.#give(workspaceId, verdicts, kept);
    await this.#ports.meanings.learn(learned);
  }

  /** Writes verdicts in portions and tells who shows ranks. */
  async #give(
    workspaceId: WorkspaceId,
    verdicts: readonly TaskVerdict[],
    said: readonly CachedJudgement[],
  ): Promise<void> {
    const { store, clock, house } = this.#ports;
    if (said.length > 0) await store.judge([], said, clock.wallClock());
    for (let from = 0; from < verdicts.length; from += verdictsAtOnce) {
      await store.judge(verdicts.slice(from, from + verdictsAtOnce), [], clock.wallClock());
      await this.#breathe();
    }
    if (verdicts.length > 0) house.onJudged(workspaceId);
  }

  #waitForTrouble(): void {
    const next = this.#trouble.nextAt(this.#ports.clock.wallClock());
    if (next !== null) this.#until(next);
  }

  #fail({ failure, message, retryAfter }: Omit<FailedCall, 'kind'>, tasks = 1): void {
    const { clock, chance, log } = this.#ports;
    if (this.#ending.signal.aborted) return;
    // Calls made at the same time fail together; that is one failure.
    if (isLeftAlone(this.#state) && !needsPerson(failure)) return;
    this.#failures += 1;
    this.#pace = 1;
    // One failure is a line in the log; that it goes on failing is said once, until it has answered again.
    if (this.#failures <= 2) log.write('warn', `Priorities could not be judged: ${message}`, { failure });
    if (needsPerson(failure)) {
      this.#become({ kind: 'stopped', failure, message });
      return;
    }
    // A batch that is too much, or holds what the endpoint refuses, is asked about in smaller parts.
    if (failure === 'refused' || failure === 'timeout') this.#batchSize = half(tasks);
    const wait =
      retryAfter ?? (failure === 'quota' ? quotaWait : retryDelay(backoff, this.#failures, chance.random()));
    const until = clock.wallClock() + wait;
    this.#become({ kind: 'waiting', until, failure, message, failures: this.#failures });
    this.#until(until);
  }

  /** Gives the thread back for a moment. */
  async #breathe(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    using _timer = this.#ports.clock.setTimer(0, () => resolve(undefined));
    await promise;
  }
}

/** Whether it fails until a person has changed something. */
function needsPerson(failure: FailedCall['failure']): failure is 'unauthorized' | 'no-consent' {
  return failure === 'unauthorized' || failure === 'no-consent';
}

function half(size: number): number {
  return Math.max(1, Math.floor(size / 2));
}
