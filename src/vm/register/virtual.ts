// A function on its way from IR to register code: instructions of the register machine on SSA values. And what is counted and
// taken out there: instructions without an effect whose results nobody uses.
import type { Span } from '../../base/span.ts';
import type { BlockId, Instruction, IrFunction, Target, ValueId } from '../../ir/ir.ts';
import type { RegisterOp } from '../../spec/register-ops.ts';

export interface VirtualInstruction {
  readonly op: RegisterOp;
  readonly result: ValueId | undefined;
  /** Values in registers of the instruction itself, in the order of its operands. */
  readonly uses: readonly ValueId[];
  /** Values in its register list. */
  readonly list: readonly ValueId[] | undefined;
  /** The other operands, in order. */
  readonly immediates: readonly number[];
  readonly span: Span;
  /** Of the IR; undefined for some that the machine adds. */
  readonly source?: Instruction;
}

/** The condition of a branch, as the instruction that jumps when it holds (if there is one) and the one that jumps when not. */
export interface Condition {
  readonly when: RegisterOp | undefined;
  readonly unless: RegisterOp;
  readonly uses: readonly ValueId[];
  readonly immediates: readonly number[];
}

export type VirtualEnd =
  | { readonly kind: 'return'; readonly value: ValueId; readonly span: Span }
  | { readonly kind: 'jump'; readonly target: Target; readonly span: Span }
  | {
      readonly kind: 'branch';
      readonly condition: Condition;
      readonly then: Target;
      readonly otherwise: Target;
      readonly span: Span;
    };

export interface VirtualBlock {
  readonly id: BlockId;
  readonly params: readonly ValueId[];
  code: readonly VirtualInstruction[];
  readonly end: VirtualEnd;
}

/** Blocks in the order in which they will stand in the code; block 0 first. */
export interface VirtualFunction {
  readonly name: string;
  readonly blocks: readonly VirtualBlock[];
  /** Whether a value is known to be a number. */
  readonly isNumber: (value: ValueId) => boolean;
  readonly values: number;
}

/** How often the IR of a function uses each value. */
export function countUses(fn: IrFunction): Int32Array {
  const counts = new Int32Array(fn.types.length);
  for (const block of fn.blocks) {
    for (const { args, targets } of block.code) {
      for (const value of args) counts[value]!++;
      for (const target of targets) for (const value of target.args) counts[value]!++;
    }
  }
  return counts;
}

/** How often instructions and ends of blocks use each value. */
export function countVirtualUses(fn: VirtualFunction): Int32Array {
  const counts = new Int32Array(fn.values);
  for (const block of fn.blocks) {
    for (const { uses, list } of block.code) {
      for (const value of uses) counts[value]!++;
      for (const value of list ?? []) counts[value]!++;
    }
    for (const value of usesOfEnd(block.end)) counts[value]!++;
  }
  return counts;
}

/** All values that the end of a block looks at, with those it passes on. */
export function usesOfEnd(end: VirtualEnd): ValueId[] {
  switch (end.kind) {
    case 'return':
      return [end.value];
    case 'jump':
      return [...end.target.args];
    default:
      return [...end.condition.uses, ...end.then.args, ...end.otherwise.args];
  }
}

/** The ways on from a block. */
export function targetsOf({ end }: VirtualBlock): readonly Target[] {
  if (end.kind === 'return') return [];
  return end.kind === 'jump' ? [end.target] : [end.then, end.otherwise];
}

/** The blocks that may come after a block. */
export function successorsOf(block: VirtualBlock): BlockId[] {
  return targetsOf(block).map(target => target.block);
}

/** Takes out instructions without an effect whose results nobody uses: fusing leaves many behind. */
export function removeUnused(
  blocks: readonly VirtualBlock[],
  values: number,
  isPure: (value: ValueId) => boolean,
): void {
  const counts = new Int32Array(values);
  const makers: (VirtualInstruction | undefined)[] = [];
  for (const block of blocks) {
    for (const instruction of block.code) {
      for (const value of instruction.uses) counts[value]!++;
      for (const value of instruction.list ?? []) counts[value]!++;
      if (instruction.result !== undefined) makers[instruction.result] = instruction;
    }
    for (const value of usesOfEnd(block.end)) counts[value]!++;
  }
  const removed = new Set<VirtualInstruction>();
  const work: ValueId[] = [];
  makers.forEach((_, value) => {
    if (counts[value] === 0) work.push(value);
  });
  while (work.length > 0) {
    const value = work.pop()!;
    const maker = makers[value];
    if (maker === undefined || !isPure(value)) continue;
    removed.add(maker);
    for (const used of [...maker.uses, ...(maker.list ?? [])]) {
      counts[used]!--;
      if (counts[used] === 0) work.push(used);
    }
  }
  if (removed.size === 0) return;
  for (const block of blocks) block.code = block.code.filter(instruction => !removed.has(instruction));
}
