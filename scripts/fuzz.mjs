// `npm run fuzz`: bundles tests/fuzz once, into .tmp, where the addon is found from as it is from dist/, and runs it in processes. Options are those of tests/fuzz/main.ts.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

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
process.exitCode = await command.main(process.argv.slice(2), join(outdir, 'fuzz-worker.mjs'));
