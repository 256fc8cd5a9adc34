// `npm run fuzz`: bundles tests/fuzz once, into .tmp, where the addon is found from as it is from dist/, and runs it in processes. Options are
// those of tests/fuzz/main.ts, and `--arch arm64`: then programs run under an emulator (see arm64-node.mjs), on jit and batch unless engines are
// named. With `--bare` the emulator has only the machine code to run (see arm64-bare.mjs), which is much faster.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bareBundle, buildBare } from './arm64-bare.mjs';
import { arm64Command } from './arm64-node.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');

const words = process.argv.slice(2);
const take = (word, count) => {
  const at = words.indexOf(word);
  return at < 0 ? [] : words.splice(at, count);
};
const [, arch = process.arch] = take('--arch', 2);
const bare = take('--bare', 1).length > 0;
if (bare && (arch !== 'arm64' || process.arch === 'arm64')) {
  console.error('--bare is for --arch arm64 on another processor');
  process.exit(2);
}

const outdir = join(root, '.tmp');
const worker = bare ? 'fuzz-worker-bare' : 'fuzz-worker';
const COMMON = {
  absWorkingDir: root,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
};
await build({ ...COMMON, entryPoints: { 'fuzz-main': 'tests/fuzz/main.ts' } });
await build({ ...COMMON, entryPoints: { [worker]: 'tests/fuzz/worker.ts' }, ...(bare && bareBundle) });
process.chdir(root);
if (bare) {
  process.env.ILO_BARE = buildBare();
  process.env.ILO_STRESS ??= 'strict,canary';
}
const command = await import(pathToFileURL(join(outdir, 'fuzz-main.mjs')).href);
let runner;
if (arch !== process.arch) {
  if (!words.includes('--engines')) words.push('--engines', 'jit,batch');
  if (!bare) runner = emulatedRunner();
}
process.exitCode = await command.main(words, join(outdir, `${worker}.mjs`), runner);

function emulatedRunner() {
  const found = arch === 'arm64' ? arm64Command() : `there is no way to run programs on ${arch}`;
  if (typeof found === 'string') {
    console.error(found);
    process.exit(2);
  }
  // What V8 compiles, the emulator has to compile again: most of it runs too seldom for that.
  return { command: [...found, '--no-opt', '--no-sparkplug'], patience: 10 };
}
