import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { floatJson, numberJson, writeJson } from '../../src/core/value/json.ts';
import { jsonAtPath, jsonToText, parseJson, parseToolJson } from '../../src/core/value/json-parse.ts';
import { List } from '../../src/core/value/list.ts';
import { type MapKey, MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { JSON_BUILTINS } from '../../src/lang/ilo/builtins/json.ts';
import { callRow } from './harness.ts';

const call = (name: string, ...args: Value[]) => callRow(JSON_BUILTINS, name, args);
const list = (...items: Value[]) => new List(items);
const map = (...entries: [MapKey, Value][]) => new MapValue(new Map(entries));
const shown = (text: string): string => {
  const parsed = parseJson(text);
  return 'ok' in parsed ? showValue(parsed.ok) : `error: ${parsed.err}`;
};

describe('writing numbers', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [42, '42'],
    [-7, '-7'],
    [2.5, '2.5'],
    [0.1, '0.1'],
    [999999999999999, '999999999999999'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e21, '1.5e+21'],
    [1e300, '1e+300'],
    [123456789012345680, '1.2345678901234568e+17'],
    [0.00001, '0.00001'],
    [0.0000015, '1.5e-6'],
    [1.5e-7, '1.5e-7'],
    [5e-324, '5e-324'],
    [-1e-10, '-1e-10'],
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
  ])('%d as %s', (n, text) => {
    expect(numberJson(n)).toBe(text);
  });

  it('floats keep a fraction', () => {
    expect([floatJson(1), floatJson(-0), floatJson(1234.5)]).toEqual(['1.0', '-0.0', '1234.5']);
  });
});

describe('writing values', () => {
  it('sorts keys, escapes text, unwraps results', () => {
    const record = new RecordValue(new Shape('pt', ['y', 'x', '__proto__']), [1, 'a"\n\u0001é😀', null]);
    expect(call('jdmp', list(true, record, new Ok(new Err(list())), map()))).toBe(
      '[true,{"__proto__":null,"x":"a\\"\\n\\u0001é😀","y":1},[],{}]',
    );
  });

  it('orders keys by code point, numbers as their digits', () => {
    expect(call('jdmp', map([10, 'i'], ['\u{1F600}', 1], ['\uFFFD', 2], [9, 0], ['9', 'text']))).toBe(
      '{"10":"i","9":"text","\uFFFD":2,"\u{1F600}":1}',
    );
  });

  it('wraps results and indents when asked', () => {
    const value = list(new Ok(1), new Err(map(['k', list()])), list());
    expect(writeJson(value, { results: 'wrap', pretty: true })).toBe(
      '[\n  {\n    "ok": 1\n  },\n  {\n    "err": {\n      "k": []\n    }\n  },\n  []\n]',
    );
    expect(writeJson(value, { results: 'wrap' })).toBe('[{"ok":1},{"err":{"k":[]}},[]]');
  });

  it('writes nesting of any depth', () => {
    let value: Value = 1;
    for (let i = 0; i < 100_000; i++) value = list(value);
    const text = call('jdmp', value) as string;
    expect(text.length).toBe(200_001);
    expect(text.slice(99_998, 100_003)).toBe('[[1]]');
  });

  it('refuses a text that sharing makes too long', () => {
    let value: Value = 'x'.repeat(1 << 20);
    for (let i = 0; i < 30; i++) value = list(value, value);
    expect(() => call('jdmp', value)).toThrowError(expect.any(Fault));
  });
});

describe('reading', () => {
  it.each([
    ['[1, 2.5 ,-3e2]', '[1, 2.5, -300]'],
    [' null ', 'nil'],
    ['true', 'true'],
    ['"a\\u00e9\\ud83d\\ude00\\/\\b"', 'aé😀/\b'],
    ['{"10":1,"2":2,"a":{}}', 'json {10: 1, 2: 2, a: json {}}'],
    ['{"__proto__":{"x":1},"constructor":2}', 'json {__proto__: json {x: 1}, constructor: 2}'],
    ['{"a":1,"b":2,"a":3}', 'json {a: 3, b: 2}'],
    ['{"ok":1}', 'json {ok: 1}'],
    ['12345678901234567890123', '12345678901234568000000'],
    ['1e-400', '0'],
    ['[]', '[]'],
  ])('%s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ['', 'EOF while parsing a value at line 1 column 0'],
    ['   ', 'EOF while parsing a value at line 1 column 3'],
    ['{bad', 'key must be a string at line 1 column 2'],
    ['not json', 'expected ident at line 1 column 2'],
    ['hello', 'expected value at line 1 column 1'],
    ['[1,2', 'EOF while parsing a list at line 1 column 4'],
    ['[1,', 'EOF while parsing a value at line 1 column 3'],
    ['[1,]', 'trailing comma at line 1 column 4'],
    ['[1 2]', 'expected `,` or `]` at line 1 column 4'],
    ['{"a"', 'EOF while parsing an object at line 1 column 4'],
    ['{"a" 1}', 'expected `:` at line 1 column 6'],
    ['{"a":1 "b"}', 'expected `,` or `}` at line 1 column 8'],
    ['{"a":1,}', 'trailing comma at line 1 column 8'],
    ['{"a":1,b}', 'key must be a string at line 1 column 8'],
    ['{"a":', 'EOF while parsing a value at line 1 column 5'],
    ['1 2', 'trailing characters at line 1 column 3'],
    ['01', 'invalid number at line 1 column 2'],
    ['-', 'EOF while parsing a value at line 1 column 1'],
    ['-x', 'invalid number at line 1 column 2'],
    ['1.', 'EOF while parsing a value at line 1 column 2'],
    ['1.x', 'invalid number at line 1 column 3'],
    ['1e', 'EOF while parsing a value at line 1 column 2'],
    ['1e+', 'EOF while parsing a value at line 1 column 3'],
    ['1e400', 'number out of range at line 1 column 5'],
    ['"abc', 'EOF while parsing a string at line 1 column 4'],
    ['"a\nb"', 'control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0'],
    ['"\\x"', 'invalid escape at line 1 column 3'],
    ['"\\ud800"', 'unexpected end of hex escape at line 1 column 8'],
    ['"\\udc00"', 'lone leading surrogate in hex escape at line 1 column 7'],
    ['"\\ud800\\u0041"', 'lone leading surrogate in hex escape at line 1 column 13'],
    ['"\\u12', 'EOF while parsing a string at line 1 column 5'],
    ['[\n  "é", x]', 'expected value at line 2 column 9'],
    ['nul', 'EOF while parsing a value at line 1 column 3'],
    ['nulx', 'expected ident at line 1 column 4'],
    ['NaN', 'expected value at line 1 column 1'],
    ["'a'", 'expected value at line 1 column 1'],
    ['[1]\u00a0', 'trailing characters at line 1 column 4'],
  ])('refuses %j', (text, error) => {
    expect(shown(text)).toBe(`error: ${error}`);
  });

  it('takes 127 levels and refuses more, however many', () => {
    expect(shown('['.repeat(127) + ']'.repeat(127))).toBe('['.repeat(127) + ']'.repeat(127));
    expect(shown('['.repeat(128) + ']'.repeat(128))).toBe('error: recursion limit exceeded at line 1 column 128');
    expect(shown('['.repeat(100_000))).toBe('error: recursion limit exceeded at line 1 column 128');
    expect(shown('{"a":'.repeat(100_000))).toBe('error: recursion limit exceeded at line 1 column 636');
  });

  it('shares the shape among objects with the same keys', () => {
    const parsed = parseJson('[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6}]');
    const [first, second, third] = ('ok' in parsed ? (parsed.ok as List).view() : []) as RecordValue[];
    expect(first!.shape).toBe(second!.shape);
    expect(third!.shape).not.toBe(first!.shape);
    expect(third!.get('a')).toBe(6);
  });

  it('reads results from a tool', () => {
    const parsed = parseToolJson('[{"ok":1},{"err":"x"},{"ok":1,"y":2}]');
    expect('ok' in parsed && showValue(parsed.ok)).toBe('[~1, ^x, _ {ok: 1, y: 2}]');
  });

  it('reads back what it wrote', () => {
    const text = '{"a":[1,2.5,{"b":null}],"c":"\\u0000\\"","d":1e+300}';
    expect(jsonToText(text)).toEqual({ ok: text });
    const parsed = call('jpar', text) as Ok;
    expect(call('jdmp', parsed)).toBe(text);
  });
});

describe('paths', () => {
  const document =
    '{"a":{"b":[10,{"c":"x"},1.0,{"z":1,"y":[]}]},"n":null,"1":"one","big":12345678901234567890,"e":1e2}';
  it.each([
    ['a.b.0', { ok: '10' }],
    ['a.b.1.c', { ok: 'x' }],
    ['a.b.2', { ok: '1.0' }],
    ['a.b.3', { ok: '{"y":[],"z":1}' }],
    ['n', { ok: 'null' }],
    ['big', { ok: '12345678901234567890' }],
    ['e', { ok: '100.0' }],
    ['a.b.9', { err: 'key not found: 9' }],
    ['1', { err: 'key not found: 1' }],
    ['a.x', { err: 'key not found: x' }],
    ['', { err: 'key not found: ' }],
    ['__proto__', { err: 'key not found: __proto__' }],
    ['a.b.length', { err: 'key not found: length' }],
  ])('%s', (path, expected) => {
    expect(jsonAtPath(document, path)).toEqual(expected);
  });

  it('answers what is wrong with the text', () => {
    expect(showValue(call('jpth', '{', 'a'))).toBe('^EOF while parsing an object at line 1 column 1');
    expect(showValue(call('jpth', '{"a":"t"}', 'a'))).toBe('~t');
  });
});
