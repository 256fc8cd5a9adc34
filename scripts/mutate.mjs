// Breaks the programs of a folder at random and looks for errors of ilo's own:
//
//     node scripts/mutate.mjs PATH [--count N] [--seed S] [--save DIRECTORY]
//
// Mutant number i is made from a program of the folder with seed S + i, so `--seed S+i --count 1` makes it again. Prints what went wrong,
// and last how many mutants there were; with --save the bad ones are written into a directory. Exit code 1 when something
// went wrong.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '0' },
    save: { type: 'string' },
  },
});
const path = positionals[0];
const count = Number(values.count);
const first = Number(values.seed);
if (path === undefined || !Number.isInteger(count) || !Number.isInteger(first)) {
  console.error('usage: node scripts/mutate.mjs PATH [--count N] [--seed S] [--save DIRECTORY]');
  process.exit(2);
}

const corpus = sourcesIn(path);
if (corpus.length === 0) {
  console.error(`there are no programs in ${path}`);
  process.exit(2);
}
const { mutate, tryProgram } = await loadMutator();

const problems = new Map();
let loaded = 0;
let ran = 0;
for (let seed = first; seed < first + count; seed++) {
  const text = mutate(corpus[seed % corpus.length], corpus, seed);
  const tried = tryProgram(text);
  if (tried.loaded) loaded++;
  ran += tried.ran;
  if (tried.problem !== undefined) report(seed, text, tried.problem);
}
console.log(
  `${count} mutants of ${corpus.length} programs: ${loaded} still load, ${ran} runs, ${problems.size} kinds of problem`,
);
process.exit(problems.size > 0 ? 1 : 0);

/** Problems with the same first two lines are one kind, and only the first of a kind is shown. */
function report(seed, text, problem) {
  const kind = problem.split('\n').slice(0, 2).join('\n').slice(0, 300);
  const seen = problems.get(kind) ?? 0;
  problems.set(kind, seen + 1);
  if (seen > 0) return;
  console.log(`seed ${seed}: ${problem.split('\n').slice(0, 8).join('\n')}\n`);
  if (values.save === undefined) return;
  mkdirSync(values.save, { recursive: true });
  writeFileSync(join(values.save, `${seed}.ilo`), text);
}

function sourcesIn(place) {
  if (statSync(place).isFile()) return [readFileSync(place, 'utf8')];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ilo'))
    .sort()
    .map(name => readFileSync(join(place, name), 'utf8'));
}

/** The mutator is TypeScript and imports most of ilo, so it is bundled first. */
async function loadMutator() {
  const folder = mkdtempSync(join(tmpdir(), 'ilo-mutate-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    buildSync({
      absWorkingDir: root,
      entryPoints: ['tests/bad-input/mutate.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['re2js'],
      outfile: join(folder, 'mutate.mjs'),
    });
    // Inside a package of its own, because a `require` of re2js is resolved from there, and later than here.
    return await import(pathToFileURL(join(folder, 'mutate.mjs')).href);
  } finally {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
}
