// Builds the addon into prebuilds/PLATFORM-ARCH/ilo.node, the layout of prebuildify, and writes down what it was made from
// (prebuilds/sources.json), so that a test can say when a binary is stale:
//
//     node scripts/prebuild.mjs            everything that can be built here
//     node scripts/prebuild.mjs linux-x64  one of them
//
// The platform it runs on is built by node-gyp, ARM64 Linux by cmake-js with a cross compiler. Neither downloads anything: native/nodedir
// holds what they ask of a Node distribution.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const nodedir = join(root, 'native', 'nodedir');
const here = `${process.platform}-${process.arch}`;

/** What a binary depends on. */
const SOURCES = ['native/mmap_exec.cc', 'native/system.h', 'binding.gyp', 'CMakeLists.txt'];

/** The hash of all native sources; line ends do not count. */
export function hashOfSources() {
  const hash = createHash('sha256');
  for (const path of SOURCES)
    hash.update(`${path}\n${readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')}`);
  return hash.digest('hex');
}

const withGyp = name => ({
  name,
  built: 'build/Release/ilo.node',
  command: ['node-gyp', 'rebuild', `--nodedir=${nodedir}`, '--silent'],
});

const cross = {
  name: 'linux-arm64',
  built: 'build/linux-arm64/Release/ilo.node',
  command: [
    'cmake-js',
    'rebuild',
    '--out',
    'build/linux-arm64',
    '--CDCMAKE_SYSTEM_NAME=Linux',
    '--CDCMAKE_SYSTEM_PROCESSOR=aarch64',
    '--cc',
    'aarch64-linux-gnu-gcc',
    '--cxx',
    'aarch64-linux-gnu-g++',
    '--log-level',
    'error',
  ],
};

const targets = here === 'linux-x64' ? [withGyp(here), cross] : [withGyp(here)];

function buildTarget({ name, built, command }) {
  rmSync(join(root, built), { force: true });
  const [tool, ...args] = command;
  const script = join(root, 'node_modules', tool, 'bin', tool === 'node-gyp' ? 'node-gyp.js' : 'cmake-js');
  const env = { ...process.env, npm_config_nodedir: nodedir };
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, env, stdio: 'inherit' });
  if (status !== 0 || !existsSync(join(root, built))) throw new Error(`${tool} did not build ${name}`);
  const folder = join(root, 'prebuilds', name);
  mkdirSync(folder, { recursive: true });
  // Put beside and renamed by the copy's removal: a process that has the old binary open keeps it.
  rmSync(join(folder, 'ilo.node'), { force: true });
  copyFileSync(join(root, built), join(folder, 'ilo.node'));
  record(name);
  console.log(`prebuilds/${name}/ilo.node  ${statSync(join(folder, 'ilo.node')).size} bytes`);
}

function record(name) {
  const path = join(root, 'prebuilds', 'sources.json');
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  known[name] = hashOfSources();
  const sorted = Object.fromEntries(Object.entries(known).sort());
  writeFileSync(path, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  for (const target of targets) if (wanted.length === 0 || wanted.includes(target.name)) buildTarget(target);
}
