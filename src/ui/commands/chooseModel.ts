import { ConfigurationTarget, lm, window, workspace } from 'vscode';
import { PodiumError } from '../../core/errors.ts';
import type { Endpoint } from '../../models/endpoint.ts';
import { askPick, askText } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import type { ModelSettings } from '../settings/settingsModel.ts';
import { askConsent } from './consent.ts';
import type { CommandRun, Session } from './session.ts';
import { testConnection } from './testConnection.ts';
import { nowhere } from './target.ts';

type Provider = ModelSettings['provider'];

const title = 'Choose Model';
const listTime = 10_000;

/** Asks where the models are, which of them judges and which works, and whether texts may be sent there. */
export const chooseModel: CommandRun = async (session) => {
  const answer = await askPick<Provider>({
    title,
    placeholder: 'Where the models are',
    choices: [
      {
        label: '$(globe) Endpoint',
        description: 'a vendor or a server of your own that speaks as OpenAI does',
        value: 'endpoint',
      },
      { label: '$(vscode) Editor', description: 'the models this editor offers', value: 'editor' },
      {
        label: '$(circle-slash) None',
        description: 'order by priority and arithmetic alone; nothing is sent anywhere',
        value: 'none',
      },
    ],
    active: (provider) => provider === session.host.models.settings.provider,
  });
  if (answer.kind !== 'answer') return;
  if (answer.value === 'none') await save({ provider: 'none' });
  else if (answer.value === 'editor') await chooseOfEditor(session);
  else await chooseEndpoint(session);
};

/** Asks for the key of the endpoint in the settings. */
export const setApiKey: CommandRun = async ({ host: { models }, messages }) => {
  const { place } = models.house;
  if (place.kind !== 'endpoint') throw notAnEndpoint();
  const key = await askKey(place.endpoint);
  if (key === undefined) return;
  await models.house.setKey(place.endpoint, key);
  messages.info(`The key for ${place.endpoint.host} is kept in the editor's secret storage.`);
};

export const removeApiKey: CommandRun = async ({ host: { models }, messages }) => {
  const { place } = models.house;
  if (place.kind !== 'endpoint') throw notAnEndpoint();
  const { endpoint } = place;
  if (!(await models.house.hasKey(endpoint))) {
    messages.info(`There is no key for ${endpoint.host}.`);
    return;
  }
  const remove = 'Remove';
  const chosen = await window.showWarningMessage(
    `Remove the key for ${endpoint.host}?`,
    { modal: true, detail: 'Podium cannot show it, so keep a copy if you want to set it again.' },
    remove,
  );
  if (chosen !== remove) return;
  await models.house.removeKey(endpoint);
  messages.info(`There is no key for ${endpoint.host} any more.`);
};

function notAnEndpoint(): PodiumError {
  return new PodiumError(
    'invalid-setting',
    'Only endpoints have keys. Choose one with Podium: Choose Model.',
  );
}

async function chooseEndpoint(session: Session): Promise<void> {
  const { models } = session.host;
  const { house, settings } = models;
  const parseEndpoint = (text: string): ReturnType<typeof models.parseEndpoint> => models.parseEndpoint(text);
  const address = await askText({
    title,
    prompt: 'Address of the endpoint, for example http://localhost:11434/v1',
    value: settings.baseUrl,
    validate: (text) => {
      const parsed = parseEndpoint(text);
      return parsed.kind === 'invalid' ? parsed.problem : undefined;
    },
  });
  if (address.kind !== 'answer') return;
  const parsed = parseEndpoint(address.value);
  if (parsed.kind === 'invalid') return;
  const { endpoint } = parsed;
  if (!endpoint.isLocal && !(await house.hasKey(endpoint))) {
    const key = await askKey(endpoint);
    if (key === undefined) return;
    await house.setKey(endpoint, key);
  }
  const names = await window.withProgress(
    { location: { viewId: 'podium.tasks' } },
    async () => await house.list(endpoint, AbortSignal.timeout(listTime)).catch(() => []),
  );
  const offered = Array.isArray(names) ? (names as readonly string[]) : [];
  const scoring = await chooseName(
    'Model that judges how valuable tasks are; a small one is enough',
    offered,
    settings.scoring,
  );
  if (scoring === undefined) return;
  const working = await chooseName('Model that does the work of prompt tasks', offered, settings.working);
  if (working === undefined) return;
  if (!(await askConsent(house, { kind: 'endpoint', endpoint }, { scoring, working }))) return;
  await save({ baseUrl: address.value.trim(), scoring, working, provider: 'endpoint' });
  await house.settled();
  await testConnection(session, nowhere, []);
}

async function chooseOfEditor(session: Session): Promise<void> {
  const { house, settings } = session.host.models;
  const models = await lm.selectChatModels();
  const names = [...new Set(models.map(({ vendor, family }) => `${vendor}/${family}`))];
  if (names.length === 0) {
    session.messages.info('This editor offers no models. Sign in to a provider of models first.');
    return;
  }
  const scoring = await chooseName(
    'Model that judges how valuable tasks are; a small one is enough',
    names,
    settings.scoring,
  );
  if (scoring === undefined) return;
  const working = await chooseName('Model that does the work of prompt tasks', names, settings.working);
  if (working === undefined) return;
  if (!(await askConsent(house, { kind: 'editor' }, { scoring, working }))) return;
  await save({ scoring, working, provider: 'editor' });
  await house.settled();
  await testConnection(session, nowhere, []);
}

/** @returns the empty string for none, undefined when the person gave up */
async function chooseName(
  placeholder: string,
  offered: readonly string[],
  current: string,
): Promise<string | undefined> {
  const other = '\u0000';
  if (offered.length > 0) {
    const choices: Choice<string>[] = [
      ...offered.map((name) => ({ label: name, value: name })),
      { label: '$(circle-slash) None', value: '' },
      { label: '$(edit) Another…', value: other },
    ];
    const answer = await askPick({ title, placeholder, choices, active: (name) => name === current });
    if (answer.kind !== 'answer') return undefined;
    if (answer.value !== other) return answer.value;
  }
  const answer = await askText({ title, prompt: `${placeholder}. Its name; empty for none`, value: current });
  return answer.kind === 'answer' ? answer.value.trim() : undefined;
}

async function askKey({ host }: Endpoint): Promise<string | undefined> {
  const key = await window.showInputBox({
    title: 'Set API Key',
    prompt: `Key for ${host}. It is kept in the editor's secret storage and sent to no other address.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A key is needed.' : undefined),
  });
  return key?.trim();
}

/** Where it is before what it is, so that nothing in between is a place that nobody has allowed. */
async function save(
  settings: Partial<Pick<ModelSettings, 'provider' | 'baseUrl' | 'scoring' | 'working'>>,
): Promise<void> {
  const configuration = workspace.getConfiguration('podium');
  for (const [key, value] of Object.entries(settings))
    await configuration.update(`model.${key}`, value, ConfigurationTarget.Global);
}
