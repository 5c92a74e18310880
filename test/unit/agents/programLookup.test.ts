import assert from 'node:assert/strict';
import { findProgram } from '../../../src/agents/programLookup.ts';
import type { Lookup, Machine } from '../../../src/agents/programLookup.ts';

type Kinds = Readonly<Record<string, 'program' | 'file' | 'folder'>>;

function machine(platform: NodeJS.Platform, kinds: Kinds): Machine {
  return { platform, kindOf: (path) => kinds[path] };
}

/** What would be started, or the code of the refusal. */
function found(lookup: Lookup): readonly string[] | string {
  return lookup.kind === 'found' ? [lookup.program.file, ...lookup.program.args] : lookup.code;
}

describe('finding a program', () => {
  const linux = machine('linux', {
    '/usr/bin/tool': 'program',
    '/work/bin/tool': 'program',
    '/work/notes': 'file',
    '/first/tool': 'file',
    '/usr/bin/folder': 'folder',
    '/work/local': 'program',
  });
  const find = (name: string, path: string | undefined = '/usr/bin'): readonly string[] | string =>
    found(findProgram([name, '-x'], '/work', path === '' ? {} : { PATH: path }, linux));

  it('looks a name up on the PATH, in its order', () => {
    assert.deepEqual(find('tool', '/work/bin:/usr/bin'), ['/work/bin/tool', '-x']);
    assert.deepEqual(find('tool', '/none:/usr/bin'), ['/usr/bin/tool', '-x']);
  });

  it('passes by files that are no programs, and says so when there is nothing else', () => {
    assert.deepEqual(find('tool', '/first:/usr/bin'), ['/usr/bin/tool', '-x']);
    assert.equal(find('tool', '/first'), 'not-executable');
    assert.equal(find('folder'), 'not-executable');
  });

  it('never takes a program from the folder a task works in because of an empty or relative PATH', () => {
    assert.equal(find('local', ':.:bin'), 'missing-program');
    assert.equal(find('local'), 'missing-program');
  });

  it('takes a path as it is', () => {
    assert.deepEqual(find('./local'), ['/work/local', '-x']);
    assert.deepEqual(find('/usr/bin/tool'), ['/usr/bin/tool', '-x']);
    assert.equal(find('./notes'), 'not-executable');
    assert.equal(find('bin/none'), 'missing-program');
  });

  it('has somewhere to look when there is no PATH', () => {
    assert.deepEqual(find('tool', ''), ['/usr/bin/tool', '-x']);
  });

  describe('on Windows', () => {
    const windows = machine('win32', {
      'C:\\bin\\npm.cmd': 'program',
      'C:\\bin\\npm': 'program',
      'C:\\bin\\git.exe': 'program',
      'C:\\bin\\a.vbs': 'program',
      'C:\\work\\tools\\x.exe': 'program',
    });
    const lookup = (...argv: readonly string[]): Lookup =>
      findProgram(
        argv,
        'C:\\work',
        { Path: 'C:\\bin', PathExt: '.VBS;.EXE;.CMD', ComSpec: 'C:\\cmd.exe' },
        windows,
      );

    it('tries the endings of PATHEXT that can be started', () => {
      assert.deepEqual(found(lookup('git', 'status')), ['C:\\bin\\git.exe', 'status']);
      assert.deepEqual(found(lookup('git.EXE'.toLowerCase())), ['C:\\bin\\git.exe']);
      assert.deepEqual(found(lookup('tools\\x')), ['C:\\work\\tools\\x.exe']);
      assert.equal(found(lookup('a')), 'missing-program');
    });

    it('runs a batch file through cmd.exe with every argument quoted', () => {
      assert.deepEqual(lookup('npm', 'run', 'a b', 'C:\\x\\'), {
        kind: 'found',
        program: {
          file: 'C:\\cmd.exe',
          args: ['/d', '/v:off', '/s', '/c', '""C:\\bin\\npm.cmd" "run" "a b" "C:\\x\\\\""'],
          verbatim: true,
        },
      });
    });

    for (const argument of ['a&b', '"', '%PATH%', 'a|b', '<', '>', '^', '!x!', 'a\nb']) {
      it(`refuses to give ${JSON.stringify(argument)} to a batch file, in plain words`, () => {
        const refused = lookup('npm', argument);
        assert.equal(found(refused), 'unsafe-argument');
        assert.match(refused.kind === 'refused' ? refused.message : '', /npm\.cmd is a batch file/);
      });
    }

    it('gives any argument to a real program', () => {
      assert.deepEqual(found(lookup('git', 'a&b "%x%"')), ['C:\\bin\\git.exe', 'a&b "%x%"']);
    });
  });
});
