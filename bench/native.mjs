// Machine code beside C and JavaScript: the workloads that have a C program (bench/workloads/NAME.c, doubles, `gcc -O2 -fno-inline`, called
// through a pointer), in one run, fastest of many calls on each side. C runs in a process of its own; JavaScript is what one would write by
// hand. `npm run bench -- --only=native`; C is left out where there is no compiler.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WORKLOADS } from './workloads/table.mjs';

const folder = fileURLToPath(new URL('./workloads/', import.meta.url));

/** At most so many times C's time. */
const TARGET = 1.5;

/** Runs the C program of a workload; undefined where it cannot be built. */
function measureC(name, n, samples, out) {
  const source = join(out, `${name}.c`);
  const program = join(out, `${name}.out`);
  writeFileSync(source, `#include "${join(folder, `${name}.c`)}"\n#include "${join(folder, 'c-main.h')}"\n`);
  try {
    execFileSync('gcc', ['-O2', '-fno-inline', '-o', program, source, '-lm'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    return undefined;
  }
  return JSON.parse(execFileSync(program, [String(n), String(samples)], { encoding: 'utf8' }));
}

/** Nanoseconds of the fastest and the middle one of many calls. */
function measure(call, samples) {
  for (let i = 0; i < 3; i++) call();
  const times = [];
  let result;
  for (let i = 0; i < samples; i++) {
    const start = process.hrtime.bigint();
    result = call();
    times.push(Number(process.hrtime.bigint() - start));
  }
  times.sort((a, b) => a - b);
  return { result, fastest: times[0], median: times[samples >> 1] };
}

/** A function that calls `run` of a program on the engine jit, and why it is not native, if so. */
function nativeCall(internals, source, n) {
  const { unit } = internals.loadProgram(source, { readFile: () => ({ err: 'none' }) });
  const services = internals.makeServices({
    builtins: internals.BUILTINS,
    host: {},
    maxDepth: 10_000,
    meter: undefined,
    random: Math.random,
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine = internals.MACHINES.jit(unit, services);
  const callee = unit.byName.get('run');
  const entry = internals.entryOf(machine, callee);
  return { call: () => entry(n), why: internals.nativeUnitOf(unit, false).whyNotNative(callee) };
}

/** Measures and prints. Gives for each workload whether it meets its target. */
export async function benchNative(internals, { quick, root }) {
  const out = join(root, '.tmp/bench');
  mkdirSync(out, { recursive: true });
  const samples = quick ? 10 : 40;
  console.log('\nmachine code: times of one call, fastest of many; C is gcc -O2 -fno-inline on doubles');
  console.log('                      jit µs      C µs     JS µs   jit/C  jit/JS');
  const rows = [];
  for (const { name, n } of WORKLOADS) {
    if (!existsSync(join(folder, `${name}.c`))) continue;
    const { call, why } = nativeCall(internals, readFileSync(join(folder, `${name}.ilo`), 'utf8'), n);
    const { run } = await import(join(folder, `${name}.mjs`));
    const jit = measure(call, samples);
    const js = measure(() => run(n), samples);
    const c = measureC(name, n, samples, out);
    if (why !== undefined) console.log(`  ${name}: ${why}`);
    if (c !== undefined && c.result !== jit.result) console.log(`  ${name}: jit gives ${jit.result}, C ${c.result}`);
    if (js.result !== jit.result) console.log(`  ${name}: jit gives ${jit.result}, JavaScript ${js.result}`);
    const ratio = c === undefined ? Number.NaN : jit.fastest / c.fastest;
    const micro = side => (side === undefined ? '-' : (side.fastest / 1000).toFixed(1)).padStart(10);
    const mark = ratio > TARGET ? 'MISS' : 'ok  ';
    console.log(
      `${mark} ${name.padEnd(14)}${micro(jit)}${micro(c)}${micro(js)}${ratio.toFixed(2).padStart(8)}${(jit.fastest / js.fastest).toFixed(2).padStart(8)}`,
    );
    rows.push({ name, n, jit, c, js, ratio });
  }
  return rows.map(({ ratio }) => !(ratio > TARGET));
}
