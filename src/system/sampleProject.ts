/** Copies of the sample project that ships with the product: a small real one, with tasks that show what Podium does. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder a copy goes to inside a workspace of the user's own. */
const copyName = 'podium-sample';

/**
 * The text of `file` in a folder, or in the copy of the sample project that lies in it.
 * @returns also where the project lies, relative to the folder; undefined when there is none
 */
export async function findSample(
  folder: string,
  file: string,
): Promise<{ readonly text: string; readonly place: string } | undefined> {
  for (const place of ['.', copyName]) {
    const text = await readFile(path.join(folder, place, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return { text, place };
  }
  return undefined;
}

/** Copies the project into a new folder inside `folder`; files that are there already stay as they are. */
export async function copySample(template: string, folder: string): Promise<void> {
  const target = path.join(folder, copyName);
  await mkdir(target, { recursive: true });
  await cp(template, target, { recursive: true, force: false, errorOnExist: false });
}
