// Programs that load and then do what nobody can: recurse for ever, make values without bounds, or values whose parts are
// shared so often that nobody can write them out.
import { describe, expect, test } from 'vitest';
import { showValue } from '../../src/core/value/show.ts';
import { DEFAULT_ENGINE, ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../src/runtime/program.ts';
import { ilo } from '../cli/spawn.ts';
import { expectNoTrace, expectOutcome, workshop } from './outcome.ts';

/** Runs `f` of a program; gives its result as text, or the code and the place of its fault. */
function runs(source: string, args: readonly number[] = [], engine: EngineName = DEFAULT_ENGINE): string {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (unit === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const result = runProgram(unit, 'f', args, { host: createVirtualHost(), engine, random: () => 0.5 });
  if ('value' in result) return showValue(result.value);
  const { code, span } = result.fault;
  return `${code} ${span === undefined ? 'nowhere' : `at ${source.slice(span.start, span.end).slice(0, 12)}`}`;
}

describe('recursion without end', () => {
  const PROGRAMS: readonly (readonly [name: string, source: string])[] = [
    ['itself', 'f x:n>n;r=f +x 1;+r 0'],
    ['each other', 'g x:n>n;r=f +x 1;+r 0\nf x:n>n;r=g +x 1;+r 0'],
    ['inside a long expression', 'f x:n>n;+1 (+1 (+1 (+1 (+1 f x))))'],
    ['inside blocks', 'f x:n>n;@i 0..1{@j 0..1{>x -1{x=f x}}};x'],
    ['inside a list', 'f x:n>_;[f x]'],
    ['in an arm', 'f x:n>n;?x{1:2;_:f x}'],
    ['through map', 'f x:n>n;ys=map f [x];+1 (at ys 0)'],
    ['through flt', 'f x:n>b;ys=flt f [x];>(len ys) 0'],
    ['through srt', 'f x:n>n;ys=srt f [x 1];at ys 0'],
    ['through a lambda', 'f x:n>n;ys=map (y:n>n;f y) [x];+1 (at ys 0)'],
    ['through a closure', 'f x:n>n;ys=map (y:n>n;f (+x y)) [x];+1 (at ys 0)'],
    ['through a function value', 'g h:F n n x:n>n;h x\nf x:n>n;+1 (g f x)'],
  ];

  describe.each(ENGINES.map(({ name }) => name))('on engine %s', engine => {
    test.each(PROGRAMS)('%s', (_, source) => {
      expect(runs(source, [0], engine)).toMatch(/^ILO-R040 at ./);
    });
  });

  test('through fld', () => {
    expect(runs('g a:n x:n>n;fld g [1 2] a\nf x:n>n;g x 1', [0])).toMatch(/^ILO-R040 at ./);
  });

  test('on the command line, where the depth is that of the manual', () => {
    expectOutcome(ilo(['-t', PROGRAMS[0]![1], '0']), { code: 1, diagnostic: 'ILO-R040', place: '1:11' });
    expectOutcome(ilo(['-t', PROGRAMS[6]![1], '0']), { code: 1, diagnostic: 'ILO-R040', place: '1:12' });
  });

  test('with frames that even a large stack does not hold', () => {
    const heavy = `f x:n>n;${'(+1 '.repeat(100)}f x${')'.repeat(100)}`;
    expectOutcome(ilo(['-t', heavy, '0']), { code: 1, diagnostic: 'ILO-R040', place: '1:[0-9]+' });
  });

  test('leaves a machine that can be used again', () => {
    const { unit } = loadProgram('f x:n>n;r=f +x 1;+r 0\ng>n;7', { readFile: () => ({ err: 'none' }) });
    for (const { name } of ENGINES) {
      const options = { host: createVirtualHost(), engine: name };
      expect(runProgram(unit!, 'f', [0], options)).toHaveProperty('fault.code', 'ILO-R040');
      expect(runProgram(unit!, 'g', [], options)).toEqual({ value: 7 });
    }
  });
});

describe('values without bounds', () => {
  test.each([
    ['text doubled', 'f>n;s="x";@i 0..60{s=+s s};len s', 'ILO-R041 at +s s'],
    ['text wider than any', 'f>n;len (padl "x" 1e12)', 'ILO-R041 at padl "x" 1e1'],
    ['text padded on the other side', 'f>n;len (padr "x" 1e12 "-")', 'ILO-R041 at padr "x" 1e1'],
    ['text joined', 'f>n;s="xxxxxxxxxxxxxxxx";xs=range 0 1000;@i 0..20{s=cat (map (x:n>t;s) xs) ""};len s', 'ILO-R041'],
    ['text formatted', 'f>n;s="x";@i 0..60{s=fmt "{}{}" s s};len s', 'ILO-R041 at fmt "{}{}" s'],
    [
      'text replaced',
      'f>n;s="x";t=padl "" 1000 "x";@i 0..9{s=rgxsub "x+" "$0$0$0$0$0$0$0$0$0$0" t;t=+s (+s s);t=+t (+t t)};len t',
      'ILO-R041',
    ],
    [
      'a replacement for every character',
      'f>n;t=padl "" 10000 "x";s=padl "" 30000 "y";len (rgxsub "x" s t)',
      'ILO-R041 at rgxsub "x" s',
    ],
    ['text in upper case', 'f>n;s="ß";@i 0..28{s=+s s};len (upr s)', 'ILO-R041 at upr s'],
    ['a range', 'f>n;len (range 0 1e15)', 'ILO-R009 at range 0 1e15'],
    ['an endless range', 'f>n;len (range 0 1e308)', 'ILO-R009 at range 0 1e30'],
    ['text split into characters', 'f>n;s="x";@i 0..27{s=+s s};len (chars s)', 'ILO-R041 at chars s'],
    ['windows', 'f>n;xs=range 0 100000;len (window 50000 xs)', 'ILO-R041'],
    ['a matrix', 'f>_;len (matmul [[1]] [[1 2]])', '1'],
  ])('%s', (_, source, expected) => {
    expect(runs(source).startsWith(expected), runs(source)).toBe(true);
  });
});

/** A list in a list in a list, each the next one's two items: 2^60 numbers as text, sixty lists in memory. */
const SHARED = 'xs=[1];@i 0..60{xs=[xs xs]};';
const ANOTHER = 'ys=[1];@i 0..60{ys=[ys ys]};';

describe('parts shared without number', () => {
  test.each([
    ['equality looks no further than a list', `f>b;${SHARED}=xs xs`, 'false'],
    ['has', `f>b;${SHARED}${ANOTHER}has [ys] xs`, 'true'],
    ['has, of something else', `f>b;${SHARED}${ANOTHER}has [ys] [xs xs 1]`, 'false'],
    ['unq', `f>n;${SHARED}${ANOTHER}len (unq [xs ys])`, '1'],
    ['flat', `f>n;${SHARED}len (flat xs)`, '4'],
    ['len', `f>n;${SHARED}len xs`, '2'],
    ['rev', `f>n;${SHARED}len (rev xs)`, '2'],
    ['sum', `f>_;${SHARED}sum xs`, 'ILO-R009 at sum xs'],
    ['srt', `f>_;${SHARED}srt [xs xs]`, 'ILO-R009 at srt [xs xs]'],
    ['prnt', `f>n;${SHARED}prnt xs;1`, 'ILO-R041 at prnt xs'],
    ['fmt', `f>t;${SHARED}fmt "{}" xs`, 'ILO-R041 at fmt "{}" xs'],
    ['jdmp', `f>t;${SHARED}jdmp xs`, 'ILO-R041 at jdmp xs'],
    ['a panic', `g>R n _;${SHARED}^xs\nf>n;g!!`, 'ILO-R041 at '],
    ['a file of JSON', `f>_;${SHARED}wr "x.json" xs "json"`, 'ILO-R041 at wr "x.json" '],
    ['a file of CSV', `f>_;${SHARED}wr "x.csv" [xs] "csv"`, 'ILO-R041 at wr "x.csv" ['],
    ['a map', 'f>t;m=mset mmap "a" 1;@i 0..60{n=mset mmap "a" m;m=mset n "b" m};jdmp m', 'ILO-R041 at jdmp m'],
    ['a record', 'type p{a:_;b:_}\nf>t;x=p a:1 b:1;@i 0..60{x=p a:x b:x};jdmp x', 'ILO-R041 at jdmp x'],
    ['results', `f>t;x=~1;@i 0..60{x=~[x x]};fmt "{}" x`, 'ILO-R041 at fmt "{}" x'],
  ])('%s', (_, source, expected) => {
    const seen = runs(source);
    expect(seen.startsWith(expected), seen).toBe(true);
  });

  test.each([
    ['printed', `f>_;${SHARED}xs`, ['-t']],
    ['~', `f>R _ t;${SHARED}~xs`, ['-t']],
    ['^', `f>R n _;${SHARED}^xs`, ['-t']],
  ])('as the result of the program, %s', (_, source, flags) => {
    expectOutcome(ilo([...flags, source]), { code: 1, diagnostic: 'ILO-R041', place: '1:1' });
  });

  test('as the result of the program in JSON', () => {
    const ran = ilo(['--json', `f>_;${SHARED}xs`]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ code: 'ILO-R041' });
  });

  test('as the result of a case in a program', () => {
    const { put, remove } = workshop();
    const path = put(
      'cases.ilo',
      `f>_;${SHARED}xs\n-- run: f\n-- out: 1\ng>R n _;${SHARED}^xs\n-- run: g\n-- err: ILO-R041\n`,
    );
    const ran = ilo(['test', path]);
    remove();
    expectNoTrace(ran);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('1 passed, 1 failed');
  });
});

describe('values nested a hundred thousand deep', () => {
  const DEEP = 'xs=[];@i 0..100000{xs=[xs]};';
  test.each([
    ['printed', `f>n;${DEEP}prnt xs;1`, '1'],
    ['as text', `f>n;${DEEP}len (fmt "{}" xs)`, '200002'],
    ['as JSON', `f>n;${DEEP}len (jdmp xs)`, '200002'],
    ['as JSON and back', `f>_;${DEEP}jpar (jdmp xs)`, '^recursion limit exceeded'],
    ['compared', `f>b;${DEEP}${DEEP.replaceAll('xs', 'ys')}has [ys] xs`, 'true'],
    ['told apart', `f>n;${DEEP}${DEEP.replaceAll('xs', 'ys')}len (unq [xs ys])`, '1'],
    ['dropped', `f>n;${DEEP}xs=[];len xs`, '0'],
    ['flattened', `f>n;${DEEP}len (flat xs)`, '1'],
    ['~', 'f>n;x=1;@i 0..100000{x=~x};len (fmt "{}" x)', '100001'],
    ['maps', 'f>n;m=mmap;@i 0..100000{m=mset mmap "a" m};len (jdmp m)', '600002'],
    ['records', 'type p{a:_}\nf>n;x=p a:1;@i 0..100000{x=p a:x};len (jdmp x)', '600007'],
  ])('%s', (_, source, expected) => {
    const seen = runs(source);
    expect(seen.startsWith(expected), seen.slice(0, 200)).toBe(true);
  });
});

describe('patterns', () => {
  test.each([
    ['(a*)*b', 'f>n;s=padl "" 100000 "a";len (rgx "(a*)*b" s)', '0'],
    ['^(a|a)*$ and more', 'f>n;s=padl "" 100000 "a";len (rgxall "^(a|a)*c$" s)', '0'],
    ['(a?){50}b', 'f>n;s=padl "" 10000 "a";len (rgxall "(a?){50}b" s)', '0'],
    ['repetitions of repetitions', 'f>_;rgx "(((a{1000}){1000}){1000})" "a"', 'ILO-R009 at rgx '],
    [
      'groups in groups',
      'f>_;p=fmt "{}a{}" (padl "" 50000 "(") (padl "" 50000 ")");rgx p "a"',
      'ILO-R009 at rgx p "a"',
    ],
    ['classes in classes', 'f>_;p=padl "" 50000 "[";rgx p "a"', 'ILO-R009 at rgx p "a"'],
    ['stars', 'f>_;p=padr "a" 50000 "*";rgx p "a"', 'ILO-R009 at rgx p "a"'],
  ])('%s', (_, source, expected) => {
    const seen = runs(source);
    expect(seen.startsWith(expected), seen).toBe(true);
  });
});

describe('mistakes with a place', () => {
  test.each([
    ['division by zero', 'f>n;/1 0', [], 'ILO-R003', '1:5'],
    ['remainder of zero', 'f>n;mod 1 0', [], 'ILO-R003', '1:5'],
    ['index beyond the list', 'f>n;at [1] 5', [], 'ILO-R009', '1:5'],
    ['index before the list', 'f>n;at [1] -5', [], 'ILO-R009', '1:5'],
    ['index with a dot', 'f xs:L n>n;xs.7', ['1,2'], 'ILO-R006', '1:12'],
    ['field of a number', 'f x:_>_;x.nope', ['1'], 'ILO-R005', '1:9'],
    ['field that is missing', 'f>_;x=jpar!! "{}";x.nope', [], 'ILO-R005', '1:19'],
    ['argument of the wrong type', 'f x:n>n;x', ['abc'], 'ILO-R004', '1:1'],
    ['an argument too few', 'f x:n>n;x', [], 'ILO-R004', '1:1'],
    ['an argument too many', 'f x:n>n;x', ['1', '2'], 'ILO-R004', '1:1'],
  ])('%s', (_, source, args, diagnostic, place) => {
    expectOutcome(ilo(['-t', '-nh', source, ...args]), { code: 1, diagnostic, place });
  });

  test.each([
    ['type of an operand', 'f s:t>n;*s 2', 'ILO-T009', '1:9'],
    ['type of an argument', 'f>n;len 5', 'ILO-T013', '1:9'],
    ['number of arguments', 'g x:n>n;x\nf>n;g 1 2', 'ILO-T006', '2:5'],
    ['name', 'f>n;nope', 'ILO-T004', '1:5'],
    ['field', 'type pt{x:n}\nf a:pt>n;a.y', 'ILO-T019', '2:10'],
  ])('found before anything runs: %s', (_, source, diagnostic, place) => {
    expectOutcome(ilo(['check', '-t', source]), { code: 2, diagnostic, place });
  });
});

/** Found by the mutations: the items of a list argument are not checked, so an operator may meet what it cannot work on. */
test.each(ENGINES.map(({ name }) => name))(
  'a condition on a value of the wrong type is blamed itself, on engine %s',
  engine => {
    const source = 'absv n:n>n;?<n 0 (-0 n) n\nf xs:L n>L n;map absv xs';
    const ran = ilo(['-t', '-nh', '--engine', engine, source, 'f', 'abc']);
    expectOutcome(ran, { code: 1, diagnostic: 'ILO-R004', place: '1:13' });
  },
);
