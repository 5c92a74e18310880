import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatCommandLine, parseCommandLine } from '../../../src/agents/commandLine.ts';

describe('a command line', () => {
  const lines: readonly (readonly [text: string, argv: readonly string[]])[] = [
    ['npm test', ['npm', 'test']],
    ['  npm\t run \n lint ', ['npm', 'run', 'lint']],
    [`grep 'a b' "c d"`, ['grep', 'a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`'it''s' "a \\"b\\" \\\\ \\n"`, ['its', 'a "b" \\ \\n']],
    ['a\\ b \\"', ['a b', '"']],
    [`x '' ""`, ['x', '', '']],
    [`sh -c 'a | b && c > d; e'`, ['sh', '-c', 'a | b && c > d; e']],
    ['echo $HOME ~ * ?', ['echo', '$HOME', '~', '*', '?']],
    ['${node} script.mjs --é=漢', ['${node}', 'script.mjs', '--é=漢']],
    ['a \\| b', ['a', '|', 'b']],
  ];
  for (const [text, argv] of lines) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(argv)}`, () => {
      assert.deepEqual(parseCommandLine(text, 'linux'), argv);
    });
  }

  it('keeps the folders of Windows', () => {
    assert.deepEqual(parseCommandLine('C:\\tools\\x.exe "C:\\Program Files\\y"', 'win32'), [
      'C:\\tools\\x.exe',
      'C:\\Program Files\\y',
    ]);
  });

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ['', /Type a program/],
    ['   ', /Type a program/],
    [`'' x`, /Type a program/],
    ['echo "a', /The " at position 6 is not closed/],
    [`echo 'a`, /The ' at position 6 is not closed/],
    ['echo a\\', /backslash/],
    ['a\0b', /zero character/],
    ...['a | b', 'a && b', 'a; b', 'a > b', 'a < b', 'a &', 'a `b`', 'a $(b)', 'a 2>&1', 'a || b'].map(
      (text) => [text, /without a shell/] as const,
    ),
  ];
  for (const [text, message] of wrong) {
    it(`${JSON.stringify(text)} is refused in plain words`, () => {
      assert.throws(() => parseCommandLine(text, 'linux'), { code: 'invalid-command', message });
    });
  }

  it('says which operator it means', () => {
    assert.throws(() => parseCommandLine('make && make test'), /so && has no meaning here/);
  });

  it('is written so that it reads as the same words again, on every platform', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(`'"\\`, ' ', '', '\n', '$(x)', '|', '\\'),
    );
    const argv = fc
      .tuple(fc.stringMatching(/^[a-z]+$/), fc.array(word))
      .map(([program, rest]) => [`p${program}`, ...rest]);
    fc.assert(
      fc.property(argv, fc.constantFrom<NodeJS.Platform>('linux', 'win32'), (words, platform) => {
        fc.pre(!words.some((part) => part.includes('\0')));
        assert.deepEqual(parseCommandLine(formatCommandLine(words), platform), words);
      }),
    );
  });

  it('is written as a person would', () => {
    assert.equal(formatCommandLine(['npm', 'run', 'a b', "it's", '']), `npm run 'a b' "it's" ''`);
  });
});
