// Stack bytecode: one array of words for a whole unit, the tables that its operands point into, and the places in the source
// that its instructions came from. Nothing here knows Core.
import type { Span } from '../../base/span.ts';
import type { CoreTool } from '../../core/core.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT } from '../../core/meter.ts';
import type { Shape } from '../../core/value/record.ts';
import { STACK_OP_NAMES, STACK_OP_NUMBERS, STACK_OPS, type StackOp, type StackOpRow } from '../../spec/stack-ops.ts';

export interface StackFunction {
  readonly name: string;
  /** Where its code begins; it ends where the next function's begins. */
  readonly entry: number;
  readonly params: number;
  readonly captures: number;
  /** Places in its frame for parameters, locals and the state of loops. */
  readonly slots: number;
  readonly span: Span;
  readonly file: string | undefined;
}

/** `order[i]` is the place in the shape of the i-th value taken from the stack. */
export interface Layout {
  readonly shape: Shape;
  readonly order: readonly number[];
}

export interface StackCode {
  readonly words: Int32Array;
  readonly functions: readonly StackFunction[];
  readonly constants: readonly (number | string | boolean | null)[];
  readonly names: readonly string[];
  readonly nameLists: readonly (readonly string[])[];
  readonly layouts: readonly Layout[];
  readonly tools: readonly CoreTool[];
  /** Whether it charges for what it does. */
  readonly metered: boolean;
  /** Instructions that came from a known place, in ascending order, and the places. */
  readonly placed: readonly number[];
  readonly places: readonly Span[];
}

/** What the run loop knows of a function: so many numbers, side by side, behind those of the function before. */
export const FACTS = 5;
export const ENTRY = 0;
export const PARAMS = 1;
export const SLOTS = 2;
/** Places that its frame takes at most, with operands. */
export const SIZE = 3;
/** Whether it may read a slot before it is set, so that slots have to be emptied. */
export const EMPTIES = 4;

/** The rows by number. */
export const ROWS: readonly StackOpRow[] = STACK_OP_NAMES.map(name => STACK_OPS[name]);

/** How many values an instruction takes from the stack. */
export function popsOf(code: StackCode, row: StackOpRow, pc: number): number {
  if (row.takes === undefined) return row.pops;
  const operand = code.words[pc + 1 + row.operands.indexOf(row.takes)]!;
  switch (row.takes) {
    case 'count':
      return row.pops + operand;
    case 'function':
      return row.pops + code.functions[operand]!.params;
    case 'layout':
      return row.pops + code.layouts[operand]!.order.length;
    case 'names':
      return row.pops + code.nameLists[operand]!.length;
  }
}

/** Bytes that an instruction with `charge.bytes` has to be charged for: see meter.ts. `operand` is its first or second word. */
export function bytesOf(op: StackOp, code: Pick<StackCode, 'layouts'>, first: number, second: number): number {
  const object = (items: number): number => BYTES_PER_OBJECT + BYTES_PER_ITEM * items;
  switch (op) {
    case 'list':
      return object(first);
    case 'function':
      return object(second);
    case 'record':
      return object(code.layouts[first]!.shape.names.length);
    case 'list.append':
      return BYTES_PER_ITEM;
    default:
      return object(1);
  }
}

/** The place in the source of the instruction at `pc`. */
export function placeAt(code: StackCode, pc: number): Span | undefined {
  const { placed } = code;
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placed[middle]! < pc) low = middle + 1;
    else high = middle;
  }
  return placed[low] === pc ? code.places[low] : undefined;
}

export const isCharge = (number: number): boolean => number >= STACK_OP_NUMBERS['charge.call'];
