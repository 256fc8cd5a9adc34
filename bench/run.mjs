// `npm run bench`: every speed that the project promises, each beside its yardstick in the same run, with the target.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildAll } from '../scripts/build.mjs';
import { benchAccumulators } from './accumulators.mjs';
import { benchBatch } from './batch.mjs';
import { writeTables } from './document.mjs';
import { benchEmbedding } from './embedding.mjs';
import { benchEngines } from './engines.mjs';
import { benchFastLane } from './fast-lane.mjs';
import { benchFrontEnd } from './frontend.mjs';
import { benchHuge } from './huge.mjs';
import { benchMath } from './math.mjs';
import { benchNative } from './native.mjs';
import { benchStartup } from './startup.mjs';
import { benchWorkloads } from './workloads.mjs';

const root = join(fileURLToPath(import.meta.url), '../..');
const PARTS = 'startup,engines,workloads,accumulators,frontend,embedding,huge,native,batch,math'.split(',');
const HELP = `Usage: npm run bench -- [workloads] [options]

Measures what is promised beside its yardstick, in one run, and prints the targets. The whole of it takes half an hour.

  --only=PART,PART      only these: ${PARTS.join(', ')};
                        and fast-lane, which is not measured without being asked, because it fetches versions of Node
  workloads             only the workloads; then --only chooses among them: npm run bench -- workloads --only=fib,sieve
  --engines=vm,js       only these engines
  --quick               fewer rounds
  --cpu                 processor time instead of time, for a machine that does other work
  --write-doc FILE      puts the tables that were measured between their marks in a page
`;

const { values: flags, positionals } = parseFlags();
const quick = flags.quick === true;
const clock = flags.cpu === true ? 'cpu' : 'wall';
const only = flags.only?.split(',');
const onlyWorkloads = positionals.includes('workloads');
const wanted = name => (onlyWorkloads ? name === 'workloads' : only === undefined || only.includes(name));

function parseFlags() {
  const [text, boolean] = [{ type: 'string' }, { type: 'boolean' }];
  const options = { only: text, engines: text, 'write-doc': text, quick: boolean, cpu: boolean, help: boolean };
  let found;
  try {
    found = parseArgs({ options, allowPositionals: true });
    const isWorkloads = found.positionals.length === 1 && found.positionals[0] === 'workloads';
    if (found.positionals.length > 0 && !isWorkloads) throw new Error(`not known: ${found.positionals.join(' ')}`);
    const known = [...PARTS, 'fast-lane'];
    const wrong = isWorkloads ? undefined : found.values.only?.split(',').find(part => !known.includes(part));
    if (wrong !== undefined) throw new Error(`there is no part '${wrong}' to measure; there are ${known.join(', ')}`);
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
  if (!found.values.help) return found;
  console.log(HELP);
  process.exit();
}

await buildAll();
const bundle = join(root, '.tmp/bench/internals.mjs');
mkdirSync(join(root, '.tmp/bench'), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['bench/internals.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const internals = await import(pathToFileURL(bundle).href);

console.log(`ilo benchmarks on Node ${process.version}, ${process.platform} ${process.arch}`);
const engines = flags.engines?.split(',') ?? internals.ENGINES.map(({ name }) => name);
const results = [];
if (wanted('startup')) results.push(...benchStartup(quick));
const measured = {};
if (wanted('engines')) {
  measured.engines = await benchEngines({ bundle, engines, quick, clock });
  results.push(...measured.engines.kept);
}
if (wanted('workloads')) {
  const chosen = onlyWorkloads ? only : undefined;
  measured.workloads = await benchWorkloads({ bundle, engines, only: chosen, quick, clock });
  results.push(...measured.workloads.kept);
}
if (wanted('accumulators')) results.push(...benchAccumulators(internals, quick));
if (wanted('frontend')) results.push(...benchFrontEnd(internals, quick));
if (wanted('embedding')) {
  measured.embedding = await benchEmbedding({ quick, clock });
  results.push(...measured.embedding.kept);
}
if (wanted('huge')) {
  measured.huge = benchHuge(internals, quick);
  results.push(...measured.huge.kept);
}
if (wanted('native')) {
  measured.native = await benchNative(internals, { quick, root });
  results.push(...measured.native.kept);
}
if (wanted('batch')) results.push(...(await benchBatch(internals, { quick, root, clock })));
if (wanted('math')) benchMath(internals, quick);
// Not without being asked: it fetches versions of Node.
if (only?.includes('fast-lane') && !onlyWorkloads) benchFastLane(root, quick);
const document = flags['write-doc'];
if (document !== undefined) writeTables(document, measured);
const missed = results.filter(met => !met).length;
console.log(`\n${results.length - missed} of ${results.length} targets met`);
