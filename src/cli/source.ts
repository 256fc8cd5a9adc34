// Where the program comes from: a file or the command line itself. A file is checked before it is decoded, because a
// picture or a disk image should be refused with a place, not handed to the lexer.
import { Buffer, isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Outcome } from '../core/host.ts';
import { type Diagnostic, diagnose } from '../diag/diagnostic.ts';
import { type SourceLookup, SourceText } from '../diag/source.ts';
import { readTextFile } from '../runtime/host/files.ts';
import { describeInvalidUtf8 } from '../runtime/host/utf8.ts';

/** Longer programs are refused: a source text is held in memory several times over. */
const LARGEST_SOURCE = 64 * 1024 * 1024;

export type Source =
  | { readonly text: string; readonly file: string | undefined }
  | { readonly diagnostic: Diagnostic; readonly file: string | undefined };

/**
 * Reads what the first argument of a run means: the file of that name if there is one, the missing file if it looks like a
 * path, and otherwise the program itself. Never throws.
 */
export function readSource(given: string, codeOnly: boolean): Source {
  if (!codeOnly && (exists(given) || looksLikePath(given))) return readProgramFile(given);
  if (given.length > LARGEST_SOURCE) {
    return {
      file: undefined,
      diagnostic: diagnose('ILO-C001', 'codeSize', { limit: LARGEST_SOURCE }),
    };
  }
  const nul = given.indexOf('\0');
  if (nul >= 0) return { file: undefined, diagnostic: diagnose('ILO-C002', 'nul', { path: '-', offset: nul }) };
  return { file: undefined, text: given };
}

/** Reads a program file: UTF-8 text without NUL, of bounded size; a byte order mark is dropped. */
export function readProgramFile(path: string): Source {
  const bad = (diagnostic: Diagnostic): Source => ({ file: path, diagnostic });
  let bytes: Uint8Array | undefined;
  let handle: number | undefined;
  try {
    // Asked before opening, because opening a socket or a device can fail in stranger ways.
    const kind = statSync(path);
    if (kind.isDirectory()) return bad(diagnose('ILO-C001', 'directory', { path }));
    if (kind.isBlockDevice() || kind.isSocket()) return bad(diagnose('ILO-C001', 'special', { path }));
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    if (size <= LARGEST_SOURCE) bytes = readToEnd(handle, size);
  } catch (error) {
    return bad(readFailure(path, error as NodeJS.ErrnoException));
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  if (bytes === undefined) return bad(diagnose('ILO-C001', 'size', { path, limit: LARGEST_SOURCE }));
  const nul = bytes.indexOf(0);
  if (nul >= 0) return bad(diagnose('ILO-C002', 'nul', { path, offset: nul }));
  if (!isUtf8(bytes)) return bad(diagnose('ILO-C002', 'utf8', { path, problem: describeInvalidUtf8(bytes) }));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return { file: path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

/** All bytes of an open file, or undefined when there are more than a program may have (a device may never end). */
function readToEnd(handle: number, expected: number): Uint8Array | undefined {
  let buffer = Buffer.allocUnsafe(Math.max(expected + 1, 4096));
  for (let length = 0; ; ) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > LARGEST_SOURCE) return undefined;
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
  }
}

function readFailure(path: string, error: NodeJS.ErrnoException): Diagnostic {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return diagnose('ILO-C001', 'missing', { path });
    case 'EACCES':
    case 'EPERM':
      return diagnose('ILO-C001', 'denied', { path });
    default:
      return diagnose('ILO-C001', 'failed', { path, reason: error.code ?? 'unknown reason' });
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Too long for a name, or with a NUL in it: a program.
    return false;
  }
}

/** True for text that can only be meant as a file: `dir/x`, `x.ilo`. Programs have blanks, `>` or `;`. */
function looksLikePath(text: string): boolean {
  if (text.length > 4096 || /[\s>;{}()"]/.test(text)) return false;
  return text.endsWith('.ilo') || text.includes('/');
}

/** Reads imported files for the loader. */
export function readImport(path: string): Outcome<string> {
  return readTextFile(path, LARGEST_SOURCE);
}

/** Where the places of diagnostics are looked up: in the main text or in an imported one. */
export function sourcesOf(
  text: string,
  file: string | undefined,
  imported?: ReadonlyMap<string, string>,
): SourceLookup {
  const known = new Map<string | undefined, SourceText>();
  return wanted => {
    const other = wanted === undefined ? text : imported?.get(wanted);
    if (other === undefined) return undefined;
    let source = known.get(wanted);
    if (source === undefined) {
      source = new SourceText(other, wanted ?? file);
      known.set(wanted, source);
    }
    return source;
  };
}
