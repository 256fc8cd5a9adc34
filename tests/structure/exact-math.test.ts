// No source asks the JavaScript engine for a function that it rounds as it likes: those of src/core/math give the same bits
// everywhere. Math.sqrt, abs, floor and their like are exact by the language's own definition.
import { expect, test } from 'vitest';
import { readSources } from './source-files.ts';

const INEXACT =
  /\bMath\s*\.\s*(pow|exp|expm1|log|log1p|log2|log10|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/;
/** A whole `Math` that is passed on or taken apart could hide any of them. */
const WHOLE = /\bMath\s*(?:[^.\w\s]|$)|\bMath\s*\[|=\s*Math\b(?!\s*\.)/m;
/** A power of something other than two literal numbers; the exponent may be negative or in brackets. */
const POWER = /([\w$)\]]+)\s*\*\*=?\s*\(?\s*(-?\s*[\w$(]+)/g;
const LITERAL = /^-?\s*\d[\d_]*n?$/;

/** The inexact operations that a text uses, comments and strings left aside. */
function inexactUses(text: string): string[] {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
  const uses = [INEXACT, WHOLE].flatMap(pattern => pattern.exec(code)?.[0] ?? []);
  for (const [use, base, exponent] of code.matchAll(POWER)) {
    if (!LITERAL.test(base!) || !LITERAL.test(exponent!)) uses.push(use);
  }
  return uses;
}

test('the scan finds what it is for, and only that', () => {
  expect(inexactUses('const a = Math.sin(x) + Math.sqrt(x);')).toEqual(['Math.sin']);
  expect(inexactUses('const a = 10 ** digits;')).toHaveLength(1);
  expect(inexactUses('const a = x ** 2 + items[0] ** 2 + f(x) ** 2; a **= 3;')).toHaveLength(4);
  expect(inexactUses('const { sin } = Math;')).toHaveLength(1);
  expect(inexactUses('/** Math.exp(x) ** y */ const a = 2 ** 53 - 2 ** -27 + -(2 ** 63); // x ** y')).toEqual([]);
});

test('only src/core/math computes what engines round differently', () => {
  const sources = readSources('src');
  const found = sources
    .filter(file => !file.path.startsWith('src/core/math/'))
    .flatMap(file => inexactUses(file.text).map(use => `${file.path}: ${use}`));
  expect(found).toEqual([]);
});
