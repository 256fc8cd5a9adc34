// Runs every example of an upstream checkout against this implementation:
//
//     node scripts/conformance.mjs PATH [--engine NAME] [--verbose]
//
// PATH is the checkout, which has the folder `examples`; it is not part of this repository. Builds first, prints every case that
// fails, and last how many passed and failed. Exit code 0 when all passed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';

const [path, ...flags] = process.argv.slice(2);
const examples = path === undefined ? undefined : join(resolve(path), 'examples');
if (examples === undefined || !existsSync(examples)) {
  console.error(
    examples === undefined ? 'usage: node scripts/conformance.mjs PATH [--engine NAME]' : `there is no ${examples}`,
  );
  process.exit(2);
}
await buildAll();
const cli = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'cli.cjs');
const started = performance.now();
// The examples name files relative to the checkout.
const { status } = spawnSync(process.execPath, [cli, 'test', ...flags, examples], {
  cwd: resolve(path),
  stdio: 'inherit',
});
console.error(`${countMentions()}; ${((performance.now() - started) / 1000).toFixed(1)} s`);
process.exit(status ?? 1);

/** Searching for "-- run:" also finds comments that talk about it; this says how many of what was found are cases. */
function countMentions() {
  const texts = readdirSync(examples)
    .filter(name => name.endsWith('.ilo'))
    .map(name => readFileSync(join(examples, name), 'utf8'));
  const lines = texts.flatMap(text => text.split('\n')).filter(line => line.includes('-- run:'));
  const cases = lines.filter(line => line.startsWith('-- run:'));
  return `${lines.length} lines contain "-- run:", ${cases.length} of them begin with it and are cases`;
}
