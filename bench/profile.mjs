// Where the time of a workload goes on one engine, by V8's own profiler:
//
//     node bench/profile.mjs WORKLOAD ENGINE|javascript [MOST]
//
// Prints the functions with the largest share of the samples of two seconds of calls after a warm-up, with what V8 did itself (garbage
// collection, builtins outside JavaScript) as lines of their own. `npm run bench` makes the bundle that this needs.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WORKLOADS } from './workloads/table.mjs';

const [name, engine, most = '12'] = process.argv.slice(2);
const workload = WORKLOADS.find(row => row.name === name);
if (workload === undefined || engine === undefined) {
  console.error(
    `usage: node bench/profile.mjs WORKLOAD ENGINE|javascript\nworkloads: ${WORKLOADS.map(row => row.name).join(', ')}`,
  );
  process.exit(2);
}
const here = path => fileURLToPath(new URL(path, import.meta.url));
const call = engine === 'javascript' ? await javascriptCall() : await engineCall();

async function javascriptCall() {
  const { run } = await import(pathToFileURL(here(`workloads/${name}.mjs`)).href);
  return () => run(workload.n);
}

async function engineCall() {
  const internals = await import(new URL('../.tmp/bench/internals.mjs', import.meta.url).href);
  const { unit } = internals.loadProgram(readFileSync(here(`workloads/${name}.ilo`), 'utf8'), {
    readFile: () => ({ err: 'none' }),
    entry: 'checked',
  });
  const services = internals.makeServices({
    builtins: internals.BUILTINS,
    host: {},
    maxDepth: 10_000,
    random: Math.random,
    callValue: (callee, values) => machine.callValue(callee, values, ''),
  });
  const machine = internals.MACHINES[engine](unit, services);
  const run = internals.entryOf(machine, unit.byName.get('run'));
  return () => run(workload.n);
}

function callFor(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) call();
}

callFor(1000);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 200 });
await session.post('Profiler.start');
callFor(2000);
const { profile } = await session.post('Profiler.stop');
session.disconnect();

const nodes = new Map(profile.nodes.map(node => [node.id, node]));
const shares = new Map();
for (const sample of profile.samples) {
  const { functionName, url, lineNumber } = nodes.get(sample).callFrame;
  const file = url.replace(/.*\//, '');
  const label = `${functionName || '(no name)'}${file === '' ? '' : `  ${file}:${lineNumber + 1}`}`;
  shares.set(label, (shares.get(label) ?? 0) + 1 / profile.samples.length);
}
console.log(`${name} on ${engine}, share of ${profile.samples.length} samples`);
for (const [label, share] of [...shares].sort((a, b) => b[1] - a[1]).slice(0, Number(most))) {
  console.log(`${(100 * share).toFixed(1).padStart(6)} %  ${label}`);
}
