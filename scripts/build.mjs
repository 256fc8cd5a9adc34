// Bundles the command line into one file, dist/cli.cjs, and the HTTP worker (which runs in a thread of its own) into another.
// CommonJS because Node starts it faster than an ES module. Modules behind `import()` stay in the same file but are not
// evaluated before they are needed. Each file is written beside its place and renamed, so that a build never leaves
// half a program and may run while another one is being used.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const external = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies ?? {});

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
