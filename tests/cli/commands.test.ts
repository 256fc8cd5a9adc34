import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { capture } from './capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('check', () => {
  test('says nothing about a good program and all about a bad one', async () => {
    expect(await capture(['check', 'f x:n>n;*x 2'])).toEqual({ code: 0, out: '', err: '' });
    const { code, out, err } = await capture(['check', 'f x:n>n;*y 2 g>t;1', '-t']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain("undefined variable 'y'");
    expect(err.match(/^error/gm)?.length).toBe(2);
  });
  test('does not run anything', async () => {
    const target = join(folder, 'written');
    await capture(['check', `f>R t t;wr "${target}" "x"`]);
    expect(readdirSync(folder)).not.toContain('written');
  });
  test('several programs, and warnings that count', async () => {
    const good = file('good.ilo', 'f>n;1\n');
    expect((await capture(['check', good, join(folder, 'none.ilo'), '-t'])).err).toContain('no such file');
    const warned = 'f>n;xs=[1];+=xs 2;len xs';
    expect(await capture(['check', warned])).toMatchObject({ code: 0, err: expect.stringContaining('"warning"') });
    expect(await capture(['check', warned, '--strict'])).toMatchObject({ code: 2 });
    expect(await capture(['check'])).toMatchObject({ code: 2 });
  });
  test('imports are looked at', async () => {
    file('lib.ilo', 'half n:n>n;/n two\n');
    const main = file('uses.ilo', 'use "lib.ilo"\nf>n;half 4\n');
    expect(await capture(['check', main, '-t'])).toMatchObject({ code: 2, err: expect.stringContaining('lib.ilo:1:') });
  });
});

describe('fmt', () => {
  const messy = 'f  x:n  >  n ;  * x   2\n';
  test('prints, dense unless told otherwise', async () => {
    expect(await capture(['fmt', messy])).toMatchObject({ code: 0, out: 'f x:n>n;*x 2\n', err: '' });
    expect(await capture(['fmt', messy, '--expanded'])).toMatchObject({ code: 0, out: 'f x:n > n\n  * x 2\n' });
    expect((await capture([messy, '--dense'])).out).toBe('f x:n>n;*x 2\n');
    expect((await capture([messy, '-e'])).out).toBe('f x:n > n\n  * x 2\n');
  });
  test('--check and --write', async () => {
    const path = file('messy.ilo', messy);
    const tidy = file('tidy.ilo', 'f x:n>n;*x 2\n');
    expect(await capture(['fmt', path, tidy, '--check'])).toEqual({ code: 1, out: `${path}\n`, err: '' });
    expect(await capture(['fmt', path, tidy, '--write'])).toEqual({ code: 0, out: `${path}\n`, err: '' });
    expect(readFileSync(path, 'utf8')).toBe('f x:n>n;*x 2\n');
    expect(await capture(['fmt', path, tidy, '--check'])).toEqual({ code: 0, out: '', err: '' });
    expect(await capture(['fmt', messy, '--write'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('need files'),
    });
  });
  test('what does not parse stays as it is', async () => {
    const path = file('broken.ilo', 'f x:n>n;*x\n');
    expect(await capture(['fmt', path, '--write'])).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(path, 'utf8')).toBe('f x:n>n;*x\n');
  });
});

describe('test', () => {
  const program = 'dbl x:n>n;*x 2\nodd>R n t;^"odd"\n';
  test('counts, and names what failed', async () => {
    const path = file(
      'cases.ilo',
      `${program}-- run: dbl 2\n-- out: 4\n-- run: dbl 3\n-- out: 5\n-- run: odd\n-- err: ^odd\n-- run: dbl a\n-- err: must be\n`,
    );
    expect(await capture(['test', path])).toEqual({
      code: 1,
      out: `FAIL  ${path}::dbl (line 5) (got: 6, want: 5)\n3 passed, 1 failed\n`,
      err: '',
    });
    expect((await capture(['test', path, '--verbose', '--run-vm'])).out).toContain(`PASS  ${path}::dbl (line 3)`);
  });
  test('--update writes the truth, and then all pass', async () => {
    const path = file(
      'stale.ilo',
      `${program}-- run: dbl 3\n-- out: 5\n-- out: 7\n\n-- run: odd\n-- run: nope\n-- out: 1\n`,
    );
    chmodSync(path, 0o640);
    expect((await capture(['test', path, '--update'])).out).toContain('3 passed, 0 failed\n');
    expect(readFileSync(path, 'utf8')).toBe(
      `${program}-- run: dbl 3\n-- out: 6\n\n-- run: odd\n-- err: ^odd\n-- run: nope\n-- err: error: no such function 'nope' in ${path} (available: dbl, odd)\n`,
    );
    expect(await capture(['test', path])).toMatchObject({ code: 0, out: '3 passed, 0 failed\n' });
  });
  test('directories, and files without cases', async () => {
    const nested = join(folder, 'tree');
    mkdirSync(join(nested, 'deep'), { recursive: true });
    writeFileSync(join(nested, 'a.ilo'), 'f>n;1\n-- run: f\n-- out: 1\n');
    writeFileSync(join(nested, 'deep', 'b.ilo'), 'f>n;2\n-- run:\n-- out: 2\n');
    writeFileSync(join(nested, 'c.txt'), '-- run: f\n-- out: 1\n');
    expect(await capture(['test', nested])).toMatchObject({ code: 0, out: '2 passed, 0 failed\n' });
    expect(await capture(['test', file('none.ilo', 'f>n;1\n')])).toMatchObject({
      code: 1,
      err: 'no -- run: lines found\n',
    });
    expect(await capture(['test', join(folder, 'missing.ilo'), '-t'])).toMatchObject({ code: 2 });
  });
  test('a case that never ends fails, and the others still run', async () => {
    const path = join(folder, 'endless.ilo');
    writeFileSync(path, 'f>n;wh true{1};1\ng>n;1\n-- run: f\n-- out: 1\n-- run: g\n-- out: 1\n');
    const seen = await capture(['test', path, '--timeout', '50']);
    expect(seen).toMatchObject({ code: 1, out: expect.stringContaining('1 passed, 1 failed\n') });
    expect(seen.out).toContain('ILO-R044');
  });
  test('a program that does not compile fails all its cases', async () => {
    const path = file('uncompiled.ilo', 'f>n;x\n-- run: f\n-- out: 1\n-- run: f\n-- err: ILO-T004\n');
    expect((await capture(['test', path])).out).toContain('1 passed, 1 failed');
  });
});

describe('explain', () => {
  test('codes', async () => {
    expect(await capture(['explain', 't4'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('ILO-T004'),
      err: '',
    });
    expect((await capture(['--explain', 'ILO-R003'])).out).toContain('zero');
    expect(JSON.parse((await capture(['explain', 'ILO-C001', '-j'])).out)).toMatchObject({ code: 'ILO-C001' });
    expect(await capture(['explain', 'ILO-T999'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('unknown'),
    });
  });
  test('programs', async () => {
    for (const args of [
      ['explain', 'f x:n>n;*x 2'],
      ['f x:n>n;*x 2', '--explain'],
      ['f x:n>n;*x 2', '-x'],
    ]) {
      const { code, out } = await capture(args);
      expect(code).toBe(0);
      expect(out).toContain('f');
    }
    expect(await capture(['f x:n>n;*y 2', '-x'])).toMatchObject({ code: 2, out: '' });
  });
});

test('graph', async () => {
  const path = file('graph.ilo', 'dbl x:n>n;*x 2\nf>n;dbl 2\n');
  const { code, out } = await capture(['graph', path]);
  expect(code).toBe(0);
  expect(JSON.stringify(JSON.parse(out))).toContain('dbl');
  expect((await capture(['graph', path, '--dot'])).out).toContain('digraph');
  expect(await capture(['graph', path, '--fn', 'nope'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('nope'),
  });
  expect(await capture(['graph', path, '--wat'])).toMatchObject({ code: 2 });
});

describe('help', () => {
  test('every command has a summary, and two examples', async () => {
    const all = (await capture(['help'])).out;
    for (const command of COMMANDS) {
      expect(command.examples.length).toBeGreaterThanOrEqual(2);
      expect(all).toContain(command.summary);
      const own = await capture(['help', command.name]);
      expect(own).toMatchObject({ code: 0, err: '' });
      for (const [example] of command.examples) expect(own.out).toContain(example);
      const asked = command.name === 'help' ? all : own.out;
      expect((await capture([command.name, '--help'])).out).toBe(asked);
    }
  });
  test('nothing that is not there is offered', async () => {
    const all = (await capture(['help'])).out;
    for (const word of ['compile', 'build']) expect(all).not.toMatch(new RegExp(`\\b${word}\\b`));
  });
  test('the examples of run do what they say', async () => {
    for (const [command, result] of COMMANDS.find(({ name }) => name === 'run')!.examples) {
      const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!).slice(1);
      expect((await capture(args)).out).toBe(`${result}\n`);
    }
  });
  test('every builtin', async () => {
    const list = (await capture(['help', 'builtins'])).out;
    for (const name of BUILTINS.names()) {
      expect(list).toContain(`  ${name}`);
      const topic = COMMANDS.some(command => command.name === name) ? undefined : await capture(['help', name]);
      if (topic !== undefined) expect(topic.out).toContain(BUILTINS.get(name)!.doc);
    }
    expect(await capture(['help', 'length'])).toMatchObject({ out: expect.stringMatching(/^len:/) });
    expect(await capture(['help', 'lenn'])).toMatchObject({ code: 2, err: expect.stringContaining("'len'") });
  });
  test('the short reference names every builtin and is short', async () => {
    const { code, out, err } = await capture(['help', 'ai']);
    expect(code).toBe(0);
    const words = new Set(out.split(/[^\w-]+/));
    for (const name of BUILTINS.names()) expect(words).toContain(name);
    const tokens = Number(/^about (\d+) tokens\n$/.exec(err)?.[1]);
    expect(tokens).toBeGreaterThan(1000);
    expect(tokens).toBeLessThan(9000);
    expect((await capture(['-ai'])).out).toBe(out);
  });
  test.each<[claim: string, program: string, args: string[], out: string]>([
    ['tot p:n q:n r:n>n;s=*p q;t=*s r;+s t', 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t', ['2', '3', '4'], '30'],
    ['+*a b c is (a*b)+c; *a +b c is a*(b+c)', 'f a:n b:n c:n>L n;[+*a b c,*a +b c]', ['2', '3', '4'], '[10, 14]'],
    ['- 0 x', 'f x:n>n;- 0 x', ['3'], '-3'],
    ['xs=+=xs v', 'f v:n>L n;xs=[1];xs=+=xs v;xs', ['2'], '[1, 2]'],
    ['>=n 90 "A";>=n 80 "B";"C"', 'f n:n>t;>=n 90 "A";>=n 80 "B";"C"', ['85'], 'B'],
    ['>x m{m=x}', 'f xs:L n>n;m=0;@x xs{>x m{m=x}};m', ['1,5,2'], '5'],
    ['?c a b', 'f c:b a:n b:n>n;?c a b', ['true', '1', '2'], '1'],
    ['?=x 0 a b', 'f x:n a:n b:n>n;?=x 0 a b', ['7', '1', '2'], '2'],
    ['r= =a b', 'f a:n b:n>b;r= =a b;r', ['1', '1'], 'true'],
    ['f! x: value, or return the error', 'g s:t>R n t;num s f s:t>R n t;v=num! s;~+v 1', ['f', '4'], '5'],
    ['p=point x:1 y:2', 'type point{x:n;y:n} f>n;p=point x:1 y:2;q=p with x:5;{x;y}=q;+*x 10 y', [], '52'],
    ['srt (x:n>n;abs x) xs', 'f xs:L n>L n;srt (x:n>n;abs x) xs', ['-3,1'], '[1, -3]'],
    ['map str xs', 'f xs:L n>L t;map str xs', ['1,2'], '[1, 2]'],
    ['a??b', 'f a:O n b:n>n;a??b', ['nil', '2'], '2'],
  ])('the short reference is right about %s', async (claim, program, args, out) => {
    expect((await capture(['help', 'ai'])).out).toContain(claim);
    expect(await capture([program, ...args, '-nh'])).toEqual({ code: 0, out: `${out}\n`, err: '' });
  });
  test('the language reference is the manual', async () => {
    expect((await capture(['help', 'lang'])).out).toBe(readFileSync('docs/language.md', 'utf8'));
  });
  test('ilo alone is brief', async () => {
    const { code, out, err } = await capture([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Usage: ilo /);
    expect(err.split('\n').length).toBeLessThan(15);
    expect((await capture(['-t'])).code).toBe(2);
  });
});

test('version and doctor', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const args of [['version'], ['--version'], ['-V']]) expect((await capture(args)).out).toBe(`ilo ${version}\n`);
  expect(JSON.parse((await capture(['version', '-j'])).out)).toEqual({ version, language: '0.11' });
  const facts = JSON.parse((await capture(['doctor', '--json'])).out);
  expect(facts).toMatchObject({
    version,
    engines: expect.arrayContaining([{ name: 'tree', summary: expect.any(String), works: true }]),
  });
  expect((await capture(['doctor'])).out).toContain('engine auto (default)');
});
