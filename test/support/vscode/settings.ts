import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Settings for a window that shows the product and nothing that talks over it. */
const calm: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.panel.defaultLocation': 'bottom',
  'chat.commandCenter.enabled': false,
  'chat.setupFromDialog': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'npm.autoDetect': 'off',
  'security.workspace.trust.untrustedFiles': 'open',
};

/**
 * Writes the machine settings of a server's data folder; what a user has changed there is kept.
 * @param dataFolder the `--server-data-dir`
 * @param extra settings that win over the calm defaults, but not over the user's
 */
export async function writeMachineSettings(
  dataFolder: string,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await writeSettings(path.join(dataFolder, 'data', 'Machine'), extra);
}

/** The same for desktop VS Code. @param userData its `--user-data-dir` */
export async function writeUserSettings(userData: string): Promise<void> {
  await writeSettings(path.join(userData, 'User'), {});
}

async function writeSettings(folder: string, extra: Readonly<Record<string, unknown>>): Promise<void> {
  const file = path.join(folder, 'settings.json');
  let current: Record<string, unknown> = {};
  try {
    current = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return; // the user's, with comments: leave it alone
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...calm, ...extra, ...current }, null, 2)}\n`);
}
