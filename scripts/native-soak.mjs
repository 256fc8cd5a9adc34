// Compiles, runs and disposes of native code again and again, and looks whether anything grows:
//
//     node scripts/native-soak.mjs [--cycles N]
//
// A cycle is one program of four kinds with constants of its own: a loop, recursion, lists, records. In every tenth a second program is disposed
// of in the middle of its run, from the clock that native code has JavaScript look at, and the first is run once more. At 21 points it looks
// at the memory of the process (after a collection), mappings, executable pages and open files; and after every publication of the
// first thousand cycles whether a page of ours is writable. Prints what it saw; fails when the least of the last quarter is more than that of
// the one before by more than chance.
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

/** Access and size of the mappings that hold code and have no file: the arenas. */
function mappings() {
  return readFileSync('/proc/self/maps', 'latin1')
    .trim()
    .split('\n')
    .map(line => /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line));
}

/** Where arenas begin, as the addon says when something in them is entered. */
const arenas = new Set();
let publications = 0;
let bad = 0;
function checkAccess(unit) {
  const fn = ilo.nativeUnitOf(unit, false).functionAt(0) ?? ilo.nativeUnitOf(unit, true).functionAt(0);
  const { words } = ilo.memoryFor(100);
  const entered = Number(new BigUint64Array(words.buffer)[ilo.AT.code / 8]);
  arenas.add(entered - fn.place.offset);
  publications++;
  for (const [, from, to, access] of mappings()) {
    const [begin, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    const ours = [...arenas].some(base => begin < base + 2 ** 24 && end > base);
    if (ours && access.includes('w') && access.includes('x')) bad++;
    if (ours && access.includes('w')) bad++;
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
  if (i < 1000) checkAccess(unit);
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
    const maps = mappings();
    const point = {
      cycle: i,
      rss: rss / 2 ** 20,
      heap: heapUsed / 2 ** 20,
      mappings: maps.length,
      executable: maps.filter(([, , , access]) => access.includes('x')).length,
      files: readdirSync('/proc/self/fd').length,
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
const grown = [
  ['MB of the process', growth('rss'), 16],
  ['MB of JavaScript', growth('heap'), 4],
  ['mappings', growth('mappings'), 64],
  ['executable mappings', growth('executable'), 4],
  ['open files', growth('files'), 0],
  ['pages in use', -growth('free'), 0],
];
let failed = bad > 0;
for (const [what, more, most] of grown) {
  console.log(`${more > most ? 'GREW' : 'flat'}  ${what}: at least ${more.toFixed(1)} more in the last quarter`);
  if (more > most) failed = true;
}
console.log(`${cycles} cycles, ${failed ? 'FAILED' : 'flat'}`);
process.exitCode = failed ? 1 : 0;
