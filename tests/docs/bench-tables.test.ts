// The tables that `npm run bench -- --write-doc` puts into pages: the marks that they go between, and what the writer does with them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const BENCH = join(import.meta.dirname, '../../bench');
const { writeTables } = await import(join(BENCH, 'document.mjs'));
const { hugeTable } = await import(join(BENCH, 'huge.mjs'));

const folder = mkdtempSync(join(tmpdir(), 'ilo-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('huge programs: what takes too long is bold, and what does not load has no figures of engines', () => {
  const rows = [
    { name: 'a loop', load: 0.001, runs: [0.5, 1.25], ends: ['ILO-R043', 'ILO-R044'] },
    { name: 'many', load: 1, runs: [0.9, 1.01], ends: ['a value'] },
    { name: 'too many', load: 0.1, runs: [], ends: ['ILO-P016'] },
  ];
  expect(hugeTable(['tree', 'js'], rows).split('\n\n')[0].split('\n')).toEqual([
    '| seconds | load | tree | js | ends in |',
    '|---|---:|---:|---:|---:|',
    '| a loop | 0.00 | 0.50 | 1.25 | ILO-R043 or ILO-R044 |',
    '| many | 1.00 | 0.90 | **1.01** | a value |',
    '| too many | 0.10 |  |  | ILO-P016 |',
    '| the longest, with loading | 1.00 | 1.90 | **2.01** |  |',
  ]);
});

describe('a table goes between its marks', () => {
  const write = (page: string): string => {
    const path = join(folder, 'page.md');
    writeFileSync(path, page);
    writeTables(path, { huge: { table: '| new |' } });
    return readFileSync(path, 'utf8');
  };

  test('and takes the place of the old one; others stay', () => {
    const page = 'a\n<!-- bench:huge -->\n| old |\n<!-- /bench -->\nb\n<!-- bench:tot -->\n| tot |\n<!-- /bench -->\n';
    expect(write(page)).toBe(page.replace('old', 'new'));
    expect(write('<!-- bench:huge -->\n<!-- /bench -->\n')).toBe('<!-- bench:huge -->\n| new |\n<!-- /bench -->\n');
  });

  test('a page without its marks is refused', () => {
    expect(() => write('# Page\n')).toThrow('has no place for any table');
    expect(() => write('<!-- bench:huge -->\n| old |\n')).toThrow('has no end');
  });

  test('the page of speeds has a place for every table that belongs to it', () => {
    const page = readFileSync('docs/performance.md', 'utf8');
    const places = [...page.matchAll(/<!-- bench:([\w-]+) -->\n[\s\S]*?<!-- \/bench -->/g)].map(match => match[1]);
    expect(places.sort()).toEqual(['engines', 'huge', 'machine', 'memory', 'promises', 'tot', 'workloads']);
  });
});
