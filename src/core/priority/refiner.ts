/**
 * Refines the order in the background. A task has a provisional score from the moment it exists; here, whenever more
 * waits than there are free workers, a model is asked about those nearest to being started: up to fifty of one
 * workspace in a call, a few calls at a time, each meaning once. Nothing waits for this, whatever the model does.
 */
import { messageOf } from '../errors.ts';
import type { Instant, Milliseconds, WorkspaceId } from '../model.ts';
import type { Model } from '../models.ts';
import { inTurn } from './arrange.ts';
import { keyedTask, sortTasks, unlike } from './batch.ts';
import type { Batch, Question } from './batch.ts';
import { callAbout, canBeShown } from './call.ts';
import type { FailedCall, MadeCall } from './call.ts';
import { breathe } from './breathe.ts';
import { CallPace, waitOf } from './callPace.ts';
import { crowdedIn } from './crowding.ts';
import { earliest } from './earliest.ts';
import { frameOf } from './frame.ts';
import type { AwaitingJudgement, CachedJudgement, TaskVerdict } from './judgementStore.ts';
import { Listings } from './listings.ts';
import { meantTasks } from './meant.ts';
import { isLeftAlone, needsPerson, troubleOf } from './refinerState.ts';
import type { RefinerPorts } from './refinerPorts.ts';
import type { RefinerFigures, RefinerState } from './refinerState.ts';
import { Renewals } from './renewals.ts';
import { Trouble } from './trouble.ts';
import { weigh } from './weigh.ts';
import type { Answered } from './weigh.ts';

/** What arrives within this time is asked about together. */
const gathering: Milliseconds = 200;
/** The same while no call is to be made. */
const gatheringAlone: Milliseconds = 5_000;
/** So long after the start there may still be a model that was not there yet. */
const keysWithin: Milliseconds = 30_000;
/** Workspaces looked at in one turn, at least until there is something to ask about. */
const workspacesAtOnce = 10;
/** Tasks looked at in one round of a workspace. */
const roundLimit = 400;
/** Verdicts written without giving the thread back: a few milliseconds. */
const verdictsAtOnce = 100;
/** What is open is spread over the calls that may be made, but for fewer tasks than this no second one is. */
const leastBatch = 25;

export class Refiner {
  readonly #ports: RefinerPorts;
  #ending = new AbortController();
  readonly #trouble = new Trouble();
  readonly #listings = new Listings();
  readonly #pace = new CallPace();
  readonly #renewals = new Renewals();
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
  /** Nothing is left to ask about, at least for now. */
  #isDone = false;
  #started = false;
  /** Calls under way, and what they ask about. */
  readonly #calls = new Map<Promise<void>, readonly Question[]>();
  /** Ends the wait for the calls under way, because there may be more to ask. */
  #rouse: (() => void) | undefined;
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
    const { spend, models, clock } = this.#ports;
    await spend.load();
    this.#ending = new AbortController();
    this.#started = true;
    // Keys are read while the house opens. Until they must be there, what was judged goes on counting.
    this.#become({ kind: 'off' });
    if (models.scoring() === null) this.#until(clock.wallClock() + keysWithin);
    else await this.modelsChanged();
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
    this.#isDone = false;
    this.#pace.begin();
    this.#renewals.begin();
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
   * @returns null when all are judged that can be now, or why that could not be; an abort leaves the rest to the
   * background
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
        // What still waits was asked about, in vain, and is asked about again later.
        if (this.#isDone) return null;
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
      await this.#ports.store.setJudging(false);
      return false;
    }
    const leftAlone = isLeftAlone(this.#state);
    const crowded = leftAlone ? [] : await crowdedIn(this.#ports.store, this.#ports.house);
    if (!leftAlone && this.#wanted.size === 0 && crowded.length === 0) {
      if (this.#calls.size === 0) this.#become({ kind: 'not-needed' });
      await this.#waiting();
      return false;
    }
    this.#renewals.newTurn();
    do {
      const batch = await this.#prepare(model, crowded);
      // A call that was begun here may have failed by now.
      if (leftAlone || isLeftAlone(this.#state)) return false;
      if (batch === undefined || this.#calls.size >= this.#callsAtOnce()) break;
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
      this.#isDone = true;
      this.#become({ kind: 'idle' });
      await this.#waiting();
      this.#waitForNext();
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
   * @param crowded where what is old is asked about anew
   * @returns what to ask about, or undefined for nothing
   */
  async #prepare(model: Model, crowded: readonly WorkspaceId[]): Promise<Batch | undefined> {
    const waiting = inTurn(await this.#waiting(), this.#last);
    const isWanted = ({ workspaceId }: AwaitingJudgement): boolean => this.#wanted.has(workspaceId);
    const order = [...waiting.filter(isWanted), ...waiting.filter((one) => !isWanted(one))];
    let batch: Batch | undefined;
    for (const [place, { workspaceId }] of order.entries()) {
      if (batch !== undefined && place >= workspacesAtOnce) break;
      const questions = await this.#prepareIn(workspaceId, model);
      if (questions !== undefined) batch ??= questions;
    }
    if (batch !== undefined) return batch;
    const others = crowded.filter((id) => order.every(({ workspaceId }) => workspaceId !== id));
    for (const workspaceId of this.#renewals.look(others, this.#ports.clock.wallClock())) {
      const questions = await this.#prepareIn(workspaceId, model);
      if (questions !== undefined) return questions;
    }
    return undefined;
  }

  /**
   * The same for one workspace: round after round, for what the cache answers makes room for those behind, until a
   * call is full or the cache knows nothing more.
   */
  async #prepareIn(workspaceId: WorkspaceId, model: Model): Promise<Batch | undefined> {
    const { store, clock } = this.#ports;
    for (;;) {
      const round = await store.judgingRound(workspaceId, model.name, roundLimit, clock.wallClock());
      this.#renewals.seen(round.renewAt);
      const { goal } = round.context;
      const frame = frameOf(workspaceId, goal, model.name);
      const meant = await meantTasks(round.tasks, frame, this.#ports.meanings, clock);
      const keys = new Set(meant.flatMap(({ own, shared }) => [own, shared]));
      const cached = await store.cachedJudgements([...keys]);
      const keyed = meant.map((one) => keyedTask(one, cached, clock.wallClock()));
      const { verdicts, questions } = sortTasks(keyed, cached, goal, clock.wallClock());
      const firsts = new Set(round.tasks.flatMap(({ id, opinion }) => (opinion === 'first' ? [id] : [])));
      this.#figures.fromCache += verdicts.filter(({ taskId }) => firsts.has(taskId)).length;
      await this.#give(workspaceId, verdicts, []);
      const underWay = [...this.#calls.values()].flat();
      const asked = new Set(underWay.map(({ key }) => key));
      const open = questions.filter(
        ({ key }) => !asked.has(key) && this.#trouble.mayAsk(key, clock.wallClock()),
      );
      if (this.#started && verdicts.length > 0 && open.length < this.#pace.batchSize) continue;
      const share = Math.ceil(open.length / Math.max(1, this.#callsAtOnce() - this.#calls.size));
      const size = Math.min(this.#pace.batchSize, Math.max(leastBatch, share));
      const chosen = unlike(open, size, this.#ports.meanings, underWay);
      return canBeShown(round, chosen) ? { workspaceId, round, questions: chosen } : undefined;
    }
  }

  /** Begins a call; whatever comes of it is dealt with by itself. */
  #call(model: Model, batch: Batch): void {
    const call = this.#ask(model, batch)
      .catch((thrown: unknown) =>
        this.#fail({ failure: 'unavailable', message: messageOf(thrown), retryAfter: null }),
      )
      .finally(() => {
        this.#calls.delete(call);
        if (this.#state.kind === 'asking') this.#asking(this.#state.since);
      });
    this.#calls.set(call, batch.questions);
    this.#isDone = false;
    this.#asking(this.#ports.clock.wallClock());
  }

  /** It asks about what is under way, no more; when that is nothing, a turn says what follows. */
  #asking(since: Instant): void {
    const tasks = [...this.#calls.values()].flat().length;
    if (tasks > 0) this.#become({ kind: 'asking', since, tasks });
    else if (this.#turning === undefined) this.#soon(0);
  }

  async #ask(model: Model, { workspaceId, round, questions }: Batch): Promise<void> {
    const { clock, chance, settings, house } = this.#ports;
    const { timeout: limit } = settings();
    const made = await callAbout(house.lease(model), round, questions, {
      clock,
      chance,
      listings: this.#listings,
      limit,
      ending: this.#ending.signal,
    });
    const { result } = made;
    if (result.kind === 'failed' && result.notSent === true) {
      this.#holdBack(result);
      return;
    }
    await this.#note(made);
    const tasks = questions.length;
    if (result.kind === 'failed') {
      if (!this.#isRefusedByItself(result, questions)) this.#fail(result, tasks);
      return;
    }
    this.#pace.answered(tasks, result.whole);
    await this.#take(model, workspaceId, round.context.goal, result.answers);
  }

  /**
   * Whether an endpoint that answers about others refuses to answer about this one task: it keeps the value it has and
   * is left alone for longer and longer, and the others go on.
   */
  #isRefusedByItself({ failure }: FailedCall, [question, ...others]: readonly Question[]): boolean {
    if (failure !== 'refused' || question === undefined || others.length > 0) return false;
    this.#trouble.note(question.key, false, this.#ports.clock.wallClock());
    return this.#pace.refusedOne();
  }

  /** The model may not be called now, and was not. */
  #holdBack(call: FailedCall): void {
    if (this.#ending.signal.aborted || isLeftAlone(this.#state)) return;
    const until = this.#ports.clock.wallClock() + waitOf(call);
    this.#become({ kind: 'limited', until });
    this.#until(until);
  }

  async #note({ result, took, tasks, tokens }: MadeCall): Promise<void> {
    const { clock, spend, house } = this.#ports;
    if (this.#ending.signal.aborted) return;
    house.watch?.called(took);
    this.#figures.calls += 1;
    this.#figures.asked += tasks;
    if (result.kind === 'failed') this.#figures.failedCalls += 1;
    this.#lastCall = { at: clock.wallClock(), took, tasks };
    if (tokens > 0) await spend.add(tokens, clock.wallClock());
  }

  #callsAtOnce(): number {
    const { spend, clock, settings } = this.#ports;
    const { dailyTokens } = settings();
    return this.#pace.callsWithin(dailyTokens === 0 ? null : dailyTokens - spend.today(clock.wallClock()));
  }

  /** Keeps an answer: for the tasks asked about, those that mean the same, and the cache. */
  async #take(
    model: Model,
    workspaceId: WorkspaceId,
    goal: string,
    answers: readonly Answered[],
  ): Promise<void> {
    const asked = { model: model.name, goal, at: this.#ports.clock.wallClock() };
    const { verdicts, kept, learned } = weigh(answers, asked, this.#trouble);
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
      await breathe(clock);
    }
    if (verdicts.length > 0) house.onJudged(workspaceId);
  }

  /** For what may be asked about again, or has to be asked about anew. */
  #waitForNext(): void {
    const next = earliest(this.#trouble.nextAt(this.#ports.clock.wallClock()), this.#renewals.nextAt);
    if (next !== null) this.#until(next);
  }

  #fail(call: Omit<FailedCall, 'kind'>, tasks = 1): void {
    const { clock, chance, log } = this.#ports;
    const { failure, message } = call;
    if (this.#ending.signal.aborted) return;
    // Calls made at the same time fail together; that is one failure.
    if (isLeftAlone(this.#state) && !needsPerson(failure)) return;
    const until = clock.wallClock() + this.#pace.failed(call, tasks, chance);
    const { failures } = this.#pace;
    // One failure is a line in the log; that it goes on failing is said once, until it has answered again.
    if (this.#pace.failures <= 2)
      log.write('warn', `Priorities could not be judged: ${message}`, { failure });
    if (needsPerson(failure)) {
      this.#become({ kind: 'stopped', failure, message });
      return;
    }
    this.#become({ kind: 'waiting', until, failure, message, failures });
    this.#until(until);
  }
}
