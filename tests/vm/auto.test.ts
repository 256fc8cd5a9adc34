// Which engine `auto` gives a call to, and that switching between engines in one machine keeps answers right.
import { expect, test } from 'vitest';
import { chooseEngine } from '../../src/runtime/auto.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../src/runtime/program.ts';
import { capture } from '../cli/capture.ts';

function unitOf(source: string) {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (unit === undefined) throw new Error(diagnostics[0]?.message);
  return unit;
}

const FIB = 'f n:n>n;<=n 1 n;a=f -n 1;b=f -n 2;+a b';
const DOWN = 'f n:n>n;<=n 0 0;r=f -n 1;+r 1';
const LOOP = 'f n:n>n;s=0;@i 0..n{s=+s i};s';

test.each([
  ['f x:n>n;*x 2', 'closure'],
  [LOOP, 'js'],
  [FIB, 'js'],
  [DOWN, 'stack'],
  // Loops and recursion in what is called count, and not in what is never called.
  [`f n:n>n;g n\n${LOOP.replace('f', 'g')}`, 'js'],
  [`f n:n>n;*n 2\n${LOOP.replace('f', 'g')}`, 'closure'],
  ['f n:n>n;<=n 0 0;r=g -n 1;+r 1\ng n:n>n;f n', 'stack'],
  ['f n:n>n;<=n 0 0;s=0;@i 0..3{s=+s i};r=f -n 1;+r s', 'vm'],
  // What was printed cannot be taken back for a second start.
  ['f n:n>n;prnt n;<=n 1 n;a=f -n 1;b=f -n 2;+a b', 'stack'],
])('%s runs on %s', (source, engine) => {
  const unit = unitOf(source);
  expect(chooseEngine(unit, unit.byName.get('f')!).engine).toBe(engine);
});

test('in a large program code is not made', () => {
  const source = [LOOP, ...Array.from({ length: 150 }, (_, i) => `g${i} x:n>n;+x ${i}`)].join('\n');
  expect(chooseEngine(unitOf(source), 0).engine).toBe('closure');
});

test('deep recursion needs no second start', () => {
  const result = runProgram(unitOf(DOWN), 'f', [9000], { host: createVirtualHost(), engine: 'auto' });
  expect(result).toMatchObject({ value: 9000 });
});

test('functions that are handed to builtins are called on the same engine', () => {
  const unit = unitOf('f n:n>n;xs=[];@i 0..n{xs=+=xs i};fld add (map dbl xs) 0\ndbl x:n>n;*x 2\nadd a:n b:n>n;+a b');
  expect(runProgram(unit, 'f', [10], { host: createVirtualHost(), engine: 'auto' })).toMatchObject({ value: 90 });
});

test('--explain-engine says what ran, after the output', async () => {
  const auto = await capture(['--engine', 'auto', '--explain-engine', '-nh', FIB, '10']);
  expect(auto).toMatchObject({ code: 0, out: '55\n' });
  expect(auto.err).toMatch(/^engine: f ran on js, chosen by auto: it calls itself several times a call\n$/);
  const given = await capture([FIB, '--explain-engine', '--vm', '-nh', '10']);
  expect(given.err).toBe('engine: f ran on vm: a flag chose it\n');
  const failed = await capture(['f x:n>n;/x 0', '1', '--engine', 'auto', '--explain-engine', '-t']);
  expect(failed.err).toMatch(/^engine: f ran on closure, chosen by auto: nothing/);
  expect(failed.err).toContain('division by zero');
});
