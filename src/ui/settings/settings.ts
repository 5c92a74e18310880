/** The user's settings, live: read once, and again whenever one of them changes. */
import { commands, EventEmitter, window, workspace } from 'vscode';
import type { Event, Uri } from 'vscode';
import type { Sharing } from '../../core/arbitration/fairShare.ts';
import type { Log } from '../../core/ports.ts';
import { parseSettings, parseSharing, settingKeys } from './settingsModel.ts';
import type { ParsedSettings, PodiumSettings, RawSettings } from './settingsModel.ts';

/** Who found them: the numbers are read here, the agents where they are made. */
type ProblemKind = 'numbers' | 'agents';

export class Settings implements Disposable {
  readonly #log: Log;
  readonly #changed = new EventEmitter<PodiumSettings>();
  readonly #listener: { dispose(): unknown };
  #current: PodiumSettings;
  /** By folder, as it is asked for often. */
  readonly #sharing = new Map<string, Sharing>();
  /** The problems last shown of each kind, so that the same ones are not shown twice. */
  readonly #shown = new Map<ProblemKind, string>();

  constructor(log: Log) {
    this.#log = log;
    this.#current = this.#read();
    this.#listener = workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('podium')) return;
      this.#sharing.clear();
      this.#current = this.#read();
      this.#changed.fire(this.#current);
    });
  }

  get current(): PodiumSettings {
    return this.#current;
  }

  /** How a folder shares with the others. */
  sharingOf(folder: Uri): Sharing {
    const key = folder.toString();
    let sharing = this.#sharing.get(key);
    if (sharing === undefined) {
      const configuration = workspace.getConfiguration('podium.sharing', folder);
      sharing = parseSharing({
        'sharing.weight': configuration.get<unknown>('weight'),
        'sharing.concurrency': configuration.get<unknown>('concurrency'),
      });
      this.#sharing.set(key, sharing);
    }
    return sharing;
  }

  get onDidChange(): Event<PodiumSettings> {
    return this.#changed.event;
  }

  [Symbol.dispose](): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  #read(): PodiumSettings {
    const configuration = workspace.getConfiguration('podium');
    const raw = Object.fromEntries(settingKeys.map((key) => [key, configuration.get<unknown>(key)]));
    const { settings, problems } = parseSettings(raw as RawSettings);
    this.report('numbers', problems);
    return settings;
  }

  /** Shows what is wrong with settings of a kind, one sentence each; the same again is not shown. */
  report(kind: ProblemKind, problems: ParsedSettings['problems']): void {
    const text = problems.join('\n');
    if (text === (this.#shown.get(kind) ?? '')) return;
    this.#shown.set(kind, text);
    for (const problem of problems) this.#log.write('warn', problem);
    const [first, ...others] = problems;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${others.length} more, see the log)`;
    const open = 'Open Settings';
    window.showWarningMessage(`${first}${more}`, open).then(
      (chosen) => {
        if (chosen === open) void commands.executeCommand('podium.openSettings');
      },
      (thrown: unknown) => this.#log.write('error', `A message could not be shown: ${String(thrown)}`),
    );
  }
}
