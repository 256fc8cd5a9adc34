// The file builtins, first against files in memory, then against the real ones.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { extensionOf, FILE_BUILTINS } from '../../src/lang/ilo/builtins/files.ts';
import { createNodeHost } from '../../src/runtime/host/node-host.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { callWithHost, faultOf } from './with-host.ts';

const list = (...items: Value[]) => new List(items);

function inMemory(files: Record<string, string> = {}) {
  const host = createVirtualHost({ files: new Map(Object.entries(files)) });
  const call = (name: string, ...args: Value[]) => callWithHost(FILE_BUILTINS, host, name, ...args);
  return { host, call, show: (name: string, ...args: Value[]) => call(name, ...args).shown };
}

describe('rd', () => {
  const { call, show } = inMemory({
    'a.csv': 'x,y\n1,"2,3"\n',
    'A.CSV': 'x,y\n',
    'a.tsv': 'x\ty,z\n',
    'a.json': '{"b":[1,null]}',
    'bad.json': '{"b":',
    'a.txt': 'a,b\n',
    noext: '[1]',
  });

  test('takes the format from the extension, in any case', () => {
    expect(show('rd', 'a.csv')).toBe('~[[x, y], [1, 2,3]]');
    expect(show('rd', 'A.CSV')).toBe('~[[x, y]]');
    expect(show('rd', 'a.tsv')).toBe('~[[x, y,z]]');
    expect(show('rd', 'a.json')).toBe('~json {b: [1, nil]}');
    expect(show('rd', 'a.txt')).toBe('~a,b\n');
    expect(show('rd', 'noext')).toBe('~[1]');
  });

  test('or as it is told; a format it does not know is the text', () => {
    expect(show('rd', 'a.txt', 'csv')).toBe('~[[a, b]]');
    expect(show('rd', 'noext', 'json')).toBe('~[1]');
    expect((call('rd', 'noext', 'json').value as Ok).value).toBeInstanceOf(List);
    expect(show('rd', 'a.json', 'raw')).toBe('~{"b":[1,null]}');
    expect(show('rd', 'a.csv', 'CSV')).toBe('~x,y\n1,"2,3"\n');
  });

  test('gives the reason when there is no file or no such content', () => {
    expect(show('rd', 'none')).toBe('^No such file or directory (os error 2)');
    expect(show('rd', 'bad.json')).toMatch(/^\^EOF while parsing/);
  });

  test('charges in proportion to what it reads', () => {
    const big = inMemory({ 'big.txt': 'x'.repeat(100_000) });
    const small = inMemory({ 'big.txt': 'x' });
    expect(big.call('rd', 'big.txt').charged.bytes).toBeGreaterThanOrEqual(100_000);
    expect(big.call('rd', 'big.txt').charged.fuel).toBeGreaterThan(small.call('rd', 'big.txt').charged.fuel + 1000);
  });
});

describe('extensions', () => {
  test.each([
    ['a.csv', 'csv'],
    ['dir.d/a.CSV', 'csv'],
    ['dir.d/a', undefined],
    ['.profile', undefined],
    ['a/.profile', undefined],
    ['..', undefined],
    ['a.', ''],
    ['a.b.c', 'c'],
    ['a.csv/', 'csv'],
    ['a.csv/.', 'csv'],
    ['', undefined],
    ['/', undefined],
  ])('%j', (path, extension) => {
    expect(extensionOf(path)).toBe(extension);
  });
});

describe('lines', () => {
  const { show, host } = inMemory({ unix: 'a\nb\n', dos: 'a\r\n\r\nb', empty: '', jsonl: '1\n\n{"a":2}\nx\r\n"end"' });

  test('rdl cuts at line ends and keeps empty lines', () => {
    expect(show('rdl', 'unix')).toBe('~[a, b]');
    expect(show('rdl', 'dos')).toBe('~[a, , b]');
    expect(show('rdl', 'empty')).toBe('~[]');
    expect(show('rdl', 'none')).toBe('^No such file or directory (os error 2)');
  });

  test('rdjl gives a result for every line that is not empty', () => {
    expect(show('rdjl', 'jsonl')).toBe('[~1, ~json {a: 2}, ^expected value at line 1 column 1, ~end]');
    expect(show('rdjl', 'empty')).toBe('[]');
    expect(faultOf(() => show('rdjl', 'none'))).toBe(
      "ILO-R009 rdjl failed to read 'none': No such file or directory (os error 2)",
    );
  });

  test('wrl ends every line', () => {
    expect(show('wrl', 'out', list('a', '', 'b'))).toBe('~out');
    expect(host.files.get('out')).toBe('a\n\nb\n');
    show('wrl', 'out', list());
    expect(host.files.get('out')).toBe('');
    expect(faultOf(() => show('wrl', 'out', list('a', 1)))).toMatch(
      /^ILO-R009 wrl: every line must be text, got number 1/,
    );
  });
});

describe('rdb', () => {
  const { show } = inMemory();

  test('parses a text as rd parses a file', () => {
    expect(show('rdb', 'a\tb', 'tsv')).toBe('~[[a, b]]');
    expect(show('rdb', '[1,{"a":"b"}]', 'json')).toBe('~[1, json {a: b}]');
    expect(show('rdb', '[1', 'raw')).toBe('~[1');
    expect(show('rdb', '[1', 'json')).toMatch(/^\^EOF while parsing/);
  });
});

describe('wr', () => {
  const { show, host } = inMemory();
  const written = (...args: Value[]): string | undefined => {
    expect(show('wr', 'out', ...args)).toBe('~out');
    return host.files.get('out');
  };

  test('writes text as it is', () => {
    expect(written('größe\n')).toBe('größe\n');
  });

  test('writes rows as csv and tsv', () => {
    const rows = list(list('name', 'note'), list('a,b', 'say "x"'), list(1.5, null));
    expect(written(rows, 'csv')).toBe('name,note\n"a,b","say ""x"""\n1.5,\n');
    expect(written(rows, 'tsv')).toBe('name\tnote\na,b\t"say ""x"""\n1.5\t\n');
    expect(written(list(), 'csv')).toBe('');
  });

  test('writes any value as json over several lines', () => {
    const map = new MapValue(
      new Map<string, Value>([
        ['b', list(1, new Ok('x'))],
        ['a', null],
      ]),
    );
    expect(written(map, 'json')).toBe('{\n  "a": null,\n  "b": [\n    1,\n    "x"\n  ]\n}');
  });

  test('refuses what it cannot write, before it touches the file', () => {
    written('old');
    expect(faultOf(() => show('wr', 'out', 1))).toMatch(
      /^ILO-R009 wr: second arg \(the content\) must be text, got number 1/,
    );
    expect(faultOf(() => show('wr', 'out', 'x', 'csv'))).toMatch(/^ILO-R009 wr: data for csv must be a list of rows/);
    expect(faultOf(() => show('wr', 'out', list(1), 'csv'))).toMatch(/^ILO-R009 wr: each row must be/);
    expect(faultOf(() => show('wr', 'out', 'x', 'yaml'))).toBe(
      "ILO-R009 wr: unknown format 'yaml', expected csv, tsv, or json",
    );
    expect(faultOf(() => show('wr', 'out', 'x', 3))).toMatch(/^ILO-R009 wr: format arg must be text/);
    expect(host.files.get('out')).toBe('old');
  });
});

test.each([
  ['rd', [1]],
  ['rd', ['x', 1]],
  ['rdl', [null]],
  ['rdb', [1, 'csv']],
  ['rdb', ['x', 1]],
  ['rdjl', [list()]],
  ['wr', [1, 'x']],
  ['wrl', [1, list()]],
  ['wrl', ['x', 'y']],
] as [string, Value[]][])('%s refuses %j', (name, args) => {
  expect(faultOf(() => inMemory().call(name, ...args))).toMatch(/^ILO-R009 /);
});

describe('the real machine', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilo-builtins-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('what is written is read', () => {
    const host = createNodeHost();
    const path = join(folder, 'data.csv');
    const call = (name: string, ...args: Value[]) => callWithHost(FILE_BUILTINS, host, name, ...args).shown;
    expect(call('wr', path, list(list('ü', 1), list('b\nc', true)), 'csv')).toBe(`~${path}`);
    expect(readFileSync(path, 'utf8')).toBe('ü,1\n"b\nc",true\n');
    expect(call('rd', path)).toBe('~[[ü, 1], [b], [c,true]]');
    expect(call('wr', folder, 'x')).toBe('^Is a directory (os error 21)');
    expect(call('rd', folder)).toBe('^Is a directory (os error 21)');
    expect(call('rdl', 'a\0b')).toBe('^file name contained an unexpected NUL byte');
  });
});
