// Native code in threads that are ended at any moment, code that is given back while others run theirs, and registers of the caller that must
// survive: each in a process of its own, so that a crash is seen and does not end the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../structure/source-files.ts';
import { IS_NATIVE } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilo-native-'));
const bundle = join(ROOT, '.tmp', `native-${process.pid}.cjs`);

/** What the processes below use, as one file beside the package's own folders. */
const EXPORTS = `
  export { loadProgram, runProgram } from './src/runtime/program.ts';
  export { disposeNative, nativeUnitOf } from './src/jit/native/code.ts';
  export { loadAddon } from './src/jit/native/addon.ts';
`;

beforeAll(async () => {
  await build({
    stdin: { contents: EXPORTS, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['re2js'],
    outfile: bundle,
    define: { 'import.meta.url': 'importMetaUrl' },
    // The addon is looked for from the bundle's place, one folder below the package.
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'error',
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundle, { force: true });
});

/** Runs a script with `ilo` in reach; gives what it printed, or what ended it. */
function runScript(body: string, flags: readonly string[] = []): string {
  const path = join(folder, `script-${Math.floor(performance.now() * 1000)}.cjs`);
  writeFileSync(path, `const ilo = require(${JSON.stringify(bundle)});\n${PRELUDE}\n${body}`);
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [...flags, path], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : `${signal ?? status} ${stderr}`;
}

const PRELUDE = `
  const unitOf = source => ilo.loadProgram(source, { readFile: () => ({ err: 'none' }) }).unit;
  const run = (unit, name, args, options) => ilo.runProgram(unit, name, args, { host: {}, engine: 'jit', ...options });
  const FIB = 'fib n:n>n;<=n 1 n;+fib -n 1 fib -n 2';
`;

describe.runIf(IS_NATIVE)('processes', () => {
  test('threads that compile, run and are ended at random', () => {
    const said = runScript(`
      const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      if (isMainThread) {
        let left = 40, running = 0;
        const next = () => {
          if (left-- <= 0) return;
          running++;
          const worker = new Worker(__filename, { resourceLimits: { stackSizeMb: left % 2 ? 1 : 4 } });
          let done = false;
          worker.on('message', () => setTimeout(() => worker.terminate(), Math.random() * 20));
          worker.on('exit', () => { if (!done) { done = true; running--; next(); if (running === 0) console.log('all ended'); } });
        };
        for (let i = 0; i < 8; i++) next();
      } else {
        parentPort.postMessage('up');
        for (let i = 0; ; i++) {
          const unit = unitOf(FIB + '\\nloop n:n>n;s=0;@i 0..n{s=+s i};s\\nlist n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs');
          run(unit, 'fib', [i % 20]);
          run(unit, 'list', [1000]);
          if (i % 5 === 0) run(unit, 'loop', [1e12]);
        }
      }
    `);
    expect(said).toBe('all ended');
  }, 120_000);

  test('recursion until the limit, on stacks of every size', () => {
    const said = runScript(`
      const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
      const deep = () => {
        const unit = unitOf('f n:n>n;=n 0 0;r=f -n 1;+r 1');
        return [10000, 200000].map(depth => run(unit, 'f', [depth - 1], { maxDepth: depth }).value === depth - 1
          && run(unit, 'f', [depth], { maxDepth: depth }).fault.code === 'ILO-R040').join();
      };
      if (isMainThread) {
        console.log(deep());
        for (const stackSizeMb of [1, 4]) new Worker(__filename, { resourceLimits: { stackSizeMb } }).on('message', text => console.log(text));
      } else parentPort.postMessage(deep());
    `);
    expect(said.split('\n')).toEqual(['true,true', 'true,true', 'true,true']);
  }, 60_000);

  test('what is compiled, run and given back leaves nothing behind', () => {
    const said = runScript(
      `
      const { readFileSync } = require('node:fs');
      const rounds = 1000;
      const sizes = [];
      for (let i = 0; i < rounds; i++) {
        const unit = unitOf('f n:n>n;s=' + i + ';@i 0..n{s=+s i};s');
        if (run(unit, 'f', [10]).value !== i + 45) throw new Error('wrong');
        ilo.disposeNative(unit);
        if (run(unit, 'f', [10]).value !== i + 45) throw new Error('wrong afterwards');
        ilo.disposeNative(unit);
        if (i === 300 || i === rounds - 1) {
          gc();
          sizes.push([process.memoryUsage().rss / 2 ** 20, (readFileSync('/proc/self/maps', 'latin1').match(/ r-xp 00000000 00:00 0/g) ?? []).length]);
        }
      }
      const [[before, maps], [after, mapsAfter]] = sizes;
      console.log(after - before < 40, mapsAfter - maps < 4);
    `,
      ['--expose-gc'],
    );
    expect(said).toBe('true true');
  }, 60_000);

  test('where executable memory is refused everything runs all the same', () => {
    const said = runScript(`
      const { addon } = ilo.loadAddon();
      const unit = unitOf(FIB);
      const answers = [];
      for (let n = 1; n < 8; n++) {
        addon.failIn(n);
        const fresh = unitOf(FIB);
        answers.push(run(fresh, 'fib', [10]).value);
      }
      console.log(answers.join());
    `);
    expect(said).toBe('55,55,55,55,55,55,55');
  });
});
