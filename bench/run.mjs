// `npm run bench`: every speed that the project promises, each beside its yardstick in the same run, with the target.
// `--quick` takes fewer rounds, `--only=frontend,startup,engines,accumulators,math,huge,embedding,native,batch,workloads` chooses. The workloads have options of
// their own: `npm run bench -- workloads [--only=fib,sieve] [--engines=vm,js] [--cpu]`; with --cpu processor
// time is measured, for busy machines. `--write-doc FILE` puts the tables that were measured between their marks in a page.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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
const quick = process.argv.includes('--quick');
const only = listAfter('--only');
const onlyWorkloads = process.argv.includes('workloads');
const wanted = name => (onlyWorkloads ? name === 'workloads' : only === undefined || only.includes(name));

/** The names after a flag, as `--flag=a,b` or `--flag a,b`; undefined without the flag. */
function listAfter(flag) {
  const at = process.argv.findIndex(arg => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  const inline = process.argv[at].slice(flag.length + 1);
  return (inline === '' ? (process.argv[at + 1] ?? '') : inline).split(',');
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
const engines = listAfter('--engines') ?? internals.ENGINES.map(({ name }) => name);
const clock = process.argv.includes('--cpu') ? 'cpu' : 'wall';
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
if (wanted('huge')) results.push(...benchHuge(internals, quick));
if (wanted('native')) {
  measured.native = await benchNative(internals, { quick, root });
  results.push(...measured.native.kept);
}
if (wanted('batch')) results.push(...(await benchBatch(internals, { quick, root, clock })));
if (wanted('math')) benchMath(internals, quick);
// Not without being asked: it fetches versions of Node.
if (only?.includes('fast-lane') && !onlyWorkloads) benchFastLane(root, quick);
const [document] = listAfter('--write-doc') ?? [];
if (document !== undefined) writeTables(document, measured);
const missed = results.filter(met => !met).length;
console.log(`\n${results.length - missed} of ${results.length} targets met`);
