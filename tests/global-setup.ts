// Builds dist once before any test runs, so that tests of the command line always see the present sources. When the sources
// do not compile, the old build is removed: tests that need it fail, and all others still run.
import { rmSync } from 'node:fs';
import { buildAll } from '../scripts/build.mjs';

export async function setup(): Promise<void> {
  try {
    await buildAll({ quiet: true });
  } catch (error) {
    rmSync('dist/cli.cjs', { force: true });
    console.error(`dist was not built: ${(error as Error).message.split('\n').slice(0, 2).join(' ')}`);
  }
}
