// Embedding, beside the alternatives that npm has, each used at its best: compiling and running a small program once, calling a function, copying
// data, memory after many programs, many runs that wait, and how soon a run ends that is cancelled. The alternatives are installed into a scratch folder on first use and kept; one that
// does not install is shown as such. `npm run bench -- --only=embedding [--cpu] [--write-doc docs/embedding.md]`; with --cpu processor time is
// measured, which a busy machine disturbs less.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCancelling } from './embedding-cancel.mjs';
import { ROWS_ILO, TOT_ILO, TOT_JS_LARGE } from './embedding-programs.mjs';
import { loadAlternatives } from './embedding-sides.mjs';
import { CLOCKS, micros } from './measure.mjs';

const root = resolve(import.meta.dirname, '..');
const UNLIMITED = { limits: { fuel: Infinity, timeout: Infinity, alloc: Infinity, output: Infinity } };

/** Each line: what, its figure as text, the target as text, and whether it is met (undefined: for information). */
class Report {
  lines = [];
  add(what, figure, target, met) {
    this.lines.push({ what, figure, target, met });
    const mark = met === undefined ? '    ' : met ? 'ok  ' : 'MISS';
    console.log(`${mark} ${what.padEnd(64)} ${figure.padStart(12)}  ${target}`);
  }
  most(what, value, limit, unit = '') {
    this.add(what, withUnit(value, unit), `at most ${limit}${unit && ` ${unit}`}`, value <= limit);
  }
  least(what, value, limit) {
    this.add(what, `${value.toFixed(1)}`, `at least ${limit}`, value >= limit);
  }
}

function withUnit(value, unit) {
  if (unit === '') return value.toFixed(2);
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`;
}

/** A time in the unit that suits it. */
function show(microseconds) {
  return microseconds < 1 ? withUnit(microseconds * 1000, 'ns') : withUnit(microseconds, 'µs');
}

/** A loop of calls that V8 compiles for this one function: a loop that all share would call all of them slowly. */
function callLoop(call) {
  const make = new Function(
    'call',
    'let sum = 0; return () => { for (let i = 0; i < 1000; i++) sum += call(i, 20, 0.1); return sum; };',
  );
  return make(call);
}

export async function benchEmbedding({ quick, clock: clockName }) {
  const batches = quick ? 5 : 15;
  console.log(`\nEmbedding, beside the alternatives (${clockName === 'cpu' ? 'processor time' : 'wall time'})`);
  const { compile, drainPools } = await import(join(root, 'dist/index.js'));
  const folder = join(root, '.tmp/alternatives');
  const alternatives = await loadAlternatives(folder);
  for (const { name, missing } of alternatives) if (missing !== undefined) console.log(`     ${name}: ${missing}`);
  const others = alternatives.filter(({ missing }) => missing === undefined);
  const report = new Report();
  benchFirstRun({ others, clock: clockName, batches, report, folder });
  const clock = CLOCKS[clockName];
  benchCalls({ compile, others, clock, batches, report });
  benchCrossing({ compile, clock, batches, report });
  await benchInFlight({ compile, report });
  await benchCancelling({ compile, drainPools, report, quick });
  benchMemory({ compile, report });
  return { lines: report.lines, kept: report.lines.map(({ met }) => met).filter(met => met !== undefined) };
}

function benchFirstRun({ others, clock, batches, report, folder }) {
  const script = fileURLToPath(new URL('embedding-first.mjs', import.meta.url));
  const measure = side => {
    const args = [script, side, clock, `${batches}`, folder];
    const [name, time] = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    return { name, time };
  };
  const mine = measure('ilo').time;
  report.most('compile and first run of ten lines', mine, 300, 'µs');
  report.most('compile and first run of ten lines, one of them a loop', measure('ilo-loop').time, 300, 'µs');
  for (const { side } of others.filter(({ first }) => first !== undefined)) {
    const { name, time } = measure(side);
    report.least(`${name}: ${show(time)}, over ilo`, time / mine, 10);
  }
}

function benchCalls({ compile, others, clock, batches, report }) {
  const able = others.filter(({ call }) => call !== undefined);
  const plain = new Function(`return ${TOT_JS_LARGE}`)();
  const sides = [compile(TOT_ILO).fn.tot, compile(TOT_ILO, UNLIMITED).fn.tot, plain, ...able.map(({ call }) => call)];
  for (const call of sides) if (call(10, 20, 0.1) !== 220) throw new Error('not every side computes tot');
  const [mine, unlimited, js, ...theirs] = micros(sides.map(callLoop), clock, batches).map(each => each / 1000);
  report.add('a call of tot', show(mine), '');
  report.most(`a plain call of JavaScript that is not inlined: ${show(js)}; ilo over it`, mine / js, 2);
  report.most(`ilo without limits: ${show(unlimited)}; with limits over it`, mine / unlimited, 1.3);
  for (const [at, { name, sandbox }] of able.entries()) {
    const what = `${name}: ${show(theirs[at])}, over ilo`;
    if (sandbox) report.least(what, theirs[at] / mine, 40);
    else report.add(what, (theirs[at] / mine).toFixed(1), '');
  }
}

function benchCrossing({ compile, clock, batches, report }) {
  const program = compile(ROWS_ILO);
  const rows = Array.from({ length: 1000 }, (_, id) => ({ id, name: `name ${id}`, price: id / 3 }));
  const works = [() => program.run('count', rows), () => program.run('rows', 1000), () => structuredClone(rows)];
  const [inward, outward, clone] = micros(works, clock, batches);
  report.most(`1,000 records handed in: ${show(inward)}; over structuredClone`, inward / clone, 2);
  report.most(`1,000 records made and given back: ${show(outward)}; over structuredClone`, outward / clone, 2);
}

/** A thousand runs wait for their tools at the same time, and all come to their end. */
async function benchInFlight({ compile, report }) {
  const COUNT = 1000;
  const answers = [];
  let most = 0;
  const ask = x =>
    new Promise(resolve => {
      most = Math.max(
        most,
        answers.push(() => resolve(x + 1)),
      );
    });
  const program = compile('tool ask"" x:n>n\nf x:n>n;a=ask x;b=+a 1;*b 2', {
    tools: { ask: { signature: 'x:n>n', call: ask } },
    limits: { timeout: 60_000 },
  });
  const start = performance.now();
  const runs = Array.from({ length: COUNT }, (_, x) => program.runAsync('f', x));
  // Where making them took long, some let the event loop turn before they ask.
  while (answers.length < COUNT) await new Promise(resolve => setImmediate(resolve));
  for (const answer of answers) answer();
  const results = await Promise.all(runs);
  const right = results.every((result, x) => result === (x + 2) * 2);
  report.add('runs that wait for a tool at the same time', String(most), `${COUNT}`, most === COUNT && right);
  report.add('  from the first call to the last result', `${(performance.now() - start).toFixed(1)} ms`, '');
}

function benchMemory({ compile, report }) {
  const collect = () => {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    return process.memoryUsage();
  };
  const runOnce = i => compile(`f x:n>n;s=0;@i 0..x{s=+s *i ${i}};g s\ng x:n>n;+x ${i}`).run('f', 3);
  for (let i = 0; i < 500; i++) runOnce(i);
  const before = collect();
  for (let i = 0; i < 10_000; i++) runOnce(i);
  const after = collect();
  const mebibytes = (a, b) => (b - a) / 1048576;
  const held = mebibytes(before.heapUsed + before.external, after.heapUsed + after.external);
  report.most('held after 10,000 programs, each run once and dropped', Math.max(0, held), 32, 'MiB');
  report.add('  the process has grown by', `${mebibytes(before.rss, after.rss).toFixed(1)} MiB`, '');
}
