// Measures what recursion takes of JavaScript's stack on every engine, in V8's interpreter, whose frames are the largest: bytes for a call,
// the depth at which the engine goes on in the stack machine, and what is used in all when calls nest as deep as they may.
//
//     node scripts/stack-need.mjs
//
// The numbers in src/vm/deep.ts and in the engines (FRAME_COSTS, FIXED) come from here. No total may pass half of the stack of the
// main thread: the rest belongs to builtins and to whoever calls. Ends with 1 when one does.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { build } from 'esbuild';

setFlagsFromString('--no-opt');
setFlagsFromString('--no-sparkplug');

const root = join(fileURLToPath(import.meta.url), '../..');
const bundle = join(root, '.tmp/stack-need.mjs');
mkdirSync(join(root, '.tmp'), { recursive: true });
const source = `
export { ENGINES } from './src/runtime/engines.ts';
export { createVirtualHost } from './src/runtime/host/virtual-host.ts';
export { loadProgram, runProgram } from './src/runtime/program.ts';`;
await build({
  stdin: { contents: source, resolveDir: root, loader: 'ts' },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { ENGINES, createVirtualHost, loadProgram, runProgram } = await import(pathToFileURL(bundle).href);

/** The stack that Node gives the main thread. */
const STACK = 984 * 1024;
/** Every engine has changed over by then. */
const DEEP = 1_500;

const names = count =>
  Array.from({ length: count }, (_, i) => `v${i.toString(26).replace(/\d/g, d => 'qrstuvwxyz'[d])}z`);
const locals = count =>
  `${names(count)
    .map(name => `${name}=+n 0`)
    .join(';')};r=f -n 1;s=0;${names(count)
    .map(name => `s=+s ${name}`)
    .join(';')};+r *s 0`;
const END = '=n 0{prnt "";ret 0}';
const SHAPES = {
  plain: `f n:n>n;${END};r=f -n 1;+r 1`,
  operand: `f n:n>n;${END};+1 (f -n 1)`,
  '10 operators': `f n:n>n;${END};${'+1 ('.repeat(10)}f -n 1${')'.repeat(10)}`,
  '100 operators': `f n:n>n;${END};${'+1 ('.repeat(100)}f -n 1${')'.repeat(100)}`,
  loop: `f n:n>n;${END};@i 0..3{>i 1{r=f -n 1;ret +r 1}};0`,
  '3 loops': `f n:n>n;${END};@i 0..1{@j 0..1{@k 0..1{r=f -n 1;ret +r 1}}};0`,
  wh: `f n:n>n;${END};k=0;wh <k 1{k=+k 1;r=f -n 1;ret +r 1};0`,
  match: `f n:n>n;${END};?n{77777:0;_:r=f -n 1;+r 1}`,
  statements: `f n:n>n;${END};${'>n 0{n=+n 0};<n 0 1;'.repeat(6)}r=f -n 1;+r 1`,
  '20 locals': `f n:n>n;${END};${locals(20)}`,
  '100 locals': `f n:n>n;${END};${locals(100)}`,
  '400 locals': `f n:n>n;${END};${locals(400)}`,
  'function value': `f n:n>n;${END};g=f;r=g -n 1;+r 1`,
  map: `f n:n>n;${END};xs=map f [-n 1];hd xs`,
  lambda: `f n:n>n;${END};xs=map (x:n>n;f -x 1) [n];hd xs`,
  fld: `f n:n>n;${END};fld (a:n x:n>n;f -x 1) [n] 0`,
  srt: `f n:n>n;${END};xs=srt (x:n>n;f -x 1) [n];hd xs`,
};

/** How many frames of this function fit on what is left of the stack. */
function left() {
  let depth = 0;
  const probe = () => {
    depth++;
    probe();
  };
  try {
    probe();
  } catch {}
  return depth;
}
left();
const bytes = STACK / left();

/** Bytes of stack that are used where the program prints. */
function used(unit, engine, n, limits) {
  let at = 0;
  const host = {
    ...createVirtualHost({}),
    print: () => {
      at = STACK - left() * bytes;
    },
  };
  const result = runProgram(unit, 'f', [n], { host, engine, maxDepth: 100_000, limits });
  if ('fault' in result) throw new Error(`${engine}: ${result.fault.message}`);
  return at;
}

/** The smallest depth from which on nothing more is used. */
function change(unit, engine, most) {
  let low = 1;
  let high = DEEP;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (used(unit, engine, middle) > most - 100) high = middle;
    else low = middle + 1;
  }
  return low;
}

const engines = ENGINES.map(({ name }) => name).filter(name => name !== 'auto');
console.log(`bytes for a call, calls until the stack machine goes on, KB in all; Node ${process.version}`);
console.log(`${''.padEnd(16)}${engines.map(name => name.padStart(20)).join('')}`);
let worst = 0;
for (const [name, text] of Object.entries(SHAPES)) {
  const { unit, diagnostics } = loadProgram(text, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(`${name}: ${diagnostics[0].message}`);
  const cells = engines.map(engine => {
    used(unit, engine, DEEP);
    const base = used(unit, engine, 0);
    const all = Math.max(used(unit, engine, DEEP), used(unit, engine, DEEP, { fuel: 1e9 }));
    worst = Math.max(worst, all);
    const calls = change(unit, engine, used(unit, engine, DEEP));
    const each = calls > 1 ? (used(unit, engine, calls - 1) - base) / (calls - 1) : 0;
    return `${Math.round(each)} ${calls} ${Math.round(all / 1024)}`.padStart(20);
  });
  console.log(`${name.padEnd(16)}${cells.join('')}`);
}
console.log(`the most is ${Math.round(worst / 1024)} of ${STACK / 1024} KB`);
process.exit(worst < STACK / 2 ? 0 : 1);
