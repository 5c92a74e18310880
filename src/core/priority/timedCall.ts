/** A call to a model that ends in time whatever the model does. */
import { messageOf } from '../errors.ts';
import type { Milliseconds } from '../model.ts';
import { tooLate } from '../models.ts';
import type { ModelHandle, ModelReply, ModelRequest } from '../models.ts';
import type { Clock } from '../ports.ts';

/**
 * Asks once. A model that does not hear the signal is not waited for either, and whatever it throws is a failed
 * call.
 * @param limit longest wait for the answer
 * @param ending gives the call up at once
 */
export async function timedCall(
  model: ModelHandle,
  request: ModelRequest,
  clock: Clock,
  limit: Milliseconds,
  ending: AbortSignal,
): Promise<ModelReply> {
  const late = new AbortController();
  using _timer = clock.setTimer(limit, () => late.abort(tooLate));
  const signal = AbortSignal.any([ending, late.signal]);
  const { promise: cut, resolve } = Promise.withResolvers<ModelReply>();
  const message = 'The model did not answer in time.';
  const giveUp = (): void => resolve({ kind: 'failed', failure: 'timeout', message, retryAfter: null });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([model.ask(request, signal), cut]);
  } catch (thrown) {
    return { kind: 'failed', failure: 'unavailable', message: messageOf(thrown), retryAfter: null };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
