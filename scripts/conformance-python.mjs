// Runs every example of an upstream checkout as an emitted Python program:
//
//     node scripts/conformance-python.mjs PATH
//
// PATH is the checkout, which has the folder `examples`. Prints every case that fails, what could not be emitted and why, and last
// how many passed and failed. Exit code 0 when none failed. All cases run in one process of python3.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [path] = process.argv.slice(2);
const examples = path === undefined ? undefined : join(resolve(path), 'examples');
if (examples === undefined || !existsSync(examples)) {
  console.error(examples === undefined ? 'usage: node scripts/conformance-python.mjs PATH' : `there is no ${examples}`);
  process.exit(2);
}
const work = join(root, '.tmp/conformance-python');
mkdirSync(work, { recursive: true });
const bundle = join(work, 'parts.mjs');
await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export { pythonOf } from './src/cli/emit.ts';
      export { readImport, sourcesOf } from './src/cli/source.ts';
      export { findCases, judge } from './src/cli/test-cases.ts';
      export { loadProgram } from './src/runtime/program.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { pythonOf, readImport, sourcesOf, findCases, judge, loadProgram } = await import(pathToFileURL(bundle).href);

const folder = mkdtempSync(join(tmpdir(), 'ilo-python-'));
const cases = [];
const lacking = new Map();
let notEmitted = 0;
process.chdir(resolve(path));
for (const name of readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ilo'))) {
  const file = join(examples, name);
  const text = readFileSync(file, 'utf8');
  const found = findCases(text);
  const loaded = loadProgram(text, { file, readFile: readImport, entry: 'checked' });
  if (found.length === 0) continue;
  const emitted = loaded.unit === undefined ? undefined : pythonOf(loaded, sourcesOf(text, file, loaded.imported));
  if (emitted === undefined || 'missing' in emitted) {
    const why = emitted?.missing.join(', ') ?? 'it has mistakes';
    lacking.set(why, [...(lacking.get(why) ?? []), `${name} (${found.length})`]);
    notEmitted += found.length;
    continue;
  }
  const program = join(folder, `${name.replaceAll(/\W/g, '-')}.py`);
  writeFileSync(program, emitted.text);
  for (const test of found) cases.push({ path: program, words: test.words, name, test });
}
const driver = fileURLToPath(new URL('run-python.py', import.meta.url));
const run = spawnSync('python3', [driver], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 1 << 28 });
rmSync(folder, { recursive: true });
if (run.status !== 0) throw new Error(run.stderr || 'python3 is not here');
const seen = JSON.parse(run.stdout);
let failed = 0;
for (const [i, { name, test }] of cases.entries()) {
  const problem = judge(test, seen[i]);
  if (problem === undefined) continue;
  failed++;
  console.log(`FAIL  ${name}::${test.words[0] ?? ''} (line ${test.line}) (${problem})`);
}
for (const [why, names] of lacking) console.log(`not emitted, for ${why}: ${names.join(', ')}`);
console.log(`${cases.length - failed} passed, ${failed} failed, ${notEmitted} not emitted`);
process.exit(failed === 0 ? 0 : 1);
