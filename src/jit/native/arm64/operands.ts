// The operands of ARM64 instructions, as types that can only be made valid. The value of an immediate is what stands in the
// instruction's field, so the encoder puts it there without a look; the functions here assert that a number has such a field, and
// the printer turns the field back into the number.
import { assert } from '../../../base/assert.ts';

declare const brand: unique symbol;

/** A general register that is neither the zero register nor the stack pointer. The form says whether X or W is meant. */
export type Gpr = number & { readonly [brand]: 'gpr' };
export type ZeroRegister = number & { readonly [brand]: 'zero' };
export type StackPointer = number & { readonly [brand]: 'sp' };
/** A vector register; the form says how much of it is meant: D, Q or V. */
export type Vec = number & { readonly [brand]: 'vec' };
export type Condition = number & { readonly [brand]: 'condition' };

export function gpr(code: number): Gpr {
  assert(Number.isInteger(code) && code >= 0 && code < 31, `${code} is not a general register`);
  return code as Gpr;
}

export function vec(code: number): Vec {
  assert(Number.isInteger(code) && code >= 0 && code < 32, `${code} is not a vector register`);
  return code as Vec;
}

/** Number 31 is one or the other, by the place of the operand; their types say which. */
export const zr = 31 as ZeroRegister;
export const sp = 31 as StackPointer;
export const framePointer = gpr(29);
export const linkRegister = gpr(30);
/** The platform lets nobody rely on it across a jump; the assembler overwrites it where a constant is far away. */
export const assemblerScratch = gpr(16);

export const CONDITION_NAMES = [
  'eq',
  'ne',
  'cs',
  'cc',
  'mi',
  'pl',
  'vs',
  'vc',
  'hi',
  'ls',
  'ge',
  'lt',
  'gt',
  'le',
] as const;

/** By name. After a comparison of doubles `mi` is less, `ls` less or equal, `gt` and `ge` their mirror images, `vs` unordered. */
export const cond = Object.fromEntries(CONDITION_NAMES.map((name, code) => [name, code])) as {
  readonly [Name in (typeof CONDITION_NAMES)[number]]: Condition;
};

export const opposite = (condition: Condition): Condition => (condition ^ 1) as Condition;

// Immediates

const decimal = (value: number): string => `#${value}`;
const hex = (value: number | bigint): string => `#0x${value.toString(16)}`;
const signed = (field: number, bits: number): number => (field << (32 - bits)) >> (32 - bits);

/** The kinds of immediates that the tables name, and how the disassembler writes each field. */
export const IMMEDIATES = {
  imm12: hex,
  imm16: hex,
  code16: decimal,
  hw: field => decimal(field * 16),
  uimm5: decimal,
  uimm6: decimal,
  upper5: field => decimal(field + 32),
  shift3: decimal,
  lsl64: field => decimal(63 - (field & 63)),
  lsl32: field => decimal(31 - (field & 63)),
  left64: field => decimal(field - 64),
  right64: field => decimal(128 - field),
  bitmask64: field => hex(bitmaskOf(field, 64)),
  bitmask32: field => hex(bitmaskOf(field, 32)),
  compare5: hex,
  nzcv: hex,
  offset1: decimal,
  offset2: field => decimal(field * 2),
  offset4: field => decimal(field * 4),
  offset8: field => decimal(field * 8),
  offset16: field => decimal(field * 16),
  simm9: field => decimal(signed(field, 9)),
  pair4: field => decimal(signed(field, 7) * 4),
  pair8: field => decimal(signed(field, 7) * 8),
  pair16: field => decimal(signed(field, 7) * 16),
  fimm8: field =>
    `#${doubleOf(field)
      .toExponential(18)
      .replace(/e([+-])(\d)$/, 'e$10$2')}`,
} satisfies Record<string, (field: number) => string>;

export type ImmediateKind = keyof typeof IMMEDIATES;
export type Immediate<Kind extends ImmediateKind> = number & { readonly [brand]: Kind };

/** A function that makes one kind of immediate from a number between two bounds, which is a multiple of `unit`. */
function ranged<Kind extends ImmediateKind>(
  kind: Kind,
  low: number,
  high: number,
  unit: number,
  field: (n: number) => number,
) {
  return (value: number): Immediate<Kind> => {
    assert(value >= low && value <= high && value % unit === 0, `${value} is not an immediate of kind ${kind}`);
    return field(value) as Immediate<Kind>;
  };
}

const same = (n: number): number => n;
export const imm12 = ranged('imm12', 0, 4095, 1, same);
export const imm16 = ranged('imm16', 0, 65535, 1, same);
/** What a trap says. */
export const code16 = ranged('code16', 0, 65535, 1, same);
/** 0, 16, 32 or 48: how far left the 16 bits of a move stand. */
export const hw = ranged('hw', 0, 48, 16, n => n / 16);
export const uimm5 = ranged('uimm5', 0, 31, 1, same);
export const uimm6 = ranged('uimm6', 0, 63, 1, same);
/** The number of one of the upper 32 bits. */
export const upper5 = ranged('upper5', 32, 63, 1, n => n - 32);
export const shift3 = ranged('shift3', 0, 4, 1, same);
/** A shift to the left is a rotation to the right, of which so many bits are kept. */
export const lsl64 = ranged('lsl64', 0, 63, 1, n => ((-n & 63) << 6) | (63 - n));
export const lsl32 = ranged('lsl32', 0, 31, 1, n => ((-n & 31) << 6) | (31 - n));
export const left64 = ranged('left64', 0, 63, 1, n => 64 + n);
export const right64 = ranged('right64', 1, 64, 1, n => 128 - n);
export const compare5 = ranged('compare5', 0, 31, 1, same);
export const nzcv = ranged('nzcv', 0, 15, 1, same);
export const offset1 = ranged('offset1', 0, 4095, 1, same);
export const offset2 = ranged('offset2', 0, 4095 * 2, 2, n => n / 2);
export const offset4 = ranged('offset4', 0, 4095 * 4, 4, n => n / 4);
export const offset8 = ranged('offset8', 0, 4095 * 8, 8, n => n / 8);
export const offset16 = ranged('offset16', 0, 4095 * 16, 16, n => n / 16);
export const simm9 = ranged('simm9', -256, 255, 1, n => n & 0x1ff);
export const pair4 = ranged('pair4', -64 * 4, 63 * 4, 4, n => (n / 4) & 0x7f);
export const pair8 = ranged('pair8', -64 * 8, 63 * 8, 8, n => (n / 8) & 0x7f);
export const pair16 = ranged('pair16', -64 * 16, 63 * 16, 16, n => (n / 16) & 0x7f);

const FLOAT_FIELDS = new Map<number, number>();

/** The double that eight bits stand for: a sign, an exponent from -3 to 4, and four bits behind the point. */
function doubleOf(field: number): number {
  const power = (1 << (((field >> 4) & 7) ^ 4)) / 8;
  return (field & 0x80 ? -1 : 1) * (1 + (field & 15) / 16) * power;
}

/** A double that an instruction can hold; undefined for the others, zero among them. */
export function fimm8(value: number): Immediate<'fimm8'> | undefined {
  if (FLOAT_FIELDS.size === 0) for (let field = 0; field < 256; field++) FLOAT_FIELDS.set(doubleOf(field), field);
  return FLOAT_FIELDS.get(value) as Immediate<'fimm8'> | undefined;
}

/**
 * A mask that a logical instruction can hold, undefined for the others: a run of ones, rotated, in elements of 2, 4 … 64 bits that
 * fill the register. The field is N:immr:imms of the manual's DecodeBitMasks, read backwards.
 */
function bitmaskField(value: bigint, width: 32 | 64): number | undefined {
  for (let size = 2; size <= width; size *= 2) {
    const ones = (1n << BigInt(size)) - 1n;
    const element = value & ones;
    if (repeated(element, size, width) !== value) continue;
    if (element === 0n || element === ones) return undefined;
    for (let turn = 0; turn < size; turn++) {
      const rotated = ((element << BigInt(turn)) | (element >> BigInt(size - turn))) & ones;
      if ((rotated & (rotated + 1n)) !== 0n) continue;
      const run = rotated.toString(2).length;
      return (size === 64 ? 1 << 12 : 0) | (turn << 6) | ((-(size * 2) & 0x3f) | (run - 1));
    }
    return undefined;
  }
  return undefined;
}

function repeated(element: bigint, size: number, width: number): bigint {
  let out = element;
  for (let have = size; have < width; have *= 2) out |= out << BigInt(have);
  return out;
}

/** The mask of a field, the manual's DecodeBitMasks. */
function bitmaskOf(field: number, width: 32 | 64): bigint {
  const imms = field & 0x3f;
  const turn = (field >> 6) & 0x3f;
  const size = field >> 12 ? 64 : 1 << (31 - Math.clz32(~imms & 0x3f));
  const run = (1n << BigInt((imms & (size - 1)) + 1)) - 1n;
  const ones = (1n << BigInt(size)) - 1n;
  return repeated(((run >> BigInt(turn)) | (run << BigInt(size - turn))) & ones, size, width);
}

export const bitmask64 = (value: bigint): Immediate<'bitmask64'> | undefined =>
  bitmaskField(BigInt.asUintN(64, value), 64) as Immediate<'bitmask64'> | undefined;

export const bitmask32 = (value: number): Immediate<'bitmask32'> | undefined =>
  bitmaskField(BigInt(value >>> 0), 32) as Immediate<'bitmask32'> | undefined;
