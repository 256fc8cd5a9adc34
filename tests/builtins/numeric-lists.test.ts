// Statistics, linear algebra, the Fourier transform, sets and random numbers.
import { describe, expect, test } from 'vitest';
import type { List } from '../../src/core/value/list.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { call, context, faultOf, list, show } from './calls.ts';

const matrix = (...rows: number[][]): List => list(...rows.map(row => list(...row)));

describe('statistics', () => {
  test('sums', () => {
    expect(call('sum', list())).toBe(0);
    expect(call('sum', list(0.1, 0.2, 0.3))).toBe(0.1 + 0.2 + 0.3);
    expect(show('cumsum', list(1, 2, 3))).toBe('[1, 3, 6]');
    expect(faultOf('sum', list(1, 'a'))).toBe('ILO-R009 sum: list elements must be numbers, got text "a"');
  });

  test('averages', () => {
    expect(call('avg', list(1, 2))).toBe(1.5);
    expect([call('median', list(5)), call('median', list(4, 1, 3)), call('median', list(4, 1, 3, 2))]).toEqual([
      5, 3, 2.5,
    ]);
    expect(faultOf('avg', list())).toBe('ILO-R009 avg: cannot average an empty list');
    expect(faultOf('median', list())).toBe('ILO-R009 median: cannot take median of an empty list');
  });

  test('quantiles lie between neighbours, and p is clamped', () => {
    const items = list(40, 10, 30, 20);
    expect([0, 0.25, 0.5, 1, -3, 7].map(p => call('quantile', items, p))).toEqual([10, 17.5, 25, 40, 10, 40]);
    expect(call('quantile', list(5), 0.3)).toBe(5);
    expect(call('quantile', items, Number.NaN)).toBeNaN();
  });

  test('variance and deviation are those of a sample', () => {
    expect(call('variance', list(2, 4, 4, 4, 5, 5, 7, 9))).toBe(32 / 7);
    expect(call('stdev', list(1, 3))).toBe(Math.SQRT2);
    expect(faultOf('stdev', list(1))).toBe('ILO-R009 stdev: at least 2 samples required');
    expect(faultOf('variance', list())).toBe('ILO-R009 variance: cannot take variance of an empty list');
  });

  test('NaN goes through', () => {
    for (const name of ['median', 'stdev', 'variance', 'avg', 'sum'])
      expect(call(name, list(1, Number.NaN, 3))).toBeNaN();
  });

  test('lists stay as they were', () => {
    const items = list(3, 1, 2);
    call('median', items);
    expect(show('rev', items)).toBe('[2, 1, 3]');
  });
});

describe('linear algebra', () => {
  test('transpose takes any values', () => {
    expect(show('transpose', list(list('a', 'b'), list('c', 'd')))).toBe('[[a, c], [b, d]]');
    expect(show('transpose', list())).toBe('[]');
    expect(faultOf('transpose', matrix([1, 2], [3]))).toBe('ILO-R009 transpose: ragged rows (expected 2 cols, got 1)');
  });

  test('products', () => {
    expect(show('matmul', matrix([1, 2, 3]), matrix([1], [2], [3]))).toBe('[[14]]');
    expect(faultOf('matmul', matrix([1, 2]), matrix([1, 2]))).toBe(
      'ILO-R009 matmul: shape mismatch (a is 1x2, b is 1x2)',
    );
    expect(call('dot', list(1, 2), list(3, 4))).toBe(11);
    expect(faultOf('dot', list(1), list(1, 2))).toBe('ILO-R009 dot: length mismatch (xs has 1, ys has 2)');
  });

  test('a zero pivot is exchanged', () => {
    expect(show('solve', matrix([0, 2], [1, 1]), list(4, 3))).toBe('[1, 2]');
    expect(call('det', matrix([0, 1], [1, 0]))).toBe(-1);
    expect(call('det', matrix([1, 2], [2, 4]))).toBe(0);
  });

  test('the inverse times the matrix is one', () => {
    const a = matrix([4, 7, 2], [3, 6, 1], [2, 5, 3]);
    const product = call('matmul', a, call('inv', a)) as List;
    product.view().forEach((row, i) => {
      (row as List).view().forEach((cell, j) => {
        expect(cell).toBeCloseTo(i === j ? 1 : 0, 12);
      });
    });
  });

  test('singular and misshapen matrices are faults', () => {
    expect(faultOf('inv', matrix([1, 2], [2, 4]))).toBe('ILO-R009 inv: matrix is singular');
    expect(faultOf('solve', matrix([1e-13]), list(1))).toBe('ILO-R009 solve: matrix is singular');
    expect(faultOf('det', matrix([1, 2]))).toBe('ILO-R009 det: matrix must be square');
    expect(faultOf('inv', list())).toBe('ILO-R009 inv: empty matrix');
    expect(faultOf('solve', matrix([1]), list(1, 2))).toBe('ILO-R009 solve: vector length must match matrix size');
    expect(faultOf('det', list(1))).toBe('ILO-R009 det: rows must be lists, got number 1');
  });
});

describe('Fourier transform', () => {
  /** The definition, term by term. */
  function slowly(samples: readonly number[]): [number, number][] {
    return samples.map((_, k) => {
      let real = 0;
      let imaginary = 0;
      samples.forEach((sample, n) => {
        const angle = (-2 * Math.PI * k * n) / samples.length;
        real += sample * Math.cos(angle);
        imaginary += sample * Math.sin(angle);
      });
      return [real, imaginary];
    });
  }

  test('agrees with the definition, padded with zeros', () => {
    const samples = [1, -2, 3.5, 0, 4, 1];
    const result = call('fft', list(...samples)) as List;
    expect(result.length).toBe(8);
    slowly([...samples, 0, 0]).forEach(([real, imaginary], k) => {
      const pair = result.get(k) as List;
      expect(pair.get(0)).toBeCloseTo(real, 12);
      expect(pair.get(1)).toBeCloseTo(imaginary, 12);
    });
  });

  test('the inverse gives the samples back', () => {
    const samples = Array.from({ length: 64 }, (_, i) => Math.sin(i) * i);
    const back = call('ifft', call('fft', list(...samples))) as List;
    samples.forEach((sample, i) => {
      expect(back.get(i)).toBeCloseTo(sample, 10);
    });
  });

  test('faults', () => {
    expect(faultOf('fft', list())).toBe('ILO-R009 fft: input list must not be empty');
    expect(faultOf('fft', list('a'))).toBe('ILO-R009 fft: list elements must be numbers, got text "a"');
    expect(faultOf('ifft', list(1))).toBe('ILO-R009 ifft: each element must be a [real, imag] pair, got number 1');
    expect(faultOf('ifft', list(list(1, 'a')))).toBe('ILO-R009 ifft: pair elements must be numbers');
  });
});

describe('sets', () => {
  test('come out once each, by kind and then by what they print', () => {
    expect(show('setunion', list(10, 9, 'b', 10), list(true, 'a', '9'))).toBe('[true, 10, 9, 9, a, b]');
    expect(show('setinter', list(1, '1', 2, 2), list(2, '1'))).toBe('[2, 1]');
    expect(show('setdiff', list(3, 1, 2), list(2))).toBe('[1, 3]');
    expect(show('setinter', list(Number.NaN), list(Number.NaN))).toBe('[NaN]');
  });

  test('hold texts, numbers and bools', () => {
    expect(faultOf('setdiff', list(), list(null))).toBe(
      'ILO-R009 setdiff: elements must be text, number, or bool, got nil',
    );
  });
});

describe('random numbers', () => {
  const withRandom = (value: number, name: string, ...args: Value[]): Value =>
    BUILTINS.get(name)!.run(args, { ...context(), random: () => value });

  test('reach both bounds and no further', () => {
    expect(withRandom(0, 'rnd', 1, 6)).toBe(1);
    expect(withRandom(0.999999, 'rnd', 1, 6)).toBe(6);
    expect(withRandom(0.25, 'rnd')).toBe(0.25);
    expect(withRandom(0.5, 'rnd', 2.9, 2.1)).toBe(2);
    expect(withRandom(0.9999999999999999, 'rnd', -1e300, 1e300)).toBeLessThanOrEqual(2 ** 63);
    expect(faultOf('rnd', 2, 1)).toBe('ILO-R009 rnd: lower bound 2 > upper bound 1');
  });

  test('normal samples are finite', () => {
    expect(withRandom(0, 'rndn', 5, 2)).toBe(5);
    expect(Number.isFinite(withRandom(0.9999999999999999, 'rndn', 0, 1))).toBe(true);
    expect(call('rndn', 7, 0)).toBe(7);
  });
});
