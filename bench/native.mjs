// Machine code beside C, LuaJIT and JavaScript: the workloads that have a C program (bench/workloads/NAME.c, `gcc -O2`, `run` called through
// a pointer), in one run. The sides take turns; a turn is the median of some calls, and what is compared is the median of the turns. C and LuaJIT run
// in processes of their own; JavaScript is what one would write by hand. Beside C stands C with -fno-inline, for what inlining is worth
// there. Then a single small function (native-tot.mjs). `npm run bench -- --only=native`; a side that is not installed is left out.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableOf } from './document.mjs';
import { median, spread } from './measure.mjs';
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

/** Builds the C program of a workload and gives what runs it; undefined where it cannot be built. */
function buildC(name, flags, out) {
  const source = join(out, `${name}.c`);
  const program = join(out, `${name}${flags.join('')}.out`);
  writeFileSync(source, `#include "${join(folder, `${name}.c`)}"\n#include "${join(folder, 'c-main.h')}"\n`);
  try {
    execFileSync('gcc', ['-O2', ...flags, '-o', program, source, '-lm'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    return undefined;
  }
  return (n, samples) => JSON.parse(execFileSync(program, [String(n), String(samples)], { encoding: 'utf8' }));
}

function measureLua(name, n, samples) {
  const args = [luaSide, join(folder, `${name}.lua`), String(n), String(samples)];
  try {
    return JSON.parse(execFileSync('luajit', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  } catch {
    return undefined;
  }
}

/** Nanoseconds of the middle one of some calls. */
function measure(call, samples) {
  for (let i = 0; i < 3; i++) call();
  const times = [];
  let result;
  for (let i = 0; i < samples; i++) {
    const start = process.hrtime.bigint();
    result = call();
    times.push(Number(process.hrtime.bigint() - start));
  }
  return { result, median: median(times) };
}

/** Has the sides take turns; gives the median of each one's turns, how far apart they are, and what it computes. */
function inTurns(sides, turns) {
  const measured = sides.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, side] of sides.entries()) measured[i].push(side());
  }
  return measured.map(all => {
    if (all.includes(undefined)) return undefined;
    const times = all.map(each => each.median);
    return { result: all[0].result, time: median(times), spread: spread(times) };
  });
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
  const [turns, samples] = quick ? [3, 5] : [9, 15];
  console.log('\nmachine code: times of one call, medians of turns; C is gcc -O2, beside it with -fno-inline');
  console.log(
    '                      jit µs      C µs LuaJIT µs     JS µs C apart µs   jit/C jit/Lua  jit/JS  spread  C counts with',
  );
  const rows = [];
  for (const { name, n } of WORKLOADS) {
    if (!existsSync(join(folder, `${name}.c`))) continue;
    const { call, why } = nativeCall(internals, readFileSync(join(folder, `${name}.ilo`), 'utf8'), n);
    const { run } = await import(join(folder, `${name}.mjs`));
    const runC = buildC(name, [], out);
    const runApart = buildC(name, ['-fno-inline'], out);
    const sides = [
      () => measure(call, samples),
      () => measure(() => run(n), samples),
      () => runC?.(n, samples),
      () => measureLua(name, n, samples),
      () => runApart?.(n, samples),
    ];
    const [jit, js, c, lua, apart] = inTurns(sides, turns);
    if (why !== undefined) console.log(`  ${name}: ${why}`);
    for (const [side, other] of Object.entries({ C: c, LuaJIT: lua, JavaScript: js })) {
      if (other !== undefined && other.result !== jit.result) {
        console.log(`  ${name}: jit gives ${jit.result}, ${side} ${other.result}`);
      }
    }
    rows.push(showRow({ name, jit, c, lua, js, apart, type: C_COUNTS_WITH.get(name) ?? 'double' }));
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

const over = (a, b) => (b === undefined ? undefined : a.time / b.time);

function showRow({ name, jit, c, lua, js, apart, type }) {
  const ratios = [
    [over(jit, c), OVER_C],
    [over(jit, lua), OVER_OTHERS],
    [over(jit, js), OVER_OTHERS],
  ];
  const kept = ratios.flatMap(([ratio, limit]) => (ratio === undefined ? [] : [ratio <= limit]));
  const furthest = Math.max(...[jit, c, lua, js].map(side => side?.spread ?? 0));
  const far = `±${(100 * furthest).toFixed(0)} %`;
  const micro = (side, width) => (side === undefined ? '-' : (side.time / 1000).toFixed(1)).padStart(width);
  const shown = ratios.map(([ratio]) => (ratio === undefined ? '-' : ratio.toFixed(2)).padStart(8)).join('');
  console.log(
    `${kept.includes(false) ? 'MISS' : 'ok  '} ${name.padEnd(14)}${micro(jit, 10)}${micro(c, 10)}${micro(lua, 10)}${micro(js, 10)}${micro(apart, 11)}${shown}  ${far}  ${type}`,
  );
  return { name, jit, c, lua, js, apart, far, type, ratios, kept };
}

function workloadTable(rows) {
  const micro = side => (side === undefined ? '' : (side.time / 1000).toFixed(0));
  const head = [
    'µs',
    'jit',
    'C',
    'C, -fno-inline',
    'LuaJIT',
    'JS',
    `jit/C ≤ ${OVER_C}`,
    'jit/LuaJIT ≤ 1',
    'jit/JS ≤ 1',
    'spread',
    'C counts with',
  ];
  const lines = rows.map(({ name, jit, c, lua, js, apart, far, type, ratios }) => [
    name,
    ...[jit, c, apart, lua, js].map(micro),
    ...ratios.map(([ratio, limit]) => {
      if (ratio === undefined) return '';
      return ratio <= limit ? ratio.toFixed(2) : `**${ratio.toFixed(2)}**`;
    }),
    far,
    type,
  ]);
  return tableOf([head, ...lines]);
}
