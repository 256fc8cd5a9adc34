// `ilo bench`: what it prints and refuses. How long anything takes is not looked at.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drawBars, showTime } from '../../src/cli/bench-svg.ts';
import { disagreeing, type FirstCall, steadiness } from '../../src/runtime/bench-engines.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { capture } from './capture.ts';

/** The lines of the ladder: the engines, and Python where it is. */
const LADDER = [
  ...ENGINES.map(({ name }) => name),
  ...(spawnSync('python3', ['--version']).status === 0 ? ['python'] : []),
];

const folder = mkdtempSync(join(tmpdir(), 'ilo-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOT = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
const SHORT = ['--seconds', '0.005'];

describe('a call that only computes', () => {
  test('is a table with a line for each engine', async () => {
    const { code, out, err } = await capture(['bench', TOT, '10', '20', '0.1', ...SHORT]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('tot 10 20 0.1: one call');
    for (const name of LADDER) expect(out).toMatch(new RegExp(`^${name} +[\\d.]+ (ns|µs|ms|s) +±\\d+ %`, 'm'));
    expect(out.match(/ 1\.00x /g)?.length).toBeGreaterThanOrEqual(1);
    expect(out).toContain('All engines gave the same answer.');
  });
  test('is JSON for machines', async () => {
    const { code, out } = await capture(['bench', TOT, 'tot', '1', '2', '3', '--json', '--seconds=0.005']);
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(report).toMatchObject({ call: 'tot 1 2 3', seconds: 0.005, agree: true, notes: expect.any(Array) });
    expect(report.engines.map((row: { engine: string }) => row.engine)).toEqual(LADDER);
    const ratios = report.engines.map((row: { ratio: number }) => row.ratio);
    expect(Math.min(...ratios)).toBe(1);
    for (const row of report.engines) {
      expect(row.bestNs).toBeLessThanOrEqual(row.medianNs);
      expect(row.samples).toBeGreaterThanOrEqual(5);
      expect(row.callsPerSample).toBeGreaterThanOrEqual(1);
    }
  });
  test('one engine alone, and the flag of upstream', async () => {
    const { out } = await capture(['bench', TOT, '1', '2', '3', '--engine', 'stack', '--json', ...SHORT]);
    expect(JSON.parse(out).engines).toMatchObject([{ engine: 'stack', ratio: 1 }]);
    const flag = await capture(['f>n;1', '--bench', '--engine', 'tree', '--json']);
    expect(JSON.parse(flag.out)).toMatchObject({ call: 'f', engines: [{ engine: 'tree' }] });
  });
  test('progress is for terminals', async () => {
    const { err } = await capture(['bench', 'f>n;1', ...SHORT], { terminal: true });
    expect(err).toContain('warming up');
    expect(err.endsWith('\r\x1b[2K')).toBe(true);
  });
});

describe('the picture', () => {
  test('is written', async () => {
    const path = join(folder, 'ladder.svg');
    expect(await capture(['bench', TOT, '1', '2', '3', '--svg', path, ...SHORT])).toMatchObject({ code: 0 });
    const svg = readFileSync(path, 'utf8');
    for (const name of LADDER) expect(svg).toContain(`>${name}</text>`);
    expect(svg.match(/<rect /g)).toHaveLength(LADDER.length);
    expect(svg).not.toMatch(/NaN|Infinity|href|url\(/);
  });
  test('into a folder that is not there: a message', async () => {
    const path = join(folder, 'none', 'x.svg');
    expect(await capture(['bench', 'f>n;1', '--svg', path, ...SHORT])).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot write'),
    });
  });
  test('a longer time is a longer bar, and text is escaped', () => {
    const bar = (label: string, value: number) => ({ label, value, note: '1x' });
    const svg = drawBars('f "<&>"\n', 'times', [bar('a', 10), bar('b', 1000), bar('c', 20)]);
    const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(match => Number(match[1]));
    expect(widths[1]).toBeGreaterThan(widths[2]!);
    expect(widths[2]).toBeGreaterThan(widths[0]!);
    expect(widths[0]).toBeGreaterThan(0);
    expect(svg).toContain('<title>f &quot;&lt;&amp;&gt;&quot; </title>');
    expect(svg.match(/class="bar best"/g)).toHaveLength(1);
  });
});

describe('what is not measured', () => {
  test.each([
    [['f>R t t;rd "x"'], 2, 'uses files (rd)'],
    [['f>n;g()\ng>n;r=wr "x" "y";1', 'f'], 2, 'uses files (wr)'],
    [['f>R t t;get "http://localhost"'], 2, 'uses the network (get)'],
    [['f x:n>n;/x 0', '1'], 1, 'ILO-R003'],
    [['f x:n>n;*x 2'], 1, 'ILO-R004'],
    [['f x:n>n;*y 2', '1'], 2, 'ILO-T004'],
    [['f>n;1 g>n;2'], 2, 'say which function to measure\n  There are: f, g\n'],
    [['examples/quotes.ilo', 'nofn'], 2, "there is no function 'nofn'\n  There are: billed, price, main"],
    [['f>n;1', '--explain-engine'], 2, 'bench has no --explain-engine'],
    [['f>n;1', '--seconds', 'soon'], 2, '--seconds needs'],
    [['f>n;1', '--seconds'], 2, '--seconds needs'],
    [['f>n;i=0;wh true{i=+i 1};i', '--fuel', '1000'], 1, 'ILO-R043'],
    [[], 2, 'no program'],
  ])('%j', async (args, code, message) => {
    const result = await capture(['bench', ...args]);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toContain(message);
  });
  test('output is not written, and that is said', async () => {
    const { code, out } = await capture(['bench', 'f>n;prnt "loud";1', ...SHORT]);
    expect(code).toBe(0);
    expect(out).toContain('What the program prints was not written.');
    expect(out).not.toContain('loud');
    const json = JSON.parse((await capture(['bench', 'f>n;prnt "loud";1', '--json', ...SHORT])).out);
    const python = 'python is CPython [\\d.]+ with the program that --emit python prints.';
    expect(json.notes).toEqual([
      'What the program prints was not written.',
      ...(LADDER.includes('python') ? [expect.stringMatching(python)] : []),
    ]);
  });
});

test('an engine that answers otherwise is found', () => {
  const call = (engine: FirstCall['engine'], seen: string): FirstCall => ({
    engine,
    seen,
    milliseconds: 1,
    fault: undefined,
  });
  expect(disagreeing([call('tree', '1'), call('stack', '1'), call('js', '2')]).map(({ engine }) => engine)).toEqual([
    'js',
  ]);
});

test('times have a unit and three digits', () => {
  const shown = [0.5, 9.994, 999.4, 999.6, 12345, 1e6, 2.5e9].map(showTime);
  expect(shown).toEqual(['0.5 ns', '9.99 ns', '999 ns', '1 µs', '12.3 µs', '1 ms', '2.5 s']);
  expect([0.01, 0.1, 0.2].map(steadiness)).toEqual(['steady', 'usable', 'unsteady']);
});
