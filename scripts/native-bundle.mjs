// Bundles what is run outside of vitest on native code: its tests, for an emulated processor or with a sanitizer, and the library that scripts
// use. Bundles lie in .tmp/native/, two folders below the package, so that the addon, dist/ and the sources are found from them.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = resolve(fileURLToPath(import.meta.url), '../..');

const bundles = [];

/** Removes all bundles that this process made. */
export function removeBundles() {
  for (const path of bundles.splice(0)) rmSync(path, { force: true });
}

function placeFor(home, name) {
  const folder = join(home, '.tmp/native');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  bundles.push(path);
  return path;
}

const COMMON = { bundle: true, platform: 'node', target: 'node20', external: ['esbuild'], logLevel: 'error' };

/** Files of tests as one program that runs them all; gives its path. `home` is the package, or a folder that looks like it. */
export async function bundleTests(files, home = root) {
  const outfile = placeFor(home, `tests-${process.pid}-${bundles.length}.mjs`);
  const imports = files.map(file => `import ${JSON.stringify(resolve(file))};`);
  await build({
    ...COMMON,
    stdin: { contents: `${imports.join('\n')}\nimport { runAll } from 'vitest';\nawait runAll();`, resolveDir: root },
    alias: { vitest: join(root, 'scripts/small-vitest.mjs') },
    format: 'esm',
    outfile,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
  });
  return outfile;
}

/** tests/jit/native/library.ts as a CommonJS file; gives its path. */
export async function bundleLibrary(home = root) {
  const outfile = placeFor(home, `library-${process.pid}.cjs`);
  await build({
    ...COMMON,
    entryPoints: [join(root, 'tests/jit/native/library.ts')],
    format: 'cjs',
    outfile,
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  return outfile;
}
