// Machine code beside C, LuaJIT and JavaScript: the workloads that have a C program (bench/workloads/NAME.c, `gcc -O2 -fno-inline`, called through
// a pointer), in one run, fastest of many calls on each side. C and LuaJIT run in processes of their own; JavaScript is what one would write
// by hand. Then a single small function (native-tot.mjs). `npm run bench -- --only=native`; a side that is not installed is left out.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableOf } from './document.mjs';
import { benchCompiling, benchTot } from './native-tot.mjs';
import { WORKLOADS } from './workloads/table.mjs';

const folder = fileURLToPath(new URL('./workloads/', import.meta.url));
const luaSide = fileURLToPath(new URL('./sides/native.lua', import.meta.url));

/** At most so many times C's time, and the time of V8 and of LuaJIT. */
const OVER_C = 1.5;
const OVER_OTHERS = 1;

/** What C counts with. Its values are doubles everywhere. */
const C_COUNTS_WITH = new Map([
  ['matrix', 'size_t'],
  ['n-body', 'int'],
  ['spectral-norm', 'size_t'],
  ['fannkuch', 'size_t'],
  ['sieve', 'size_t'],
]);

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

function measureLua(name, n, samples) {
  const args = [luaSide, join(folder, `${name}.lua`), String(n), String(samples)];
  try {
    return JSON.parse(execFileSync('luajit', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  } catch {
    return undefined;
  }
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
export function nativeCall(internals, source, n) {
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

/** Measures and prints. Gives whether each target is met, and tables for a page. */
export async function benchNative(internals, { quick, root }) {
  const out = join(root, '.tmp/bench');
  mkdirSync(out, { recursive: true });
  const samples = quick ? 10 : 40;
  console.log('\nmachine code: times of one call, fastest of many; C is gcc -O2 -fno-inline');
  console.log('                      jit µs      C µs LuaJIT µs     JS µs   jit/C  jit/Lua jit/JS  C counts with');
  const rows = [];
  for (const { name, n } of WORKLOADS) {
    if (!existsSync(join(folder, `${name}.c`))) continue;
    const { call, why } = nativeCall(internals, readFileSync(join(folder, `${name}.ilo`), 'utf8'), n);
    const { run } = await import(join(folder, `${name}.mjs`));
    const jit = measure(call, samples);
    const js = measure(() => run(n), samples);
    const c = measureC(name, n, samples, out);
    const lua = measureLua(name, n, samples);
    if (why !== undefined) console.log(`  ${name}: ${why}`);
    for (const [side, other] of Object.entries({ C: c, LuaJIT: lua, JavaScript: js })) {
      if (other !== undefined && other.result !== jit.result) {
        console.log(`  ${name}: jit gives ${jit.result}, ${side} ${other.result}`);
      }
    }
    rows.push(showRow({ name, jit, c, lua, js, type: C_COUNTS_WITH.get(name) ?? 'double' }));
  }
  const tot = benchTot(internals, { quick, out });
  const compiling = benchCompiling(internals, { quick });
  return {
    kept: [...rows.flatMap(({ kept }) => kept), ...tot.kept, ...compiling.kept],
    tables: new Map([
      ['native', workloadTable(rows)],
      ['native-tot', tot.table],
      ['native-compiling', compiling.table],
    ]),
  };
}

const over = (a, b) => (b === undefined ? undefined : a.fastest / b.fastest);

function showRow({ name, jit, c, lua, js, type }) {
  const ratios = [
    [over(jit, c), OVER_C],
    [over(jit, lua), OVER_OTHERS],
    [over(jit, js), OVER_OTHERS],
  ];
  const kept = ratios.flatMap(([ratio, limit]) => (ratio === undefined ? [] : [ratio <= limit]));
  const micro = (side, width) => (side === undefined ? '-' : (side.fastest / 1000).toFixed(1)).padStart(width);
  const shown = ratios.map(([ratio]) => (ratio === undefined ? '-' : ratio.toFixed(2)).padStart(8)).join('');
  console.log(
    `${kept.includes(false) ? 'MISS' : 'ok  '} ${name.padEnd(14)}${micro(jit, 10)}${micro(c, 10)}${micro(lua, 10)}${micro(js, 10)}${shown}  ${type}`,
  );
  return { name, jit, c, lua, js, type, ratios, kept };
}

function workloadTable(rows) {
  const micro = side => (side === undefined ? '' : (side.fastest / 1000).toFixed(0));
  const head = ['µs', 'jit', 'C', 'LuaJIT', 'JS', `jit/C ≤ ${OVER_C}`, 'jit/LuaJIT ≤ 1', 'jit/JS ≤ 1', 'C counts with'];
  const lines = rows.map(({ name, jit, c, lua, js, type, ratios }) => [
    name,
    ...[jit, c, lua, js].map(micro),
    ...ratios.map(([ratio, limit]) => {
      if (ratio === undefined) return '';
      return ratio <= limit ? ratio.toFixed(2) : `**${ratio.toFixed(2)}**`;
    }),
    type,
  ]);
  return tableOf([head, ...lines]);
}
