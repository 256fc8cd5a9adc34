// What the register machine runs: one array of words for a whole unit, and the tables that instructions index into.
import type { Span } from '../../base/span.ts';
import type { Shape } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import type { LoadedCode } from './memory.ts';
import { canonical, HIGH, LOW, TAG_HANDLE } from './value-word.ts';

/** Where a function is and what it needs. */
export interface RegisterFunction {
  readonly name: string;
  /** Its first word, and the word behind its last. */
  readonly start: number;
  readonly end: number;
  /** How many arguments it takes. */
  readonly params: number;
  /** How many registers it needs. */
  readonly frame: number;
  /** The function that this one is the typed version of, by index. */
  readonly of: number | undefined;
  /** Its own typed version, by index, and what the arguments have to be for it, as `typeof` says; undefined where anything will do. */
  readonly version: number | undefined;
  readonly wants: readonly ('number' | 'boolean' | undefined)[];
  /** Places of instructions that may fault, ascending, and their source. */
  readonly spanPcs: readonly number[];
  readonly spans: readonly Span[];
}

/** What a place in the code remembers of the last record it met: its shape, and where in it the fields are that are asked for there. */
export interface FieldSite {
  shape: Shape | undefined;
  indexes: readonly number[];
  /** Where the first of the fields is: in the array of all, or, below zero, which of those without an array it is. */
  index: number;
}

/** The `index` of the first field of a record without an array; the second is one less. */
export const FIRST_INLINE = -1;

export interface RegisterUnit {
  /** Whether the code charges for what it does. */
  readonly metered: boolean;
  readonly code: Int32Array;
  readonly functions: readonly RegisterFunction[];
  /** Per function: start, number of argument registers, frame size. */
  readonly info: Int32Array;
  /** Register lists: at each offset that an instruction names, a count and so many registers. */
  readonly lists: Int32Array;
  /** Constants in the order of their indexes: numbers and texts. */
  readonly constants: readonly (number | string)[];
  /** The same as words; a text is a handle below zero: the complement of its place in `texts`. */
  readonly constantWords: Int32Array;
  readonly texts: readonly string[];
  readonly names: readonly string[];
  readonly fieldLists: readonly (readonly string[])[];
  readonly shapes: readonly Shape[];
  readonly closures: readonly string[];
  readonly builtins: readonly string[];
  readonly tools: readonly string[];
  readonly sites: readonly FieldSite[];
  /** Where the shared memory holds the code, once it was run. */
  loaded: LoadedCode | undefined;
}

/** Registers that an instruction can name directly when a function needs more: three are kept for copies to and from the rest. */
export const DIRECT_REGISTERS = 253;
/** The registers for those copies. */
export const SCRATCH = [253, 254, 255] as const;
export const MAX_DIRECT = 256;

/** The register of the i-th argument: those of a function with very many leave out the scratch registers. */
export function argumentRegister(index: number, count: number): number {
  return count > DIRECT_REGISTERS && index >= DIRECT_REGISTERS ? index + SCRATCH.length : index;
}

/** How many registers the arguments of a function take up. */
export function argumentRegisters(count: number): number {
  return count > DIRECT_REGISTERS ? count + SCRATCH.length : count;
}

/** Per function, `info` holds this many numbers, in this order. */
export const INFO_SIZE = 3;
export const INFO_START = 0;
export const INFO_PARAMS = 1;
export const INFO_FRAME = 2;

/** The function that an instruction belongs to, by its place in the code. */
export function functionAt({ info }: RegisterUnit, pc: number): number {
  let low = 0;
  let high = info.length / INFO_SIZE - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (info[middle * INFO_SIZE + INFO_START]! <= pc) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The typed version of a function when it has one that the arguments fit, else the function itself, by index. */
export function versionFor(unit: RegisterUnit, callee: number, args: readonly Value[]): number {
  const { version, wants } = unit.functions[callee]!;
  if (version === undefined) return callee;
  for (let i = 0; i < wants.length; i++) {
    const want = wants[i];
    if (want !== undefined && typeof args[i] !== want) return callee;
  }
  return version;
}

/** How many registers the largest function needs. */
export function largestFrame({ info }: RegisterUnit): number {
  let largest = 0;
  for (let at = INFO_FRAME; at < info.length; at += INFO_SIZE) largest = Math.max(largest, info[at]!);
  return largest;
}

/** The constants of a unit as words, and the heap values among them. */
export function encodeConstants(
  constants: readonly (number | string)[],
): Pick<RegisterUnit, 'constants' | 'constantWords' | 'texts'> {
  const floats = new Float64Array(constants.length);
  const words = new Int32Array(floats.buffer);
  const texts: string[] = [];
  constants.forEach((constant, i) => {
    if (typeof constant === 'number') {
      floats[i] = canonical(constant);
    } else {
      words[2 * i + HIGH] = TAG_HANDLE;
      words[2 * i + LOW] = ~texts.length;
      texts.push(constant);
    }
  });
  return { constants, constantWords: words, texts };
}

/** The source of the instruction at `pc`, or the nearest before it that has one. */
export function spanAt(fn: RegisterFunction, pc: number): Span | undefined {
  let low = 0;
  let high = fn.spanPcs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fn.spanPcs[middle]! <= pc) low = middle;
    else high = middle - 1;
  }
  return fn.spans[low];
}
