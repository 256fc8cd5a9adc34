// Counts which instructions of the register machine follow each other when programs run: the profile that says which pairs are worth
// an instruction of their own.
//
//     node scripts/pairs.mjs [--plain] [--top=N] [--each] [FILE:FUNCTION:ARGUMENT...]
//
// Without files it runs the workloads of bench/ and the examples. Each program counts alike, however long it runs: a share is the
// mean over the programs. `--each` prints the most frequent pairs of each program as well.
//
// The code that runs has the instructions for pairs already, and shows what is still to be had. `--plain` counts each of them as the
// instructions that it stands for, and shows what a kind of pair would be worth if it had none: what is written beside the rows of
// src/spec/register-ops.ts.
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
const plain = flags.includes('--plain');
const top = Number(flags.find(flag => flag.startsWith('--top='))?.slice(6) ?? 40);

const NAMES = REGISTER_OPS.map(row => row.name);

/** What an instruction stands for; those of one step stand for themselves. */
function partsOf(name) {
  const [first, ...words] = name.split('_');
  if (name === 'at_at') return ['at', 'at'];
  if (name === 'mod_i') return ['load_i', 'mod'];
  // The end of the loop behind it is done by it, too.
  if (name === 'add_nn_loop') return ['add_nn', ...partsOf('loop_lt_nn')];
  if (first === 'loop') return [...(words[0] === 'add' ? ['add_nn'] : ['load_i', 'add_nn']), 'lt_nn', 'if_b'];
  const branch = `${first}_b`;
  if ((first === 'if' || first === 'unless') && name !== branch) {
    if (words.length === 1) return ['truthy_v', branch];
    const [relation, kinds] = words;
    const isPlain = kinds[0] === 'n';
    // Numbers are compared in either order by one instruction.
    const compare = isPlain ? `${{ gt: 'lt', ge: 'le' }[relation] ?? relation}_nn` : `${relation}_vv`;
    return kinds[1] === 'i' ? ['load_i', compare, branch] : [compare, branch];
  }
  if (words[0] === 'ni' || words[0] === 'vi') return ['load_i', `${first}_${words[0][0]}${words[0][0]}`];
  return [name];
}

const PARTS = NAMES.map(partsOf);
const AT_AT = NAMES.indexOf('at_at');
for (const part of PARTS.flat()) if (!NAMES.includes(part)) throw new Error(`no instruction is called ${part}`);

/** Kinds of instructions in a row that have, or might have, one for all of them. */
const KINDS = [
  ['compare and branch, two numbers', 'lt_nn|le_nn|eq_nn if_b|unless_b'],
  ['compare and branch, two values', 'lt_vv|le_vv|gt_vv|ge_vv|eq_vv if_b|unless_b'],
  ['truth and branch', 'truthy_v if_b|unless_b'],
  ['small constant and arithmetic on numbers', 'load_i add_nn|sub_nn|mul_nn|div_nn'],
  ['small constant and arithmetic on values', 'load_i add_vv|sub_vv|mul_vv'],
  ['small constant and comparison of numbers', 'load_i lt_nn|le_nn|eq_nn'],
  ['small constant and comparison of values', 'load_i lt_vv|le_vv|gt_vv|ge_vv|eq_vv'],
  ['small constant and remainder', 'load_i mod'],
  ['end of a loop: small constant, sum, compare and branch', 'load_i add_nn lt_nn if_b'],
  ['end of a loop: sum, compare and branch', 'add_nn lt_nn if_b'],
  ['a sum before an end of a loop', 'add_nn load_i add_nn lt_nn if_b'],
  ['index and index', 'at at'],
  ['index and sum', 'at|list_item|list_index add_nn|add_vv'],
  ['index and any arithmetic', 'at|list_item|list_index add_nn|add_vv|sub_nn|sub_vv|mul_nn|mul_vv|div_nn|div_vv'],
].map(([what, row]) => ({ what, row: row.split(' ').map(each => new Set(each.split('|'))) }));
const LONGEST = Math.max(...KINDS.map(({ row }) => row.length));

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
  const kinds = new Map();
  const last = [];
  const count = op => {
    add(singles, op);
    if (plain) {
      if (last.push(op) > LONGEST) last.shift();
      for (const { what, row } of KINDS) {
        if (row.every((ops, i) => ops.has(last[last.length - row.length + i]))) add(kinds, what);
      }
    }
    if (before !== '') add(pairs, `${before} ${op}`);
    before = op;
    steps++;
  };
  // `at_at` may do nothing, and then the two instructions behind it run.
  let tried = -1;
  machine.start(callee, args);
  const seen = state => {
    const { pc } = state;
    const opcode = state.setting.unit.code[pc] & 255;
    if (!plain) {
      count(NAMES[opcode]);
    } else {
      if (tried >= 0 && pc !== tried + REGISTER_OPS[AT_AT].width) PARTS[AT_AT].forEach(count);
      tried = opcode === AT_AT ? pc : -1;
      if (opcode !== AT_AT) PARTS[opcode].forEach(count);
    }
    return steps < MOST_STEPS;
  };
  try {
    machine.observe(seen);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return { label: path.replace(/^.*\//, ''), singles, pairs, kinds, steps };
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

if (plain) {
  const found = new Map(shares('kinds'));
  console.log('kinds');
  for (const { what } of KINDS) console.log(`${percent(found.get(what) ?? 0)}  ${what}`);
}
