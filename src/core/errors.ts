/** Everything that can go wrong and be told to a user or a caller, by stable code. */
export type ErrorCode =
  | 'invalid-title'
  | 'invalid-description'
  | 'invalid-command'
  | 'invalid-setting'
  | 'unknown-agent'
  | 'unknown-task'
  | 'unknown-workspace'
  | 'unknown-dependency'
  | 'dependency-cycle'
  | 'depth-limit'
  | 'child-limit'
  | 'tree-budget'
  | 'pending-limit'
  | 'creation-rate'
  | 're-entry'
  | 'reproduction'
  | 'tree-stopped'
  | 'unknown-resource'
  | 'resource-capacity'
  | 'illegal-transition'
  | 'has-dependents'
  | 'task-running'
  | 'read-only'
  | 'untrusted'
  | 'store-unavailable'
  | 'store-full'
  | 'store-newer'
  | 'store-corrupt'
  | 'closed'
  | 'model-unavailable'
  | 'no-permit'
  | 'missing-program'
  | 'outside-workspace'
  | 'cannot-export';

/**
 * The one error class of the program. Callers switch on `code`, never on the message; `message` is a sentence for
 * people, `cause` what was caught underneath.
 */
export class PodiumError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PodiumError';
    this.code = code;
  }
}

/** The text of anything thrown, for logs and messages. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
