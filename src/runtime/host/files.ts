// Files as whole texts. Reading takes regular files (and what the process was given as standard input), never waits for a device, and
// never holds more than MAX_FILE_BYTES. Writing replaces a file as a whole: the text goes to a temporary file in the same directory,
// which then takes the name. Whoever reads sees the old contents or the new, also when this process is killed midway (then the temporary
// file `.ilo-*.tmp` stays behind). Costs of that, accepted: other hard links keep the old contents, the directory must be
// writable, and after a power failure the newest contents may be lost (nothing is forced to disk).
import { Buffer } from 'node:buffer';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import type { Outcome } from '../../core/host.ts';
import { errorCode, IS_A_DIRECTORY, osErrorText } from './os-error.ts';
import { writeAll } from './output.ts';
import { makeBackoff } from './pause.ts';
import { decodeUtf8 } from './utf8.ts';

/** The largest file that can be read. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const NUL_IN_PATH = 'file name contained an unexpected NUL byte';
const NOT_REGULAR = 'not a regular file';
const NOT_UTF8 = 'stream did not contain valid UTF-8';
const OPEN_DESCRIPTOR = /^(?:\/dev\/stdin|\/dev\/fd\/(\d{1,6})|\/proc\/self\/fd\/(\d{1,6}))$/;
const CHUNK_BYTES = 64 * 1024;

/** The whole file as text. `err` is the system's reason; never throws. */
export function readTextFile(path: string, maxBytes: number = MAX_FILE_BYTES): Outcome<string> {
  if (path.includes('\0')) return { err: NUL_IN_PATH };
  let fd: number | undefined;
  try {
    const stats = statSync(path);
    const descriptor = stats.isFile() ? undefined : openDescriptor(path);
    if (descriptor !== undefined) return decodeFile(readToEnd(descriptor, 0, maxBytes), maxBytes);
    const problem = whyNotReadable(stats, path);
    if (problem !== undefined) return { err: problem };
    // Not to wait even when a pipe took the file's place since.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const opened = fstatSync(fd);
    const changed = whyNotReadable(opened, path);
    if (changed !== undefined) return { err: changed };
    if (opened.size > maxBytes) return tooLarge(maxBytes);
    return decodeFile(readToEnd(fd, opened.size, maxBytes), maxBytes);
  } catch (error) {
    return { err: osErrorText(error) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function whyNotReadable(stats: Stats, path: string): string | undefined {
  if (stats.isFile() || path === '/dev/null') return undefined;
  return stats.isDirectory() ? IS_A_DIRECTORY : NOT_REGULAR;
}

function tooLarge(maxBytes: number): { err: string } {
  return { err: `file is larger than ${Math.floor(maxBytes / (1024 * 1024))} MiB` };
}

function decodeFile(bytes: Uint8Array | undefined, maxBytes: number): Outcome<string> {
  if (bytes === undefined) return tooLarge(maxBytes);
  const text = decodeUtf8(bytes);
  return 'ok' in text ? text : { err: NOT_UTF8 };
}

/**
 * Standard input and pipes that the shell opened for this process (`<(…)`) are read through the descriptor: they are what the user
 * handed to the program, and waiting for them is the point. Undefined for every other path.
 */
function openDescriptor(path: string): number | undefined {
  const match = OPEN_DESCRIPTOR.exec(path);
  if (!match) return undefined;
  const fd = Number(match[1] ?? match[2] ?? 0);
  const stats = fstatSync(fd);
  return fd === 0 || stats.isFIFO() ? fd : undefined;
}

/** Everything that can be read from a descriptor, or undefined when it is more than `maxBytes`. */
function readToEnd(fd: number, expected: number, maxBytes: number): Uint8Array | undefined {
  // One byte more than expected, so that the usual file needs one read and the end is seen without growing.
  let buffer = Buffer.allocUnsafe(Math.max(expected + 1, CHUNK_BYTES));
  let length = 0;
  let wait = makeBackoff();
  for (;;) {
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    let count: number;
    try {
      count = readSync(fd, buffer, length, buffer.length - length, null);
    } catch (error) {
      if (errorCode(error) === 'EOF') break;
      if (errorCode(error) !== 'EAGAIN') throw error;
      wait();
      continue;
    }
    if (count === 0) break;
    length += count;
    if (length > maxBytes) return undefined;
    wait = makeBackoff();
  }
  return buffer.subarray(0, length);
}

/** Replaces the file, following symbolic links and keeping its mode, or creates it. `err` is the system's reason; never throws. */
export function writeTextFile(path: string, text: string): Outcome<true> {
  if (path.includes('\0')) return { err: NUL_IN_PATH };
  try {
    const target = followLinks(path);
    const existing = statSync(target, { throwIfNoEntry: false });
    if (existing?.isDirectory() || (existing === undefined && target.endsWith('/'))) return { err: IS_A_DIRECTORY };
    if (existing) {
      // Renaming needs no permission on the file itself, so a read-only file must be refused by hand.
      accessSync(target, constants.W_OK);
      if (!existing.isFile()) return existing.isCharacterDevice() ? writeDevice(target, text) : { err: NOT_REGULAR };
    }
    return replaceFile(target, text, existing);
  } catch (error) {
    return { err: osErrorText(error) };
  }
}

/** The path that a chain of symbolic links ends at, whether or not anything is there. Throws the system's errors. */
function followLinks(path: string): string {
  let target = path;
  // As many as Linux follows; then the ELOOP of the system comes from whoever uses the path next.
  for (let i = 0; i < 40; i++) {
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (!stats?.isSymbolicLink()) return target;
    const next = readlinkSync(target);
    // Not normalised: `..` after a linked directory means the parent of where the link leads.
    target = next.startsWith('/') ? next : directoryOf(target) + next;
  }
  return target;
}

/** The directory part of a path, with its slash; empty for a bare name. */
function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function writeDevice(path: string, text: string): Outcome<true> {
  const fd = openSync(path, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  try {
    const failure = writeAll(fd, Buffer.from(text, 'utf8'));
    return failure ? { err: failure.reason } : { ok: true };
  } finally {
    closeSync(fd);
  }
}

function replaceFile(target: string, text: string, existing: Stats | undefined): Outcome<true> {
  let temporary: string | undefined;
  let fd: number | undefined;
  try {
    [temporary, fd] = openTemporary(directoryOf(target));
    const failure = writeAll(fd, Buffer.from(text, 'utf8'));
    if (failure) return { err: failure.reason };
    if (existing) keepOwnerAndMode(temporary, fd, existing);
    closeSync(fd);
    fd = undefined;
    renameSync(temporary, target);
    temporary = undefined;
    return { ok: true };
  } catch (error) {
    const reason = osErrorText(error);
    return {
      err: existing && temporary === undefined ? `${reason}: no file can be made beside it to replace it` : reason,
    };
  } finally {
    if (fd !== undefined) closeSync(fd);
    if (temporary !== undefined) removeQuietly(temporary);
  }
}

function openTemporary(directory: string): [path: string, fd: number] {
  for (let attempt = 0; ; attempt++) {
    const path = `${directory}.ilo-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
    try {
      return [path, openSync(path, 'wx', 0o666)];
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || attempt >= 10) throw error;
    }
  }
}

function keepOwnerAndMode(temporary: string, fd: number, existing: Stats): void {
  const mine = fstatSync(fd);
  if (mine.uid !== existing.uid || mine.gid !== existing.gid) {
    try {
      chownSync(temporary, existing.uid, existing.gid);
    } catch {
      // Only root may give files away; the contents matter more than the owner.
    }
  }
  fchmodSync(fd, existing.mode & 0o7777);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone, or the directory vanished: nothing is left to clean.
  }
}
