// The IR: typed SSA. A function is a list of basic blocks; a block has parameters instead of phi nodes; an instruction is flat: an
// op from the table, operands that are value numbers, at most one immediate, and the place in the source it came from.
//
// Invariants, checked by verify.ts: every value has one definition and it dominates every use; operand types are what the
// table asks for; a block ends in exactly one instruction of effect `end`, which passes each target as many arguments as it has
// parameters; block 0 is the entry and its parameters are those of the function; every function charges fuel at its entry,
// every loop on every way round, everything that takes memory before it does.
import type { Span } from '../base/span.ts';
import type { Shape } from '../core/value/record.ts';
import type { IrOp, IrType } from '../spec/ir-ops.ts';

/** The number of a value in its function. */
export type ValueId = number;
/** The index of a block in its function. */
export type BlockId = number;

export interface Target {
  readonly block: BlockId;
  readonly args: readonly ValueId[];
}

/** `callee` -1 is a builtin. */
export interface CalleeImmediate {
  readonly callee: number;
  readonly name: string;
}

export type Immediate = number | bigint | boolean | string | Shape | readonly string[] | CalleeImmediate | undefined;

export interface Instruction {
  readonly op: IrOp;
  /** undefined when the op gives nothing. */
  readonly result: ValueId | undefined;
  readonly args: readonly ValueId[];
  readonly imm: Immediate;
  readonly targets: readonly Target[];
  readonly span: Span;
}

export interface Block {
  readonly params: readonly ValueId[];
  readonly code: readonly Instruction[];
}

export interface IrFunction {
  readonly name: string;
  readonly params: readonly IrType[];
  readonly result: IrType;
  /** What the declaration promises of each parameter and of the result, and nobody checks: `any` when it promises nothing. */
  readonly declared: readonly IrType[];
  readonly declaredResult: IrType;
  /** The function that this one is the typed version of (versions.ts). */
  readonly of: number | undefined;
  /** The type of each value, by number. */
  readonly types: readonly IrType[];
  /** A name from the source for a value, for printing. */
  readonly names: ReadonlyMap<ValueId, string>;
  readonly blocks: readonly Block[];
}

export interface IrUnit {
  readonly functions: readonly IrFunction[];
  /** Names of the external tools, by index. */
  readonly tools: readonly string[];
}

/** The last instruction of a block: what decides where control goes. */
export function endOf(block: Block): Instruction {
  return block.code[block.code.length - 1]!;
}
