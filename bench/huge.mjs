// Huge and endless programs (tests/bad-input/huge-programs.ts) under the limits of an embedded program: seconds of the front end, and on
// top of it of each engine, from its first look at the unit to the value or the limit. The target is two seconds for all of it.
import { cpus } from 'node:os';
import { tableOf } from './document.mjs';
import { verdict } from './measure.mjs';

const TARGET = 2;

const seconds = work => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

/** Runs a program on an engine: how long that takes, and what it ends in. */
function runOn(engine, unit, { entry, args }, { runProgram, createVirtualHost, DEFAULT_LIMITS }) {
  const { depth: maxDepth, ...limits } = DEFAULT_LIMITS;
  globalThis.gc?.();
  let result;
  const took = seconds(() => {
    result = runProgram(unit, entry, args, { host: createVirtualHost(), engine, limits, maxDepth });
  });
  return { took, end: 'fault' in result ? result.fault.code : 'a value' };
}

const cell = text => text.padStart(10);

/** Measures and prints. Gives whether the target is met, and a table for a page. */
export function benchHuge(internals, quick) {
  const { ENDLESS, HUGE, ENGINES, loadProgram } = internals;
  const engines = ENGINES.map(({ name }) => name);
  console.log('\nHuge and endless programs: seconds to load, and to run on each engine');
  console.log(`     ${''.padEnd(40)}${['load', ...engines].map(cell).join('')}`);
  const rows = [];
  for (const program of quick ? ENDLESS : [...ENDLESS, ...HUGE]) {
    const text = program.source();
    globalThis.gc?.();
    let loaded;
    const load = seconds(() => {
      loaded = loadProgram(text, { readFile: () => ({ err: 'none' }), entry: 'checked' });
    });
    const { unit, diagnostics } = loaded;
    const runs = unit === undefined ? [] : engines.map(engine => runOn(engine, unit, program, internals));
    const ends = unit === undefined ? [diagnostics[0].code] : [...new Set(runs.map(({ end }) => end))].sort();
    rows.push({ name: program.name, load, runs: runs.map(({ took }) => took), ends });
    const figures = [load, ...runs.map(({ took }) => took)].map(each => cell(each.toFixed(2)));
    console.log(`     ${program.name.padEnd(40)}${figures.join('')}  ${ends.join(' or ')}`);
  }
  const worst = Math.max(...rows.map(({ load, runs }) => load + Math.max(0, ...runs)));
  return { kept: [verdict('the slowest of them, in seconds', worst, TARGET)], table: hugeTable(engines, rows) };
}

/** Seconds; what takes longer than promised, with loading, is bold. The last line is the longest of each column, with loading. */
export function hugeTable(engines, rows) {
  const figure = (took, load) => (took + load > TARGET ? `**${took.toFixed(2)}**` : took.toFixed(2));
  const lines = rows.map(({ name, load, runs, ends }) => [
    name,
    figure(load, 0),
    ...engines.map((_, i) => (runs[i] === undefined ? '' : figure(runs[i], load))),
    ends.join(' or '),
  ]);
  const longest = [
    rows.map(({ load }) => load),
    ...engines.map((_, i) => rows.map(({ load, runs }) => load + (runs[i] ?? 0))),
  ].map(all => figure(Math.max(...all), 0));
  const table = tableOf([
    ['seconds', 'load', ...engines, 'ends in'],
    ...lines,
    ['the longest, with loading', ...longest, ''],
  ]);
  const cores = cpus();
  const machine = `${cores.length} × ${cores[0].model.trim()}, ${process.platform} ${process.arch}, Node ${process.version}`;
  return `${table}\n\n${rows.length} programs, each loaded once and run once on each engine; ${machine}.`;
}
