// One small function in a native loop, beside a call through a pointer in C, CPython, and JavaScript that V8 may not inline; and what compiling costs:
// of that function once everything is warm, and of programs of growing size.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf } from './document.mjs';
import { median, spread } from './measure.mjs';
import { nativeCall } from './native.mjs';

const TOT = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
/** The loop that calls it, in each language; the sum keeps anybody from leaving calls out. */
const ILO = `${TOT}\nrun n:n>n;s=0;@ i 0..n{s=+ s (tot i 2 0.2)};s`;
const C = `#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double tot(double p, double q, double r) { double s = p * q, t = s * r; return s + t; }
static double (*volatile call)(double, double, double) = tot;
static int in_order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
int main(int count, char **words) {
  double n = atof(words[1]), times[21], s = 0;
  (void)count;
  for (int round = 0; round < 21; round++) {
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    s = 0;
    for (double i = 0; i < n; i++) s += call(i, 2, 0.2);
    clock_gettime(CLOCK_MONOTONIC, &b);
    times[round] = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
  }
  qsort(times, 21, sizeof(double), in_order);
  printf("%.17g %.17g\\n", times[10] / n, s);
}
`;
const PYTHON = `import sys, time
def tot(p, q, r):
    s = p * q
    t = s * r
    return s + t
def run(n):
    s = 0.0
    for i in range(n):
        s += tot(float(i), 2.0, 0.2)
    return s
n = int(sys.argv[1])
times = []
for _ in range(5):
    start = time.perf_counter()
    s = run(n)
    times.append(time.perf_counter() - start)
print(sorted(times)[2] * 1e9 / n, repr(s))
`;
const JAVASCRIPT = `const tot = (p, q, r) => { const s = p * q; const t = s * r; return s + t; };
const run = n => { let s = 0; for (let i = 0; i < n; i++) s += tot(i, 2, 0.2); return s; };
const n = Number(process.argv[2]);
const times = [];
let s = 0;
for (let round = 0; round < 21; round++) {
  const start = process.hrtime.bigint();
  s = run(n);
  times.push(Number(process.hrtime.bigint() - start));
}
console.log(times.sort((a, b) => a - b)[10] / n, s);
`;

/** Nanoseconds a call, or undefined where the side is not installed. */
function timeOf(command, args, n, expected) {
  try {
    const said = execFileSync(command, [...args, String(n)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [time, sum] = said.split(' ').map(Number);
    if (Math.abs(sum - expected) > 1e-9 * Math.abs(expected))
      console.log(`  tot: ${command} gives ${sum}, not ${expected}`);
    return time;
  } catch {
    return undefined;
  }
}

function timeOfNative(call, n, rounds) {
  const times = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint();
    call();
    return Number(process.hrtime.bigint() - start);
  });
  return median(times) / n;
}

/** Has the sides take turns: the median of each one's medians, and how far apart they are; undefined for a side that is not installed. */
function inTurns(sides, turns) {
  const times = sides.map(() => []);
  for (let turn = 0; turn < turns; turn++) for (const [i, side] of sides.entries()) times[i].push(side());
  return times.map(all => (all.includes(undefined) ? undefined : { time: median(all), spread: spread(all) }));
}

export function benchTot(internals, { quick, out }) {
  const n = quick ? 200_000 : 2_000_000;
  const source = join(out, 'tot.c');
  const program = join(out, 'tot.out');
  const script = join(out, 'tot.cjs');
  writeFileSync(source, C);
  writeFileSync(script, JAVASCRIPT);
  const { call } = nativeCall(internals, ILO, n);
  const sum = call();
  try {
    execFileSync('gcc', ['-O2', '-o', program, source], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    // The row stays empty.
  }
  const sides = [
    () => timeOfNative(call, n, 21),
    () => timeOf(program, [], n, sum),
    () => timeOf('python3', ['-c', PYTHON], n, sum),
    () => timeOf(process.execPath, ['--no-turbo-inlining', script], n, sum),
    () => timeOf(process.execPath, [script], n, sum),
  ];
  const [native, c, python, js, inlined] = inTurns(sides, quick ? 3 : 7);
  const rows = [
    ['C through a pointer, gcc -O2', c, 'at most', 1.1, over(native, c)],
    ['CPython', python, 'at least', 30, over(python, native)],
    ['JavaScript, calls not inlined', js, 'at least', 2, over(js, native)],
    ['JavaScript, inlined', inlined, '', undefined, over(inlined, native)],
  ];
  const shown = ({ time, spread }) => `${time.toFixed(2)} ns ±${(100 * spread).toFixed(0)} %`;
  console.log(`\na call of tot in a loop, medians of turns: machine code ${shown(native)}`);
  const kept = [];
  const lines = rows.map(([side, measured, bound, limit, ratio]) => {
    if (ratio === undefined) return [side, '', '', ''];
    const what = bound === 'at most' ? 'machine code takes' : 'it takes';
    const met = limit === undefined || (bound === 'at most' ? ratio <= limit : ratio >= limit);
    if (limit !== undefined) kept.push(met);
    const target = limit === undefined ? '' : `${bound} ${limit}`;
    console.log(
      `${met ? 'ok  ' : 'MISS'} ${side.padEnd(32)} ${shown(measured).padStart(16)}; ${what} ${ratio.toFixed(2)} times as long  ${target}`,
    );
    return [
      side,
      shown(measured),
      `${what} ${met ? ratio.toFixed(2) : `**${ratio.toFixed(2)}**`} times as long`,
      target,
    ];
  });
  return {
    kept,
    table: tableOf([
      ['a call of `tot`', 'time', 'against machine code', 'target'],
      ['machine code', shown(native), '', ''],
      ...lines,
    ]),
  };
}

const over = (a, b) => (a === undefined || b === undefined ? undefined : a.time / b.time);

// ---- compiling

/** Microseconds until the function `name` of a fresh unit is native, without parsing and checking. */
function compileTime(internals, source, name) {
  const { unit } = internals.loadProgram(source, { readFile: () => ({ err: 'none' }) });
  const index = unit.byName.get(name);
  const start = process.hrtime.bigint();
  const why = internals.nativeUnitOf(unit, false).whyNotNative(index);
  const took = Number(process.hrtime.bigint() - start) / 1000;
  internals.disposeNative(unit);
  if (why !== undefined) throw new Error(`${name} is not native: ${why}`);
  return took;
}

/** A function of about `size` instructions: loops that add, compare and index, one after the other. */
function programOf(size) {
  const rounds = Math.max(1, Math.round(size / INSTRUCTIONS_A_ROUND));
  const parts = Array.from(
    { length: rounds },
    (_, i) => `@ i 0..n{s=+ s (* i ${(i % 7) + 0.5});> s 1000000{s=- s xs.i}}`,
  );
  return `run n:n xs:L n>n;s=0;${parts.join(';')};s`;
}
const INSTRUCTIONS_A_ROUND = 42;
/** Instructions, and how much longer one may take in the largest program than in the smallest. */
const SIZES = [1_000, 10_000, 100_000];
const LINEAR = 2;
const TOT_MICROSECONDS = 100;

export function benchCompiling(internals, { quick }) {
  // V8 is not done with the compiler itself before some thousand rounds.
  const rounds = quick ? 2_000 : 12_000;
  const times = Array.from({ length: rounds }, () => compileTime(internals, TOT, 'tot'));
  const tot = median(times.slice(-rounds >> 2));
  console.log('\ncompiling, from Core to executable memory');
  console.log(
    `${tot <= TOT_MICROSECONDS ? 'ok  ' : 'MISS'} tot, warm: ${tot.toFixed(0)} µs  (target at most ${TOT_MICROSECONDS} µs)`,
  );
  const lines = [['`tot`, warm', `${tot.toFixed(0)} µs`, '', `at most ${TOT_MICROSECONDS} µs`]];
  let first;
  let growth = 1;
  for (const size of SIZES) {
    const source = programOf(size);
    const samples = Array.from({ length: size < 5_000 ? 9 : size < 50_000 ? 5 : 3 }, () =>
      compileTime(internals, source, 'run'),
    );
    const each = median(samples) / size;
    first ??= each;
    growth = each / first;
    console.log(
      `     ${size} instructions: ${((each * size) / 1000).toFixed(1)} ms, ${(each * 1000).toFixed(0)} ns each`,
    );
    lines.push([
      `${size} instructions`,
      `${((each * size) / 1000).toFixed(1)} ms`,
      `${(each * 1000).toFixed(0)} ns each`,
      size === SIZES[0] ? '' : `at most ${LINEAR} times the first`,
    ]);
  }
  console.log(
    `${growth <= LINEAR ? 'ok  ' : 'MISS'} an instruction of the largest takes ${growth.toFixed(2)} times as long  (target at most ${LINEAR})`,
  );
  return {
    kept: [tot <= TOT_MICROSECONDS, growth <= LINEAR],
    table: tableOf([['compiled', 'time', '', 'target'], ...lines]),
  };
}
