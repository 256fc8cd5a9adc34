// `npm run fuzz`: bundles tests/fuzz once, into .tmp/fuzz, and runs it in threads. Options are those of tests/fuzz/main.ts.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../..');

/** Bundles the fuzzer of a copy of the project, and gives the paths of the command and of what its threads run. */
export async function bundleFuzzer(directory) {
  const outdir = join(directory, '.tmp/fuzz');
  await build({
    absWorkingDir: directory,
    entryPoints: ['tests/fuzz/main.ts', 'tests/fuzz/worker.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return { main: join(outdir, 'main.mjs'), worker: join(outdir, 'worker.mjs') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { main, worker } = await bundleFuzzer(root);
  process.chdir(root);
  const command = await import(pathToFileURL(main).href);
  process.exitCode = await command.main(process.argv.slice(2), worker);
}
