// Checks that only read: `node check.mjs lint [file...]`, `words`, `links`; and `report`, which writes report.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brokenLinks } from '../src/links.js';
import { countWords } from '../src/text.js';

const root = path.dirname(import.meta.dirname);

/** Files below the project with one of these endings, relative to it. */
function files(...endings) {
  return readdirSync(root, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => endings.includes(path.extname(name)) && !name.includes('node_modules'))
    .sort();
}

const read = (name) => readFileSync(path.join(root, name), 'utf8');

function complaintsAbout(name) {
  const text = read(name);
  const rules = [
    [/\t/, 'a tab'],
    [/\s$/, 'white space at its end'],
    [/^.{121}/, 'more than 120 characters'],
    [/^\s*var\s/, 'var instead of const or let'],
  ];
  const complaints = text.split('\n').flatMap((line, index) => {
    return rules.filter(([rule]) => rule.test(line)).map(([, what]) => `${name}:${index + 1} has ${what}`);
  });
  return text.endsWith('\n') ? complaints : [...complaints, `${name} does not end with a new line`];
}

const commands = {
  lint(...names) {
    const checked = names.length > 0 ? names : files('.js', '.mjs');
    const complaints = checked.flatMap(complaintsAbout);
    console.log(
      [...complaints, `${checked.length} files checked, ${complaints.length} complaints`].join('\n'),
    );
    return complaints.length === 0;
  },
  words() {
    const counts = files('.md').map((name) => [name, countWords(read(name))]);
    for (const [name, count] of counts) console.log(`${String(count).padStart(6)}  ${name}`);
    console.log(`${counts.reduce((sum, [, count]) => sum + count, 0)} words in ${counts.length} documents`);
    return true;
  },
  links() {
    const broken = files('.md').flatMap((name) => {
      const exists = (target) => existsSync(path.resolve(root, path.dirname(name), target));
      return brokenLinks(read(name), exists).map(
        ({ target, line }) => `${name}:${line} leads nowhere: ${target}`,
      );
    });
    console.log(broken.length === 0 ? 'No broken links' : broken.join('\n'));
    return broken.length === 0;
  },
  report() {
    const lines = files('.js', '.mjs', '.md')
      .filter((name) => name !== 'report.md')
      .map(
        (name) => `- ${name}: ${read(name).split('\n').length - 1} lines, ${countWords(read(name))} words`,
      );
    writeFileSync(path.join(root, 'report.md'), `# Report\n\n${lines.join('\n')}\n`);
    console.log(`report.md describes ${lines.length} files`);
    return true;
  },
};

const [name, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? '')) {
  console.error(`Use one of: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
process.exit(commands[name](...rest) ? 0 : 1);
