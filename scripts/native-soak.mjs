// Compiles, runs and disposes of native code again and again, and looks whether anything grows:
//
//     node scripts/native-soak.mjs [--cycles N]
//
// A cycle is one program of four kinds with constants of its own: a loop, recursion, lists, records. In every tenth a second program is disposed
// of in the middle of its run, from the clock that native code has JavaScript look at, and the first is run once more. At 21 points it looks
// at the memory of the process (after a collection), mappings and open files; and after every publication of the first thousand cycles
// whether a page of ours is writable. Prints what it saw.
//
// What is ours is counted exactly and may not grow at all: arenas, as the addon reserves them; mappings that lie in them or in the heap; pages in
// use. What V8 takes and gives back besides moves up and down: of that the least of the last quarter may be more than that of the one before
// by as much as chance explains.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleLibrary, removeBundles } from './native-bundle.mjs';

const { values: options } = parseArgs({ options: { cycles: { type: 'string', default: '100000' } } });
const cycles = Number(options.cycles);
if (globalThis.gc === undefined) {
  const words = ['--expose-gc', fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1);
}

const library = await bundleLibrary();
const ilo = createRequire(import.meta.url)(library);
removeBundles();
if (ilo.loadAddon().addon === undefined) throw new Error(`no native code here: ${ilo.loadAddon().why}`);

const KINDS = [
  i => [`f n:n>n;s=${i};@i 0..n{s=+s i};s`, [20], i + 190],
  i => [`f n:n>n;<=n 0 ${i};+1 f -n 1`, [30], i + 30],
  i => [`f xs:L n>L n;ys=[];@x xs{ys=+=ys (+ x ${i})};ys`, [new ilo.List([1, 2, 3])], `${i + 1},${i + 2},${i + 3}`],
  i => [`type p{x:n;y:n}\nf n:n>p;a=p x:${i} y:0;@i 0..n{a=a with y:(+ a.y i)};a`, [5], `${i},10`],
];

const seen = result => {
  if (!('value' in result)) throw new Error(result.fault.message);
  const { value } = result;
  if (typeof value === 'number') return value;
  return (value instanceof ilo.List ? value.view() : value.values).join();
};

/** Begin, end and access of each mapping of the process. */
function mappings() {
  return readFileSync('/proc/self/maps', 'latin1')
    .trim()
    .split('\n')
    .map(line => /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line));
}

/** Arenas and the heap as [begin, end), by what they are called. */
const ours = new Map();
let reserved = 0;
const { addon } = ilo.loadAddon();
const { reserve } = addon;
const sizes = new Map();
addon.reserve = bytes => {
  const arena = reserve(bytes);
  if (arena >= 0) sizes.set(arena, bytes);
  reserved++;
  return arena;
};

/** Notes where code was entered last: the addon says so in the memory that it shares. */
function noteOurs() {
  const { words } = ilo.memoryFor(100);
  const addresses = new BigUint64Array(words.buffer);
  const arena = words[ilo.AT.arena / 4];
  if (!ours.has(arena)) {
    const begin = Number(addresses[ilo.AT.code / 8]) - words[ilo.AT.offset / 4];
    ours.set(arena, [begin, begin + sizes.get(arena)]);
  }
  const [heap, end] = [ilo.AT.heap, ilo.AT.heapEnd].map(at => Number(addresses[at / 8]));
  if (heap > 0) ours.set('heap', [heap, end]);
}

/** The mappings that lie in arenas or in the heap, as far as code was ever entered there. */
function mappingsOfOurs() {
  return mappings().filter(([, from, to]) => {
    const [begin, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    return [...ours.values()].some(([first, last]) => begin < last && end > first);
  });
}

let publications = 0;
let bad = 0;
function checkAccess() {
  publications++;
  const [heap, heapEnd] = ours.get('heap') ?? [0, 0];
  for (const [, from, to, access] of mappingsOfOurs()) {
    const isHeap = Number.parseInt(from, 16) < heapEnd && Number.parseInt(to, 16) > heap;
    if (access.includes('x') ? access.includes('w') : access.includes('w') && !isHeap) bad++;
  }
}

const points = [];
const now = performance.now.bind(performance);
const started = now();
const every = Math.max(1, Math.floor(cycles / 20));
for (let i = 0; i <= cycles; i++) {
  const [source, args, wanted] = KINDS[i % KINDS.length](i);
  const unit = ilo.unitOf(source);
  if (ilo.nativeUnitOf(unit, false).whyNotNative(0) !== undefined) throw new Error('not native');
  const often = i % 10 === 0;
  if (often) {
    const loop = ilo.unitOf(`f n:n>n;s=${i};@i 0..n{s=+s 1};s`);
    performance.now = () => {
      ilo.disposeNative(loop);
      return now();
    };
    const end = seen(ilo.run(loop, 'f', [10_000], { limits: { timeout: 60_000 } }));
    performance.now = now;
    if (end !== i + 10_000) throw new Error(`cycle ${i}: ${end} while disposed of`);
  }
  const got = seen(ilo.run(unit, 'f', args));
  if (got !== wanted) throw new Error(`cycle ${i}: ${got} instead of ${wanted}`);
  noteOurs();
  if (i < 1000) checkAccess();
  ilo.disposeNative(unit);
  if (often) {
    // Who was disposed of is compiled anew when it is asked for.
    const again = seen(ilo.run(unit, 'f', args));
    if (again !== wanted) throw new Error(`cycle ${i}: ${again} instead of ${wanted} after it was disposed of`);
    ilo.disposeNative(unit);
  }
  if (i % every === 0) {
    for (let round = 0; round < 2; round++) {
      globalThis.gc();
      await new Promise(resolve => setImmediate(resolve));
    }
    const { rss, heapUsed } = process.memoryUsage();
    const point = {
      cycle: i,
      rss: rss / 2 ** 20,
      heap: heapUsed / 2 ** 20,
      mappings: mappings().length,
      files: readdirSync('/proc/self/fd').length,
      arenas: reserved,
      ours: mappingsOfOurs().length,
      free: ilo.gapPages(),
    };
    points.push(point);
    const text = Object.entries(point).map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`);
    console.log(`${text.join('  ')}  (${Math.round((now() - started) / 1000)} s)`);
  }
}

console.log(`${publications} publications: ${bad} mappings of ours were writable and executable, or writable at all`);
// V8 takes and gives back pages of its own heap, each of them a mapping: what leaks raises the least that was ever seen.
// The first half is for growing warm.
const quarter = Math.floor(points.length / 4);
const least = (name, from, to) => Math.min(...points.slice(from, to).map(point => point[name]));
const growth = name => least(name, 3 * quarter) - least(name, 2 * quarter, 3 * quarter);
const most = (name, from, to) => Math.max(...points.slice(from, to).map(point => point[name]));
const more = name => most(name, 3 * quarter) - most(name, 2 * quarter, 3 * quarter);
const grown = [
  ['arenas', more('arenas'), 0],
  ['mappings of ours', more('ours'), 0],
  ['pages in use', -growth('free'), 0],
  ['open files', growth('files'), 0],
  ['MB of the process', growth('rss'), 16],
  ['MB of JavaScript', growth('heap'), 4],
  ['mappings of the process', growth('mappings'), 64],
];
let failed = bad > 0;
for (const [what, grew, allowed] of grown) {
  console.log(
    `${grew > allowed ? 'GREW' : 'flat'}  ${what}: ${grew.toFixed(1)} more in the last quarter, ${allowed} allowed`,
  );
  if (grew > allowed) failed = true;
}
console.log(`${cycles} cycles, ${failed ? 'FAILED' : 'flat'}`);
process.exitCode = failed ? 1 : 0;
