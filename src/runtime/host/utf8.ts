// Bytes from outside become text only when they are UTF-8 throughout; nothing is replaced silently. A byte order mark is kept.
import { Buffer, isUtf8 } from 'node:buffer';
import type { Outcome } from '../../core/host.ts';

/** The bytes as text; `err` says where they stop being UTF-8. */
export function decodeUtf8(bytes: Uint8Array): Outcome<string> {
  if (!isUtf8(bytes)) return { err: describeInvalidUtf8(bytes) };
  return { ok: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') };
}

/** Where and how `bytes` stop being UTF-8: `invalid utf-8 sequence of 1 bytes from index 3`. They must not be valid. */
export function describeInvalidUtf8(bytes: Uint8Array): string {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceAt(bytes, at);
    if (length <= 0) {
      return length === 0
        ? `incomplete utf-8 byte sequence from index ${at}`
        : `invalid utf-8 sequence of ${-length} bytes from index ${at}`;
    }
    at += length;
  }
  return 'invalid utf-8';
}

/**
 * The length of the sequence at `at` (1–4) when it is well formed; 0 when the bytes end inside it; minus the number of bytes
 * that cannot begin any sequence otherwise. The ranges are those of table 3-7 of the Unicode standard.
 */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : -1;
  if (length < 0) return -1;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return 0;
    if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return -i;
  }
  return length;
}
