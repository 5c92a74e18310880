import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './install.ts';
import { repository } from './paths.ts';

const template = path.join(repository, 'media', 'sample');

/** The sample project that `npm start` opens. */
export const sampleFolder: string = path.join(repository, '.sample', 'podium-sample');

/**
 * Copies the sample project to a folder of its own.
 * @param target must be empty or missing
 */
export async function copySample(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  if ((await readdir(target)).length > 0) throw new Error(`${target} is not empty.`);
  await cp(template, target, { recursive: true });
}

/**
 * Makes the sample project the first time; later it belongs to whoever plays with it and is left alone.
 * @returns its folder
 */
export function ensureSample(): Promise<string> {
  return cached(sampleFolder, copySample);
}

if (import.meta.main) console.log(await ensureSample());
