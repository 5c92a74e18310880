// A command with a side effect that can be counted: one line when it starts, one when it ends, and a word when
// another run of the same task is still alive.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder] = process.argv.slice(2);
const task = process.env.PODIUM_TASK_ID;
const run = process.env.PODIUM_RUN;
const effects = path.join(folder, 'effects.log');
const mine = path.join(folder, `alive-${task}`);

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let before = 0;
try {
  before = Number(readFileSync(mine, 'utf8'));
} catch {
  // The first run of this task.
}
if (before !== 0 && alive(before)) appendFileSync(effects, `overlap ${task} ${run}\n`);
writeFileSync(mine, String(process.pid));
appendFileSync(effects, `start ${task} ${run} ${process.pid}\n`);
setTimeout(() => appendFileSync(effects, `end ${task} ${run}\n`), 30 + Math.random() * 400);
