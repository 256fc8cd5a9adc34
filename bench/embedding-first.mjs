// Compiling and running a program once, on one side, in a process of its own: contexts that others leave to the collector must not be paid for here.
// `node bench/embedding-first.mjs SIDE CLOCK BATCHES FOLDER` prints `[name, microseconds]` as JSON. Every text is another one, on all sides: none
// profits from having seen it before.
import { fileURLToPath } from 'node:url';
import { LOOP_ILO, ORDER_ILO } from './embedding-programs.mjs';
import { loadAlternative } from './embedding-sides.mjs';
import { CLOCKS, micros } from './measure.mjs';

const WARM_MS = 2500;

const [side, clock, batches, folder] = process.argv.slice(2);
const { name, first } = side.startsWith('ilo') ? await ilo(side) : await loadAlternative(folder, side);
let salt = 0;
const [time] = micros([() => first(salt++)], CLOCKS[clock], Number(batches), WARM_MS);
console.log(JSON.stringify([name, time]));

async function ilo(which) {
  const { compile } = await import(fileURLToPath(new URL('../dist/index.js', import.meta.url)));
  const source = which === 'ilo' ? ORDER_ILO : LOOP_ILO;
  return {
    name: which,
    first: unique => {
      const program = compile(`${source}\nx${unique}>n;1`);
      const result = program.run('order', 10, 20);
      program.dispose();
      return result;
    },
  };
}
