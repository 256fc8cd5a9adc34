// Small programs in a process of their own: a script against the host, bundled the way the command line is.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface HostProgram {
  readonly path: string;
  readonly run: (args?: readonly string[]) => SpawnSyncReturns<string>;
  /** The same in a shell, where `$P` is the command that runs it. */
  readonly shell: (command: string) => SpawnSyncReturns<string>;
  readonly remove: () => void;
}

/** Bundles a script that finds `createNodeHost`, `OutputFailure` and `args` in scope. */
export function hostProgram(script: string): HostProgram {
  const folder = mkdtempSync(join(tmpdir(), 'ilo-host-'));
  const path = join(folder, 'program.cjs');
  buildSync({
    stdin: {
      contents: `import { createNodeHost } from './src/runtime/host/node-host.ts';
        import { OutputFailure } from './src/runtime/host/output.ts';
        const args = process.argv.slice(2);
        ${script}`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: path,
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
  });
  copyFileSync(join(root, 'dist/http-worker.cjs'), join(folder, 'http-worker.cjs'));
  writeFileSync(join(folder, 'package.json'), '{}');
  const options = { encoding: 'utf8', timeout: 25_000, maxBuffer: 2 ** 28 } as const;
  return {
    path,
    run: (args = []) => spawnSync(process.execPath, [path, ...args], options),
    shell: command =>
      spawnSync('bash', ['-c', command], { ...options, env: { ...process.env, P: `${process.execPath} ${path}` } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
