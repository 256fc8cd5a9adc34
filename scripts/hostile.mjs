// `npm run hostile`: the hostile suite of the embedding interface, and what it tried as one table: a row for each kind of attack, a column for each
// engine, in each cell the cases in this process, in a thread and in a process of its own. `--write-doc docs/embedding.md` puts the table between its
// marks in a page. `--default-limits` runs all under the limits that a caller gets who says nothing, and prints (and writes) how long the longest run of
// each kind took instead; it fails where that is more than two seconds. A word (programs, callers, hosts, outside, lines) chooses a part; `--tally FOLDER`
// keeps what was counted there, and the table is of all parts in it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableOf } from '../bench/document.mjs';

const HELP = `npm run hostile [-- OPTION… PART…]   the hostile suite, counted in a table

  PART               programs, callers, hosts, outside or lines; all of them (some minutes) when none is named
  --default-limits   with the limits of a caller who says nothing; the longest run of each kind instead of counts
  --tally FOLDER     keeps what was counted, and makes the table of all parts in the folder
  --write-doc PAGE   puts the table between its marks in a page

Ends with 1 when a case fails or, with --default-limits, when a run takes more than two seconds.`;

if (process.argv.includes('--help')) {
  console.log(HELP);
  process.exit();
}

const root = join(fileURLToPath(import.meta.url), '../..');
const defaults = process.argv.includes('--default-limits');
const after = name => process.argv[process.argv.indexOf(name) + 1 || process.argv.length];
const document = after('--write-doc');
const kept = after('--tally');
const words = process.argv.slice(2).filter(word => !word.startsWith('--') && word !== document && word !== kept);
const files =
  words.length === 0 ? ['hostile'] : words.map(word => `hostile${word === 'programs' ? '.test' : `-${word}`}`);
/** What the page promises. */
const MOST_MS = 2000;

const folder = kept ?? mkdtempSync(join(tmpdir(), 'ilo-hostile-'));
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files.map(file => `tests/embed/${file}`),
    '--reporter=dot',
    // Whose time is taken has the machine to itself.
    ...(defaults ? ['--maxWorkers=1', '--testTimeout=120000'] : []),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ILO_HOSTILE_TALLY: folder, ...(defaults ? { ILO_HOSTILE_LIMITS: 'default' } : {}) },
  },
);
const tallies = readdirSync(folder).map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')));
if (kept === undefined) rmSync(folder, { recursive: true });
if (status !== 0) process.exit(1);

const { kinds, engines, levels } = tallies[0];
const table = defaults ? timesTable() : countsTable();
console.log(`\n${table}`);
if (document !== undefined) write(document, defaults ? 'hostile-times' : 'hostile', table);

/** How long the longest run of each kind took. */
function timesTable() {
  const longest = tallies.flatMap(tally => Object.entries(tally.longest));
  for (const [, { milliseconds }] of longest) if (milliseconds > MOST_MS) process.exitCode = 1;
  const rows = Object.entries(kinds).flatMap(([kind, name]) => {
    const of = longest.filter(([of]) => of === kind).map(([, one]) => one);
    if (of.length === 0) return [];
    const slowest = of.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
    const runs = of.reduce((sum, one) => sum + one.runs, 0);
    return [[name, runs, `${Math.round(slowest.milliseconds)} ms`, slowest.what]];
  });
  // How long anything took says little without this.
  const load = Math.max(...tallies.map(tally => tally.load)).toFixed(1);
  const machine = `Node ${process.version}, ${availableParallelism()} processors, load up to ${load}.`;
  return `${tableOf([['attacks', 'runs', 'the longest', 'which'], ...rows])}\n\n${machine}`;
}

/** What was tried how often. */
function countsTable() {
  const counts = new Map(tallies.flatMap(tally => Object.entries(tally.counts)));
  const counted = (kind, level, engine) => counts.get(`${kind} ${level} ${engine}`) ?? 0;
  const sum = (someKinds, someEngines) =>
    someKinds
      .flatMap(kind => someEngines.flatMap(engine => levels.map(level => counted(kind, level, engine))))
      .reduce((all, one) => all + one, 0);

  const rows = Object.entries(kinds).map(([kind, name]) => [
    name,
    ...engines.map(engine => {
      const cells = levels.map(level => counted(kind, level, engine));
      return cells.every(cell => cell === 0) ? '' : cells.join(' · ');
    }),
    counted(kind, 'in-process', 'none') || '',
    sum([kind], [...engines, 'none']),
  ]);
  const all = Object.keys(kinds);
  const last = ['all', ...[...engines, 'none'].map(engine => sum(all, [engine])), sum(all, [...engines, 'none'])];
  return tableOf([['attacks', ...engines, 'no engine', 'cases'], ...rows, last]);
}

function write(path, name, table) {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const page = readFileSync(path, 'utf8');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table`);
  writeFileSync(path, `${page.slice(0, from)}${start}${table}\n${page.slice(to)}`);
}
