/** What the model that judges tasks is doing, in sentences. */
import type { Instant } from '../../core/model.ts';
import type { RefinerFigures } from '../../core/priority/refinerState.ts';
import { clipped, clockText, counted, momentText } from './words.ts';

/** One or two lines for a document. */
export function refinerText(refiner: RefinerFigures | null, now: Instant): readonly string[] {
  if (refiner === null) return [];
  const { state, model, first, second } = refiner;
  const waiting = first + second;
  switch (state.kind) {
    case 'off':
      return [
        'No model is chosen: the priority you give counts, and all arithmetic works. Podium: Choose Model… adds one.',
      ];
    case 'idle':
      return [
        waiting === 0
          ? `${model ?? 'The model'} has judged all it was to judge.`
          : `${model ?? 'The model'} has judged what it could; ${counted(waiting, 'task is', 'tasks are')} asked about again later.`,
      ];
    case 'not-needed':
      return ['Nothing has to wait for its turn, so no model is asked.'];
    case 'asking':
      return [
        `${model ?? 'The model'} is judging ${counted(state.tasks, 'task')}; ${waiting} wait for a judgement.`,
      ];
    case 'limited':
      return [
        `${model ?? 'The model'} waits until it may be called again, ${momentText(state.until, now)}; until then tasks keep the order they have.`,
      ];
    case 'waiting':
      if (state.failure === 'no-model')
        return [
          `${clipped(state.message, 160)} It is looked for again ${momentText(state.until, now)}; until then tasks keep the order they have. Podium: Choose Model… names another.`,
        ];
      return [
        `The model does not answer as it should (${clipped(state.message, 120)}). It is asked again ${momentText(state.until, now)}; until then tasks keep the order they have.`,
      ];
    case 'stopped':
      return [`The model cannot be asked: ${clipped(state.message, 160)} Tasks keep the order they have.`];
    case 'spent':
      return [
        `The tokens of the day are used up. Tasks keep the order they have until ${momentText(state.until, now)}.`,
      ];
  }
}

/** A calm word above the rows while a model that should judge cannot; empty when all is well. */
export function modelTrouble(refiner: RefinerFigures | null, now: Instant): string {
  if (refiner === null) return '';
  const { state } = refiner;
  switch (state.kind) {
    case 'waiting':
      if (state.failure === 'quota')
        return `The quota of the model is used up; tasks keep their order. It is asked again at ${clockText(state.until, now)}.`;
      // One failed call is nothing to be told of.
      if (state.failures < 2) return '';
      return state.failure === 'no-model'
        ? `${clipped(state.message, 120)} Tasks keep their order.`
        : `The model does not answer; tasks keep their order. It is asked again at ${clockText(state.until, now)}.`;
    case 'stopped':
      return `The model cannot be asked: ${clipped(state.message, 120)}`;
    case 'spent':
      return `The day's tokens for judgements are used up; tasks keep their order until ${clockText(state.until, now)}.`;
    default:
      return '';
  }
}
