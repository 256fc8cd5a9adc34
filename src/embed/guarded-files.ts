// Files of a sandbox: only regular files under the granted directories. A path is resolved with all its links before it is compared, and what
// was opened is compared again, so that a link that appears in between leads nowhere. The program sees an ordinary
// `R t t` for what is missing, and ILO-R042 for what it may not touch, without learning whether it exists.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Fault, fault } from '../core/fault.ts';
import type { Outcome } from '../core/host.ts';
import { writeTextFile } from '../runtime/host/files.ts';
import { osErrorText } from '../runtime/host/os-error.ts';
import { decodeUtf8 } from '../runtime/host/utf8.ts';
import type { Capabilities } from './api.ts';
import { usageError } from './errors.ts';
import { shown } from './options.ts';

/** The largest file that a program may read. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface GuardedFiles {
  readonly read: (path: string) => Outcome<string>;
  readonly write: (path: string, text: string) => Outcome<true>;
}

/** Reading and writing under the directories of `capabilities`. Throws ILO-E002 when one of them is no directory. */
export function guardedFiles(capabilities: Capabilities, ask: Capabilities['onRequest']): GuardedFiles {
  const readable = rootsOf(capabilities.read, 'read');
  const writable = rootsOf(capabilities.write, 'write');
  return {
    read: path => {
      const real = locate(path, readable, 'reading');
      if (ask !== undefined && !ask({ kind: 'read', path: real.path })) throw refusal('reading', path);
      return readRegular(path, real.path);
    },
    write: (path, text) => {
      const real = locate(path, writable, 'writing');
      if (ask !== undefined && !ask({ kind: 'write', path: real.path })) throw refusal('writing', path);
      if (!real.missing && !statSync(real.path).isFile()) throw refusal('writing', path);
      return writeTextFile(real.path, text);
    },
  };
}

function rootsOf(directories: readonly string[] | undefined, kind: 'read' | 'write'): readonly string[] {
  if (directories === undefined) return [];
  if (!Array.isArray(directories))
    throw usageError('ILO-E002', `capabilities.${kind}: expected an array of directories`);
  return directories.map(directory => {
    try {
      const real = realpathSync(directory);
      if (statSync(real).isDirectory()) return real;
    } catch {
      // Said below.
    }
    throw usageError('ILO-E002', `capabilities.${kind}: the path ${shown(directory)} is no directory`);
  });
}

function refusal(verb: string, path: string): Fault {
  return fault('ILO-R042', 'refused', { what: `${verb} ${JSON.stringify(path)}` });
}

/** The real path, which lies under a root; `missing` when there is nothing at it. Throws ILO-R042 for all others. */
function locate(path: string, roots: readonly string[], verb: string): { path: string; missing: boolean } {
  if (roots.length === 0 || path === '' || path.includes('\0')) throw refusal(verb, path);
  // What is relative is so to the first directory that was granted: the service's own directory is none of the program's business.
  const wanted = resolve(roots[0]!, path);
  const real = realPath(wanted);
  if (real !== undefined) {
    if (!isUnder(real, roots)) throw refusal(verb, path);
    return { path: real, missing: false };
  }
  for (let above = wanted; ; above = dirname(above)) {
    // A link that leads nowhere would be written through, and would tell what is not there.
    const parent = realPath(above);
    if (parent === undefined && isThere(above)) throw refusal(verb, path);
    if (parent === undefined && above !== dirname(above)) continue;
    if (parent === undefined || !isUnder(parent, roots)) throw refusal(verb, path);
    return { path: join(parent, relative(above, wanted)), missing: true };
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A name that is too long, or under what is no directory.
    return false;
  }
}

/** The path with all links resolved, or undefined when there is nothing at it. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isUnder(path: string, roots: readonly string[]): boolean {
  return roots.some(root => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

/** The text of a regular file. What was opened is looked at once more: the path may have been exchanged meanwhile. */
function readRegular(path: string, real: string): Outcome<string> {
  let file: number | undefined;
  try {
    file = openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const opened = fstatSync(file);
    const named = statSync(real);
    const same = opened.ino === named.ino && opened.dev === named.dev && realPath(real) === real;
    if (!opened.isFile() || !same) throw refusal('reading', path);
    if (opened.size > MAX_FILE_BYTES) return { err: `file is larger than ${MAX_FILE_BYTES} bytes` };
    const text = decodeUtf8(readFileSync(file));
    return 'ok' in text ? text : { err: 'stream did not contain valid UTF-8' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { err: osErrorText(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
