// `ilo map` on real files: formats, places of what is wrong in them, files in pieces, what is left when it fails.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { progressOn } from '../../src/cli/map/progress.ts';
import { capture } from './capture.ts';
import { shell } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-map-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Float64Array): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : new Uint8Array(content.buffer));
  return path;
}

const numbersIn = (path: string): number[] => [...new Float64Array(Uint8Array.from(readFileSync(path)).buffer)];

const NET = 'net price:n rate:n>n;*price - 1 rate';
const DBL = 'dbl x:n>n;*x 2';

describe('formats', () => {
  test('CSV: columns by name, quotes, blanks, lines in quotes, a byte order mark', async () => {
    const data = file('a.csv', '\uFEFFrate,note,price\r\n0.25,"a, ""b""",100\r\n 0.5 ,"two\nlines",200\r\n\r\n0,,-0');
    expect(await capture(['map', NET, 'net', '--in', data])).toEqual({ code: 0, out: 'net\n75\n100\n0\n', err: '' });
    const kept = await capture(['map', NET, 'net', '--in', data, '--keep']);
    expect(kept.out).toBe('rate,note,price,net\n0.25,"a, ""b""",100,75\n 0.5 ,"two\nlines",200,100\n0,,-0,0\n');
    const text = 'f note:t price:n>t;fmt "{}|{}" note price';
    const shown = await capture(['map', text, 'f', '--in', data]);
    expect(shown.out).toBe('f\n"a, ""b""|100"\n"two\nlines|200"\n|0\n');
  });

  test('CSV without names, TSV, truth values, optional values', async () => {
    const data = file('b.tsv', '1\ttrue\t\n2\tfalse\tx\n');
    const source = 'f n:n on:b s:O t>b;m=(= s nil);&m on';
    const got = await capture(['map', source, 'f', '--in', data, '--no-header']);
    expect(got).toEqual({ code: 0, out: 'true\nfalse\n', err: '' });
    const more = await capture(['map', 'f a:n b:b>b;c=>a 1;|c b', 'f', '--in', data, '--no-header', '--to', 'jsonl']);
    expect(more.out).toBe('true\ntrue\n');
  });

  test('JSON lines: objects, arrays, bare values, other values than numbers', async () => {
    const data = file('c.jsonl', '{"rate":0.5,"price":10,"more":[1]}\n[20,0.5]\n');
    expect((await capture(['map', NET, 'net', '--in', data])).out).toBe('5\n10\n');
    const bare = file('d.jsonl', '1\n\n2.5\n');
    expect((await capture(['map', DBL, 'dbl', '--in', bare, '--to', 'csv'])).out).toBe('dbl\n2\n5\n');
    const lists = file('e.jsonl', '{"xs":[1,2]}\n{"xs":[]}\n');
    const mapped = await capture(['map', 'f xs:L n>L n;+=xs 9', 'f', '--in', lists]);
    expect(mapped.out).toBe('[1,2,9]\n[9]\n');
  });

  test('raw numbers: row by row, and a file for each parameter', async () => {
    const source = 'f p:n q:n>n;-p q';
    const rows = file(
      'rows.f64',
      Float64Array.from({ length: 2000 }, (_, i) => i * i),
    );
    const out = join(folder, 'out.f64');
    expect((await capture(['map', source, 'f', '--in', rows, '--out', out])).code).toBe(0);
    expect(numbersIn(out)).toEqual(Array.from({ length: 1000 }, (_, i) => (2 * i) ** 2 - (2 * i + 1) ** 2));
    const p = file('p.f64', Float64Array.of(1, Number.NaN, -0));
    const q = file('q.f64', Float64Array.of(5, 1, 0));
    expect((await capture(['map', source, 'f', '--in', p, '--in', q, '--out', out])).code).toBe(0);
    expect(numbersIn(out)).toEqual([-4, Number.NaN, -0]);
  });

  test('more rows than are read at once, the same on every engine', async () => {
    const data = file('large.csv', `x\n${Array.from({ length: 150_001 }, (_, i) => i % 777).join('\n')}\n`);
    const source = 'f x:n>n;s=0;@i 0..3{> x i{s=+s (mod x 7)}};s';
    const want = Array.from({ length: 150_001 }, (_, i) => ((i % 777) % 7) * Math.min(3, i % 777));
    for (const flags of [[], ['--engine', 'jit'], ['--engine', 'js'], ['--fuel', '10000000']]) {
      const { code, out } = await capture(['map', source, 'f', '--in', data, ...flags]);
      expect(code).toBe(0);
      expect(out.split('\n').slice(1, -1).map(Number)).toEqual(want);
    }
  });

  test('standard input and output', () => {
    const piped = shell(`printf 'x\\n1\\n2\\n' | $ILO map '${DBL}' dbl | tail -n 2`);
    expect(piped.out).toBe('2\n4\n');
    const cut = shell(`yes 1 | $ILO map '${DBL}' dbl --no-header 2>/dev/null | head -n 3`);
    expect(cut.out).toBe('2\n2\n2\n');
  });
});

describe('mistakes', () => {
  const bad: readonly (readonly [
    name: string,
    content: string,
    more: readonly string[],
    place: string,
    what: string,
  ])[] = [
    ['a cell', 'x,y\n1,2\n3,a b\n', [], '3:3', "'a b' is not of type n, which y asks for"],
    ['a cell behind quotes', 'x,z,y\n1,"a,\nb",\n', [], '3:4', "'' is not of type n, which y asks for"],
    ['a short row', 'x,y\n1\n', [], '2:2', 'there is no value for y: the row has 1 of 2 columns'],
    ['a column', 'x,z\n1,2\n', [], '1:1', "the data has no column 'y'; it has x, z"],
    ['a name twice', 'x,y,x\n1,2,3\n', [], '1:1', "the column 'x' is there more than once"],
    ['no header', '', [], '', 'the first line must name the columns'],
    ['JSON', '{"x":1,"y":2}\n{"x":1,', ['--from', 'jsonl'], '2:1', 'this line is not JSON'],
    ['a field', '{"x":1,"y":2}\n{"x":1}\n', ['--from', 'jsonl'], '2:1', "there is no field 'y'"],
    ['a value', '{"x":1,"y":"2"}\n', ['--from', 'jsonl'], '1:12', `'"2"' is not of type n, which y asks for`],
    ['a shape', '[1,2,3]\n', ['--from', 'jsonl'], '1:1', 'a line must be an object, or an array of 2 values'],
    [
      'half a number',
      '12345678123456781',
      ['--from', 'f64', '--to', 'csv'],
      '',
      'in the middle of a row: 1 bytes are left',
    ],
  ];

  test.each(bad)('%s', async (_, content, more, place, what) => {
    const data = file('bad.csv', content);
    const out = join(folder, 'never.csv');
    const args = ['map', 'f x:n y:n>n;+x y', 'f', '--in', data, '--out', out, ...more];
    const { code, err } = await capture([...args, '--text']);
    expect(code).toBe(2);
    expect(err).toContain('ILO-C007');
    expect(err).toContain(what);
    if (place !== '') expect(err).toContain(`${data}:${place}\n`);
    const json = JSON.parse((await capture([...args, '--json'])).err) as {
      code: string;
      labels: { line: number; col: number }[];
    };
    expect(json.code).toBe('ILO-C007');
    if (place !== '') expect(`${json.labels[0]!.line}:${json.labels[0]!.col}`).toBe(place);
    // Nothing is left, not even half a file.
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a fault says in which row, and leaves the file as it was', async () => {
    const data = file('f.csv', 'x\n1\n2\n0\n4\n');
    const out = file('kept.csv', 'old');
    const { code, err } = await capture(['map', 'f x:n>n;/1 x', 'f', '--in', data, '--out', out, '--text']);
    expect(code).toBe(1);
    expect(err).toContain('ILO-R003');
    expect(err).toContain('in row 3 (line 4) of the data');
    expect(readFileSync(out, 'utf8')).toBe('old');
    const limited = await capture([
      'map',
      'f x:n>n;@i 0..1000{x=+x i};x',
      'f',
      '--in',
      data,
      '--fuel',
      '2500',
      '--text',
    ]);
    expect(limited.code).toBe(1);
    expect(limited.err).toContain('in row 3 (line 4) of the data');
  });

  test('results that cannot be written', async () => {
    const data = file('g.csv', 'x\n1\n');
    const raw = await capture(['map', 'f x:n>t;str x', 'f', '--in', data, '--out', join(folder, 'x.f64')]);
    expect([raw.code, raw.err.includes('ILO-C008')]).toEqual([2, true]);
    const nowhere = await capture(['map', DBL, 'dbl', '--in', data, '--out', join(folder, 'none/x.csv')]);
    expect([nowhere.code, nowhere.err.includes('ILO-C008')]).toEqual([2, true]);
    const failing = await capture(['map', 'f x:n>R n t;^"odd"', 'f', '--in', data]);
    expect([failing.code, failing.err.includes('f gave ^odd in row 1')]).toEqual([1, true]);
  });

  test.each([
    [['map'], 'there is no program'],
    [['map', DBL, 'dbl', 'more'], "'more' is one word too many"],
    [['map', DBL, 'dbl', '--in'], '--in needs a file'],
    [['map', DBL, 'other'], "there is no function 'other'"],
    [['map', 'f>n;1', 'f'], 'f has no parameters'],
    [['map', DBL, 'dbl', '--in', 'x.xlsx'], 'the formats are csv, tsv, jsonl, f64'],
    [['map', DBL, 'dbl', '--in', 'a.csv', '--in', 'b.csv'], 'only raw numbers may come from several files'],
    [['map', DBL, 'dbl', '--in', 'a.csv', '--to', 'jsonl', '--keep'], '--keep goes from csv to csv'],
    [['map', DBL, 'dbl', '--in', 'missing.csv'], 'missing.csv'],
    [['map', 'dbl x:n>n;*y 2', 'dbl', '--in', 'missing.csv'], 'ILO-T004'],
  ])('%s', async (args, what) => {
    const { code, err } = await capture(args);
    expect([code, err.includes(what)]).toEqual([2, true]);
  });
});

test('--explain-engine says how rows are computed', async () => {
  const data = file('h.csv', 'x\n1\n');
  const explained = async (source: string, ...flags: string[]): Promise<string> =>
    (await capture(['map', source, 'f', '--in', data, '--explain-engine', ...flags])).err;
  expect(await explained('f x:n>n;sin x')).toContain('because it calls sin, which has no machine code');
  expect(await explained('f x:t>n;len x')).toContain('because it takes or gives more than numbers');
  expect(await explained('f x:n>n;*x 2', '--engine', 'tree')).toContain('one row after the other on tree');
});

test('progress is shown on a terminal only', () => {
  const shown: string[] = [];
  const console = (terminal: boolean) => ({
    out: { write: () => {}, flush: () => {} },
    err: { write: (text: string) => void shown.push(text), flush: () => {} },
    env: {},
    errIsTerminal: () => terminal,
  });
  const silent = progressOn(console(false), 0);
  silent(5, 0.5);
  expect(shown).toEqual([]);
  const loud = progressOn(console(true), 0);
  loud(1_234_567, 0.459);
  loud(undefined, undefined);
  expect(shown).toEqual(['\r\x1b[2K1,234,567 rows, 45 %', '\r\x1b[2K']);
});
