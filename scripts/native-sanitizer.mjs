// Runs tests of native code with an addon that AddressSanitizer and UndefinedBehaviorSanitizer watch:
//
//     node scripts/native-sanitizer.mjs [FILE…]
//
// Builds the addon with g++ into .tmp/sanitized, a folder that looks like the package, and runs each file of tests in a process of its own
// with the sanitizer's library loaded first. What is watched is the addon; the code that it enters is not, nor is Node. That it is
// watched is tried out first: a copy of the addon that reads beside an array has to be caught.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleLibrary, bundleTests, removeBundles, root } from './native-bundle.mjs';

const TESTS = [
  'addon',
  'values',
  'whole',
  'border',
  'limits',
  'batch',
  'canary',
  'threads',
  'sums',
  'inlined',
  'leave',
  'scattered',
];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const FLAGS = ['-std=c++17', '-O1', '-g', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-fPIC', '-shared'];

const home = join(root, '.tmp/sanitized');
const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
const env = {
  ...process.env,
  LD_PRELOAD: ['libasan.so', 'libubsan.so']
    .map(name => execFileSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim())
    .join(' '),
  // Node itself gives back little at its end. A stack of the sanitizer's own would hide where the thread's stack ends.
  ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:abort_on_error=1',
};

function buildAddon(source, name) {
  const folder = join(home, 'prebuilds', `${process.platform}-${process.arch}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const folders = [`-I${headers}`, `-I${join(root, 'native')}`];
  execFileSync('g++', [...FLAGS, ...SANITIZERS, '-DNAPI_VERSION=8', ...folders, source, '-o', file], {
    stdio: 'inherit',
  });
  return file;
}

/** Whether a fault of the addon ends the process with a report. */
function isWatched() {
  const text = readFileSync(join(root, 'native/mmap_exec.cc'), 'utf8');
  const init = /^int Probe\(Instance\* instance\) \{\n/m;
  if (!init.test(text)) throw new Error('the addon has no function Probe any more');
  const broken = join(home, 'broken.cc');
  writeFileSync(
    broken,
    text.replace(
      init,
      found => `${found}  volatile int beside[4] = {};\n  volatile int place = 7;\n  beside[place] = 1;\n`,
    ),
  );
  const file = buildAddon(broken, 'broken.node');
  const load = `require(${JSON.stringify(file)}).probe()`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', load], { env, encoding: 'utf8' });
  rmSync(file);
  rmSync(broken);
  return status !== 0 && /stack-buffer-overflow|out of bounds/.test(stderr);
}

rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
if (!isWatched()) throw new Error('a fault that was put into the addon was not reported');
console.log('a fault that was put into the addon is reported');
buildAddon(join(root, 'native/mmap_exec.cc'), 'ilo.node');
// What tests look for in the package besides.
const others = ['scripts', 'tests', 'dist', ...readdirSync(join(root, 'prebuilds')).map(name => `prebuilds/${name}`)];
for (const name of others) if (!existsSync(join(home, name))) symlinkSync(join(root, name), join(home, name));

const named = process.argv.slice(2);
const files = named.length > 0 ? named : TESTS.map(name => `tests/jit/native/${name}.test.ts`);
const library = await bundleLibrary(home);
const uses = spawnSync(
  process.execPath,
  ['-e', `const { loadAddon } = require(${JSON.stringify(library)}); console.log(loadAddon().path)`],
  { env, encoding: 'utf8' },
).stdout.trim();
if (!uses.startsWith(home)) throw new Error(`the tests would use ${uses}`);
let failed = 0;
for (const file of files) {
  const started = performance.now();
  const bundle = await bundleTests([file], home);
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [bundle], {
    cwd: root,
    env: { ...env, ILO_TEST_LIBRARY: library },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  if (status !== 0) failed++;
  console.log(
    `${file} (${seconds} s)${status === 0 ? '' : `, FAILED ${signal ?? status}`}\n${stdout}${stderr}`.trimEnd(),
  );
}
removeBundles();
console.log(`${files.length} files of tests with a sanitized addon, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
