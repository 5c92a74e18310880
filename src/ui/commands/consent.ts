/** The one question before anything is sent to a model. */
import { window } from 'vscode';
import { PodiumError } from '../../core/errors.ts';
import type { HouseModels, ModelPlace } from '../models/houseModels.ts';
import { standingText } from '../present/standingText.ts';
import type { ModelSettings } from '../settings/settingsModel.ts';
import type { Session } from './session.ts';

type Names = Pick<ModelSettings, 'scoring' | 'working'>;

/** Asks whether texts may be sent to a place, and keeps a yes. @returns whether they may */
export async function askConsent(house: HouseModels, place: ModelPlace, names: Names): Promise<boolean> {
  if (place.kind === 'endpoint' && place.endpoint.isLocal) return true;
  const where = house.nameOf(place);
  const allow = 'Allow';
  const chosen = await window.showInformationMessage(
    `May Podium send your tasks to ${where}?`,
    { modal: true, detail: consentText(where, names) },
    allow,
  );
  if (chosen !== allow) return false;
  await house.allow(place);
  return true;
}

/**
 * Makes sure that the models of the settings may be asked, because a person wants it; asks when that is not known yet.
 * @returns false when the person does not allow it
 * @throws PodiumError `invalid-setting`, or `model-unavailable` when none is named
 */
export async function ensureAllowed({ host: { models } }: Session): Promise<boolean> {
  const { house, settings } = models;
  const { standing } = house;
  switch (standing.kind) {
    case 'chosen':
      return true;
    case 'none':
      throw new PodiumError('model-unavailable', 'No model is chosen. Use Podium: Choose Model.');
    case 'invalid':
      throw new PodiumError('invalid-setting', standingText(standing));
    case 'not-allowed':
      if (!(await askConsent(house, house.place, settings))) return false;
      await house.settled();
      return true;
  }
}

function consentText(where: string, { scoring, working }: Names): string {
  const uses = [
    scoring === ''
      ? ''
      : `Titles and descriptions of tasks, the titles of what they depend on and of others already judged, and the goal of the folder are sent to ${where} to be judged by ${scoring}, while more tasks wait than workers are free.`,
    working === ''
      ? ''
      : `Prompt tasks, and the results of what they depend on, are sent there for ${working}.`,
    'That may cost money. Judgements stop at the daily limit of tokens in the settings.',
  ];
  return uses.filter((use) => use !== '').join('\n\n');
}
