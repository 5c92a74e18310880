/** Prints the half of the paraphrases that the writer of the lexicon may read: `node test/bench/data/printSeen.ts`. */
import { halfOf, readIntents } from './pairs.ts';

for (const intent of readIntents()) {
  if (halfOf(intent.id) !== 'seen') continue;
  console.log(`\n${String(intent.id)}`);
  for (const text of [...intent.it, ...intent.en]) console.log(`  ${text}`);
}
