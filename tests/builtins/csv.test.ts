import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { List } from '../../src/core/value/list.ts';
import { type MapKey, MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import type { Value } from '../../src/core/value/value.ts';
import { formatRows, linesOf, parseRows } from '../../src/lang/ilo/builtins/csv.ts';

const rowsOf = (text: string, separator: ',' | '\t' = ',') =>
  parseRows(text, separator)
    .view()
    .map(row => (row as List).view());
const list = (...items: Value[]) => new List(items);
const map = (...entries: [MapKey, Value][]) => new MapValue(new Map(entries));

describe('reading', () => {
  it.each<[string, string[][]]>([
    ['', []],
    ['\n', [['']]],
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [',,', [['', '', '']]],
    ['"x,y",z', [['x,y', 'z']]],
    ['"say ""hi""",""', [['say "hi"', '']]],
    ['a"b,c"d,e', [['ab,cd', 'e']]],
    ['"open,to the end', [['open,to the end']]],
    ['"a\nb",c', [['a'], ['b,c']]],
    ['é,😀', [['é', '😀']]],
    ['"""', [['"']]],
    ['a, "b"', [['a', ' b']]],
  ])('%j', (text, rows) => {
    expect(rowsOf(text)).toEqual(rows);
  });

  it('separates by tabs', () => {
    expect(rowsOf('a,b\t"c\td"\n', '\t')).toEqual([['a,b', 'c\td']]);
  });

  it('keeps a carriage return that ends no line', () => {
    expect(linesOf('a\r\r\nb\rc\r')).toEqual(['a\r', 'b\rc\r']);
  });
});

describe('writing', () => {
  it('quotes what needs it', () => {
    const rows = list(list('a,b', 'say "x"', 'two\nlines', ' plain '), list(1.5, true, null, -0));
    expect(formatRows(rows, ',')).toBe('"a,b","say ""x""","two\nlines", plain \n1.5,true,,0\n');
    expect(formatRows(list(list('a,b', 'c\td')), '\t')).toBe('a,b\t"c\td"\n');
  });

  it('makes a header of the first keys', () => {
    const shape = new Shape('p', ['name', 'age']);
    const rows = list(new RecordValue(shape, ['Ann', 30]), new RecordValue(new Shape('q', ['name']), ['Bo']));
    expect(formatRows(rows, ',')).toBe('age,name\n30,Ann\n,Bo\n');
    expect(formatRows(list(map([2, 'b'], ['x', 'c']), map([2, 'd'], ['y', 'e'])), ',')).toBe('2,x\nb,c\nd,\n');
  });

  it('writes nothing for no rows and refuses other shapes', () => {
    expect(formatRows(list(), ',')).toBe('');
    for (const rows of [list(1), list(list(), map()), list(map(), list())]) {
      expect(() => formatRows(rows, ',')).toThrowError(expect.any(Fault));
    }
  });

  it('reads back what it wrote', () => {
    const fields = ['a,b', '"', '""', '', ' x '];
    expect(rowsOf(formatRows(list(list(...fields)), ','))).toEqual([fields]);
  });
});
