import assert from 'node:assert/strict';
import { conceptsOf } from '../../../src/meaning/concepts.ts';
import { Lexicon } from '../../../src/meaning/lexicon.ts';

const lexicon = new Lexicon();
const key = (text: string, words = lexicon): string =>
  conceptsOf(text, words)
    .map(({ name }) => name)
    .toSorted()
    .join(' ');

const same = (...texts: readonly string[]): void => {
  for (const text of texts) assert.equal(key(text), key(texts[0] ?? ''), text);
};
const apart = (one: string, other: string): void =>
  assert.notEqual(key(one), key(other), `${one} / ${other}`);

describe('What a text says', () => {
  it('is the same for the same request in other words and another language', () => {
    same(
      'Scrivi blog post su AI',
      'Crea articolo su intelligenza artificiale',
      'Write blog post about AI',
      'Create an article on artificial intelligence',
      'AI blog post: writing',
    );
    same('Rinnova il certificato SSL', 'TLS certificate renewal', 'renew the SSL certificate!');
    same('Migra il database da MySQL a PostgreSQL', 'Migrate the database from MySQL to Postgres');
    same('Intervista dieci utenti', '10 user interviews');
  });

  const pairs: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    negation: [
      ['Chase the customers who have paid', 'Chase the customers who have not paid'],
      ['Esporta i dati con i prezzi', 'Esporta i dati senza i prezzi'],
      ['Delete all files', 'Delete all files except the logs'],
    ],
    number: [
      ['Interview 10 users', 'Interview 12 users'],
      ['Compra due portatili', 'Compra tre portatili'],
      ['Raise the limit to 1,000', 'Raise the limit to 10,000'],
    ],
    period: [
      ['Q1 report', 'Q3 report'],
      ['Report mensile', 'Report settimanale'],
      ['Send it before the launch', 'Send it after the launch'],
    ],
    date: [
      ['Publish on 12 March', 'Publish on 12 May'],
      ['Consegna entro il 15/03/2026', 'Consegna entro il 16/03/2026'],
    ],
    version: [
      ['Upgrade to version 2.1', 'Upgrade to version 2.2'],
      ['Release v3', 'Release v4'],
    ],
    name: [
      ['Prepara il preventivo per Rossi', 'Prepara il preventivo per Bianchi'],
      ['Call Acme about the contract', 'Call Globex about the contract'],
      ['Assegna i ticket a Sara', 'Assegna i ticket a Luca'],
    ],
    audience: [
      ['Newsletter for customers', 'Newsletter for employees'],
      ['Landing page B2B', 'Landing page B2C'],
    ],
    place: [
      ['Deploy to staging', 'Deploy to production'],
      ['Open the Berlin office', 'Open the Milan office'],
    ],
    opposite: [
      ['Create the account', 'Delete the account'],
      ['Abilita i cookie', 'Disabilita i cookie'],
      ['Increase the budget', 'Reduce the budget'],
    ],
    direction: [
      ['Migrate from MySQL to Postgres', 'Migrate from Postgres to MySQL'],
      ["Traduci dall'italiano all'inglese", "Traduci dall'inglese all'italiano"],
      ['Sposta i file dal vecchio server al nuovo', 'Sposta i file dal nuovo server al vecchio'],
      ['Convert the CSV files to JSON', 'Convert the JSON files to CSV'],
      ['Replace the old logo with the new one', 'Replace the new logo with the old one'],
      ['Reply to the customer about the supplier', 'Reply to the supplier about the customer'],
      ['Strings EN → IT', 'Strings IT → EN'],
    ],
    artefact: [
      ['Write a case study about the hospital', 'Write a press release about the hospital'],
      ['Prepara la presentazione delle vendite', 'Prepara il report delle vendite'],
    ],
    action: [
      ['Plan the review', 'Review the plan'],
      ['Write the unit tests', 'Run the unit tests'],
      ['Publish the AI article', 'Proofread the AI article'],
    ],
  };
  for (const [family, texts] of Object.entries(pairs)) {
    it(`differs by ${family}`, () => {
      for (const [one, other] of texts) apart(one, other);
    });
  }

  it('takes a word nobody knows as itself, whatever its ending', () => {
    same('Grind the quernstone', 'grinding quernstones');
    apart('Grind the quernstone', 'Grind the millwheel');
  });

  it('knows a name by its capital letter, but not where a sentence begins or in a title', () => {
    assert.match(key('Write to Sara'), /"sara/);
    assert.doesNotMatch(key('Zzyzx report'), /"/);
    same('Write The Monthly Customer Newsletter', 'write the monthly customer newsletter');
  });

  it('takes a person at their word: a synonym is stronger than what is known', () => {
    const own = new Lexicon([{ word: 'RFP', means: 'tender' }]);
    assert.notEqual(key('Answer the RFP'), key('Answer the tender'));
    assert.equal(key('Answer the RFP', own), key('Answer the tender', own));
  });

  it('has no space in the name of any concept, so that a key of several is read back as what it was', () => {
    const own = new Lexicon([{ word: 'RFP', means: 'call of the wild' }]);
    const [concept] = conceptsOf('RFP', own);
    assert.equal(concept?.name, 'call_of_the_wild');
    assert.deepEqual(own.conceptNamed(concept.name), concept);
  });

  it('finds phrases among the words a model names, in any order', () => {
    const names = lexicon.conceptsAmong(['intelligence', 'write', 'artificial', 'post', 'blog']);
    assert.deepEqual(names.map(({ name }) => name).toSorted(), ['ai', 'article']);
  });

  it('reads a hundred thousand characters as quickly as a page of them', () => {
    const long = 'The report about sales of the customers. '.repeat(2_500);
    assert.ok(conceptsOf(long, lexicon).length < 20);
  });
});
