/** How the models that the settings name stand, in words. Pure. */

export type ModelStanding =
  /** None is named. */
  | { readonly kind: 'none' }
  /** A person has not allowed yet that texts are sent there. @property where a host, or who offers the model */
  | { readonly kind: 'not-allowed'; readonly where: string }
  /** The address in the settings is none. */
  | { readonly kind: 'invalid'; readonly problem: string }
  /** They may be asked. */
  | { readonly kind: 'chosen' };

/** Why the models that are named are not asked; empty when they are, or when none is named. */
export function standingText(standing: ModelStanding): string {
  switch (standing.kind) {
    case 'none':
    case 'chosen':
      return '';
    case 'not-allowed':
      return `No model is asked: nothing is sent to ${standing.where} before you allow it. Podium: Test Connection asks you.`;
    case 'invalid':
      return `No model is asked: podium.model.baseUrl in the settings cannot be used. ${standing.problem}`;
  }
}
