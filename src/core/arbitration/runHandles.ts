/** The handles of one run: one for each model it calls, paid for by what its claim has taken. */
import type { Model, ModelHandle } from '../models.ts';
import type { LeasedModel } from './leasedModel.ts';
import { demandsIn } from './requirements.ts';
import { modelResource } from './resource.ts';

export class RunHandles implements Disposable {
  readonly #handles = new Map<string, LeasedModel>();
  readonly #signature: string;
  readonly #calls: readonly string[];
  readonly #open: (model: Model, prepaid: number) => LeasedModel;

  /**
   * @param signature of the task, as it was claimed
   * @param calls resources that the agent uses through handles alone
   * @param open makes a handle that has so many requests paid for
   */
  constructor(
    signature: string,
    calls: readonly string[],
    open: (model: Model, prepaid: number) => LeasedModel,
  ) {
    this.#signature = signature;
    this.#calls = calls;
    this.#open = open;
  }

  /** The handle of a model: the same one, however often it is asked for, so that nothing is paid for twice. */
  lease(model: Model): ModelHandle {
    const name = modelResource(model);
    let handle = this.#handles.get(name);
    if (handle === undefined) {
      handle = this.#open(model, Math.floor(demandsIn(this.#signature).get(name) ?? 0));
      this.#handles.set(name, handle);
    }
    return handle;
  }

  /** What was really sent of what the claim has taken, by resource: nothing of what was never called. */
  get used(): Readonly<Record<string, number>> {
    const unused = this.#calls.filter((name) => demandsIn(this.#signature).has(name));
    return Object.assign(
      Object.fromEntries(unused.map((name) => [name, 0])),
      ...[...this.#handles.values()].map(({ used }) => used),
    ) as Readonly<Record<string, number>>;
  }

  /** Nothing is sent from now on. */
  [Symbol.dispose](): void {
    for (const handle of this.#handles.values()) handle[Symbol.dispose]();
  }
}
