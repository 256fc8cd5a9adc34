// What runs machine code for ARM64 without Node on ARM64 (tests/fuzz/bare): builds the runner and the addon that talks to it, and bundles
// programs so that they compile for ARM64 and have it run there.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emulatorOf } from './arm64-node.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const bare = join(root, 'tests/fuzz/bare');
const FLAGS = ['-std=c++17', '-O2', '-fno-exceptions', '-fno-rtti', '-DNAPI_VERSION=8'];
// Most of the addon is its border to Node, which the runner does not have.
const RUNNER = ['-static', '-ffunction-sections', '-Wl,--gc-sections', '-Wno-unused-function'];

/** Builds both; gives what addon.ts has to know as text for the environment, or throws with what is missing. */
export function buildBare() {
  const emulator = emulatorOf();
  if (emulator === undefined) throw new Error('there is no emulator of ARM64');
  const compilers = ['aarch64-linux-gnu-g++', 'g++'];
  for (const name of compilers) if (spawnSync(name, ['--version']).status !== 0) throw new Error(`${name} is missing`);
  const folder = join(root, '.tmp/bare');
  mkdirSync(folder, { recursive: true });
  const headers = `-I${createRequire(import.meta.url)('node-api-headers').include_dir}`;
  const compile = (compiler, source, out, flags) =>
    execFileSync(compiler, [...FLAGS, headers, join(bare, source), '-o', join(folder, out), ...flags], {
      stdio: 'inherit',
    });
  compile(compilers[0], 'runner.cc', 'runner', RUNNER);
  compile(compilers[1], 'host.cc', 'host.node', ['-fPIC', '-shared']);
  return JSON.stringify({ host: join(folder, 'host.node'), runner: [emulator, join(folder, 'runner')] });
}

/** For esbuild: the processor is ARM64, and the addon is tests/fuzz/bare/addon.ts. */
export const bareBundle = {
  define: { 'process.arch': '"arm64"' },
  plugins: [
    {
      name: 'bare',
      setup: build =>
        build.onResolve({ filter: /\/addon\.ts$/ }, ({ importer }) =>
          importer.startsWith(bare) ? undefined : { path: join(bare, 'addon.ts') },
        ),
    },
  ],
};
