/** What the editor calls. */
import type { ExtensionContext } from 'vscode';
import { startPodium } from './podium.ts';
import type { PodiumApi } from './podium.ts';

let podium: ReturnType<typeof startPodium> | undefined;

export function activate(context: ExtensionContext): PodiumApi {
  const started = startPodium(context);
  podium = started;
  return { whenReady: () => started.whenReady() };
}

/** Not always called, and cut off after some seconds: what must last is on disk before. */
export async function deactivate(): Promise<void> {
  await podium?.stop();
}
