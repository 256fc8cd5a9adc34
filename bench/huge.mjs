// Huge and endless programs (tests/bad-input/huge-programs.ts) under the limits of an embedded program: seconds of the front end, and on
// top of it of each engine, from its first look at the unit to the value or the limit. The target is two seconds for all of it.
import { verdict } from './measure.mjs';

const TARGET = 2;

const seconds = work => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

const cell = text => text.padStart(10);

export function benchHuge(internals, quick) {
  const { ENDLESS, HUGE, ENGINES, DEFAULT_LIMITS, loadProgram, runProgram, createVirtualHost } = internals;
  const engines = ENGINES.map(({ name }) => name);
  const { depth: maxDepth, ...limits } = DEFAULT_LIMITS;
  console.log('\nHuge and endless programs: seconds to load, and to run on each engine');
  console.log(`     ${''.padEnd(40)}${['load', ...engines].map(cell).join('')}`);
  let worst = 0;
  for (const { name, source, entry, args } of quick ? ENDLESS : [...ENDLESS, ...HUGE]) {
    const text = source();
    globalThis.gc?.();
    let loaded;
    const load = seconds(() => {
      loaded = loadProgram(text, { readFile: () => ({ err: 'none' }), entry: 'checked' });
    });
    const runs = engines.map(engine => {
      const { unit } = loaded;
      if (unit === undefined) return 0;
      globalThis.gc?.();
      return seconds(() => runProgram(unit, entry, args, { host: createVirtualHost(), engine, limits, maxDepth }));
    });
    worst = Math.max(worst, load + Math.max(...runs));
    console.log(`     ${name.padEnd(40)}${[load, ...runs].map(each => cell(each.toFixed(2))).join('')}`);
  }
  return [verdict('the slowest of them, in seconds', worst, TARGET)];
}
