/** What a person does about shared resources, and how screens see them. */
import type { Instant, Milliseconds } from '../model.ts';
import type { Model, ModelHandle } from '../models.ts';
import type { Resource, Resources } from './resource.ts';

/** How long a resource is held until someone releases it. */
export const untilReleased: Milliseconds = 365 * 86_400_000;

/** Whether an instant is as good as never. */
export function isUntilReleased(until: Instant, now: Instant): boolean {
  return until - now > untilReleased / 2;
}

export interface ResourceControl {
  /** The resources there are. */
  readonly known: Resources;
  /** Nobody takes of it before an instant; null lets them again. @throws PodiumError `unknown-resource` */
  hold(name: string, until: Instant | null): Promise<void>;
  /**
   * A model, as a person may call it to try it out: whatever was learned of it before, and when it answers, that is
   * forgotten.
   */
  tryOut(model: Model): ModelHandle & Disposable;
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
  /** Nobody has said how much there is; it is taken to be so until the other side says. */
  readonly isAssumed: boolean;
  /** Ready tasks that need it. */
  readonly waiting: number;
  /** How much of it they need together. */
  readonly wanted: number;
  /** So many wait that a person should know; none is refused for it. */
  readonly isCrowded: boolean;
  readonly heldUntil: Instant | null;
  /** Runs and calls that used it and ended, and those that were told to call less often, in this window. */
  readonly answers: number;
  readonly limited: number;
}
