/** What the screens and commands need from the rest of the house; the composition root implements it. */
import type { Event, Uri } from 'vscode';
import type { BatchRequest, Control } from '../core/control.ts';
import type { PodiumError } from '../core/errors.ts';
import type { History } from '../core/history/history.ts';
import type { Task, WorkspaceId } from '../core/model.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { LearnedMeaning } from '../core/priority/meanings.ts';
import type { ParsedEndpoint } from '../models/endpoint.ts';
import type { HouseModels } from './models/houseModels.ts';
import type { ModelSettings } from './settings/settingsModel.ts';

/** Everything that exists once the store is open, as owner or as reader. */
export interface House {
  readonly control: Control;
  readonly history: History;
  /** The folder of a workspace, while it is open in this window. */
  folderOf(workspaceId: WorkspaceId): Uri | undefined;
  /** The workspace a resource lies in. */
  workspaceOf(resource: Uri): WorkspaceId | undefined;
  /** Absolute path of the folder of a task's latest run, or undefined before the first. Only names it. */
  runDirectoryOf(task: Pick<Task, 'id' | 'claim'>): string | undefined;
  /** Absolute path of what the latest run printed; the file need not exist. */
  logFileOf(task: Pick<Task, 'id' | 'claim'>): string | undefined;
  /** Absolute path of the file whose end is the task's result; it need not exist. */
  resultFileOf(task: Task): string | undefined;
  /** The report of the recovery was read. */
  dismissRecovery(): Promise<void>;
  readonly samples: SampleTasks;
  readonly elsewhere: ElsewhereTasks;
  readonly meanings: LearnedWords;
  /**
   * Splits a command line into program and arguments.
   * @throws PodiumError `invalid-command`
   */
  parseCommandLine(text: string): readonly string[];
  /** The command line that parses back into `argv`. */
  formatCommandLine(argv: readonly string[]): string;
}

/** What Podium has learned of which wordings mean the same. */
export interface LearnedWords {
  learned(): Promise<readonly LearnedMeaning[]>;
  /** Takes wordings out of the meanings they were learned for. */
  setApart(wordings: readonly string[]): Promise<void>;
  /** Forgets all of it. */
  clear(): Promise<void>;
}

/** Tasks of an open folder that another window's storage has. */
export interface FolderOffer {
  readonly workspaceId: WorkspaceId;
  /** Of the folder, for people. */
  readonly name: string;
  /** Names the store. */
  readonly storage: string;
  readonly unfinished: number;
  readonly finished: number;
}

/** What the open folders have in the storage of other windows. */
export interface ElsewhereTasks {
  /** What is offered now; none in a window that only reads. */
  readonly offers: readonly FolderOffer[];
  /** Fires after `offers` have become others. */
  readonly onDidChange: Event<void>;
  /** Also what is not offered any more because the user wanted so. */
  all(): Promise<readonly FolderOffer[]>;
  /**
   * Moves the tasks here, with their logs. `owned`: another window works on them, and nothing was changed.
   * @throws PodiumError `store-newer`, `store-corrupt`, `task-running`, and nothing was changed
   */
  bring(
    offer: FolderOffer,
  ): Promise<
    | { readonly kind: 'brought'; readonly tasks: number }
    | { readonly kind: 'owned'; readonly by: string }
    | { readonly kind: 'nothing' }
  >;
  /** Offers nothing of this folder any more, in no window. */
  never(workspaceId: WorkspaceId): Promise<void>;
}

/** The tasks that show what Podium does. */
export interface SampleTasks {
  /** Those the folder itself brings, in an order in which each comes after what it needs; none for other folders. */
  read(workspaceId: WorkspaceId): Promise<readonly BatchRequest[]>;
  /**
   * Copies the sample project into a new folder inside the workspace and returns its tasks.
   * @throws PodiumError `untrusted` in Restricted Mode
   */
  create(workspaceId: WorkspaceId): Promise<readonly BatchRequest[]>;
  /** Starts a simulated agent that splits its work for ever, in a workspace of its own; what was there goes. */
  runaway(): Promise<void>;
}

export type HostState =
  /** No folder is open, so there is nowhere to keep tasks. */
  | { readonly kind: 'no-folder' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'failed'; readonly error: PodiumError }
  | { readonly kind: 'ready'; readonly house: House };

/** The models, for the commands that choose and try them. */
export interface ModelDesk {
  readonly house: HouseModels;
  readonly settings: ModelSettings;
  parseEndpoint(text: string): ParsedEndpoint;
  /** Does what a person has just asked for; the editor may ask for permission meanwhile. */
  acting<T>(work: () => Promise<T>): Promise<T>;
  /** What kept a model from being asked may be gone. */
  changed(): void;
}

export interface UiHost {
  readonly models: ModelDesk;
  readonly state: HostState;
  /** Fires after `state` has become another one. */
  readonly onDidChangeState: Event<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens the store again after it failed; the outcome is a new state. */
  reopen(): void;
  /** Brings Podium's output channel to the front. */
  showOutput(): void;
}
