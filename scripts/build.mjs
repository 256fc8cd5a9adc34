// Bundles the command line into one file, dist/cli.cjs, and the HTTP worker (which runs in a thread of its own) into another.
// CommonJS because Node starts it faster than an ES module. Modules behind `import()` stay in the same file but are not
// evaluated before they are needed. Each file is written beside its place and renamed, so that a build never leaves
// half a program and may run while another one is being used.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const external = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies ?? {});

/** Modules that every start has loaded already, so that waiting with them gains nothing. */
const ALWAYS_LOADED = new Set(['node:fs', 'node:buffer', 'node:path', 'node:url']);

/**
 * Makes static imports of packages and of Node's rarer modules load on first use instead of at the start: a regular expression
 * engine costs ten milliseconds, and most runs need none. The import becomes a module whose exports are getters.
 */
const lazyModules = {
  name: 'lazy-modules',
  setup({ onResolve, onLoad }) {
    const isLazy = path =>
      !ALWAYS_LOADED.has(path) && (external.includes(path) || builtinModules.includes(path.replace(/^node:/, '')));
    onResolve({ filter: /^[a-z@]/ }, ({ path, kind, namespace }) => {
      if (!isLazy(path)) return undefined;
      if (namespace === 'lazy' || kind !== 'import-statement') return { path, external: true };
      return { path, namespace: 'lazy' };
    });
    onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(name => name !== 'default');
      const getters = names.map(name => `  get ${JSON.stringify(name)}() { return load()[${JSON.stringify(name)}]; },`);
      return {
        loader: 'js',
        resolveDir: root,
        contents: `let loaded;\nconst load = () => (loaded ??= require(${JSON.stringify(path)}));\nmodule.exports = {\n${getters.join('\n')}\n};\n`,
      };
    });
  },
};

const ENTRIES = [
  { from: 'src/cli/main.ts', to: 'dist/cli.cjs', executable: true },
  { from: 'src/runtime/host/http-worker.ts', to: 'dist/http-worker.cjs', executable: false },
];

/** Builds every entry that exists. Throws when one does not compile, having said why unless `quiet`. */
export async function buildAll({ quiet = false } = {}) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const present = ENTRIES.filter(entry => existsSync(join(root, entry.from)));
  await Promise.all(present.map(entry => buildEntry(entry, quiet)));
}

async function buildEntry({ from, to, executable }, quiet) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [from],
    outfile: join(root, to),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external,
    plugins: executable ? [lazyModules] : [],
    // Names stay whole so that a report of an internal error can be read; whitespace only costs start-up time.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    banner: {
      js: `${executable ? '#!/usr/bin/env node\n' : ''}"use strict";const importMetaUrl=require("node:url").pathToFileURL(__filename).href;`,
    },
    define: { 'import.meta.url': 'importMetaUrl' },
    write: false,
    logLevel: quiet ? 'silent' : 'warning',
  });
  const path = join(root, to);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, result.outputFiles[0].contents);
  if (executable) chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
