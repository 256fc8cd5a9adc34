// A hundred thousand of everything, and lines of a megabyte: long programs are read in time proportional to their length, and
// whatever a limit refuses is one diagnostic. The test's own timeout is what a quadratic step would run into.
import { afterAll, describe, expect, test } from 'vitest';
import { ilo } from '../cli/spawn.ts';
import { expectNoTrace, expectOutcome, workshop } from './outcome.ts';

const { run, put, remove } = workshop();
afterAll(remove);

const MANY = 100_000;
const many = (piece: (i: number) => string): string => Array.from({ length: MANY }, (_, i) => piece(i)).join('');

describe('long programs that are right', () => {
  test.each([
    ['functions', many(i => `f${i} x:n>n;+x ${i}\n`), ['f99999', '1'], '100000\n'],
    [
      'functions that call the one before',
      `f0 x:n>n;x\n${Array.from({ length: 60_000 }, (_, i) => `f${i + 1} x:n>n;>x 0{ret x};f${i} x\n`).join('')}`,
      ['f60000', '1'],
      '1\n',
    ],
    ['local variables', `f>n;${many(i => `v${i}=${i};`)}v99999`, [], '99999\n'],
    ['statements on lines of their own', `f>n\n${many(() => '  x=1\n')}  x`, [], '1\n'],
    ['assignments to one variable', `f>n;x=0;${many(() => 'x=+x 1;')}x`, [], '100000\n'],
    ['guards', `f x:n>n;${many(i => `=x -${i + 1}{ret 1};`)}7`, ['5'], '7\n'],
    ['arms', `f x:n>n;?x{${many(i => `${i}:${i};`)}_:0}`, ['99999'], '99999\n'],
    ['items', `f>n;len [${many(() => '1 ')}]`, [], '100000\n'],
    ['items with commas', `f>n;len [${many(() => '1,')}2]`, [], '100001\n'],
    ['types', `${many(i => `type t${i}{x:n}\n`)}f>n;r=t99999 x:3;r.x`, [], '3\n'],
    ['fields', `type p-p{${many(i => `v${i}:n;`)}z:n}\nf r:p-p>n;r.z\nmain>n;1`, [], '1\n'],
    ['comments', `${many(() => '-- a comment\n')}f>n;1`, [], '1\n'],
    ['blank lines', `f>n;1${'\n'.repeat(MANY)}`, [], '1\n'],
    ['digits', `f>n;*0 0.${'1'.repeat(MANY)}`, [], '0\n'],
  ] as const)('%s', (_, source, args, out) => {
    expect(run(source, ...args)).toEqual({ code: 0, signal: null, out, err: '' });
  });

  test('text of a megabyte on one line', () => {
    expect(run(`f>n;len "${'a'.repeat(1 << 20)}"`)).toMatchObject({ code: 0, out: '1048576\n', err: '' });
    expect(run(`f>n;len "${'\\n'.repeat(1 << 19)}"`)).toMatchObject({ code: 0, out: '524288\n', err: '' });
  });
});

describe('long programs with a mistake', () => {
  test.each([
    ['at the end of a megabyte of one line', `f>n;${'x=1;'.repeat(1 << 18)}y`, 'ILO-T004', '1:1048581'],
    ['in the last of many functions', `${many(i => `f${i}>n;1\n`)}g>n;nope`, 'ILO-T004', '100001:5'],
    ['in every function', many(i => `f${i}>n;nope\n`), 'ILO-T004', '1:6'],
    ['in every statement', `f>n;${many(() => 'x=;')}1`, 'ILO-P009', '1:7'],
    ['the same name for all functions', many(() => 'f>n;1\n'), 'ILO-T002', '2:1'],
    ['a name of a megabyte', `f>n;${'a'.repeat(1 << 20)}`, 'ILO-T004', '1:5'],
    ['a text that never ends', `f>t;"${'a'.repeat(1 << 20)}`, 'ILO-L[0-9]+', '1:5'],
    ['too many arguments', `g x:n>n;x\nf>n;g(${many(() => '1,')}1)`, 'ILO-[PT][0-9]+', '2:[0-9]+'],
    ['imports of files that are not there', many(i => `use "lib${i}.ilo"\n`), 'ILO-P017', '1:1'],
    ['many parameters', `f ${many(i => `p${i}:n `)}>n;nope`, 'ILO-T004', '1:[0-9]+'],
    ['characters that begin nothing', '\u20ac'.repeat(1 << 20), 'ILO-L001', '1:1'],
  ])('%s', (_, source, diagnostic, place) => {
    expectOutcome(ilo(['check', '-t', put('long.ilo', source)]), { code: 2, diagnostic, place });
  });

  test('a place in a megabyte of one line is shown, the line is not', () => {
    const ran = run(`f>n;${'x=1;'.repeat(1 << 18)}y`);
    expect(ran.err.length).toBeLessThan(1000);
    const json = ilo(['check', put('long.ilo', `f>n;${'x=1;'.repeat(1 << 18)}y`)]);
    expectNoTrace(json);
    expect(JSON.parse(json.err)).toMatchObject({ code: 'ILO-T004' });
  });
});

describe('many arguments', () => {
  test('a list of a hundred thousand numbers', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => i).join(',');
    expect(ilo(['f xs:L n>n;sum xs', list])).toMatchObject({ code: 0, out: '199990000\n' });
  });

  test('brackets without end are text or lists, and no stack is spent on them', () => {
    for (const word of ['['.repeat(60_000), ']'.repeat(60_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`]) {
      const ran = ilo(['-t', 'f x:_>n;1', word]);
      expectNoTrace(ran);
      expect(ran).toMatchObject({ code: 0, out: '1\n' });
    }
  });
});
