// `--dump` and `ilo ir`: each stage shows the program, and what cannot be shown is said.
import { describe, expect, test } from 'vitest';
import { parseIr } from '../../src/ir/parse.ts';
import { printIr } from '../../src/ir/print.ts';
import { capture } from './capture.ts';

const PROGRAM = 'f n:n>n;s=0;@i 0..n{s=+s *i 2};s';

describe('--dump', () => {
  test.each([
    ['ast', '"RangeLoop"|"kind"|"name"'],
    ['core', 'range %'],
    ['ir', 'num.mul'],
    ['ir:opt', 'num.mul'],
    ['ir:simplify', 'num.mul'],
    ['ir:versions', 'fn f\\(num\\) -> num of 0'],
    ['bc', 'f: 1 arguments'],
    ['js', 'function'],
  ])('%s', async (stage, text) => {
    const { code, out, err } = await capture([PROGRAM, `--dump=${stage}`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(text));
    expect(out.endsWith('\n')).toBe(true);
  });

  test('the bytecode is that of the engine, with charges when there are limits', async () => {
    const plain = (await capture(['--engine', 'stack', PROGRAM, '--dump=bc'])).out;
    expect(plain).toContain('range.next');
    expect(plain).not.toContain('charge.round');
    expect((await capture(['--engine', 'stack', '--fuel=9', PROGRAM, '--dump=bc'])).out).toContain('charge.round');
  });

  test.each([
    ['ir:inline', 'sq x:n>n;*x x\nf n:n>n;+1 (sq n)', 'depth 1'],
    ['ir:own', 'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs', 'owned v'],
  ])('%s shows what only some engines do', async (stage, program, text) => {
    const { code, out } = await capture([program, `--dump=${stage}`]);
    expect(code).toBe(0);
    expect(out).toContain(text);
    expect(printIr(parseIr(out))).toBe(out);
    expect((await capture([program, '--dump=ir:opt'])).out).not.toContain(text);
  });

  test('machine code is that of calls and, where there is some, that of columns', async () => {
    const { out } = await capture(['sq x:n>n;*x x\nall xs:L n>n;s=0;@x xs{s=+s x};s', '--dump=asm']);
    expect(out).toMatch(/^sq:$/m);
    expect(out).toMatch(/^all:$/m);
    if (process.arch === 'x64') {
      const columns = out.slice(out.search(/^sq on columns \((AVX2, 4|SSE2, 2) rows at once\):$/m));
      expect(columns).toMatch(/; 1: sq x:n>n;\*x x$/m);
      expect(columns).toContain('mulpd');
      expect(columns).toMatch(/ret\n$/);
    }
    expect(out).not.toContain('all on columns');
  });

  test('several stages have headings', async () => {
    const { out } = await capture(['run', '--dump=core,ir', PROGRAM]);
    const core = (await capture([PROGRAM, '--dump=core'])).out;
    const ir = (await capture([PROGRAM, '--dump=ir'])).out;
    expect(out).toBe(`== core\n${core}\n== ir\n${ir}`);
  });

  test('what cannot be shown', async () => {
    expect(await capture([PROGRAM, '--dump=cor'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining("there is no stage 'cor'; did you mean 'core'? (known: ast, core, ir, ir:opt,"),
    });
    expect(await capture([PROGRAM, '--dump'])).toMatchObject({ code: 2, err: expect.stringContaining('--dump=core') });
    expect(await capture(['f>n;x', '--dump=core', '-t'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('ILO-T004'),
    });
  });
});

describe('ilo ir', () => {
  test('prints what the parser of the IR reads back', async () => {
    for (const flags of [[], ['--optimised'], ['-O'], ['--pass', 'unbox']]) {
      const { code, out } = await capture(['ir', PROGRAM, ...flags]);
      expect(code).toBe(0);
      expect(printIr(parseIr(out))).toBe(out);
    }
    expect((await capture(['ir', PROGRAM])).out).not.toBe((await capture(['ir', PROGRAM, '-O'])).out);
  });

  test.each([
    [['ir'], 'one program is needed'],
    [['ir', PROGRAM, PROGRAM], 'one program is needed'],
    [['ir', PROGRAM, '-O', '--pass', 'dead'], 'mutually exclusive'],
    [['ir', PROGRAM, '--pass', 'deed'], "did you mean 'ir:dead'"],
    [['ir', 'none.ilo'], 'ILO-C001'],
    [['ir', PROGRAM, '--dump=ast'], '--dump belongs to ilo run\n  ilo FILE|CODE --dump=ast'],
  ])('%j', async (args, text) => {
    expect(await capture(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(text) });
  });
});
