/** The messages between the panel of the metrics and its page. Each side parses what it gets. */
import type { MetricRange } from '../core/metrics/metrics.ts';
import { metricsPicture, ranges } from './metricsPicture.ts';
import type { MetricsPicture } from './metricsPicture.ts';
import { list, object, oneOf, parsed, text } from './parse.ts';

/** From the page. `ready`: it has just been made and shows nothing yet; `range`: it wants another past. */
export interface PageMessage {
  readonly type: 'ready' | 'range';
  readonly range: MetricRange;
}

/** To the page. `closed`: there is nothing to show, and why. */
export type PanelMessage =
  | { readonly type: 'picture'; readonly picture: MetricsPicture }
  | { readonly type: 'closed'; readonly why: string };

const pageMessage = object<PageMessage>({ type: oneOf(['ready', 'range']), range: oneOf(ranges) });
const kind = object<{ type: PanelMessage['type'] }>({ type: oneOf(['picture', 'closed']) });
const picture = object<{ picture: MetricsPicture }>({ picture: metricsPicture });
const closed = object<{ why: string }>({ why: text });
const rememberedRange = object<Pick<PageState, 'range'>>({ range: oneOf(ranges) });
const rememberedTables = object<Pick<PageState, 'tables'>>({ tables: list(text) });

/** @returns undefined when it is no message of the page */
export function parsePageMessage(value: unknown): PageMessage | undefined {
  return parsed(pageMessage, value);
}

/** @returns undefined when it is no message of the panel */
export function parsePanelMessage(value: unknown): PanelMessage | undefined {
  return parsed<PanelMessage>((message) => {
    const { type } = kind(message);
    switch (type) {
      case 'picture':
        return { type, ...picture(message) };
      case 'closed':
        return { type, ...closed(message) };
    }
  }, value);
}

/** What the page remembers across a reload of the window. */
export interface PageState {
  readonly range: MetricRange;
  /** Charts whose table is open. */
  readonly tables: readonly string[];
}

/** A remembered state; what is not as agreed is as at the first time. */
export function parsePageState(value: unknown): PageState {
  return {
    range: parsed(rememberedRange, value)?.range ?? '5 min',
    tables: parsed(rememberedTables, value)?.tables ?? [],
  };
}
