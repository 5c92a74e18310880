/** What a person does about shared resources, and how screens see them. */
import type { Instant } from '../model.ts';
import type { Model, ModelHandle } from '../models.ts';
import type { Resource, Resources } from './resource.ts';

export interface ResourceControl {
  /** The resources there are. */
  readonly known: Resources;
  /** Nobody takes of it before an instant; null lets them again. @throws PodiumError `unknown-resource` */
  hold(name: string, until: Instant | null): Promise<void>;
  /** A model, as a person may call it to try it out. */
  lease(model: Model): ModelHandle & Disposable;
}

/** A resource as the screens show it. */
export interface ResourceView {
  readonly name: string;
  readonly kind: Resource['kind'];
  /** What is left: of a pool the slots that are free. */
  readonly level: number;
  readonly capacity: number;
  /** Of a rate: what comes back in a second as the settings have it, and as answers have shown. */
  readonly perSecond: number | null;
  readonly inForce: number | null;
  /** Ready tasks that need it. */
  readonly waiting: number;
  /** How much of it they need together. */
  readonly wanted: number;
  readonly heldUntil: Instant | null;
  /** Runs and calls that used it and ended, and those that were told to call less often, in this window. */
  readonly answers: number;
  readonly limited: number;
}
