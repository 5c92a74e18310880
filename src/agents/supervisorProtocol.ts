/**
 * What the host and the supervisor tell each other, one JSON object per line. The host's first line is the
 * configuration; the end of its stream means that the host is gone.
 */
import type { ProcessIdentity } from '../core/model.ts';
import type { ExitRecord } from './runFiles.ts';

export interface SupervisorConfig {
  /** Absolute; exists. */
  readonly runDirectory: string;
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: hand `args` over as they are. */
  readonly verbatim: boolean;
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to the program's standard input; null leaves that empty. */
  readonly prompt: string | null;
  /** Bytes of output kept from the beginning. */
  readonly outputLimit: number;
  /** Milliseconds between the polite signal and the hard one. */
  readonly grace: number;
}

/** What the host may say after the configuration: end the program. */
export const cancelCommand = { command: 'cancel' } as const;

export type SupervisorEvent =
  /** A recovery has fenced the run; nothing was started. */
  | { readonly event: 'refused' }
  | { readonly event: 'started'; readonly program: ProcessIdentity }
  /** Nothing of the run is alive. */
  | { readonly event: 'ended'; readonly record: ExitRecord }
  /** The supervisor itself could not go on. */
  | {
      readonly event: 'broken';
      readonly message: string;
      /** Of the operating system; may be ''. */ readonly code: string;
    };

/** Cuts a stream of text into lines; only `\n` ends one. */
export class LineSplitter {
  #rest = '';

  push(text: string): readonly string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}
