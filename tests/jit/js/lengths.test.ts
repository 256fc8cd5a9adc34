// Texts that are short by their making are joined without a look at their lengths.
import { expect, test } from 'vitest';
import { buildIr } from '../../../src/ir/build.ts';
import type { Instruction } from '../../../src/ir/ir.ts';
import { optimiseFunction } from '../../../src/ir/passes/pipeline.ts';
import { mostUnits } from '../../../src/jit/js/lengths.ts';
import { jsOf, load } from './source.ts';

function irOf(source: string) {
  const built = buildIr(load(source));
  return { ...built, functions: built.functions.map(optimiseFunction) };
}

/** How long the text is at most that a function gives. */
function mostOf(source: string): number {
  const fn = irOf(source).functions.at(-1)!;
  const made = new Map(
    fn.blocks.flatMap(({ code }) => code.map((each): [number, Instruction] => [each.result ?? -1, each])),
  );
  const end = fn.blocks.flatMap(({ code }) => code).find(({ op }) => op === 'return')!;
  return mostUnits(end.args[0]!, value => made.get(value));
}

const OF_NUMBER = '(str (+ (len s) 1))';

test.each([
  ['f s:t>t;"abc"', 3],
  [`f s:t>t;${OF_NUMBER}`, 400],
  [`f s:t>t;+ "abc" ${OF_NUMBER}`, 403],
  [`f s:t>t;+ + "abc" ${OF_NUMBER} + "d" ${OF_NUMBER}`, 804],
  ['f s:t>t;+ "abc" s', Number.POSITIVE_INFINITY],
  ['f s:_>t;+ "abc" (str s)', Number.POSITIVE_INFINITY],
  ['f s:t>t;+ "abc" (upr "d")', Number.POSITIVE_INFINITY],
] as const)('%s', (source, most) => {
  expect(mostOf(source)).toBe(most);
});

test('only what may be long is looked at', () => {
  const text = (units: number): string => `"${'x'.repeat(units)}"`;
  expect(jsOf(`f s:t>t;+ ${text(7792)} ${OF_NUMBER}`)).not.toContain('8192');
  expect(jsOf(`f s:t>t;+ ${text(7793)} ${OF_NUMBER}`)).toContain('8192');
});
