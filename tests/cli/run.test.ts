// The contract of `ilo run` and the bare form. Most of it is tested inside this process, through the same function that the
// entry calls; a few tests further down start real processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { capture } from './capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const many = file('many.ilo', 'dbl x:n>n;*x 2\nlist-up n:n>L n;range 0 n\nmain s:t>n;len s\n');
const plain = file('plain.ilo', 'dbl x:n>n;*x 2\ntrp x:n>n;*x 3\n');
const single = file('single.ilo', 'shout s:t>t;cat [s "!"] ""\n');

describe('what runs', () => {
  test.each<[string[], string]>([
    [['dbl x:n>n;*x 2', '5'], '10\n'],
    [['run', 'dbl x:n>n;*x 2', '5'], '10\n'],
    [['-e', 'f>n;42'], '42\n'],
    [['f x:t>t;x', '42'], '42\n'],
    [['f xs:L n>n;len xs', '1,2,3'], '3\n'],
    [['f xs:L n>n;len xs', '[]'], '0\n'],
    [['sq x:n>n;*x x main xs:L n>L n;map sq xs', 'main', '1,2,3'], '[1, 4, 9]\n'],
    [['a>n;1 main>n;2'], '2\n'],
    [['a x:n>n;x main x:n>n;*x 10', '7'], '70\n'],
    [[many, 'dbl', '21'], '42\n'],
    [[many, 'list-up', '2'], '[0, 1]\n'],
    [[many, 'paper.txt'], '9\n'],
    [[many, '12'], '2\n'],
    [['--run-tree', many, 'dbl', '1'], '2\n'],
    [[many, 'dbl', '--run-cranelift', '1'], '2\n'],
    [[many, 'dbl', '1', '--engine', 'vm'], '2\n'],
    [[many, '--', 'dbl'], '3\n'],
    [['f x:t>t;x', '--', '--json'], '--json\n'],
    [['run', 'f x:t>t;x', '--', '--help'], '--help\n'],
    [['run', 'f x:t>t;x', '-h'], '-h\n'],
    [[single, 'hey'], 'hey!\n'],
    [[single, 'nil'], 'nil!\n'],
    [[plain, '4'], '8\n'],
  ])('%j', async (args, out) => {
    expect(await capture(['-nh', ...args])).toEqual({ code: 0, out, err: '' });
  });

  test('code without an entry is shown as a tree, and need not be verified', async () => {
    const seen = await capture(['a>n;x b>n;2']);
    expect(seen).toMatchObject({ code: 0, err: '' });
    expect(Object.keys(JSON.parse(seen.out))).toEqual(['declarations']);
    expect((await capture(['f x:n>n;*x 2', '--ast'])).out).toContain('"Multiply"');
  });
});

describe('what is refused', () => {
  test.each<[string[], number, string]>([
    [[many, 'wibble', 'x'], 2, "no such function 'wibble'"],
    [[many, 'list-dwn'], 2, 'available functions:\n  dbl\n  list-up\n  main\n'],
    [[plain], 2, 'defines multiple functions'],
    [[many, 'dbl'], 1, 'dbl: expected 1 args, got 0'],
    [[many, 'dbl', '1', '2'], 1, 'dbl: expected 1 args, got 2'],
    [['dbl x:n>n;*x 2', 'abc'], 1, "argument 'x' must be of type n, got text"],
    [['f c:b>n;?c 1 0', '1'], 1, "argument 'c' must be of type b"],
    [['f x:S red green>t;x', 'blue'], 1, "argument 'x' must be of type S red green"],
    [['f m:M t n>n;len m', 'x'], 1, 'must be of type M t n'],
    [['f x:n>n;*y 2', '1'], 2, "undefined variable 'y'"],
    [['f x:n>n;*x', '1'], 2, 'ILO-P'],
    [['type p{a:n}', '3'], 1, 'no functions defined'],
    [[''], 2, 'empty code string\n  Usage: ilo'],
    [['dbl x:n>n;*x 2', '--run-tree', 'dlb', '1'], 1, 'error[ILO-R002]: undefined function: dlb'],
    [[many, '--run-tree', 'dlb', '1'], 1, 'undefined function: dlb\n  = note: the program has dbl, list-up, main'],
    [['dbl x:n>n;*x 2', 'dlb', '--run-vm'], 1, 'error[ILO-R002]: undefined function: dlb'],
    [['-- only a comment'], 2, 'ILO-P'],
    [['chekc'], 2, "did you mean 'ilo check'"],
    [['--jsno', 'f>n;1'], 2, "did you mean '--json'"],
    [[many, '--run-vm', '--run-tree'], 2, 'mutually exclusive'],
    [[many, '--engine', 'warp'], 2, 'known: tree'],
    [['mcp', 'f>n;1'], 2, 'Usage: ilo mcp'],
    [['compile', many], 2, "'compile' is not in this version"],
    [[many, '--emit', 'dbl', '1'], 2, "nothing to emit 'dbl'"],
    [['f>n;1', '--tools', join(folder, 'none.json')], 2, 'none.json'],
  ])('%j', async (args, code, text) => {
    const seen = await capture([...args, '-t']);
    expect(seen.err).toContain(text);
    expect(seen).toMatchObject({ code, out: '' });
  });
});

test('signs of other languages in what does not parse', async () => {
  const { err } = await capture(['f a:b b:b>b;a && b // or', 'true', 'true', '-t']);
  expect(err).toContain("syntax from another language: '&&': ilo uses '&' for AND");
  expect(err).toContain("'//': ilo uses '--' for comments");
  const quiet = await capture(['f>t;"a -> b // c" -- && x => \nf', '-t']);
  expect(quiet).toMatchObject({ code: 2 });
  expect(quiet.err).not.toContain('hint');
  expect(await capture(['f a:n b:n c:n>n;//a b c', '8', '2', '2'])).toMatchObject({ code: 0, out: '2\n', err: '' });
});

describe('files that are no programs', () => {
  test.each<[string, () => string, string]>([
    ['missing', () => join(folder, 'nope.ilo'), 'error[ILO-C001]: no such file'],
    ['below a file', () => join(many, 'x.ilo'), 'error[ILO-C001]: no such file'],
    ['a directory', () => folder, 'is a directory'],
    ['invalid UTF-8', () => file('bad.ilo', Buffer.from([0x66, 0x3e, 0x74, 0xc3, 0x28])), 'error[ILO-C002]'],
    ['cut off UTF-8', () => file('cut.ilo', Buffer.from([0x66, 0x3e, 0xe2, 0x82])), 'from index 2'],
    ['a NUL', () => file('nul.ilo', 'f>n;\0'), 'NUL byte at offset 4'],
    ['empty', () => file('empty.ilo', ''), 'error[ILO-P'],
    ['a device that never ends', () => '/dev/zero', 'too large'],
  ])('%s', async (_, path, text) => {
    const seen = await capture(['run', path(), '-t']);
    expect(seen.err).toContain(text);
    expect(seen).toMatchObject({ code: 2, out: '' });
  });

  test('a byte order mark is no part of the program', async () => {
    expect(await capture([file('bom.ilo', '\ufefff>n;7\n')])).toMatchObject({ code: 0, out: '7\n' });
  });
});

describe('what comes out', () => {
  test('results split over the streams', async () => {
    expect(await capture(['f>R n t;~7'])).toEqual({ code: 0, out: '7\n', err: '' });
    expect(await capture(['f>R n t;^"bad"'])).toEqual({ code: 1, out: '', err: '^bad\n' });
    expect(await capture(['f>L R n t;[~1 ^"x"]'])).toMatchObject({ code: 0, out: '[~1, ^x]\n' });
    expect(await capture(['f>O n;nil'])).toMatchObject({ code: 0, out: 'nil\n' });
  });
  test('--json wraps', async () => {
    expect(await capture(['f>R n t;~7', '-j'])).toMatchObject({ code: 0, out: '{"ok":7}\n' });
    expect(await capture(['f>L t;["a" "b"]', '-j'])).toMatchObject({ code: 0, out: '{"ok":["a","b"]}\n' });
    expect(await capture(['f>R n t;^"bad"', '--json'])).toMatchObject({
      code: 1,
      out: '{"error":{"phase":"program","value":"bad"}}\n',
    });
  });
  test('a loop at the end is not printed, unless something returns early', async () => {
    expect(await capture(['f xs:L n>n;@x xs{prnt x}', '1,2'])).toMatchObject({ out: '1\n2\n' });
    expect(await capture(['f xs:L n>n;@x xs{>x 1{ret x}}', '1,2'])).toMatchObject({ out: '2\n' });
    expect(await capture(['f xs:L n>n;@x xs{prnt x}', '1', '-j'])).toMatchObject({ out: '1\n{"ok":1}\n' });
  });
  test('diagnostics are JSON into a pipe, coloured on a terminal, plain with NO_COLOR', async () => {
    const args = ['f a:n>n;/a 0', '1'];
    expect(JSON.parse((await capture(args)).err)).toMatchObject({ code: 'ILO-R003', severity: 'error' });
    expect((await capture(args, { terminal: true })).err).toContain('\x1b[');
    expect((await capture(args, { terminal: true, env: { NO_COLOR: '' } })).err).toMatch(/^error\[ILO-R003\]/);
    expect((await capture([...args, '-j'], { terminal: true })).err).toMatch(/^\{/);
  });
  test('what was printed before an error comes first', async () => {
    const { code, out, err } = await capture(['f a:n>n;prnt "before";/a 0', '1', '-t']);
    expect([code, out]).toEqual([1, 'before\n']);
    expect(err).toContain('division by zero');
  });
  test('hints follow a run that went well', async () => {
    expect(JSON.parse((await capture(['f xs:L n>n;length xs', '1'])).err)).toEqual({
      hints: [expect.stringContaining('`length`')],
    });
    expect((await capture(['f xs:L n>n;length xs', '1', '-nh'])).err).toBe('');
    expect((await capture(['f xs:L n>R n t;k=length xs;^"no"', '1'])).err).toBe('^no\n');
  });
});
