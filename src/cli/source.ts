// Where the program comes from: a file or the command line itself. A file is checked before it is decoded, because a
// picture or a disk image should be refused with a place, not handed to the lexer.
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { type Diagnostic, diagnose } from '../diag/diagnostic.ts';

/** Longer programs are refused: a source text is held in memory several times over. */
export const LARGEST_SOURCE = 64 * 1024 * 1024;

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
      diagnostic: diagnose('ILO-C001', 'codeSize', { bytes: given.length, limit: LARGEST_SOURCE }),
    };
  }
  const nul = given.indexOf('\0');
  if (nul >= 0) return { file: undefined, diagnostic: diagnose('ILO-C002', 'nul', { path: '-', offset: nul }) };
  return { file: undefined, text: given };
}

/** Reads a program file: UTF-8 text without NUL, of bounded size; a byte order mark is dropped. */
export function readProgramFile(path: string): Source {
  const bad = (diagnostic: Diagnostic): Source => ({ file: path, diagnostic });
  let bytes: Buffer;
  let handle: number | undefined;
  try {
    // Asked for before opening: opening a pipe or a device could block.
    const kind = statSync(path);
    if (kind.isDirectory()) return bad(diagnose('ILO-C001', 'directory', { path }));
    if (kind.isBlockDevice() || kind.isSocket()) return bad(diagnose('ILO-C001', 'special', { path }));
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    if (size > LARGEST_SOURCE) return bad(diagnose('ILO-C001', 'size', { path, bytes: size, limit: LARGEST_SOURCE }));
    bytes = readFileSync(handle);
  } catch (error) {
    return bad(readFailure(path, error as NodeJS.ErrnoException));
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  const offset = firstBadByte(bytes);
  if (offset >= 0) {
    const byte = bytes[offset]!;
    if (byte === 0) return bad(diagnose('ILO-C002', 'nul', { path, offset }));
    return bad(diagnose('ILO-C002', 'utf8', { path, byte: `0x${byte.toString(16).padStart(2, '0')}`, offset }));
  }
  const text = bytes.toString('utf8');
  return { file: path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
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
  // A long text or one with a NUL is no name of a file, and asking would fail for another reason.
  if (path.length > 4096 || path.includes('\0')) return false;
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** True for text that can only be meant as a file: `dir/x`, `x.ilo`. Programs have blanks, `>` or `;`. */
export function looksLikePath(text: string): boolean {
  if (text.length > 4096 || /[\s>;{}()"]/.test(text)) return false;
  return text.endsWith('.ilo') || text.includes('/');
}

/** The offset of the first byte that is NUL or breaks UTF-8, or -1. */
export function firstBadByte(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** The length of the valid UTF-8 sequence at `at`, or 0. Overlong forms, surrogates and anything above U+10FFFF are not valid. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return first === 0 ? 0 : 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let next = 2; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
