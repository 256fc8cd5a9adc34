// One engine of ilo as a side of a comparison: see measured.mjs for what a side does. Arguments: the bundle of internals, the
// engine, the program, one number or three for its function `run` (or else the first). A process of its own, because V8 shapes the code that engines share after whoever used it first.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { answer } from './answer.mjs';

const [, , bundle, engine, file, ...words] = process.argv;
const { loadProgram, MACHINES, makeServices, BUILTINS, entryOf, showValue } = await import(pathToFileURL(bundle).href);
const { unit, diagnostics } = loadProgram(readFileSync(file, 'utf8'), {
  readFile: () => ({ err: 'none' }),
  entry: 'checked',
});
if (!unit) throw new Error(`${file}: ${diagnostics[0].message}`);
const services = makeServices({
  builtins: BUILTINS,
  host: {},
  maxDepth: 10_000,
  random: Math.random,
  callValue: (callee, values) => machine.callValue(callee, values, ''),
});
const machine = MACHINES[engine](unit, services);
const run = entryOf(machine, unit.byName.get('run') ?? 0);
const [a, b, c] = words.map(Number);
// Spreading the arguments would cost more than some of the calls.
const call = words.length === 3 ? () => run(a, b, c) : () => run(a);
// A success shows its value alone, as on the command line.
await answer(call, value => showValue(value).replace(/^~/, ''));
