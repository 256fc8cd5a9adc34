// Loads the addon of this machine's platform under musl and has it run its probe (scripts/musl-load.c): node scripts/musl-load.mjs [--must]
//
// Wants musl-gcc; where it is missing, it says so and ends well, unless --must is given.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const program = join(root, '.tmp', 'musl-load');
mkdirSync(join(root, '.tmp'), { recursive: true });
const made = spawnSync('musl-gcc', ['-w', '-rdynamic', '-o', program, join(root, 'scripts/musl-load.c'), '-ldl'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (made.error !== undefined) {
  console.log('not run under musl: there is no musl-gcc');
  process.exit(process.argv.includes('--must') ? 1 : 0);
}
if (made.status !== 0) process.exit(1);
const addon = join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'ilo.node');
process.exitCode = spawnSync(program, [addon], { stdio: 'inherit' }).status ?? 1;
