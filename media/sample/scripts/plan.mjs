// A task that asks for more tasks: one style check for each source file. Each line appended to $PODIUM_OUTBOX is a
// wish, each line of $PODIUM_INBOX an answer to the line of that number.
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const { PODIUM_OUTBOX: outbox, PODIUM_INBOX: inbox } = process.env;
if (outbox === undefined || inbox === undefined) {
  console.error('This script asks Podium for sub-tasks: run it as a task.');
  process.exit(2);
}

const root = path.dirname(import.meta.dirname);
const names = readdirSync(path.join(root, 'src')).sort();
for (const name of names) {
  const wish = {
    key: `lint-${name}`,
    title: `Check the style of src/${name}`,
    argv: ['${node}', path.join(import.meta.dirname, 'check.mjs'), 'lint', `src/${name}`],
    priority: 'low',
  };
  appendFileSync(outbox, `${JSON.stringify(wish)}\n`);
}

const deadline = performance.now() + 20_000;
let answers = [];
while (answers.length < names.length && performance.now() < deadline) {
  await delay(50);
  const lines = readFileSync(inbox, 'utf8').split('\n').slice(0, -1);
  answers = lines.map((line) => JSON.parse(line));
}
for (const { line, ok, message } of answers) {
  console.log(`${names[line - 1]}: ${ok ? 'a sub-task will check it' : `refused, ${message}`}`);
}
if (answers.length < names.length) console.error(`${names.length - answers.length} wishes were not answered`);
process.exit(answers.length === names.length && answers.every(({ ok }) => ok) ? 0 : 1);
