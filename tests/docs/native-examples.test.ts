// The numeric examples are run by machine code and not merely by an engine that could: entries are counted at the addon.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IS_NATIVE } from '../jit/native/harness.ts';

/** Output of the built command line, and how often machine code was entered, for calls and for columns. */
function ilo(...args: string[]) {
  const hooked = ['--require', './tests/docs/count-entries.cjs', 'dist/cli.cjs', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, hooked, { encoding: 'utf8' });
  expect(status).toBe(0);
  const [, calls, columns] = /^entered (\d+) times for calls, (\d+) times for columns$/m.exec(stderr)!;
  return { stdout, stderr, calls: Number(calls), columns: Number(columns) };
}

/** A call for each point of the picture; one for the whole run, because nothing in it is left to another engine. */
const ENTRIES = [
  ['mandelbrot', 25 * 74, '1850 times'],
  ['heat', 1, 'once'],
] as const;

test.skipIf(!IS_NATIVE).each(ENTRIES)('%s', (name, times, said) => {
  const { stdout, stderr, calls } = ilo('run', '--engine', 'jit', '--explain-engine', `examples/${name}.ilo`);
  const blanksOff = stdout.replace(/ +$/gm, '');
  expect(blanksOff).toBe(readFileSync(`examples/expected/${name}.txt`, 'utf8').replace(/ +$/gm, ''));
  expect(calls).toBe(times);
  expect(stderr).toContain(`engine: main ran on jit: a flag chose it; machine code was entered ${said}\n`);
});

test.skipIf(!IS_NATIVE)('quotes, over the columns of a file', () => {
  const data = 'examples/data/parcels.csv';
  const { stdout, columns } = ilo('map', 'examples/quotes.ilo', 'price', '--in', data, '--engine', 'jit');
  expect(stdout).toBe('price\n5.9\n25.06\n8.26\n83.5\n');
  expect(columns).toBe(1);
});

test.skipIf(!IS_NATIVE)('an example without machine code enters none, and says so', () => {
  const { stderr, calls } = ilo('run', '--engine', 'jit', '--explain-engine', 'examples/linear-fit.ilo');
  expect(calls).toBe(0);
  expect(stderr).toContain('machine code was never entered\n');
});
