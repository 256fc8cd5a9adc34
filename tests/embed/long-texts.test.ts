// The time limit bites where a program makes much of little fuel: comparing long texts, looking into one that has just grown, patterns that read a text
// again and again. Each ends before the clock would be looked at by fuel alone, which is after 4,096 units.
import { describe, expect, test } from 'vitest';
import { compile, IloError } from '../../src/embed/main.ts';
import { ENGINES } from '../../src/runtime/engines.ts';

/** Texts of 2^21 units; a step with one of them takes a tenth of a millisecond at least. */
const LONG = 's="a";@i 0..21{s=+s s};t=+s "x";u=+s "y";c=0;';
const OUT_OF_TIME: readonly (readonly [what: string, loop: string])[] = [
  ['ordering two texts', '<t u{c=+c 1}'],
  ['comparing two texts', '=t u{c=+c 1}'],
  ['comparing two whose types are not known', 'g=[t];v=at g 0;=v u{c=+c 1}'],
  ['looking into a text that has grown', 'w=+s "x";x=at w 5;c=+c 1'],
  ['looking for a text in a list', 'b=has [t] u;b{c=+c 1}'],
  ['a key that has grown', 'w=+s "x";b=mhas m w;b{c=+c 1}'],
];

function endOf(source: string, engine: (typeof ENGINES)[number]['name'], limits: object): IloError {
  const program = compile(source, { engine, limits: { fuel: Number.POSITIVE_INFINITY, ...limits } });
  try {
    program.run('f');
  } catch (error) {
    if (error instanceof IloError) return error;
    throw error;
  }
  throw new Error('it has ended');
}

describe.each(ENGINES)('$name', ({ name }) => {
  test.each(OUT_OF_TIME)('%s', (_, loop) => {
    const source = `f>n;${LONG}m=mset mmap t 1;wh true{${loop}};c`;
    const { code, stats } = endOf(source, name, { timeout: 60, alloc: Number.POSITIVE_INFINITY });
    expect(code).toBe('ILO-R044');
    expect(stats?.fuel).toBeLessThan(4096);
  });
});

test('each search of a text is charged for what it reads, alike on all engines', () => {
  const ends = ENGINES.map(({ name }) => {
    const source = 'f>n;s="a";@i 0..16{s=+s s};xs=rgx "a.*b|a" s;len xs';
    const { code, stats } = endOf(source, name, { fuel: 3_000_000, timeout: Number.POSITIVE_INFINITY });
    return [code, stats?.fuel, stats?.bytes];
  });
  expect(ends[0]![0]).toBe('ILO-R043');
  expect(new Set(ends.map(end => end.join()))).toEqual(new Set([ends[0]!.join()]));
});

test('one search that does not end soon is ended by the time', () => {
  const read = 'f>n;s="a";@i 0..25{s=+s s};xs=rgx "(a|aa)+$" s;len xs';
  expect(endOf(read, 'auto', { timeout: 100 }).code).toBe('ILO-R044');
  // A pattern that re2js cannot express, on the matcher of our own.
  const ours = 'f>n;s="ä";@i 0..25{s=+s s};xs=rgx "(ä|ää)+\\\\b{end}" s;len xs';
  expect(endOf(ours, 'auto', { timeout: 100 }).code).toBe('ILO-R044');
});
