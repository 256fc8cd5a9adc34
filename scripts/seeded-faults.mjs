// `npm run fuzz:faults`: puts each fault of tests/fuzz/faults.ts into the sources, and lets the fuzzer look for it. A fault is put in while the
// sources are bundled; the work tree is never changed. Prints a table; with --write, into docs/fuzzing.md as well.
//
//     --programs 20000   gives up on a fault after so many programs
//     --seed 1           where to begin
//     --only WORD        only faults whose file or description contains it
//     --jobs 1           how many faults at a time
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../..');
/** Where the addon is found from as it is from dist/. */
const scratch = join(root, '.tmp');
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const seed = Number(option('--seed', '1'));
const most = Number(option('--programs', '20000'));
const jobs = Number(option('--jobs', '1'));
const only = option('--only', '');

/** Milliseconds that ten programs may take: one that never ends has shown the fault, too. */
const PATIENCE = 60_000;

function bundle(entry, outfile, plugins = []) {
  return build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
    plugins,
  });
}

/** Hands the bundler one file with a text replaced. */
const putIn = fault => ({
  name: 'seeded-fault',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path !== join(root, fault.file)) return undefined;
      const parts = readFileSync(path, 'utf8').split(fault.find);
      if (parts.length !== 2) throw new Error(`${fault.file} has ${parts.length - 1} times: ${fault.find}`);
      return { contents: parts.join(fault.replace), loader: 'ts' };
    });
  },
});

async function huntFor(fault, index) {
  const outfile = join(scratch, `fuzz-fault-${index}.mjs`);
  await bundle('tests/fuzz/hunt.ts', outfile, [putIn(fault)]);
  const child = fork(outfile, [String(seed), String(most), enginesOf(fault).join()], { cwd: root, stdio: 'ignore' });
  return new Promise(done => {
    let programs = 0;
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => end({ programs, seconds: Number.NaN, engine: 'a hang' }), PATIENCE);
    };
    const end = result => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill('SIGKILL');
      done({ fault, ...result });
    };
    child.on('message', message => {
      if (message.found !== undefined) end(message.found);
      else {
        programs = message.programs;
        wait();
      }
    });
    child.on('exit', () => end({ programs, seconds: Number.NaN, engine: 'the process ended' }));
    wait();
  });
}

mkdirSync(scratch, { recursive: true });
const table = join(scratch, 'fuzz-faults.mjs');
await bundle('tests/fuzz/faults.ts', table);
const { FAULTS, enginesOf } = await import(pathToFileURL(table).href);
const wanted = FAULTS.filter(({ file, what }) => file.includes(only) || what.includes(only));
const results = new Array(wanted.length);
let next = 0;
const work = async () => {
  while (next < wanted.length) {
    const index = next++;
    results[index] = await huntFor(wanted[index], index);
    const { fault, engine, programs, seconds } = results[index];
    console.error(
      `${engine ?? 'NOT FOUND'} after ${programs} programs, ${seconds.toFixed(1)} s: ${fault.file}: ${fault.what}`,
    );
  }
};
await Promise.all(Array.from({ length: jobs }, work));

const inSeconds = seconds => (Number.isNaN(seconds) ? '' : seconds.toFixed(1));
const rows = results.map(
  ({ fault, engine, programs, seconds }) =>
    `| \`${fault.file.replace('src/', '')}\` | ${fault.what} | ${engine ?? '**not found**'} | ${programs} | ${inSeconds(seconds)} |`,
);
const found = results.filter(({ engine }) => engine !== undefined);
const counts = found.map(({ programs }) => programs).sort((a, b) => a - b);
const text = [
  `${found.length} of ${results.length} faults found; half of them within ${counts[counts.length >> 1] ?? 0} programs.`,
  '',
  '| file | what is wrong | shown by | programs | seconds of processor time |',
  '|---|---|---|---|---|',
  ...rows,
].join('\n');
console.log(text);

if (process.argv.includes('--write')) {
  const page = join(root, 'docs/fuzzing.md');
  const [before, , after] = readFileSync(page, 'utf8').split(/<!-- faults (?:begin|end) -->\n/);
  writeFileSync(page, `${before}<!-- faults begin -->\n${text}\n<!-- faults end -->\n${after}`);
}
process.exitCode = found.length === results.length ? 0 : 1;
