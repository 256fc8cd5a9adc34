// Counts which instructions of the register machine follow each other when programs run: the profile that says which pairs are worth
// an instruction of their own.
//
//     node scripts/pairs.mjs [--top=N] [--each] [FILE:FUNCTION:ARGUMENT...]
//
// Without files it runs the workloads of bench/ and the examples. Each program counts alike, however long it runs: a share is the
// mean over the programs. `--each` prints the most frequent pairs of each program as well.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { WORKLOADS } from '../bench/workloads/table.mjs';

const entry = `
export { loadProgram } from './src/runtime/program.ts';
export { makeServices } from './src/runtime/services.ts';
export { createVirtualHost } from './src/runtime/host/virtual-host.ts';
export { BUILTINS } from './src/lang/ilo/builtins/table.ts';
export { RegisterMachine } from './src/vm/register/machine.ts';
export { REGISTER_OPS } from './src/spec/register-ops.ts';
export { Fault } from './src/core/fault.ts';`;
// Inside node_modules, so that the packages it needs are found.
mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync(resolve('node_modules/.cache/ilo-pairs-'));
const outfile = join(folder, 'internals.mjs');
await build({
  stdin: { contents: entry, resolveDir: '.' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  external: ['re2js'],
  outfile,
  logLevel: 'error',
});
const internals = await import(outfile);
rmSync(folder, { recursive: true });
const { loadProgram, makeServices, createVirtualHost, BUILTINS, RegisterMachine, REGISTER_OPS, Fault } = internals;

/** More instructions of one program say nothing new. */
const MOST_STEPS = 300_000;

const flags = process.argv.slice(2).filter(word => word.startsWith('--'));
const named = process.argv.slice(2).filter(word => !word.startsWith('--'));
const top = Number(flags.find(flag => flag.startsWith('--top='))?.slice(6) ?? 40);

/** Runs a function and counts; undefined when the program cannot be run here. */
function profile({ path, name, args }) {
  const readFile = file => ({ ok: readFileSync(file, 'utf8') });
  const { unit } = loadProgram(readFileSync(path, 'utf8'), { file: path, readFile });
  const callee = unit?.byName.get(name);
  if (callee === undefined) return undefined;
  // The examples read files of the repository.
  const readHere = file => {
    try {
      return { ok: readFileSync(file, 'utf8') };
    } catch {
      return { err: 'none' };
    }
  };
  const host = { ...createVirtualHost({ environment: {} }), readFile: readHere };
  const services = makeServices({
    builtins: BUILTINS,
    host,
    maxDepth: 10_000,
    meter: undefined,
    random: () => 0.5,
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine = new RegisterMachine(unit, services, { fresh: false });
  const singles = new Map();
  const pairs = new Map();
  let steps = 0;
  let before = '';
  const add = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  machine.start(callee, args);
  const seen = state => {
    const op = REGISTER_OPS[state.setting.unit.code[state.pc] & 255].name;
    add(singles, op);
    if (before !== '') add(pairs, `${before} ${op}`);
    before = op;
    return ++steps < MOST_STEPS;
  };
  try {
    machine.observe(seen);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return { label: path.replace(/^.*\//, ''), singles, pairs, steps };
}

const workloads = WORKLOADS.map(({ name, n }) => ({ path: `bench/workloads/${name}.ilo`, name: 'run', args: [n] }));
const examples = readdirSync('examples')
  .filter(name => name.endsWith('.ilo'))
  .map(name => ({ path: `examples/${name}`, name: 'main', args: [] }));
const given = named.map(word => {
  const [path, name, ...args] = word.split(':');
  return { path, name, args: args.map(Number) };
});
const profiles = (given.length > 0 ? given : [...workloads, ...examples]).map(profile).filter(Boolean);

/** The mean share of each key over the programs, largest first. */
function shares(which) {
  const sums = new Map();
  for (const each of profiles) {
    for (const [key, count] of each[which]) sums.set(key, (sums.get(key) ?? 0) + count / each.steps / profiles.length);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

const percent = share => `${(100 * share).toFixed(1)} %`.padStart(7);
if (flags.includes('--each')) {
  for (const { label, pairs, steps } of profiles) {
    const best = [...pairs].sort((a, b) => b[1] - a[1]).slice(0, 8);
    console.log(`${label}: ${best.map(([key, count]) => `${key} ${percent(count / steps).trim()}`).join(', ')}`);
  }
}
console.log(`\n${profiles.length} programs, ${profiles.reduce((sum, each) => sum + each.steps, 0)} instructions\n`);
for (const which of ['singles', 'pairs']) {
  console.log(which);
  for (const [key, share] of shares(which).slice(0, top)) console.log(`${percent(share)}  ${key}`);
}
