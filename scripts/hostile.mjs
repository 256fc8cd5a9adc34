// `npm run hostile`: the hostile suite of the embedding interface, and what it tried as one table: a row for each kind of attack, a column for each
// engine, in each cell the cases in this process, in a thread and in a process of its own. `--write-doc docs/embedding.md` puts the table between its
// marks in a page; `--default-limits` runs the programs under the limits that a caller gets who says nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableOf } from '../bench/document.mjs';

const root = join(fileURLToPath(import.meta.url), '../..');
const defaults = process.argv.includes('--default-limits');
const document = process.argv[process.argv.indexOf('--write-doc') + 1 || process.argv.length];

const folder = mkdtempSync(join(tmpdir(), 'ilo-hostile-'));
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/embed/hostile', '--reporter=dot'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ILO_HOSTILE_TALLY: folder, ...(defaults ? { ILO_HOSTILE_LIMITS: 'default' } : {}) },
  },
);
const tallies = readdirSync(folder).map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')));
rmSync(folder, { recursive: true });
if (status !== 0) process.exit(1);

const { kinds, engines, levels } = tallies[0];
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
const table = tableOf([['attacks', ...engines, 'no engine', 'cases'], ...rows, last]);
console.log(`\n${table}`);

if (document !== undefined) {
  const [start, end] = ['<!-- hostile -->\n', '<!-- /hostile -->'];
  const page = readFileSync(document, 'utf8');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the table`);
  writeFileSync(document, `${page.slice(0, from)}${start}${table}\n${page.slice(to)}`);
}
