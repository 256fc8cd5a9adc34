import { describe, expect, test } from 'vitest';
import { call, faultOf, list, show } from './calls.ts';

describe('conversion', () => {
  test.each([
    ['1', 1],
    ['-2.5', -2.5],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['007', 7],
  ])('num reads %s', (text, number) => {
    expect(call('num', text)).toEqual({ value: number });
    expect(show('num', text)).toMatch(/^~/);
  });

  test('num reads NaN', () => expect(show('num', 'nan')).toBe('~NaN'));

  test.each(['', ' 1', '1 ', '0x10', '1_000', '1,5', 'abc', '.', 'e5', '--1', '1e', '١'])(
    'num gives "%s" back as the error',
    text => expect(show('num', text)).toBe(`^${text}`),
  );

  test('num decides about a long text in linear time', () => {
    expect(show('num', `${'1'.repeat(1_000_000)}x`)).toMatch(/^\^1/);
  });

  test.each([
    [3, '3'],
    [-0, '0'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-inf'],
  ])('str writes %d', (number, text) => expect(call('str', number)).toBe(text));

  test('str stops at the digits that tell a number apart, printing does not', () => {
    expect(call('str', 2 ** 62)).toBe('4611686018427388000');
    expect(show('abs', 2 ** 62)).toBe('4611686018427387904');
  });
});

describe('rounding', () => {
  test.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4999999999999996, 2],
    [0.49999999999999994, 0],
    [2251799813685249.5, 2251799813685250],
    [2251799813685248.5, 2251799813685248],
    [2 ** 60, 2 ** 60],
    [Infinity, Infinity],
  ])('rou %d', (number, rounded) => expect(Number(call('rou', number)) + 0).toBe(rounded));

  test('flr and cel go down and up', () => {
    expect([call('flr', -2.5), call('cel', -2.5), call('flr', 2.5), call('cel', 2.5)]).toEqual([-3, -2, 2, 3]);
  });
});

describe('arithmetic', () => {
  test('mod takes the sign of the first number', () => {
    expect([call('mod', -7, 3), call('mod', 7, -3), call('mod', 5.5, 2)]).toEqual([-1, 1, 1.5]);
  });

  test('mod by zero is a fault of its own', () => {
    expect(faultOf('mod', 1, 0)).toBe('ILO-R003 modulo by zero');
    expect(faultOf('mod', 1, -0)).toBe('ILO-R003 modulo by zero');
  });

  test('the lower bound of clamp wins', () => {
    expect([call('clamp', 5, 1, 3), call('clamp', 0, 1, 3), call('clamp', 2, 9, 3)]).toEqual([3, 1, 9]);
  });

  test('pow agrees with IEEE 754 where JavaScript does not', () => {
    expect([call('pow', 1, Number.NaN), call('pow', -1, Infinity), call('pow', 2, 0.5)]).toEqual([1, 1, Math.SQRT2]);
  });

  test('atan2 takes y first', () => expect(call('atan2', 1, 0)).toBe(Math.PI / 2));
});

describe('min and max', () => {
  test('of two numbers, NaN counts as missing', () => {
    expect([call('min', Number.NaN, 2), call('max', 2, Number.NaN), call('min', 3, 2)]).toEqual([2, 2, 2]);
  });

  test('of a list, NaN is the result', () => {
    expect([call('min', list(3, 1, 2)), call('max', list(3, 1, 2))]).toEqual([1, 3]);
    expect(call('max', list(1, Number.NaN))).toBeNaN();
  });

  test('an empty list and an element that is no number are faults', () => {
    expect(faultOf('min', list())).toBe('ILO-R009 min: cannot take min of an empty list');
    expect(faultOf('max', list(1, 'a'))).toBe('ILO-R009 max: list elements must be numbers, got text "a"');
    expect(faultOf('max', 'a')).toBe('ILO-R009 max: arg must be a list, got text "a"');
  });
});

test('a wrong argument is named', () => {
  expect(faultOf('abs', 'x')).toBe('ILO-R009 abs requires a number, got text "x"');
  expect(faultOf('pow', 2, null)).toBe('ILO-R009 pow requires two numbers, got nil');
});
