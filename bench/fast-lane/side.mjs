// Measures one way of calling tot, in a process of its own: prints nanoseconds of processor time a call, the fastest of several rounds.
//
//     node side.mjs ADDON SIDE
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , path, side] = process.argv;
const addon = createRequire(import.meta.url)(path);

// (module (func (export "tot") (param f64 f64 f64) (result f64) …the same operations…))
const WASM = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 8, 1, 0x60, 3, 0x7c, 0x7c, 0x7c, 1, 0x7c, 3, 2, 1, 0],
  ...[7, 7, 1, 3, 0x74, 0x6f, 0x74, 0, 0, 10, 19, 1, 17, 1, 1, 0x7c, 0x20, 0, 0x20, 1, 0xa2, 0x22, 3],
  ...[0x20, 3, 0x20, 2, 0xa2, 0xa0, 0x0b],
];

const JAVASCRIPT = 'function tot(p, q, r) { const s = p * q; return s + s * r; }';
const numbers = new Float64Array(addon.block);
const SIDES = {
  'N-API, arguments': { given: addon.withArguments, call: 'given(i, 1.5, 0.25)' },
  'N-API, shared block': {
    given: { enter: addon.withBlock, numbers },
    top: 'const { enter, numbers } = given;',
    call: '(numbers[0] = i, numbers[1] = 1.5, numbers[2] = 0.25, enter(), numbers[3])',
  },
  'fast API call': { given: addon.fast, call: 'given(i, 1.5, 0.25)' },
  WASM: {
    given: new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(WASM))).exports.tot,
    call: 'given(i, 1.5, 0.25)',
  },
  'JS, not inlined': { top: JAVASCRIPT, call: 'tot(i, 1.5, 0.25)' },
  'JS, inlined': { top: JAVASCRIPT, call: 'tot(i, 1.5, 0.25)' },
};

// What is called is a constant of a module, as an exported function is for whoever imports it.
const { given, top = '', call } = SIDES[side];
const file = join(dirname(path), `side-${process.pid}.mjs`);
globalThis.fastLaneGiven = given;
writeFileSync(
  file,
  `const given = globalThis.fastLaneGiven;${top}
export function run(n) { let s = 0; for (let i = 0; i < n; i++) s += ${call}; return s; }`,
);
const { run } = await import(pathToFileURL(file).href);

const CALLS = 2_000_000;
for (let i = 0; i < 20; i++) run(CALLS / 20);
run(CALLS);
const before = addon.slowCalls();
let fastest = Number.POSITIVE_INFINITY;
let sum = 0;
for (let round = 0; round < 15; round++) {
  const start = process.cpuUsage();
  sum = run(CALLS);
  const { user, system } = process.cpuUsage(start);
  fastest = Math.min(fastest, ((user + system) * 1000) / CALLS);
}
const wanted = ((CALLS * (CALLS - 1)) / 2) * 1.5 * 1.25;
console.log(JSON.stringify({ nanoseconds: fastest, right: sum === wanted, slow: addon.slowCalls() - before }));
