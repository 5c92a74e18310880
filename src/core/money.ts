/** What calls to a model cost in money, at the prices a person has set. Pure. */
import type { ModelUsage } from './models.ts';

/** Money for a million tokens, in whatever currency the limits are in; 0 where it is not known. */
export interface Prices {
  readonly input: number;
  readonly output: number;
}

export const noPrices: Prices = { input: 0, output: 0 };

/**
 * Millionths of the currency, whole and rounded up, so that many small calls are not free. What an endpoint did not
 * count costs nothing here: a limit in tokens is the one to set for it.
 */
export function costOf({ promptTokens, completionTokens }: ModelUsage, { input, output }: Prices): number {
  // A price for a million tokens is the price of one in millionths.
  const micros = (promptTokens ?? 0) * input + (completionTokens ?? 0) * output;
  // What floating point adds behind the point is no fraction of a millionth.
  return Math.ceil(Number(micros.toPrecision(12)));
}
