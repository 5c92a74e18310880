/** A model that anybody may call: for tests and baselines of what is not about sharing it out. */
import type { Model, ModelHandle } from '../../src/core/models.ts';

export function permitted(model: Model): ModelHandle {
  const permit = { send: () => Promise.resolve() };
  return {
    name: model.name,
    ask: (request, signal, onText) => model.ask({ ...request, permit }, signal, onText),
  };
}
