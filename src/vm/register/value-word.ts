// A value as one 64-bit word: the one place that defines it.
//
//     high word              low word
//     any other      any     a number: the double itself
//     0xfff9 0000    0       nil
//     0xfffa 0000    0 or 1  false, true
//     0xfffb 0000    0       nothing: a variable that was never set
//     0xfffc 0000    index   a handle: an index into the table of heap values (handles.ts), or, below zero, the complement
//                            of an index into the constant texts of the unit
//
// The tags lie in the negative quiet-NaN space above every NaN that arithmetic makes: x86-64 makes 0xfff8… from 0/0 and ARM64
// makes 0x7ff8…. A NaN that enters from outside may carry any payload, so it is replaced by the one NaN first. Tagged words are
// moved as two integers, never as a double, because JavaScript does not promise to keep the payload of a NaN.

/** The high words of the tags, as signed integers, the way an Int32Array gives them. */
export const TAG_NIL = 0xfff90000 | 0;
export const TAG_BOOL = 0xfffa0000 | 0;
export const TAG_EMPTY = 0xfffb0000 | 0;
export const TAG_HANDLE = 0xfffc0000 | 0;

/** The first high word (unsigned) that is a tag: a word is a number when its high word is below. */
export const FIRST_TAG = 0xfff90000;

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Where the halves of word `i` are in the integer view of a register file: `2 * i + LOW` and `2 * i + HIGH`. */
export const LOW = littleEndian ? 0 : 1;
export const HIGH = 1 - LOW;

/** Whether a high word belongs to a number. */
export function isNumberWord(high: number): boolean {
  return high >>> 0 < FIRST_TAG;
}

/** The number with its NaN made the one NaN. */
export function canonical(n: number): number {
  return Number.isNaN(n) ? Number.NaN : n;
}
