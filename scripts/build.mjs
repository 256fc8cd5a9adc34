// Builds dist/. The command line is two bundles, because resolving and reading hundreds of modules would take longer than most
// programs run, and so would reading what most runs never use:
//
//     dist/ilo.js            what `ilo 'code' 5` needs, as one function that takes what a CommonJS module takes
//     dist/more.js           the whole command line, for all commands and flags that the first one lacks
//     dist/ilo.cache         V8's compiled form of the first, for the Node that built it; dist/more.cache of the second
//     dist/once.cache        the same of the first without the engine `js`, for programs in which nothing seems to repeat
//     dist/cli.cjs           the entry: chooses one by the words on the command line, compiles it with its cache and calls it
//     dist/http-worker.cjs   the thread that performs HTTP requests
//     dist/inside.cjs        the embedding interface with all it needs; the other files of it are small and share this one
//     dist/embed.cjs         what `require` gives of it, and dist/index.js `import`
//     dist/isolated.cjs      what runs in the threads and processes of isolated programs
//     dist/plugin.js         programs as modules for bundlers; dist/register.js and dist/loader.js do it for Node
//     dist/types/            the types of both
//
// Parsing 400 KB of JavaScript and compiling the functions of a first run takes 25 ms; with the cache it takes 5. The cache is only
// ever a shortcut: another version of V8 refuses it, and everything is compiled as usual. Modules behind `import()` are in
// the bundle but are not evaluated before they are needed.
//
// Names are shortened, which is worth a millisecond; `node scripts/build.mjs --readable` keeps them, for whoever reads a stack.
//
// Each file is written beside its place and renamed, so that a build never leaves half a program and may run while another one is used.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const external = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies ?? {});

/** Modules that every start has loaded already, so that waiting with them gains nothing. */
const ALWAYS_LOADED = new Set(['node:fs', 'node:buffer', 'node:path', 'node:url']);

/** Our own modules that most runs never call: what goes wrong, and what single builtins need. Constants used by a module's own
 *  top level would make it load early again; nothing breaks then. */
const SELDOM_NEEDED = [
  /^src\/spec\/diagnostics\/(all|runtime)\.ts$/,
  /^src\/diag\/(ansi|json|text|terminal|source|fault|explain)\.ts$/,
  /^src\/core\/value\/json(-parse)?\.ts$/,
  /^src\/base\/nearest\.ts$/,
  // A run uses one engine: the others are not evaluated.
  /^src\/vm\/(tree|closure|stack|register)\/machine\.ts$/,
  /^src\/jit\/(js\/machine|native\/(machine|code))\.ts$/,
  /^src\/lang\/ilo\/builtins\/(?!(table|row|signature)\.ts$)/,
  /^src\/core\/math\//,
  /^src\/lang\/ilo\/(graph|ast-json|explain)\.ts$/,
  /^src\/runtime\/host\/(http-bridge|tools|os-error)\.ts$/,
];

/**
 * Makes static imports of packages, of Node's rarer modules and of SELDOM_NEEDED load on first use instead of at the start: a
 * regular expression engine costs ten milliseconds, and most runs need none. The import becomes a module whose exports
 * are getters.
 */
const lazyModules = {
  name: 'lazy-modules',
  setup({ onResolve, onLoad }) {
    const isOutside = path =>
      !ALWAYS_LOADED.has(path) && (external.includes(path) || builtinModules.includes(path.replace(/^node:/, '')));
    onResolve({ filter: /^[a-z@]/ }, ({ path, kind, namespace }) => {
      if (!isOutside(path)) return undefined;
      if (namespace === 'lazy' || kind !== 'import-statement') return { path, external: true };
      return { path, namespace: 'lazy' };
    });
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, namespace, resolveDir }) => {
      const full = resolve(resolveDir, path);
      const own = relative(root, full).replaceAll('\\', '/');
      if (namespace === 'lazy' || kind !== 'import-statement' || !SELDOM_NEEDED.some(rule => rule.test(own)))
        return undefined;
      return { path: full, namespace: 'lazy' };
    });
    onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path }) => {
      const names = isOutside(path) ? Object.keys(await import(path)) : await exportsOf(path);
      const getters = names
        .filter(name => name !== 'default')
        .map(name => `get ${JSON.stringify(name)}() { return load()[${JSON.stringify(name)}]; }`);
      return {
        loader: 'js',
        resolveDir: root,
        contents: `let loaded;
          const load = () => (loaded ??= require(${JSON.stringify(path)}));
          module.exports = { ${getters.join(',\n')} };`,
      };
    });
  },
};

/** What no command line that starts with dist/ilo.js can come to: other commands, and engines that a flag has to name. */
const ELSEWHERE = [
  /^src\/cli\/(bench|check|doctor|dump|emit|explain|explain-engine|fmt|graph|help|ir|map|test|types|version)\.ts$/,
  /^src\/cli\/(map|mcp|repl|serv|tools)\//,
  /^src\/(vm\/(register|tree)\/machine|jit\/native\/(machine|code))\.ts$/,
];

/** Leaves those modules out. */
const withoutElsewhere = {
  name: 'without-elsewhere',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const own = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      return ELSEWHERE.some(rule => rule.test(own)) ? { path: own, namespace: 'elsewhere' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'elsewhere' }, () => ({ loader: 'js', contents: 'module.exports = {};' }));
  },
};

/** What a module of ours exports besides types. */
async function exportsOf(path) {
  const { metafile } = await build({ entryPoints: [path], bundle: false, format: 'esm', metafile: true, write: false });
  return Object.values(metafile.outputs)[0].exports;
}

/** Computed on first use: most runs never ask where they are. */
const BANNER = '"use strict";const importMeta={get url(){return require("node:url").pathToFileURL(__filename).href}};';

/** Builds everything. Throws when something does not compile, having said why unless `quiet`; `readable` keeps names and lines. */
export async function buildAll({ quiet = false, readable = false } = {}) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const [start, whole, worker, embed] = await Promise.all([
    bundleOf('src/cli/main.ts', [withoutElsewhere, lazyModules], { quiet, readable }),
    bundleOf('src/cli/main.ts', [lazyModules], { quiet, readable }),
    bundleOf('src/runtime/host/http-worker.ts', [], { quiet, readable }),
    // Readable: Node shows the line where an error was thrown that nobody caught.
    bundleOf(INSIDE_ENTRY, [lazyModules], { quiet, readable: true }),
  ]);
  place('http-worker.cjs', BANNER + worker);
  place('inside.cjs', BANNER + embed);
  const names = await exportsOf(join(root, 'src/embed/main.ts'));
  place('embed.cjs', interfaceOf(names));
  place('index.js', importable(names));
  placeTypes();
  place('isolated.cjs', await bundleOf('src/embed/isolation/inside.ts', [fromInside], { quiet, readable: true }));
  for (const name of ['plugin', 'register', 'loader']) {
    const options = { quiet, readable: true, format: 'esm' };
    place(`${name}.js`, await bundleOf(`src/bundler/${name}.ts`, [fromInside], options));
  }
  const wrap = text => `(function(exports,require,module,__filename,__dirname){${BANNER}${text}\n})`;
  const bundles = { ilo: wrap(start), more: wrap(whole) };
  const ids = Object.fromEntries(
    Object.entries(bundles).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex').slice(0, 16)]),
  );
  const caches = ['once', ...Object.keys(bundles)];
  const hasCaches = caches.every(name => existsSync(join(root, 'dist', `${name}.cache`)));
  const isThere = ([name, text]) => text === readIfThere(`${name}.js`);
  if (hasCaches && entryOf(ids) === readIfThere('cli.cjs') && Object.entries(bundles).every(isThere)) return;
  // Without a cache a new bundle works, with the old one it might not: so the caches go first and come last.
  for (const name of caches) rmSync(join(root, 'dist', `${name}.cache`), { force: true });
  for (const [name, text] of Object.entries(bundles)) place(`${name}.js`, text);
  place('cli.cjs', entryOf(ids), 0o755);
  // What each is mostly asked for; auto chooses between closure and js for nearly all that is run.
  const onEngine = engine => ['--engine', engine, SAMPLE, '3'];
  makeCache('ilo', 'ilo', ids.ilo, ['closure', 'js'].map(onEngine));
  makeCache('once', 'ilo', ids.ilo, [onEngine('closure')]);
  makeCache('more', 'more', ids.more, [onEngine('vm'), ['check', SAMPLE], ['version']]);
}

/** `from` is a path, or a text that imports. */
async function bundleOf(from, plugins, { quiet, readable, format = 'cjs' }) {
  const isPath = /^[\w/.-]+$/.test(from);
  const result = await build({
    absWorkingDir: root,
    ...(isPath ? { entryPoints: [from] } : { stdin: { contents: from, resolveDir: root, loader: 'ts' } }),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external,
    plugins,
    minify: !readable,
    charset: 'ascii',
    legalComments: 'none',
    ...(format === 'cjs' ? { define: { 'import.meta.url': 'importMeta.url' } } : {}),
    write: false,
    logLevel: quiet ? 'silent' : 'warning',
  });
  return result.outputFiles[0].text;
}

/** The modules of the embedding interface that its neighbours in dist/ use as well. */
const INSIDE = ['main', 'errors', 'capabilities', 'meters', 'module'].map(name => `src/embed/${name}.ts`);
const INSIDE_ENTRY = INSIDE.map(path => `export * from './${path}';`).join('');

/** Takes those modules from the file that holds them, instead of another copy of everything. */
const fromInside = {
  name: 'from-inside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const own = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      return INSIDE.includes(own) ? { path: './inside.cjs', external: true } : undefined;
    });
  },
};

/** What `require('ilo')` gives. */
function interfaceOf(names) {
  const exported = names.join(', ');
  return `// Built by scripts/build.mjs.\n'use strict';\nconst { ${exported} } = require('./inside.cjs');\nmodule.exports = { ${exported} };\n`;
}

/** An ES module with the exports of the CommonJS one, so that a process that uses both has one of everything. */
function importable(names) {
  return `// Built by scripts/build.mjs.\nimport embed from './embed.cjs';\nexport const { ${names.join(', ')} } = embed;\n`;
}

/** The types of the interface: its files import nothing of the inside but the names of each other. */
function placeTypes() {
  mkdirSync(join(root, 'dist', 'types'), { recursive: true });
  for (const [name, from] of Object.entries(TYPE_SOURCES)) {
    const text = readFileSync(join(root, from), 'utf8');
    place(`types/${name}.d.ts`, text.replaceAll(/'(\.\/[\w-]+)\.ts'/g, "'$1.js'"));
  }
}

/** Sources that contain types and declarations only. */
const TYPE_SOURCES = {
  api: 'src/embed/api.ts',
  interface: 'src/embed/interface.ts',
  plugin: 'src/bundler/interface.ts',
};

/**
 * The entry. Bundles are ASCII, so they are read as Latin-1, which needs no decoding. `ids` make sure that a bundle is never paired
 * with the cache of another one of the same length, which is all that V8 compares.
 *
 * A plain run has a program first, whatever its name, perhaps behind `run`, and no flags but those for output and limits; a word that is a
 * command, or could be one, goes to the whole command line, which can do everything that the small one can.
 *
 * Where a program shows no loop and does not name its first function again, `auto` will hardly make code of it, and what makes code is
 * not worth reading. A wrong guess costs the time to compile that, and nothing else.
 */
function entryOf(ids) {
  return `#!/usr/bin/env node
// Built by scripts/build.mjs.
'use strict';
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const OUTPUT = /^(-[jtan]|-nh|--(json|text|ansi|no-hints))$/;
const LIMIT = /^--(fuel|timeout|max-(alloc|depth|output|errors))(=|$)/;
function plainProgram(args) {
  let at = 0;
  while (at < args.length && OUTPUT.test(args[at])) at++;
  if (args[at] === 'run') at++;
  else if (/^[A-Za-z][\\w-]*$/.test(args[at])) return undefined;
  if (at >= args.length || args[at].startsWith('-')) return undefined;
  for (const arg of args.slice(at + 1)) {
    if (arg === '--') break;
    if (arg.startsWith('-') && !/^-[\\d.]/.test(arg) && !OUTPUT.test(arg) && !LIMIT.test(arg)) return undefined;
  }
  return args[at];
}
function seemsToRepeat(program) {
  if (!program.includes('>')) return true;
  const first = /^\\s*([A-Za-z][\\w-]*)/.exec(program)?.[1];
  return /@|\\bwh\\b/.test(program) || program.split(/[^\\w-]+/).filter(word => word === first).length > 1;
}
const program = plainProgram(process.argv.slice(2));
const [name, id] = program === undefined ? ['more', '${ids.more}'] : ['ilo', '${ids.ilo}'];
const cached = program === undefined || seemsToRepeat(program) ? name : 'once';
const filename = __dirname + '/' + name + '.js';
let cachedData;
try {
  const cache = readFileSync(__dirname + '/' + cached + '.cache');
  // Code for another processor passes V8's own check, and ends the process.
  if (cache.latin1Slice(0, 24) === (id + process.arch).padEnd(24)) cachedData = cache.subarray(24);
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(exports, require, module, filename, __dirname);
`;
}

/** A program that uses a bit of everything. */
const SAMPLE = [
  'type p{x:n;y:t}',
  'big xs:L n>n;m=0;@x xs{>x m{m=x}};m',
  'sgn x:n>t;<x 0 "neg";=x 0{"zero"}{"pos"}',
  'get2 s:t>R n t;v=num! s;~*v 2',
  'main n:n>t;r=p x:n y:"a";xs=[];@i 0..n{xs=+=xs *i r.x};k=get2 "4";s=?k{~v:str v;^e:e}',
  '  j=map (x:n>n;+x n) xs;w=cat (srt ["b","a"]) ",";fmt "{} {} {} {}" (big j) (sgn n) w s',
].join('\n');

/** Runs command lines with a bundle, in a process of its own, and keeps what V8 compiled for them as the cache `name`. */
function makeCache(name, bundle, id, commandLines) {
  const temporary = join(root, 'dist', `.${name}.cache.${process.pid}`);
  const runner = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const [bundle, cache, id, lines] = process.argv.slice(1);
    const script = new (require('node:vm').Script)(readFileSync(bundle, 'latin1'), { filename: bundle });
    process.once('exit', () => writeFileSync(cache, Buffer.concat([Buffer.from((id + process.arch).padEnd(24), 'latin1'), script.createCachedData()])));
    for (const line of JSON.parse(lines)) {
      process.argv = [process.argv[0], bundle, ...line];
      script.runInThisContext()({}, require, { exports: {} }, bundle, require('node:path').dirname(bundle));
    }`;
  const args = ['-e', runner, join(root, 'dist', `${bundle}.js`), temporary, id, JSON.stringify(commandLines)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status === 0) renameSync(temporary, join(root, 'dist', `${name}.cache`));
  else {
    rmSync(temporary, { force: true });
    console.error(`dist/${name}.cache was not made (${status}): starts will be slow`);
  }
}

function readIfThere(name) {
  const path = join(root, 'dist', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function place(name, contents, mode) {
  const path = join(root, 'dist', name);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, contents);
  if (mode !== undefined) chmodSync(temporary, mode);
  renameSync(temporary, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildAll({ readable: process.argv.includes('--readable') });
