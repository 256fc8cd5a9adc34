// What pieces of the code that `js` generates cost: a workload as generated, and with one piece after the other left out.
//
//     node bench/without.mjs WORKLOAD
//
// Prints processor time over hand-written JavaScript, the least of many samples in turns: other work on a machine only ever adds time.
// All sides must give the same answer. `npm run bench` makes the bundle that this needs.
import { fileURLToPath } from 'node:url';
import { EDITS } from './sides/edits.mjs';
import { measureInTurns, startSide } from './sides/measured.mjs';
import { WORKLOADS } from './workloads/table.mjs';

const [name] = process.argv.slice(2);
const edits = EDITS[name];
const workload = WORKLOADS.find(row => row.name === name);
if (edits === undefined || workload === undefined) {
  console.error(`usage: node bench/without.mjs WORKLOAD\nworkloads: ${Object.keys(EDITS).join(', ')}`);
  process.exit(2);
}
const here = path => fileURLToPath(new URL(path, import.meta.url));
const n = String(workload.n);
const sides = [
  await startSide('JavaScript', process.execPath, [here('sides/javascript.mjs'), here(`workloads/${name}.mjs`), n]),
];
try {
  const rest = [here('../.tmp/bench/internals.mjs'), 'js', here(`workloads/${name}.ilo`), n];
  for (let count = 0; count <= edits.length; count++) {
    const label = count === 0 ? 'as generated' : edits[count - 1].what;
    const side = await startSide(label, process.execPath, [here('sides/edited.mjs'), name, String(count), ...rest]);
    sides.push(side);
    if (side.result !== sides[0].result) throw new Error(`${label}: gives ${side.result}, not ${sides[0].result}`);
  }
  const times = await measureInTurns(sides, { warm: 400, sample: 20, rounds: 25, clock: 'cpu' });
  const [base, ...least] = times.map(samples => Math.min(...samples));
  console.log(`${name} on js over hand-written JavaScript`);
  least.forEach((time, i) => {
    console.log(`${(time / base).toFixed(2).padStart(7)}  ${i < 2 ? '' : 'and '}${sides[i + 1].name}`);
  });
} finally {
  for (const side of sides) side.end();
}
