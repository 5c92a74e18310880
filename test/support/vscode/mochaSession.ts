import { openSession } from './session.ts';
import type { Session, SessionOptions } from './session.ts';

/** What {@link useSession} gives: the session exists while the tests of the block run. */
export interface SessionHolder {
  /** @throws Error outside a test */
  readonly session: Session;
}

/**
 * Opens a VS Code before the tests of the surrounding `describe` and closes it after them. When a test fails,
 * a picture of the window named after it is left in `test-results/screenshots/`.
 * @param options what is to be opened; a function is called before the first test
 */
export function useSession(options: SessionOptions | (() => Promise<SessionOptions>) = {}): SessionHolder {
  let session: Session | undefined;
  before('open VS Code', async function () {
    this.timeout(120_000);
    session = await openSession(typeof options === 'function' ? await options() : options);
  });
  afterEach('picture of a failure', async function () {
    if (this.currentTest?.state !== 'failed') return;
    await session?.workbench.screenshot(`failed ${this.currentTest.fullTitle()}`).catch(() => undefined);
  });
  after('close VS Code', async function () {
    this.timeout(30_000);
    await session?.[Symbol.asyncDispose]();
    session = undefined;
  });
  return {
    get session(): Session {
      if (!session) throw new Error('The session exists only while tests run.');
      return session;
    },
  };
}
