// Everything that can stand in the place of a program and is none.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { ilo } from '../cli/spawn.ts';
import { expectNoTrace, expectOutcome, iloAsUser, noOrdinaryUser, workshop } from './outcome.ts';

const { folder, at, put, remove } = workshop();
afterAll(remove);

const COMMANDS: readonly (readonly string[])[] = [[], ['run'], ['check'], ['fmt'], ['explain'], ['--ast'], ['test']];

describe('what is no program', () => {
  mkdirSync(at('folder.ilo'));
  execFileSync('truncate', ['-s', '100M', at('hundred.ilo')]);
  symlinkSync(at('circle-b.ilo'), at('circle-a.ilo'));
  symlinkSync(at('circle-a.ilo'), at('circle-b.ilo'));
  put('text.ilo', 'f>n;1');

  const CASES: readonly (readonly [name: string, path: string, diagnostic: string])[] = [
    ['missing', at('missing.ilo'), 'ILO-C001'],
    ['missing, in a folder that is missing', at('no/such/folder/x.ilo'), 'ILO-C001'],
    ['below a file', at('text.ilo/x.ilo'), 'ILO-C001'],
    ['a directory', at('folder.ilo'), 'ILO-C001'],
    ['100 MB', at('hundred.ilo'), 'ILO-C001'],
    ['a circle of links', at('circle-a.ilo'), 'ILO-C001'],
    ['a name too long for any file', at(`${'x'.repeat(300)}.ilo`), 'ILO-C001'],
    ['a device without end', '/dev/zero', 'ILO-C00[12]'],
    ['binary', put('binary.ilo', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])), 'ILO-C002'],
    ['a program with a NUL', put('nul.ilo', 'f>n;1\0'), 'ILO-C002'],
    ['Latin-1', put('latin1.ilo', new Uint8Array([0x66, 0x3e, 0x74, 0x3b, 0x22, 0xe9, 0x22])), 'ILO-C002'],
    ['UTF-16', put('utf16.ilo', Buffer.from('\ufefff>n;1', 'utf16le')), 'ILO-C002'],
    ['a surrogate in UTF-8', put('cesu.ilo', new Uint8Array([0x66, 0xed, 0xa0, 0x80])), 'ILO-C002'],
    ['a character that is cut off', put('cut.ilo', Buffer.from('f>t;"é').subarray(0, 6)), 'ILO-C002'],
    ['an overlong form', put('overlong.ilo', new Uint8Array([0x66, 0xc0, 0xaf])), 'ILO-C002'],
  ];

  test.each(CASES)('%s', (_, path, diagnostic) => {
    expectOutcome(ilo(['-t', path]), { code: 2, diagnostic });
  });

  test.each(COMMANDS)('by every command: %s', (...command) => {
    for (const [name, path] of [CASES[0]!, CASES[3]!, CASES[8]!]) {
      // `ilo test` takes a directory for the programs in it.
      if (command[0] === 'test' && name === 'a directory') continue;
      const ran = ilo([...command, path]);
      expectNoTrace(ran);
      expect(ran.code, name).toBe(2);
      expect(ran.err).not.toBe('');
    }
  });

  test.each([
    ['empty', ''],
    ['blanks', ' \n\t \r\n'],
    ['a comment', '-- nothing here'],
    ['a byte order mark', '\ufeff'],
  ])('%s', (_, text) => {
    expectOutcome(ilo(['-t', put('empty.ilo', text)]), { code: 2, diagnostic: 'ILO-P002', place: '1:1' });
  });

  test('line ends of all kinds, and no line end at all', () => {
    for (const text of ['f>n;1', 'f>n;1\r\n', 'f>n\r\n  1\r\n', '\ufefff>n;1'])
      expect(ilo([put('ends.ilo', text)])).toEqual({ code: 0, signal: null, out: '1\n', err: '' });
  });

  test('may not be read', context => {
    const reason = noOrdinaryUser();
    if (reason !== false) return context.skip(reason);
    const path = put('secret.ilo', 'f>n;1');
    chmodSync(path, 0);
    expectOutcome(iloAsUser(['-t', path]), { code: 2, diagnostic: 'ILO-C001' });
    expectOutcome(iloAsUser(['check', '-t', path]), { code: 2, diagnostic: 'ILO-C001' });
    chmodSync(path, 0o644);
    expect(iloAsUser([path])).toMatchObject({ code: 0, out: '1\n' });
  });
});

describe('imports', () => {
  test('in a circle, of itself, and of what is missing', () => {
    put('one.ilo', 'use "two.ilo"\nf>n;1');
    put('two.ilo', 'use "three.ilo"\ng>n;1');
    put('three.ilo', 'use "one.ilo"\nh>n;1');
    put('self.ilo', 'use "self.ilo"\nf>n;1');
    put('lost.ilo', 'use "nowhere.ilo"\nf>n;1');
    put('dir.ilo', 'use "folder.ilo"\nf>n;1');
    put('bin.ilo', 'use "binary.ilo"\nf>n;1');
    for (const name of ['one', 'self', 'lost', 'dir', 'bin']) {
      expectOutcome(ilo(['-t', '-nh', at(`${name}.ilo`), 'f']), {
        code: 2,
        diagnostic: 'ILO-P01[0-9]',
        place: '1:[0-9]+',
      });
    }
  });

  test('in a chain of a thousand files', () => {
    for (let i = 0; i < 1000; i++) put(`chain${i}.ilo`, `use "chain${i + 1}.ilo"\nc${i}>n;1`);
    put('chain1000.ilo', 'last>n;1');
    const ran = ilo(['-t', '-nh', at('chain0.ilo'), 'c0']);
    expectOutcome(ran, { code: 2, diagnostic: 'ILO-P022', place: '1:[0-9]+' });
  });

  test('each file twice in the next: two to the thirtieth ways, thirty files', () => {
    for (let i = 0; i < 30; i++) put(`twice${i}.ilo`, `use "twice${i + 1}.ilo"\nuse "twice${i + 1}.ilo"\nt${i}>n;1`);
    put('twice30.ilo', 't30>n;1');
    const ran = ilo(['-t', '-nh', at('twice0.ilo'), 't0']);
    expectNoTrace(ran);
    expect([0, 2]).toContain(ran.code);
  });

  test('of a file with mistakes, whose places are its own', () => {
    put('wrong.ilo', 'ok>n;1\nbad>n;nope');
    put('right.ilo', 'use "wrong.ilo"\nf>n;1');
    const ran = ilo(['-t', '-nh', at('right.ilo'), 'f']);
    expectNoTrace(ran);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/^error\[ILO-T004\]: .+\n *--> .*wrong\.ilo:2:7\n/);
  });
});

test('formatting what is no program leaves it as it is', () => {
  for (const text of ['f>n;(', 'f>n;"', '\ufeff', '']) {
    const path = put('kept.ilo', text);
    const ran = ilo(['fmt', '--write', path]);
    expectNoTrace(ran);
    expect(ran.code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
});
