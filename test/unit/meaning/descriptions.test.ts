import assert from 'node:assert/strict';
import { plainText } from '../../../src/core/priority/plainText.ts';
import { SemanticMeanings } from '../../../src/meaning/semanticMeanings.ts';
import { meant } from '../../support/lessons.ts';

const meanings = new SemanticMeanings({ clock: { wallClock: () => 0 } });
const title = 'Write the article on artificial intelligence';
const key = (description: string, of = title): string => meanings.keysOf(meant(of, description)).shared;
const same = (...texts: readonly string[]): void => {
  for (const text of texts) assert.equal(key(text), key(texts[0] ?? ''), text);
};
const apart = (...texts: readonly string[]): void => {
  assert.equal(new Set(texts.map((text) => key(text))).size, texts.length, texts.join(' / '));
};

describe('The description of a task', () => {
  it('adds nothing where it says again what the title says, or is only polite', () => {
    same('', 'Please write an AI blog post.', 'Crea un articolo su AI!', 'AI article.\n\nWe need it soon.');
  });

  it('adds nothing where it repeats the title, also one of several sentences, but not where it only begins like it', () => {
    const two = 'Is the pump slow? Say how long a repair would take, not what it costs';
    assert.equal(key(`Please: ${two}.`, two), key('', two));
    assert.equal(key(`${two}\nFor our clients.`, two), key('For our clients.', two));
    assert.notEqual(key('Report the leak.', 'Report'), key('the leak', 'Reports'));
    assert.notEqual(key('Not: delete the logs today.', 'Delete the logs'), key('', 'Delete the logs'));
  });

  it('adds the same in other words and in another language', () => {
    same(
      'For the customers. Send it weekly.',
      'for our clients; please send it every week',
      'Per i clienti. Inviare ogni settimana.',
    );
    same('Compare 10 suppliers.', 'Make a comparison of ten suppliers', 'Confronta dieci fornitori');
    same('Renew the TLS certificate', '- the SSL certificate renewal\n');
  });

  it('counts for the same with every wording of the title', () => {
    assert.equal(key('For our clients.'), key('Per i clienti.', 'Crea articolo su AI'));
  });

  it('adds what it names, how many, for whom, and what it denies', () => {
    apart(
      '',
      'For customers.',
      'For employees.',
      'Not for customers.',
      'For Acme.',
      'For Globex.',
      'In 500 words.',
    );
    apart('It is about granite.', 'It is about basalt.');
    apart('Deploy it to staging.', 'Deploy it to production.');
  });

  it('counts the order of what can belong to one or the other', () => {
    apart('Sign the contract and review the offer.', 'Sign the offer and review the contract.');
    apart('5 ladders and 10 lamps.', '10 ladders and 5 lamps.');
    apart('With prices, without names.', 'With names, without prices.');
    apart('Anna calls Bruno.', 'Please note: Bruno calls Anna.');
    apart('First the report. Then the invoice.', 'First the invoice. Then the report.');
  });

  it('is not taken for said by a title that denies something', () => {
    const denying = 'Delete the files except the logs';
    assert.notEqual(key('Delete the logs.', denying), key('', denying));
  });

  it('is not taken for said by a title of which it says a part that may mean another thing', () => {
    const two = 'Sign the contract and review the offer';
    assert.notEqual(key('Review the contract.', two), key('', two));
    assert.equal(key('Please sign the contract and review the offer!', two), key('', two));
  });

  it('is compared as it is written when it is long', () => {
    const long = 'Sign the contract with the supplier. '.repeat(80);
    assert.equal(key(long).split('\u001E')[1], plainText(long));
    assert.notEqual(key(long), key(`${long} Not.`));
    const words = Array.from({ length: 450 }, (_, place) => (place % 2 === 0 ? 'a' : 'b')).join(' ');
    assert.notEqual(key(`${words} five`), key(`${words} six`), 'also where a sentence is');
  });
});
