// From a form and its values to the 32 bits of an instruction. The values are valid by their types; a distance is left to the code
// buffer as a site, which knows what to do where it does not fit:
//
//     a conditional jump that is too far     becomes the opposite jump over an unconditional one
//     a constant or address that is too far  is reached through the assembler's scratch register, x16
//
// Unconditional jumps reach 128 megabytes, the addresses through x16 sixteen: no code buffer may grow larger than that.
import { assert } from '../../../base/assert.ts';
import type { CodeBuffer, Label, SiteForm } from '../buffer.ts';
import type { Arm64Form, Arm64Value, LabelKind } from './forms.ts';

export const MAX_CODE_BYTES = 16 * 1024 * 1024;

export function encode(buffer: CodeBuffer, form: Arm64Form, values: readonly Arm64Value[]): void {
  for (const [a, b] of form.distinct) {
    // Number 31 as a base is the stack pointer, which nothing else can be.
    assert(values[a] !== values[b] || values[b] === 31, `${form.name}: one register in two places`);
  }
  let word = form.word;
  for (const { value, shift, xor } of form.fields) word |= (values[value]! ^ xor) << shift;
  if (form.label === undefined) buffer.word32(word);
  else buffer.site(SITES[form.label], values[form.kinds.indexOf('label')] as Label, word);
}

/** A distance in words, as a field of `bits` bits at `shift`. */
const distanceField = (distance: number, bits: number, shift: number): number =>
  ((distance >> 2) & ((1 << bits) - 1)) << shift;
/** Whether a distance in bytes is one of `bits` bits in words. */
const fits = (distance: number, bits: number): boolean => (distance << (30 - bits)) >> (30 - bits) === distance;

const put = (view: DataView, at: number, word: number): void => view.setInt32(at, word, true);
const B = 0x1400_0000;

/** A conditional jump. `flipped` is the bit of its word that turns the condition round. */
const conditional = (bits: number, flipped: (word: number) => number): SiteForm => ({
  sizes: [4, 8],
  reaches: (variant, distance) => (variant === 0 ? fits(distance, bits) : fits(distance - 4, 26)),
  write(view, at, variant, distance, word) {
    if (variant === 0) put(view, at, word | distanceField(distance, bits, 5));
    else {
      put(view, at, (word ^ flipped(word)) | distanceField(8, bits, 5));
      put(view, at + 4, B | distanceField(distance - 4, 26, 0));
    }
  },
});

/** `adr xN, …`, with the two lowest bits of the distance at the top of the word. */
const adr = (register: number, distance: number): number =>
  0x1000_0000 | ((distance & 3) << 29) | (((distance >> 2) & 0x7_ffff) << 5) | register;

/** Puts a far address into a register: the distance to the nearest lower page boundary counted from here, then whole pages. */
function putFarAddress(view: DataView, at: number, register: number, distance: number): void {
  const pages = distance >> 12;
  put(view, at, adr(register, distance & 0xfff));
  // add or sub xN, xN, #pages, lsl #12
  const operation = pages < 0 ? 0xd140_0000 : 0x9140_0000;
  put(view, at + 4, operation | (Math.abs(pages) << 10) | (register << 5) | register);
}

const SCRATCH = 16;

/** The load through a register that does the same as a load of a constant in the code. */
const LOAD_THROUGH_SCRATCH: Readonly<Record<number, number>> = {
  24: 0xb940_0000, // ldr Wt
  88: 0xf940_0000, // ldr Xt
  92: 0xfd40_0000, // ldr Dt
  156: 0x3dc0_0000, // ldr Qt
};

const SITES: Readonly<Record<LabelKind, SiteForm>> = {
  branch26: {
    sizes: [4],
    reaches: (_, distance) => fits(distance, 26),
    write: (view, at, _, distance, word) => put(view, at, word | distanceField(distance, 26, 0)),
  },
  // The lowest bit of a condition, or the bit that tells cbz from cbnz.
  branch19: conditional(19, word => (word >>> 24 === 0x54 ? 1 : 0x0100_0000)),
  branch14: conditional(14, () => 0x0100_0000),
  literal: {
    sizes: [4, 12],
    reaches: (variant, distance) => (variant === 0 ? fits(distance, 19) : Math.abs(distance) <= MAX_CODE_BYTES - 4096),
    write(view, at, variant, distance, word) {
      if (variant === 0) {
        put(view, at, word | distanceField(distance, 19, 5));
        return;
      }
      putFarAddress(view, at, SCRATCH, distance);
      put(view, at + 8, LOAD_THROUGH_SCRATCH[word >>> 24]! | (SCRATCH << 5) | (word & 31));
    },
  },
  address: {
    sizes: [4, 8],
    reaches: (variant, distance) => (variant === 0 ? fits(distance, 19) : Math.abs(distance) <= MAX_CODE_BYTES - 4096),
    write(view, at, variant, distance, word) {
      if (variant === 0) put(view, at, adr(word & 31, distance));
      else putFarAddress(view, at, word & 31, distance);
    },
  },
};

const NOP = 0xd503_201f;

export function writeNops(view: DataView, at: number, size: number): void {
  for (let offset = 0; offset < size; offset += 4) put(view, at + offset, NOP);
}
