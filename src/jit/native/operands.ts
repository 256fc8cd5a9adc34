// Which operands of which ops have to be plain numbers, lists or records. Where one may be nil or a result besides, native code looks, and leaves
// when it is: what happens then, a fault most likely, is done by another engine.
import type { Instruction } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';

/** Builtins on numbers that have machine code, and how many they take. */
export const NUMBER_BUILTINS: ReadonlyMap<string, number> = new Map([
  ['abs', 1],
  ['flr', 1],
  ['cel', 1],
  ['rou', 1],
  ['sqrt', 1],
  ['min', 2],
  ['max', 2],
  ['mod', 2],
  ['clamp', 3],
]);

/** Builtins on lists that have machine code, and how many arguments they take. */
export const LIST_BUILTINS: ReadonlyMap<string, number> = new Map([
  ['len', 1],
  ['at', 2],
  ['hd', 1],
  ['lst', 3],
  ['range', 2],
]);

const OF_NUMBERS: ReadonlySet<IrOp> = new Set<IrOp>([
  'unbox.num',
  'any.add',
  'any.sub',
  'any.mul',
  'any.div',
  'any.neg',
  'any.lt',
  'any.le',
  'any.gt',
  'any.ge',
  'range.start',
  'range.end',
]);

const OF_LISTS: ReadonlySet<IrOp> = new Set<IrOp>([
  'list.append',
  'list.check',
  'list.length',
  'list.item',
  'list.index',
]);

const OF_RECORDS: ReadonlySet<IrOp> = new Set<IrOp>(['record.with', 'record.check', 'field']);

/** What an operand has to be for there to be machine code; undefined when it may be anything that has registers. */
export function wantedOf({ op, imm }: Instruction, operand: number): 'num' | 'list' | 'record' | undefined {
  if (OF_NUMBERS.has(op)) return 'num';
  if (op === 'call.builtin') {
    if (imm === 'range' || NUMBER_BUILTINS.has(imm as string)) return 'num';
    return operand === 0 ? 'list' : operand === 1 ? 'num' : undefined;
  }
  if (operand > 0) return undefined;
  return OF_LISTS.has(op) ? 'list' : OF_RECORDS.has(op) ? 'record' : undefined;
}
