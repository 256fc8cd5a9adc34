import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { List } from '../../src/core/value/list.ts';
import { Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { FORMAT_BUILTINS, findFormatSpec } from '../../src/lang/ilo/builtins/format.ts';
import { callRow } from './harness.ts';

const call = (name: string, ...args: Value[]) => callRow(FORMAT_BUILTINS, name, args);

describe('fmt', () => {
  it.each<[string, Value[], string]>([
    ['plain', [], 'plain'],
    ['{} and {}', [1, 'b'], '1 and b'],
    ['{}{}', [new List([1, 'a']), new Ok(null)], '[1, a]~nil'],
    ['{} {} {}', [1], '1 {} {}'],
    ['{}', [1, 2, 3], '1'],
    ['{x} { } {{}}', [1], '{x} { } {1}'],
    ['{}', ['{}'], '{}'],
    ['{}{}', ['{', '}'], '{}'],
    ['{} $& $1', ['$&'], '$& $& $1'],
  ])('%j', (template, args, expected) => {
    expect(call('fmt', template, ...args)).toBe(expected);
  });

  it.each([
    ['{:06d}', '{:06d}'],
    ['a {} b {:.3f} c', '{:.3f}'],
    ['{:never closed', '{:never closed'],
    ['{}', undefined],
    [': {x:1}', undefined],
  ])('finds the spec in %j', (template, spec) => {
    expect(findFormatSpec(template)).toBe(spec);
    if (spec !== undefined) {
      expect(() => call('fmt', template, 1)).toThrowError(
        expect.objectContaining({ code: 'ILO-R009', message: expect.stringContaining(`got \`${spec}\``) }),
      );
    }
  });

  it('refuses a result that is too long', () => {
    const half = 'x'.repeat(2 ** 27);
    expect(() => call('fmt', '{}{}{}', half, half, half)).toThrowError(expect.any(Fault));
  });
});

describe('fmt2', () => {
  it.each([
    [Math.PI, 2, '3.14'],
    [1, 0, '1'],
    [0.85025037, 4, '0.8503'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [0.5, 0, '0'],
    [-0.5, 0, '-0'],
    [-2.5, 0, '-2'],
    [-1.5, 0, '-2'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [2.675, 2, '2.67'],
    [1.005, 2, '1.00'],
    [0.1, 20, '0.10000000000000000555'],
    [1e20, 1, '100000000000000000000.0'],
    [1e21, 2, '1000000000000000000000.00'],
    [1.5e300, 0, BigInt(1.5e300).toString()],
    [5e-324, 3, '0.000'],
    [-0.001, 2, '-0.00'],
    [-0, 1, '-0.0'],
    [3.7, -1, '4'],
    [3.7, 1.9, '3.7'],
    [3.7, Number.NaN, '4'],
    [1, 99, '1.00000000000000000000'],
    [9.5, 0, '10'],
    [99.5, 0, '100'],
    [8.5, 0, '8'],
    [2251799813685248.5, 0, '2251799813685248'],
    [Number.NaN, 2, 'NaN'],
    [Number.POSITIVE_INFINITY, 2, 'inf'],
    [Number.NEGATIVE_INFINITY, 2, '-inf'],
  ])('%d with %d digits is %s', (x, digits, expected) => {
    expect(call('fmt2', x, digits)).toBe(expected);
  });
});
