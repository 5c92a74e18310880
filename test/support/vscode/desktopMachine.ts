/** Desktop VS Code on the machine that this runs on. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { fetchStableVersions } from '@vscode/test-electron/out/download.js';
import { ProgressReportStage } from '@vscode/test-electron/out/progress.js';
import type { ProgressReport, ProgressReporter } from '@vscode/test-electron/out/progress.js';
import { TimeoutError } from '@vscode/test-electron/out/request.js';
import { systemDefaultPlatform } from '@vscode/test-electron/out/util.js';
import type { Machine } from './desktop.ts';
import { cacheFolder } from './paths.ts';

/** How long the vendor's site may keep silent before it counts as out of reach, in ms. */
const patience = 5_000;

/** Says in a few lines how a download goes on, and what went wrong when it has. */
class Progress implements ProgressReporter {
  readonly #say: (line: string) => void;
  #tenths = -1;
  lastError: unknown;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  report(report: ProgressReport): void {
    if (report.stage === ProgressReportStage.Retrying) this.lastError = report.error;
    if (report.stage !== ProgressReportStage.Downloading) return;
    const tenths = Math.floor((10 * report.bytesSoFar) / report.totalBytes);
    if (tenths === this.#tenths) return;
    this.#tenths = tenths;
    this.#say(`  ${tenths * 10} % of ${Math.round(report.totalBytes / 1024 / 1024)} MB`);
  }

  error(error: unknown): void {
    this.lastError = error;
  }
}

/** @param say is told how a download goes on, a line at a time */
export function thisMachine(say: (line: string) => void): Machine {
  return {
    platform: process.platform,
    environment: process.env,
    findProgram: (name) =>
      (process.env.PATH ?? '')
        .split(path.delimiter)
        .map((folder) => path.join(folder, name))
        .find((file) => existsSync(file)),
    downloaded,
    async offered() {
      try {
        return await fetchStableVersions(true, patience);
      } catch (error) {
        throw error instanceof TimeoutError ? new Error(`no answer within ${patience / 1000} s`) : error;
      }
    },
    async download(version) {
      const progress = new Progress(say);
      if (!(await downloaded()).includes(version)) say(`Downloading desktop VS Code ${version}, once …`);
      try {
        return await downloadAndUnzipVSCode({ version, cachePath: cacheFolder, reporter: progress });
      } catch (error) {
        throw progress.lastError ?? error;
      }
    },
  };
}

async function downloaded(): Promise<readonly string[]> {
  const prefix = `vscode-${systemDefaultPlatform}-`;
  const names = await readdir(cacheFolder).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && existsSync(path.join(cacheFolder, name, 'is-complete')))
    .map((name) => name.slice(prefix.length))
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}
