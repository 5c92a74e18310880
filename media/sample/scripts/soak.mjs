// A soak test: for some seconds, asks again and again whether a law of the modules holds for random text.
// `node soak.mjs <law> <seconds>`
import { setTimeout as delay } from 'node:timers/promises';
import { headingsIn, linksIn } from '../src/links.js';
import { countWords, slug } from '../src/text.js';

const alphabet = ['a', 'Z', 'é', 'ß', '漢', '🎻', '7', ' ', '\n', '-', '#', '[', ']', '(', ')', '.'];

function randomText() {
  const length = Math.floor(Math.random() * 200);
  return Array.from({ length }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
}

const laws = {
  'slug-twice': (text) => slug(slug(text)) === slug(text),
  'slug-words': (text) => countWords(slug(text)) === countWords(text.toLowerCase()),
  'words-add-up': (text, other) => countWords(`${text} ${other}`) === countWords(text) + countWords(other),
  'words-in-any-case': (text) => countWords(text.toLowerCase()) === countWords(text),
  'links-by-line': (text) => linksIn(text).every(({ line }) => line >= 1 && line <= text.split('\n').length),
  'links-add-up': (text, other) =>
    linksIn(`${text}\n\n${other}`).length === linksIn(text).length + linksIn(other).length,
  'headings-are-slugs': (text) => headingsIn(text).every((heading) => slug(heading) === heading),
  'headings-by-line': (text) => headingsIn(text).length <= text.split('\n').length,
};

const [name, seconds] = process.argv.slice(2);
const law = laws[name ?? ''];
if (law === undefined || !(Number(seconds) > 0)) {
  console.error(`node soak.mjs <${Object.keys(laws).join(' | ')}> <seconds>`);
  process.exit(2);
}
const end = performance.now() + Number(seconds) * 1000;
let tries = 0;
while (performance.now() < end) {
  for (let round = 0; round < 20; round += 1, tries += 1) {
    const texts = [randomText(), randomText()];
    if (law(...texts)) continue;
    console.error(`${name} does not hold for ${JSON.stringify(texts)}`);
    process.exit(1);
  }
  await delay(50); // leave the machine to others
}
console.log(`${name} held ${tries} times in ${seconds} s`);
