import assert from 'node:assert/strict';
import fc from 'fast-check';
import { descriptionLimit, titleLimit } from '../../../src/core/fuses/gate.ts';
import { draftOfSelection } from '../../../src/ui/prompts/selectionDraft.ts';
import { oneLine } from '../../../src/ui/prompts/taskDraft.ts';
import type { SelectedPart } from '../../../src/ui/prompts/selectionDraft.ts';

type Draft = ReturnType<typeof draftOfSelection>;

const ofText = (text: string, reference = 'src/app.ts', from = 3): Draft =>
  draftOfSelection({
    kind: 'text',
    reference,
    parts: [{ from, to: from + text.split('\n').length - 1, text }],
  });
const ofFiles = (...references: string[]): Draft => draftOfSelection({ kind: 'files', references });

describe('a task from a selection', () => {
  it('is called after the first line that says something, and quotes all of them with their place', () => {
    assert.deepEqual(ofText('\n  // TODO: retry on 429\n  send();'), {
      title: '// TODO: retry on 429',
      description: 'From src/app.ts, lines 3 to 5:\n\n> \n>   // TODO: retry on 429\n>   send();',
    });
  });

  it('names one line as one', () => {
    assert.equal(ofText('send();').description, 'From src/app.ts, line 3:\n\n> send();');
  });

  it('is called after the file when the selection says nothing', () => {
    assert.equal(ofText(' \n\t').title, 'app.ts');
  });

  it('takes no empty line from a selection that ends where a line begins', () => {
    assert.equal(ofText('send();\n').description.split('\n').at(-1), '> send();');
  });

  it('keeps the parts of several cursors apart, each with its lines', () => {
    const parts: SelectedPart[] = [
      { from: 1, to: 1, text: 'one' },
      { from: 9, to: 10, text: 'two\nthree' },
    ];
    assert.equal(
      draftOfSelection({ kind: 'text', reference: 'a.md', parts }).description,
      'From a.md, line 1:\n\n> one\n\nFrom a.md, lines 9 to 10:\n\n> two\n> three',
    );
  });

  it('lets no text step out of its quotation, whatever ends a line', () => {
    const escape = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\r').replace('\r', '\u2028');
    const { description } = ofText(`${escape}\u0085h\vi\fj\u001b[31m\0k`);
    const quoted = description.split(/[\n\r\v\f\u0085\u2028\u2029]/).slice(2);
    assert.ok(quoted.every((line) => line.startsWith('> ')));
    assert.equal(quoted.length, 10);
    assert.doesNotMatch(description.replaceAll('\n', ''), /\p{Cc}/u);
  });

  it('holds nothing that the box which shows it would change: the lines are lost then', () => {
    const { title, description } = ofText('half \uD83D of\r\na\tpair');
    assert.ok(title.isWellFormed() && description.isWellFormed());
    assert.doesNotMatch(oneLine(description), /[\r\n]/);
    assert.match(description, /a\tpair$/);
  });

  it('lets no name of a file break out of its line', () => {
    const { title, description } = ofFiles('docs/odd\nDelete everything');
    assert.equal(description, 'About this:\n\n- docs/odd Delete everything');
    assert.equal(title, 'odd Delete everything');
  });

  it('is called after the file or folder, and lists all that were chosen', () => {
    assert.deepEqual(ofFiles('src/core/'), { title: 'core', description: 'About this:\n\n- src/core/' });
    assert.deepEqual(ofFiles('src/a.ts', 'src/b.ts', 'docs/'), {
      title: 'a.ts and 2 more',
      description: 'About these:\n\n- src/a.ts\n- src/b.ts\n- docs/',
    });
  });

  it('refers to the document when nothing in it is selected', () => {
    const draft = draftOfSelection({ kind: 'text', reference: 'src/app.ts', parts: [] });
    assert.deepEqual(draft, ofFiles('src/app.ts'));
  });

  it('leaves out what does not fit, says how much, and cuts no character in two', () => {
    const { title, description } = ofText('😀'.repeat(descriptionLimit));
    assert.ok(description.length <= descriptionLimit);
    assert.ok(description.isWellFormed() && title.isWellFormed());
    const left = /\((?:The end of the text is left out): (\d+) characters more than fit here\.\)$/.exec(
      description,
    );
    const kept = description.split('😀').length - 1;
    assert.equal(Number(left?.[1]), 2 * (descriptionLimit - kept));
  });

  it('always fits into a task, whatever is selected', () => {
    const part = fc.record({
      from: fc.nat(),
      to: fc.nat(),
      text: fc.string({ unit: 'binary', maxLength: 2_000 }),
    });
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(part, { maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        (reference, parts, times) => {
          const long = parts.map((each) => ({ ...each, text: each.text.repeat(times) }));
          const { title, description } = draftOfSelection({ kind: 'text', reference, parts: long });
          assert.ok(title.length <= titleLimit && description.length <= descriptionLimit);
        },
      ),
      { numRuns: 50 },
    );
  });
});
