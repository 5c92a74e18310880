import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a line when it starts and one when it ends, and complains about a twin that is alive. */
const script = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
const { PODIUM_TASK_ID: task, PODIUM_RUN: run } = process.env;
const [, , time] = process.argv;
let before = 0;
try { before = Number(readFileSync('alive-' + task, 'utf8')); } catch {}
if (before) { try { process.kill(before, 0); appendFileSync('effects.log', 'overlap ' + task + '\\n'); } catch {} }
writeFileSync('alive-' + task, String(process.pid));
appendFileSync('effects.log', 'start ' + task + ' ' + run + '\\n');
const end = () => appendFileSync('effects.log', 'end ' + task + ' ' + run + '\\n');
const wait = () => (existsSync(time) ? end() : setTimeout(wait, 50));
if (Number.isNaN(Number(time))) wait();
else setTimeout(end, Number(time) * 1000);
`;

/**
 * Command line of a program; {@link Effects} in its folder tells what it did.
 * @param time seconds that it takes, or the signal it waits for, see {@link Effects.signal}
 */
export const effect = (time: number | `signal-${string}`): string => `\${node} effect.mjs ${time}`;

/** The traces of the programs started by {@link effect}. */
export class Effects {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the program into a folder. */
  static async in(folder: string | undefined): Promise<Effects> {
    if (folder === undefined) throw new Error('No folder is open.');
    await writeFile(path.join(folder, 'effect.mjs'), script);
    return new Effects(folder);
  }

  /** One `start TASK RUN`, `end TASK RUN` or `overlap TASK` each, oldest first. */
  async lines(): Promise<string[]> {
    try {
      return (await readFile(path.join(this.#folder, 'effects.log'), 'utf8')).split('\n').filter(Boolean);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Lets the programs end that wait for this signal, and those that will. */
  async signal(name: `signal-${string}`): Promise<void> {
    await writeFile(path.join(this.#folder, name), '');
  }

  async count(kind: 'start' | 'end' | 'overlap'): Promise<number> {
    return (await this.lines()).filter((line) => line.startsWith(`${kind} `)).length;
  }

  /** Lines that prove a task ran twice: two at a time, or one claim twice; none when all is well. */
  async twins(): Promise<string[]> {
    const lines = await this.lines();
    return lines.filter((line, index) => line.startsWith('overlap ') || lines.indexOf(line) !== index);
  }
}
