// Whole columns: `mapInto` of the embedding interface (limits and all) beside C (`gcc -O3 -march=native`, in a process of its own) and beside
// JavaScript loops over the same typed arrays, in one run, round by round, medians; with `--cpu` of processor time. `npm run bench -- --only=batch`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BEST, cell, polynomial, tot } from './batch/columns.mjs';
import { median } from './measure.mjs';

const source = fileURLToPath(new URL('./batch/columns.c', import.meta.url));

/** In a row, on each side in each round: the first few run into memory that nobody has touched for a while. */
const SAMPLES = 15;

const LOOPS = { tot, polynomial, cell };

const horner = Array.from({ length: 15 }, (_, k) => k + 1).reverse();
const WORK = [
  { name: 'tot', ilo: 'f p:n q:n r:n>n;s=*p q;t=*s r;+s t', columns: 3, target: { side: 'C', most: 1.2 } },
  {
    name: 'polynomial',
    ilo: `f x:n>n;v=0.0625;${horner.map(k => `v=+ (* v x) (/ 1 ${k})`).join(';')};v`,
    columns: 1,
    target: { side: 'JS', most: 0.5 },
  },
  {
    name: 'cell',
    ilo: 'f cx:n cy:n>n;x=0;y=0;@i 0..50{x2=*x x;y2=*y y;> (+ x2 y2) 4{ret i};y=+ (* 2 (* x y)) cy;x=+ (- x2 y2) cx};50',
    columns: 2,
    target: { side: 'JS', most: 0.5 },
  },
];

function makeColumns(name, rows) {
  if (name === 'cell') {
    // A picture, line by line; 1,000 rows are one line of it.
    const side = 1000;
    const step = (i, from) => from + (3 * i) / side;
    const line = i => (rows === side ? side / 2 : Math.floor(i / side));
    const cx = Float64Array.from({ length: rows }, (_, i) => step(i % side, -2));
    return [cx, Float64Array.from({ length: rows }, (_, i) => step(line(i), -1.5)), new Float64Array(rows)];
  }
  const at = (scale, modulus, divisor, shift) =>
    Float64Array.from({ length: rows }, (_, i) => ((i * scale) % modulus) / divisor - shift);
  return [at(7919, 10007, 5000, 1.5), at(104729, 10009, 5000, 1), at(1, 100, 100, 0)];
}

function compileC(out) {
  const program = join(out, 'columns.out');
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, source], { stdio: ['ignore', 'ignore', 'inherit'] });
    return program;
  } catch {
    return undefined;
  }
}

/** The loop over arrays that are constants of its module. */
async function bestLoop(name, columns, out, folder) {
  const file = join(folder, `best-${name}-${out.length}.mjs`);
  writeFileSync(
    file,
    `const [p,q,r,out]=globalThis.batchColumns;export function run(){for(let i=0;i<out.length;i++){${BEST[name]}}}`,
  );
  globalThis.batchColumns = [...columns, out];
  return (await import(pathToFileURL(file).href)).run;
}

/** Nanoseconds since some time ago, on the wall or of processor time. */
function nanoseconds(clock) {
  if (clock === 'wall') return Number(process.hrtime.bigint());
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

export async function benchBatch(internals, { quick, root, clock }) {
  const folder = join(root, '.tmp/bench');
  mkdirSync(folder, { recursive: true });
  const c = compileC(folder);
  const rounds = quick ? 3 : 7;
  console.log(
    `\nwhole columns: nanoseconds${clock === 'cpu' ? ' of processor time' : ''} a row, medians; C is gcc -O3 -march=native`,
  );
  console.log('                                   ilo       C      JS  JS best   ilo/C  ilo/JS  ilo/best');
  const results = [];
  for (const { name, ilo, columns: count, target } of WORK) {
    for (const rows of [1_000_000, 1_000]) {
      const columns = makeColumns(name, rows);
      const out = new Float64Array(rows);
      const inOut = new Float64Array(rows);
      const repeats = Math.max(1, Math.round((name === 'cell' ? 100_000 : 1_000_000) / rows));
      const program = internals.compile(ilo, { engine: 'jit', limits: { fuel: 1e12, timeout: 1e7 } });
      const sides = {
        ilo: () => program.mapInto('f', out, ...columns.slice(0, count)),
        JS: () => LOOPS[name](...columns, inOut),
        best: await bestLoop(name, columns, inOut, folder),
      };
      const times = { ilo: [], JS: [], best: [], C: [] };
      for (let round = 0; round < rounds; round++) {
        for (const [side, work] of Object.entries(sides)) {
          work();
          const samples = Array.from({ length: SAMPLES }, () => {
            const start = nanoseconds(clock);
            for (let i = 0; i < repeats; i++) work();
            return (nanoseconds(clock) - start) / (rows * repeats);
          });
          times[side].push(median(samples));
        }
        if (c === undefined) continue;
        const measured = JSON.parse(
          execFileSync(c, [name, rows, repeats, SAMPLES, clock].map(String), { encoding: 'utf8' }),
        );
        times.C.push(measured.median);
      }
      const differs = out.findIndex((value, i) => !Object.is(value, inOut[i]));
      if (differs >= 0) console.log(`  ${name}: row ${differs} is ${out[differs]}, in JavaScript ${inOut[differs]}`);
      const ns = Object.fromEntries(Object.entries(times).map(([side, all]) => [side, median(all)]));
      const ratio = ns.ilo / ns[target.side];
      const isJudged = rows === 1_000_000 && !Number.isNaN(ratio);
      const mark = !isJudged ? '    ' : ratio <= target.most ? 'ok  ' : 'MISS';
      const cells = [ns.ilo, ns.C, ns.JS, ns.best].map(value => value.toFixed(2).padStart(8)).join('');
      const ratios = [ns.C, ns.JS, ns.best].map(value => (ns.ilo / value).toFixed(2).padStart(8)).join('');
      const wanted = isJudged ? `  target ${target.most} of ${target.side}` : '';
      console.log(`${mark} ${name.padEnd(12)}${String(rows).padStart(8)} rows${cells}${ratios}${wanted}`);
      if (isJudged) results.push(ratio <= target.most);
    }
  }
  return results;
}
