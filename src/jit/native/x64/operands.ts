// The operands of x86-64 instructions, as types that can only be made valid: a number becomes a register, an immediate or a part of a
// memory operand through a function here that asserts its range, so the encoder never has to ask.
import { assert } from '../../../base/assert.ts';
import type { Label } from '../buffer.ts';

declare const brand: unique symbol;

/** A general-purpose register. The form of an instruction says how many of its bits are used. */
export type Gpr = number & { readonly [brand]: 'gpr' };
/** A vector register; `ymm` forms use all of it. */
export type Xmm = number & { readonly [brand]: 'xmm' };
export type Imm8 = number & { readonly [brand]: 'imm8' };
export type UImm8 = number & { readonly [brand]: 'uimm8' };
export type Imm32 = number & { readonly [brand]: 'imm32' };
export type UImm32 = number & { readonly [brand]: 'uimm32' };
export type Imm64 = bigint & { readonly [brand]: 'imm64' };
/** A condition of the flags, by its code. */
export type Condition = number & { readonly [brand]: 'condition' };
/** A comparison of doubles that AVX knows; the first eight are all that SSE2 knows. */
export type AvxPredicate = number & { readonly [brand]: 'predicate' };
export type SsePredicate = AvxPredicate & { readonly sse: true };

export const GPR_NAMES = [
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'rsp',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
];
export const [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15] = GPR_NAMES.map(
  (_, code) => code as Gpr,
) as [Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr, Gpr];

export function gpr(code: number): Gpr {
  assert(Number.isInteger(code) && code >= 0 && code < 16, `${code} is not a general register`);
  return code as Gpr;
}

export function xmm(code: number): Xmm {
  assert(Number.isInteger(code) && code >= 0 && code < 16, `${code} is not a vector register`);
  return code as Xmm;
}

function integerWithin(value: number, low: number, high: number, what: string): number {
  assert(Number.isInteger(value) && value >= low && value <= high, `${value} does not fit ${what}`);
  return value;
}

export const imm8 = (value: number) => integerWithin(value, -0x80, 0x7f, 'a signed byte') as Imm8;
export const uimm8 = (value: number) => integerWithin(value, 0, 0xff, 'a byte') as UImm8;
export const imm32 = (value: number) => integerWithin(value, -0x8000_0000, 0x7fff_ffff, '32 signed bits') as Imm32;
export const uimm32 = (value: number) => integerWithin(value, 0, 0xffff_ffff, '32 bits') as UImm32;

/** 64 bits, given as a signed or an unsigned number. */
export function imm64(value: bigint): Imm64 {
  assert(value >= -(1n << 63n) && value < 1n << 64n, `${value} does not fit 64 bits`);
  return BigInt.asUintN(64, value) as Imm64;
}

export const isImm8 = (value: number): boolean => value >= -0x80 && value <= 0x7f;
export const isImm32 = (value: number): boolean => (value | 0) === value;

/** In the order of their codes; an odd code is the opposite of the even one before it. */
export const CONDITION_NAMES = [
  'o',
  'no',
  'b',
  'ae',
  'e',
  'ne',
  'be',
  'a',
  's',
  'ns',
  'p',
  'np',
  'l',
  'ge',
  'le',
  'g',
] as const;

/** By name: `cc.ae` is "above or equal", which is "not below" and "no carry". */
export const cc = Object.fromEntries(CONDITION_NAMES.map((name, code) => [name, code])) as {
  readonly [Name in (typeof CONDITION_NAMES)[number]]: Condition;
};

export const opposite = (condition: Condition): Condition => (condition ^ 1) as Condition;

const SSE_PREDICATES = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'] as const;
const AVX_PREDICATES = [
  ...['eq_uq', 'nge', 'ngt', 'false', 'neq_oq', 'ge', 'gt', 'true'],
  ...['eq_os', 'lt_oq', 'le_oq', 'unord_s', 'neq_us', 'nlt_uq', 'nle_uq', 'ord_s'],
  ...['eq_us', 'nge_uq', 'ngt_uq', 'false_os', 'neq_os', 'ge_oq', 'gt_oq', 'true_us'],
] as const;
export const PREDICATE_NAMES: readonly string[] = [...SSE_PREDICATES, ...AVX_PREDICATES];

/** By name: `predicate.lt` is false for NaN, `predicate.nlt` is true for it. */
export const predicate = Object.fromEntries(PREDICATE_NAMES.map((name, code) => [name, code])) as {
  readonly [Name in (typeof SSE_PREDICATES)[number]]: SsePredicate;
} & { readonly [Name in (typeof AVX_PREDICATES)[number]]: AvxPredicate };

export type Scale = 1 | 2 | 4 | 8;

/** A memory operand. Made by `mem`, `memIndexed` and `memLabel` only. */
export interface Memory {
  readonly [brand]: 'memory';
  readonly base: Gpr;
  readonly index: Gpr | undefined;
  readonly scale: Scale;
  readonly displacement: number;
  /** Where it lies, instead of all the others: a place in the same code buffer. */
  readonly label: Label | undefined;
}

interface MemoryParts extends Omit<Memory, typeof brand> {}
const memory = (parts: MemoryParts): Memory => parts as Memory;

/** What lies `displacement` bytes behind the address in `base`. */
export function mem(base: Gpr, displacement = 0): Memory {
  return memory({ base, index: undefined, scale: 1, displacement: imm32(displacement), label: undefined });
}

/** What lies at `base + index * scale + displacement`. The stack pointer cannot be an index. */
export function memIndexed(base: Gpr, index: Gpr, scale: Scale, displacement = 0): Memory {
  assert(index !== rsp, 'the stack pointer cannot be an index');
  return memory({ base, index, scale, displacement: imm32(displacement), label: undefined });
}

/** What lies at a label, a constant for example. */
export function memLabel(label: Label): Memory {
  return memory({ base: rax, index: undefined, scale: 1, displacement: 0, label });
}
