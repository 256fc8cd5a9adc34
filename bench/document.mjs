// Tables of a run, written into a page between `<!-- bench:NAME -->` and `<!-- /bench -->`, so that no number there is typed by hand. What a
// run did not measure stays as it is, and a table that the page has no place for belongs to another page.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { show } from './engines.mjs';
import { showTime } from './workloads.mjs';

export function writeTables(path, { engines, workloads, embedding, native, huge }) {
  const tables = new Map(native?.tables);
  if (engines !== undefined) {
    tables.set('engines', engineTable(engines));
    tables.set('tot', targetTable(engines));
  }
  if (workloads !== undefined) {
    tables.set('workloads', workloadTable(workloads));
    tables.set('promises', promiseTable(workloads));
    tables.set('memory', memoryTable(workloads));
    tables.set('machine', machineLine());
  }
  if (huge !== undefined) tables.set('huge', huge.table);
  if (embedding !== undefined) tables.set('embedding', embeddingTable(embedding));
  let page = readFileSync(path, 'utf8');
  let written = 0;
  for (const [name, table] of tables) {
    const start = `<!-- bench:${name} -->\n`;
    const from = page.indexOf(start);
    const to = page.indexOf('<!-- /bench -->', from);
    if (from < 0) continue;
    if (to < 0) throw new Error(`${path}: the table ${name} has no end`);
    written++;
    page = `${page.slice(0, from)}${start}${table}\n${page.slice(to)}`;
  }
  if (tables.size > 0 && written === 0) throw new Error(`${path} has no place for any table of this run`);
  writeFileSync(path, page);
  if (workloads === undefined) return;
  // These belong to the numbers: they are taken anew with them.
  page = page.replaceAll(SAID, (_, start, script, what, end) => start + said(script, what) + end);
  writeFileSync(path, page);
}

/** `<!-- profile:WORKLOAD ENGINE -->` … `<!-- /profile -->`, and the same with `without:WORKLOAD`: what a script of that name prints. */
const SAID = /(<!-- (profile|without):([\w -]+) -->\n)[\s\S]*?(<!-- \/\2 -->)/g;

/** What bench/profile.mjs prints, in six lines and without the places in a bundle that nobody else has, or bench/without.mjs. */
function said(name, what) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const most = name === 'profile' ? ['6'] : [];
  const lines = execFileSync(process.execPath, [script, ...what.split(' '), ...most], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map(line => `    ${line.replace(/ {2}internals\.mjs:\d+$/, '')}`);
  return `\n${lines.join('\n')}\n\n`;
}

export const tableOf = lines => {
  const [head, ...rest] = lines.map(cells => `| ${cells.join(' | ')} |`);
  return [head, `|---|${'---:|'.repeat(lines[0].length - 1)}`, ...rest].join('\n');
};

const ratioText = (ratio, limit) => {
  if (ratio === undefined || Number.isNaN(ratio)) return '';
  return ratio <= limit ? ratio.toFixed(2) : `**${ratio.toFixed(2)}**`;
};

function engineTable({ engines, lines }) {
  const rows = lines.map(({ label, medians, python }) => [
    label,
    ...engines.map(engine => `${show(medians.get(engine))} (${(medians.get(engine) / python).toFixed(2)})`),
    show(python),
  ]);
  return tableOf([['one call', ...engines, 'CPython'], ...rows]);
}

function targetTable({ engines, lines: [{ medians, python }], targets }) {
  const rows = engines
    .filter(engine => targets[engine] !== undefined)
    .map(engine => {
      const ratio = medians.get(engine) / python;
      return [engine, show(medians.get(engine)), ratioText(ratio, targets[engine]), String(targets[engine])];
    });
  return tableOf([['engine', 'a call of `tot`', 'over CPython', 'target'], ...rows]);
}

function workloadTable({ sides, measured }) {
  const [base, ...others] = sides;
  const rows = measured.map(({ name, medians, spread }) => [
    name,
    showTime(medians.get(base)),
    ...others.map(side => (medians.has(side) ? (medians.get(side) / medians.get(base)).toFixed(2) : '')),
    `±${(100 * spread).toFixed(0)} %`,
  ]);
  return tableOf([['workload', base, ...others, 'spread'], ...rows]);
}

function promiseTable({ measured, promises }) {
  const head = ['workload', ...promises.map(({ short, limit }) => `${short} ≤ ${limit}`)];
  const rows = measured.map(({ name }) => [
    name,
    ...promises.map(({ ratios, limit }) => ratioText(ratios.get(name), limit)),
  ]);
  const kept = promises.map(({ ratios, limit }) => {
    const known = [...ratios.values()].filter(ratio => ratio !== undefined);
    return `${known.filter(ratio => ratio <= limit).length} of ${known.length}`;
  });
  return tableOf([head, ...rows, ['kept', ...kept]]);
}

function memoryTable({ sides, measured }) {
  const known = sides.filter(side => measured.some(({ peaks }) => peaks.has(side)));
  const rows = measured.map(({ name, peaks }) => [
    name,
    ...known.map(side => (peaks.has(side) ? `${(peaks.get(side) / 2 ** 20).toFixed(0)}` : '')),
  ]);
  return tableOf([['MiB', ...known], ...rows]);
}

function embeddingTable({ lines }) {
  const rows = lines.map(({ what, figure, target, met }) => [
    what.trim(),
    met === false ? `**${figure}**` : figure,
    target,
  ]);
  const cores = cpus();
  const machine = `${cores.length} × ${cores[0].model.trim()}, ${process.platform} ${process.arch}, Node ${process.version}`;
  return `${tableOf([['', 'figure', 'target'], ...rows])}\n\n${machine}.`;
}

/** The machine, and the first line of what each peer says of its version. */
function machineLine() {
  const versions = ['lua5.4 -v', 'luajit -v', 'python3 --version', 'pypy3 --version'].flatMap(versionOf);
  const cores = cpus();
  const machine = `${cores.length} × ${cores[0].model.trim()}, ${process.platform} ${process.arch}`;
  return `${[machine, `Node ${process.version}`, ...versions].join('; ')}.`;
}

function versionOf(commandLine) {
  const [command, ...args] = commandLine.split(' ');
  try {
    const said = execFileSync(command, args, { encoding: 'utf8' });
    // Authors, addresses and compilers are not part of it.
    return [/PyPy [\d.]+/.exec(said)?.[0] ?? said.split('\n')[0].replace(/ +(Copyright|--).*/, '')];
  } catch {
    return [];
  }
}
