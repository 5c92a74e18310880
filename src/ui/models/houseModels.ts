/**
 * The models of the house as settings, keys and permissions name them now. Nothing is sent anywhere before a person
 * has allowed it for that endpoint; a key belongs to one endpoint and is never sent to another.
 */
import { EventEmitter } from 'vscode';
import type { Disposable as EditorDisposable, Event, Memento, SecretStorage } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { Model, ModelReply, Models } from '../../core/models.ts';
import type { Log } from '../../core/ports.ts';
import type { Endpoint, ParsedEndpoint } from '../../models/endpoint.ts';
import type { OpenAiModelOptions } from '../../models/openaiModel.ts';
import type { ModelStanding } from '../present/standingText.ts';
import type { ModelSettings } from '../settings/settingsModel.ts';

/** What the composition root gives: the adapters, which the screens do not know. */
export interface ModelMakers {
  parseEndpoint(text: string): ParsedEndpoint;
  endpointModel(options: OpenAiModelOptions): Model;
  listModels(
    options: Omit<OpenAiModelOptions, 'model'>,
    signal: AbortSignal,
  ): Promise<readonly string[] | Extract<ModelReply, { kind: 'failed' }>>;
  /** A model of the editor. @param choice `vendor/family` */
  editorModel(choice: string): Model;
}

export interface HouseModelsPorts {
  readonly makers: ModelMakers;
  readonly settings: () => ModelSettings;
  readonly onDidChangeSettings: Event<unknown>;
  /** The editor has other models than before: one that was looked for in vain may be there. */
  readonly onDidChangeEditorModels: Event<unknown>;
  readonly secrets: SecretStorage;
  /** Kept for all windows of this machine. */
  readonly memory: Memento;
  readonly log: Log;
}

/** Where the models are that the settings name. */
export type ModelPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly kind: 'editor' };

const editorPlace = 'editor';

export class HouseModels implements Models, Disposable {
  readonly #ports: HouseModelsPorts;
  readonly #changed = new EventEmitter<void>();
  readonly #listeners: readonly EditorDisposable[];
  #scoring: Model | null = null;
  #working: Model | null = null;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(ports: HouseModelsPorts) {
    this.#ports = ports;
    this.#listeners = [
      ports.onDidChangeSettings(() => this.refresh()),
      ports.onDidChangeEditorModels(() => {
        if (this.place.kind === 'editor') this.refresh();
      }),
      ports.secrets.onDidChange(({ key }) => {
        if (key.startsWith(keyPrefix)) this.refresh();
      }),
    ];
    this.refresh();
  }

  /** Fires when another model may have to be asked, or the same with another key. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  scoring(): Model | null {
    return this.#scoring;
  }

  working(): Model | null {
    return this.#working;
  }

  get place(): ModelPlace {
    const { provider, baseUrl } = this.#ports.settings();
    if (provider === 'none') return { kind: 'none' };
    if (provider === 'editor') return { kind: 'editor' };
    return this.#ports.makers.parseEndpoint(baseUrl);
  }

  /** What is to be said of the models that the settings name. */
  get standing(): ModelStanding {
    const { scoring, working } = this.#ports.settings();
    const { place } = this;
    if (place.kind === 'none' || (scoring === '' && working === '')) return { kind: 'none' };
    if (place.kind === 'invalid') return place;
    return this.isAllowed(place) ? { kind: 'chosen' } : { kind: 'not-allowed', where: this.nameOf(place) };
  }

  /** Who gets what is sent to a place. */
  nameOf(place: ModelPlace): string {
    return place.kind === 'endpoint' ? place.endpoint.host : 'the provider of the model';
  }

  /** Whether texts may be sent to where the settings point. */
  isAllowed(place: ModelPlace): boolean {
    if (place.kind === 'none' || place.kind === 'invalid') return false;
    if (place.kind === 'endpoint' && place.endpoint.isLocal) return true;
    return this.#ports.memory.get(permissionOf(place)) === true;
  }

  async allow(place: ModelPlace): Promise<void> {
    await this.#ports.memory.update(permissionOf(place), true);
    this.refresh();
  }

  async hasKey(endpoint: Endpoint): Promise<boolean> {
    return (await this.#keyOf(endpoint)) !== null;
  }

  async setKey(endpoint: Endpoint, key: string): Promise<void> {
    await this.#ports.secrets.store(keyPrefix + endpoint.origin, key);
    this.refresh();
  }

  async removeKey(endpoint: Endpoint): Promise<void> {
    await this.#ports.secrets.delete(keyPrefix + endpoint.origin);
    this.refresh();
  }

  /** Names of models at an endpoint, or why it does not say; asked only after a person wants to choose one. */
  async list(
    endpoint: Endpoint,
    signal: AbortSignal,
  ): Promise<readonly string[] | Extract<ModelReply, { kind: 'failed' }>> {
    return await this.#ports.makers.listModels({ endpoint, key: await this.#keyOf(endpoint) }, signal);
  }

  /** Reads settings, key and permission again. */
  refresh(): void {
    this.#refreshing = this.#refreshing.then(() => this.#refresh());
  }

  /** Resolves when what was changed counts. */
  async settled(): Promise<void> {
    await this.#refreshing;
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  async #refresh(): Promise<void> {
    try {
      const { scoring, working } = this.#ports.settings();
      const make = await this.#maker();
      this.#scoring = scoring === '' ? null : make(scoring);
      this.#working = working === '' ? null : make(working);
    } catch (thrown) {
      this.#ports.log.write('error', `The models could not be set up: ${messageOf(thrown)}`);
      [this.#scoring, this.#working] = [null, null];
    }
    this.#changed.fire();
  }

  async #maker(): Promise<(name: string) => Model | null> {
    const { makers } = this.#ports;
    const { place } = this;
    if (!this.isAllowed(place)) return () => null;
    if (place.kind === 'editor') return (choice) => makers.editorModel(choice);
    if (place.kind !== 'endpoint') return () => null;
    const key = await this.#keyOf(place.endpoint);
    return (model) => makers.endpointModel({ endpoint: place.endpoint, model, key });
  }

  async #keyOf({ origin }: Endpoint): Promise<string | null> {
    const key = await this.#ports.secrets.get(keyPrefix + origin);
    return key === undefined || key === '' ? null : key;
  }
}

const keyPrefix = 'podium.apiKey:';

function permissionOf(place: ModelPlace): string {
  return `podium.mayAsk:${place.kind === 'endpoint' ? place.endpoint.origin : editorPlace}`;
}
