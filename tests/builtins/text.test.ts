import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { List } from '../../src/core/value/list.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { TEXT_BUILTINS } from '../../src/lang/ilo/builtins/text.ts';
import { callRow } from './harness.ts';

const call = (name: string, ...args: Value[]) => callRow(TEXT_BUILTINS, name, args);
const faultOf = (name: string, ...args: Value[]): string => {
  try {
    call(name, ...args);
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no fault';
};
const items = (value: Value) => (value as List).view();

describe('trm', () => {
  it.each([
    ['  hi  ', 'hi'],
    ['', ''],
    [' \t\r\n\v\f', ''],
    ['\u0085\u00a0a b\u3000\u2028', 'a b'],
    ['\ufeffa\u200b', '\ufeffa\u200b'],
  ])('%j', (text, expected) => {
    expect(call('trm', text)).toBe(expected);
  });

  it('takes a long run of inner white space in its stride', () => {
    const text = `a${' '.repeat(1_000_000)}b`;
    expect(call('trm', ` ${text} `)).toBe(text);
  });
});

describe('case', () => {
  it.each([
    ['upr', 'aé1ß', 'AÉ1SS'],
    ['lwr', 'AÉ1ΑΣ', 'aé1ας'],
    ['cap', 'élan VITAL', 'Élan VITAL'],
    ['cap', 'ßa', 'SSa'],
    ['cap', '𐐨x', '𐐀x'],
    ['cap', '', ''],
    ['cap', '1a', '1a'],
    ['upr', 'ŉ', 'ʼN'],
  ])('%s %s', (name, text, expected) => {
    expect(call(name, text)).toBe(expected);
  });
});

describe('padding', () => {
  it.each<[string, Value[], string]>([
    ['padl', ['x', 4], '   x'],
    ['padr', ['x', 4], 'x   '],
    ['padl', ['12345', 3], '12345'],
    ['padl', ['é😀', 4, '0'], '00é😀'],
    ['padr', ['a', 3, '😀'], 'a😀😀'],
    ['padl', ['', 0], ''],
  ])('%s %j', (name, args, expected) => {
    expect(call(name, ...args)).toBe(expected);
  });

  it.each<[Value[], string]>([
    [['x', -1], 'width must be non-negative, got -1'],
    [['x', 1.5], 'width must be a non-negative integer, got 1.5'],
    [['x', Number.NaN], 'width must be a non-negative integer, got NaN'],
    [['x', 3, 'ab'], 'pad char must be a 1-character string, got text "ab"'],
    [['x', 3, ''], 'pad char must be a 1-character string, got text ""'],
    [['x', 3, 0], 'pad char must be a 1-character string, got number 0'],
  ])('%j is a fault', (args, problem) => {
    expect(faultOf('padl', ...args)).toBe(`ILO-R009 padl ${problem}`);
  });

  it('refuses to fill the memory', () => {
    expect(faultOf('padl', 'x', 1e12)).toMatch(/^ILO-R041 /);
    expect(faultOf('padr', 'x', 2 ** 27 + 2, '😀')).toMatch(/^ILO-R041 /);
  });
});

describe('code points', () => {
  it('go both ways', () => {
    expect([call('ord', 'A'), call('ord', 'é'), call('ord', '😀x')]).toEqual([65, 233, 0x1f600]);
    expect([call('chr', 0), call('chr', 65), call('chr', 0x1f600)]).toEqual(['\0', 'A', '😀']);
    expect(items(call('chars', 'a😀é'))).toEqual(['a', '😀', 'é']);
    expect(items(call('chars', ''))).toEqual([]);
  });

  it.each<[Value, string]>([
    [0xd800, ': 55296 is not a valid Unicode codepoint'],
    [0x110000, ': 1114112 is not a valid Unicode codepoint'],
    [-1, ' requires a non-negative integer codepoint, got -1'],
    [1.5, ' requires a non-negative integer codepoint, got 1.5'],
    [Number.POSITIVE_INFINITY, ' requires a non-negative integer codepoint, got inf'],
    [2 ** 40, ' requires a non-negative integer codepoint, got 1099511627776'],
  ])('chr %d is a fault', (code, problem) => {
    expect(faultOf('chr', code)).toBe(`ILO-R009 chr${problem}`);
  });

  it('ord of nothing is a fault', () => {
    expect(faultOf('ord', '')).toBe('ILO-R009 ord requires a non-empty string');
    expect(faultOf('ord', 5)).toBe('ILO-R009 ord requires text, got number 5');
  });
});

describe('spl and cat', () => {
  it.each([
    ['a,b,,c', ',', ['a', 'b', '', 'c']],
    ['', ',', ['']],
    ['abc', '', ['', 'a', 'b', 'c', '']],
    ['é😀', '', ['', 'é', '😀', '']],
    ['', '', ['', '']],
    ['aaa', 'aa', ['', 'a']],
    ['a--b', '--', ['a', 'b']],
  ])('spl %j %j', (text, separator, parts) => {
    expect(items(call('spl', text, separator))).toEqual(parts);
  });

  it('joins', () => {
    expect(call('cat', new List(['a', 'b', 'c']), ', ')).toBe('a, b, c');
    expect(call('cat', new List([]), ',')).toBe('');
    expect(faultOf('cat', new List(['a', 1]), '')).toBe('ILO-R009 cat: list items must be text, got number 1');
    const big = 'x'.repeat(1 << 20);
    expect(faultOf('cat', new List(new Array(300).fill(big)), '')).toMatch(/^ILO-R041 /);
  });

  it('shows what it made', () => {
    expect(showValue(call('spl', 'a b', ' '))).toBe('[a, b]');
  });
});
