// `npm run fuzz`: bundles tests/fuzz once, into .tmp, where the addon is found from as it is from dist/, and runs it in processes. Options are
// those of tests/fuzz/main.ts, and `--arch arm64`: then programs run under an emulator (see arm64-node.mjs), on jit and batch unless engines are named.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { arm64Command } from './arm64-node.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');

const outdir = join(root, '.tmp');
await build({
  absWorkingDir: root,
  entryPoints: { 'fuzz-main': 'tests/fuzz/main.ts', 'fuzz-worker': 'tests/fuzz/worker.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
process.chdir(root);
const command = await import(pathToFileURL(join(outdir, 'fuzz-main.mjs')).href);
const words = process.argv.slice(2);
const at = words.indexOf('--arch');
const arch = at < 0 ? process.arch : words.splice(at, 2)[1];
let runner;
if (arch !== process.arch) {
  const found = arch === 'arm64' ? arm64Command() : `there is no way to run programs on ${arch}`;
  if (typeof found === 'string') {
    console.error(found);
    process.exit(2);
  }
  if (!words.includes('--engines')) words.push('--engines', 'jit,batch');
  // What V8 compiles, the emulator has to compile again: most of it runs too seldom for that.
  runner = { command: [...found, '--no-opt', '--no-sparkplug'], patience: 10 };
}
process.exitCode = await command.main(words, join(outdir, 'fuzz-worker.mjs'), runner);
