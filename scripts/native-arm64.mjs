// Runs tests of native code on ARM64: with Node's ARM64 build under qemu's emulation of a process, or directly where this is such a machine.
//
//     node scripts/native-arm64.mjs [--must] [FILE…]
//
// Takes all tests that run native code unless files are named; those of the encoders do not depend on the processor. Where something is
// missing (see arm64-node.mjs), it says so and ends well, unless --must is given.
//
// An emulator shows that the instructions are right, that the calling convention is kept and that limits strike where they should. It does not show
// speed, nor what a real processor does when its instruction cache was not cleared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { arm64Command } from './arm64-node.mjs';
import { bundleLibrary, bundleTests, removeBundles, root } from './native-bundle.mjs';

/** Long ones first: as many run at once as there are processors. */
const TESTS = [
  ...[
    'threads',
    'limits',
    'batch',
    'leave',
    'sums',
    'whole',
    'scattered',
    'inlined',
    'values',
    'border',
    'addon',
    'canary',
  ],
];
const named = process.argv.slice(2).filter(word => word !== '--must');
const files = named.length > 0 ? named : TESTS.map(name => `tests/jit/native/${name}.test.ts`);
const command = arm64Command();
if (typeof command === 'string') {
  console.log(`not run on ARM64: ${command}`);
  process.exit(process.argv.includes('--must') ? 1 : 0);
}
const env = { ...process.env, ILO_TEST_NODE: command.join(' '), ILO_TEST_LIBRARY: await bundleLibrary() };

/** Runs a file of tests in a process of its own, so that one that crashes is known by its name; gives whether all is well. */
async function runFile(file) {
  const started = performance.now();
  const child = spawn(command[0], [...command.slice(1), await bundleTests([file])], { cwd: root, env });
  const said = [];
  child.stdout.on('data', text => said.push(text));
  child.stderr.on('data', text => said.push(text));
  const [status, signal] = await once(child, 'close');
  const seconds = Math.round((performance.now() - started) / 1000);
  const end = signal !== null ? `, ended by ${signal}` : status !== 0 ? ', FAILED' : '';
  console.log(`${relative(root, resolve(file))} (${seconds} s)${end}\n${Buffer.concat(said)}`.trimEnd());
  return status === 0;
}

const waiting = [...files];
let right = true;
async function runNext() {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) right = (await runFile(file)) && right;
}
await Promise.all(Array.from({ length: availableParallelism() }, runNext));
removeBundles();
process.exitCode = right ? 0 : 1;
