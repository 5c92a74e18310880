/** Waiting for the store: commands pressed while it opens wait for it rather than fail. */
import { ProgressLocation, window } from 'vscode';
import type { House, UiHost } from './uiHost.ts';

/**
 * The house, once it is open.
 * @returns undefined when no folder is open
 * @throws PodiumError why the store could not be opened
 */
export async function whenReady(host: UiHost): Promise<House | undefined> {
  if (host.state.kind === 'starting') {
    const title = 'Podium: opening the tasks…';
    await window.withProgress({ location: ProgressLocation.Window, title }, () => started(host));
  }
  switch (host.state.kind) {
    case 'ready':
      return host.state.house;
    case 'failed':
      throw host.state.error;
    case 'starting':
    case 'no-folder':
      return undefined;
  }
}

/** Resolves when the state is another one than `starting`. */
export function started(host: Pick<UiHost, 'state' | 'onDidChangeState'>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const check = (): void => {
    if (host.state.kind !== 'starting') resolve(undefined);
  };
  const listener = host.onDidChangeState(check);
  check();
  return promise.finally(() => void listener.dispose());
}
