/** Ways to break the product that the checks must notice. */
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import type { Model } from '../../../src/core/models.ts';
import type { Store } from '../../../src/core/ports.ts';
import { promptFor } from '../../../src/core/priority/prompt.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import type { ScorePolicy } from '../../../src/core/priority/score.ts';
import { settings } from './house.ts';
import { permitted } from '../../support/permitted.ts';

/** A score that does not count who waits. */
export const blindToDependents: ScorePolicy = (facts, now) => scoreOf({ ...facts, dependents: 0 }, now);

/** A refiner that is waited for: nothing is claimed before the model has answered about the next task. */
export function awaitsTheModel(store: EmbeddedStore, model: Model | null): Store {
  // What runs comes before what waits.
  const shown = 2 * settings.workers;
  const claimNext: Store['claimNext'] = async (policy, count, signal) => {
    const [next] = (await store.picture(shown, 0)).workspaces.flatMap(({ tasks }) =>
      tasks.filter(({ status }) => status === 'pending'),
    );
    if (next !== undefined && model !== null && count > 0) {
      const context = { goal: '', blocked: 0, oldestDays: 0 };
      const asked = [{ name: 't1', title: next.title, description: '', upstream: [] }];
      await permitted(model).ask({ messages: promptFor(context, asked, []) }, signal);
    }
    return await store.claimNext(policy, count, signal);
  };
  return new Proxy<Store>(store, {
    get: (_target, name) => {
      if (name === 'claimNext') return claimNext;
      const value: unknown = Reflect.get(store, name, store);
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
}
