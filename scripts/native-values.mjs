// Compares machine code with the tree engine on random numbers, for every operation on numbers:
//
//     node scripts/native-values.mjs [--pairs N] [--tree N] [--seed S] [--only OP]
//
// Machine code gets lists of pairs and gives lists of results, so that entering costs nothing. Running the tree engine for each would take days: on
// the first pairs (`--tree N`) it is compared with the functions below, which say in JavaScript what each operation is, and those are
// compared with machine code on all. Bits are compared; all NaN are one.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { bundleLibrary, removeBundles } from './native-bundle.mjs';

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000000' },
    tree: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const [pairs, treePairs, seed] = [Number(options.pairs), Number(options.tree), Number(options.seed)];

const ilo = createRequire(import.meta.url)(await bundleLibrary());
removeBundles();
if (ilo.loadAddon().addon === undefined) throw new Error(`no native code here: ${ilo.loadAddon().why}`);

/** NaN counts as missing, and -0 is smaller than 0. */
const least = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
const most = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));
/** Numbers are equal when nobody can tell them apart at 1. */
const isEqual = (a, b) => Math.abs(a - b) < Number.EPSILON;
const truth = x => (x ? 1 : 0);

/** What an operation is in ilo, and in JavaScript; `zero`: the divisor, where it is 0, is a fault, and 1 stands for it. */
const OPERATIONS = {
  add: ['+a b', (a, b) => a + b],
  sub: ['-a b', (a, b) => a - b],
  mul: ['*a b', (a, b) => a * b],
  div: ['/a b', (a, b) => a / b, 'zero'],
  mod: ['mod a b', (a, b) => a % b, 'zero'],
  'mod 3': ['mod a 3', a => a % 3],
  'mod 64': ['mod a 64', a => a % 64],
  'mod 0.3': ['mod a 0.3', a => a % 0.3],
  min: ['min a b', least],
  max: ['max a b', most],
  clamp: ['clamp a b 2', (a, b) => most(least(a, 2), b)],
  neg: ['-0 a', a => 0 - a],
  abs: ['abs a', a => Math.abs(a)],
  flr: ['flr a', a => Math.floor(a)],
  cel: ['cel a', a => Math.ceil(a)],
  rou: ['rou a', a => ilo.roundHalfEven(a)],
  sqrt: ['sqrt a', a => Math.sqrt(a)],
  'less, as a value': ['c=<a b;one c', (a, b) => truth(a < b)],
  less: ['<a b 1;0', (a, b) => truth(a < b)],
  'less or equal': ['<=a b 1;0', (a, b) => truth(a <= b)],
  greater: ['>a b 1;0', (a, b) => truth(a > b)],
  'greater or equal': ['>=a b 1;0', (a, b) => truth(a >= b)],
  equal: ['=a b 1;0', (a, b) => truth(isEqual(a, b))],
  'not equal': ['!=a b 1;0', (a, b) => truth(!isEqual(a, b))],
  // The end of a range is a conversion to an integer, and so is an index.
  range: ['s=0;@i 0..a{s=+s 1;>s 3{brk}};s', a => (a >= 1 ? Math.min(4, Math.trunc(a)) : 0)],
};

const sourceOf = text => {
  const steps = text.split(';');
  const last = steps.pop();
  return [
    'one c:b>n;c{ret 1};0',
    `f a:n b:n>n;${[...steps, last].join(';')}`,
    'all xs:L n ys:L n>L n;rs=[];@i 0..len xs{rs=+=rs (f (at xs i) (at ys i))};rs',
  ].join('\n');
};

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
let [s0, s1, s2, s3] = [seed | 1, 0x9e3779b9 | 0, 0x243f6a88 | 0, seed ^ 0x5bd1e995];
/** xoshiro128, 32 bits at a time. */
function next() {
  const result = Math.imul(s1, 5);
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = (s3 << 11) | (s3 >>> 21);
  return Math.imul((result << 7) | (result >>> 25), 9);
}

const EDGES = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  2.5,
  2 ** 31,
  2 ** 32,
  2 ** 52,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  5e-324,
  1e308,
  1 / 0,
  0 / 0,
];
/** Of six kinds: any bits, integers, halves, near each other's exponent, near edges, small. */
function random(kind, other) {
  const bits = next();
  switch (kind) {
    case 0:
      words[0] = bits;
      words[1] = next();
      return double[0];
    case 1:
      return bits >> (next() & 31);
    case 2:
      return (bits >> (next() & 31)) / 2;
    case 3: {
      double[0] = other;
      words[1] = (words[1] & 0xfff00000) + ((next() % 5) << 20) + (next() & 0xfffff);
      words[0] = bits;
      return double[0];
    }
    case 4: {
      double[0] = EDGES[(bits >>> 8) % EDGES.length];
      words[0] += (next() % 5) | 0;
      return (bits & 1) === 0 ? double[0] : -double[0];
    }
    default:
      return bits / 2 ** (next() & 63);
  }
}

const BATCH = 20_000;
const wanted = Object.entries(OPERATIONS).filter(([name]) => options.only === undefined || name === options.only);
const compiled = wanted.map(([name, [text, reference, zero]]) => {
  const unit = ilo.unitOf(sourceOf(text));
  for (const each of ['f', 'all']) {
    const why = ilo.nativeUnitOf(unit, false).whyNotNative(unit.byName.get(each));
    if (why !== undefined) throw new Error(`${name}, ${each}: ${why}`);
  }
  return {
    name,
    unit,
    reference,
    zero: zero !== undefined,
    native: ilo.closureOf(unit, 'all'),
    tree: ilo.closureOf(unit, 'f', 'tree'),
  };
});

const same = (a, b) => Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b));
let differences = 0;
function differ(name, a, b, got, expected, who) {
  if (++differences <= 20) console.log(`DIFFERENT ${name} ${a} ${b}: ${who} ${got}, wanted ${expected}`);
}

function compare(xs, ys, withTree) {
  const lists = [xs, ys];
  for (const { name, reference, zero, native, tree } of compiled) {
    const divisors = zero ? ys.map(y => (y === 0 ? 1 : y)) : lists[1];
    const results = native([new ilo.List(xs), new ilo.List(divisors)]);
    if (typeof results === 'string') throw new Error(`${name}: ${results}`);
    const items = results.view();
    for (let i = 0; i < xs.length; i++) {
      const expected = reference(xs[i], divisors[i]);
      if (!same(items[i], expected)) differ(name, xs[i], divisors[i], items[i], expected, 'machine code gave');
      if (withTree && !same(tree([xs[i], divisors[i]]), expected))
        differ(name, xs[i], divisors[i], tree([xs[i], divisors[i]]), expected, 'the tree engine gave');
    }
  }
}

const started = performance.now();
for (let done = 0; done < pairs; done += BATCH) {
  const count = Math.min(BATCH, pairs - done);
  const xs = new Array(count);
  const ys = new Array(count);
  for (let i = 0; i < count; i++) {
    const kind = i % 6;
    xs[i] = random(kind === 3 ? 0 : kind, 0);
    ys[i] = random(i % 5 === 0 ? (next() >>> 8) % 6 : kind, xs[i]);
  }
  compare(xs, ys, done < treePairs);
  if (done > 0 && done % 5_000_000 === 0) {
    console.log(`${done} pairs, ${differences} differences (${Math.round((performance.now() - started) / 1000)} s)`);
  }
}
console.log(
  `seed ${seed}: ${pairs} pairs for each of ${compiled.length} operations, the tree engine on ${Math.min(pairs, Math.ceil(treePairs / BATCH) * BATCH)} of them: ${differences} differences`,
);
process.exitCode = differences > 0 ? 1 : 0;
