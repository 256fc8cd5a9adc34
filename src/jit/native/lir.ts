// The low-level form between the IR and machine code: what every processor does, on virtual registers that hold a double (`f`) or an integer
// (`i`), still in SSA. Types are settled, limits and checks are instructions, constants have no register (they are operands).
//
// A block ends in exactly one `jump`, `branch` or `return`. Only a jump passes arguments; an edge of a branch that would is a block of
// its own. So moves between registers at the end of a block have one place to stand.
import { assert, unreachable } from '../../base/assert.ts';

export type VirtualRegister = number;
export type RegisterClass = 'f' | 'i';

/** How two doubles are compared; every one of them is false for NaN except `ne`. */
export type FloatCondition = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';

/**
 * `near`: closer than 2^-52, which is when the language calls numbers equal; `far` is the opposite, NaN included. Both are gone before code is
 * written: they become `eq` and `ne` of whole numbers, or arithmetic (whole/rewrite.ts).
 */
export type LirCondition = FloatCondition | 'near' | 'far';

/** The condition of an instruction that code is written for. */
export function settled(condition: LirCondition): FloatCondition {
  assert(condition !== 'near' && condition !== 'far', 'closeness was made plain before');
  return condition;
}

/** How doubles are rounded to integers; `even`: to the nearest, halfway to the even one, and as the language has it around zero. */
export type Rounding = 'floor' | 'ceil' | 'trunc' | 'even';

/** What is looked at of a whole result: nothing, whether it is above 2^52 (it is not negative), or whether it is beyond ±2^52. */
export type Checked = 'no' | 'above' | 'beyond';

export interface LirTarget {
  readonly block: number;
  readonly args: readonly VirtualRegister[];
}

/** The site of what leaves instead of making a fault. */
export const NO_SITE = 0;

/** Things that can go wrong: `site` says where. */
interface AtSite {
  readonly site: number;
}

/** Places where a run may leave for another engine (points.ts); none without a number. */
interface AtPoint {
  readonly point?: number;
}

/**
 * Ops of code that computes several rows at once (batch/), where a register holds a double, or a truth value as all bits or none, for each
 * row. The arithmetic above works on such registers too; whatever is more than one instruction of a processor is taken apart before.
 */
export type LaneOp =
  /** The next numbers of a column. */
  | { readonly op: 'lane.load'; readonly column: number }
  /** All bits. */
  | { readonly op: 'lane.ones' }
  /** `lane.without`: the bits of the second operand that the first one lacks. */
  | { readonly op: 'lane.and' | 'lane.or' | 'lane.xor' | 'lane.without' }
  /** Operands: mask, where it is true, where it is false. */
  | { readonly op: 'lane.select' }
  /** The smaller and the larger one; the second operand where they are equal or one is NaN. */
  | { readonly op: 'lane.least' | 'lane.most' }
  /** Leaves when the mask is true in any row: the rows are to be done elsewhere. */
  | { readonly op: 'lane.leave' }
  /** Counts a round of a loop; leaves when there were too many. */
  | { readonly op: 'lane.round' };

export type LirInstruction = (
  | { readonly op: 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' }
  | ({ readonly op: 'remainder' } & AtSite)
  | { readonly op: 'neg' | 'abs' | 'sqrt' }
  | { readonly op: 'round'; readonly rounding: Rounding }
  /** A bound of a range: cut to an integer, NaN is 0, within ±2^63. */
  | { readonly op: 'bound' }
  | { readonly op: 'compare'; readonly condition: LirCondition }
  /** Whole numbers in general registers; leaves when the result is further from zero than `checked` allows, or when it would be -0 and `zero` says that it may. */
  | { readonly op: 'whole.add' | 'whole.sub'; readonly checked: Checked }
  | { readonly op: 'whole.mul'; readonly checked: Checked; readonly zero: boolean }
  /** By a positive constant of 32 bits; the dividend is not negative and has so many bits at most. */
  | { readonly op: 'whole.remainder'; readonly divisor: number; readonly bits: number }
  /** The remainder of what is not negative by what is positive. */
  | { readonly op: 'whole.modulo' }
  /** By a power of two that is known to divide. */
  | { readonly op: 'whole.divide'; readonly shift: number }
  /** A whole number as a double. */
  | { readonly op: 'whole.value' }
  /** A double as a whole number; leaves when it is none, -0, or beyond 2^52. */
  | { readonly op: 'whole.of' }
  /** The same for a bound of a range, which is cut to an integer first. */
  | { readonly op: 'whole.bound' }
  /** What whole numbers are compared with instead of a double: rounded up or down, NaN is `missing`. */
  | { readonly op: 'whole.limit'; readonly rounding: 'floor' | 'ceil'; readonly missing: 'low' | 'high' }
  | { readonly op: 'not' }
  /** Whether two truth values are equal. */
  | { readonly op: 'same' }
  /** Faults at the site when the operand is zero. */
  | ({ readonly op: 'check.zero' } & AtSite)
  /** Leaves when the operand is true. */
  | { readonly op: 'leave.if' }
  /** Parts of a result besides the first, which is returned: put into memory right before the return, and taken right behind the call. */
  | { readonly op: 'part.give' | 'part.take'; readonly part: number }
  /** Charges memory: so many bytes, or 8 for each item of a list. */
  | ({ readonly op: 'bytes'; readonly amount: number } & AtSite)
  | ({ readonly op: 'bytes.of' } & AtSite)
  /** With room for so many items, at least for the operands. */
  | { readonly op: 'list.new'; readonly room: number }
  /** The whole numbers from one operand to before the other; charges for them when `metered`. */
  | ({ readonly op: 'list.range'; readonly metered: boolean } & AtSite)
  /** As a double or as a whole number: the class of the result says. */
  | { readonly op: 'list.length' }
  /**
   * The item at an index, a double or a whole number; leaves where there is none. `whole`: the index has no fraction. `known`: it is in
   * range. `short`: it fits 32 bits with a sign.
   */
  | { readonly op: 'list.get'; readonly whole: boolean; readonly known: boolean; readonly short: boolean }
  /** Operands: list, item, whether nobody else has the list. */
  | { readonly op: 'list.append' }
  /** Operands: list, index, item, whether nobody else has the list. */
  | { readonly op: 'list.set'; readonly whole: boolean; readonly known: boolean; readonly short: boolean }
  | { readonly op: 'record.new' }
  | { readonly op: 'record.get'; readonly field: number }
  /** Operands: record, whether nobody else has it, new values. `size`: how many fields there are in all. */
  | { readonly op: 'record.with'; readonly fields: readonly number[]; readonly size: number }
  /** Charges work, and memory with it: whichever limit is passed, both count. Operands: what is written down where a run leaves here. */
  | ({ readonly op: 'fuel'; readonly amount: number; readonly bytes: number } & AtSite & AtPoint)
  /** Leaves when so many more calls could not nest inside this one. */
  | { readonly op: 'depth'; readonly amount: number }
  /** `state`: what is written down where a run leaves inside the call; it is alive behind it. */
  | ({ readonly op: 'call'; readonly callee: number; readonly state?: readonly VirtualRegister[] } & AtSite & AtPoint)
  | { readonly op: 'jump'; readonly target: LirTarget }
  | {
      readonly op: 'branch';
      readonly condition: LirCondition | 'true';
      readonly then: number;
      readonly otherwise: number;
    }
  | { readonly op: 'return' }
  | LaneOp
) & {
  /** -1 when it gives nothing. */
  readonly result: VirtualRegister;
  readonly args: readonly VirtualRegister[];
  /** Where in the source it came from, for listings. */
  readonly position: number;
};

export type LirOp = LirInstruction['op'];

export interface LirBlock {
  readonly params: readonly VirtualRegister[];
  readonly code: LirInstruction[];
  /** How many loops lie around it. */
  loopDepth: number;
}

export interface LirFunction {
  readonly name: string;
  /** Block 0 is the entry; its parameters are those of the function. */
  readonly blocks: LirBlock[];
  readonly classes: RegisterClass[];
  /** Virtual registers that stand for a constant: a double, or an integer up to 2^53. */
  readonly constants: Map<VirtualRegister, number>;
  /** Undefined when the function gives nothing that anybody reads. */
  result: RegisterClass | undefined;
}

/** The blocks that control may go on in. */
export function lirSuccessors(block: LirBlock): readonly number[] {
  const end = block.code[block.code.length - 1]!;
  switch (end.op) {
    case 'jump':
      return [end.target.block];
    case 'branch':
      return end.then === end.otherwise ? [end.then] : [end.then, end.otherwise];
    case 'return':
      return [];
    default:
      return unreachable(end as never, 'a block ends in a jump, a branch or a return');
  }
}

/** What an instruction reads, arguments of its target and what is written down at a point included. */
export function lirUses(each: LirInstruction): readonly VirtualRegister[] {
  if (each.op === 'jump') return each.target.args;
  return each.op === 'call' && each.state !== undefined ? [...each.args, ...each.state] : each.args;
}

/** The text form, for tests and for whoever looks for a bug. */
export function printLir(fn: LirFunction): string {
  const name = (value: VirtualRegister): string => {
    const constant = fn.constants.get(value);
    return constant === undefined ? `${fn.classes[value]}${value}` : String(constant);
  };
  const lines = [`${fn.name}:`];
  fn.blocks.forEach((block, id) => {
    lines.push(`b${id}(${block.params.map(name).join(', ')}):`);
    for (const each of block.code) {
      const { op, result, args, position: _, ...rest } = each;
      const more = Object.entries(rest).map(([key, value]) => {
        if (key === 'state') return `state=(${(value as readonly VirtualRegister[]).map(name).join(', ')})`;
        return key === 'target'
          ? `b${(value as LirTarget).block}(${(value as LirTarget).args.map(name).join(', ')})`
          : `${key}=${value}`;
      });
      const text = [op, args.map(name).join(', '), ...more].filter(part => part !== '').join(' ');
      lines.push(`  ${result < 0 ? '' : `${name(result)} = `}${text}`);
    }
  });
  return `${lines.join('\n')}\n`;
}
