// What has no machine code, and why: a function whose values have no shape that fits in registers is left to another engine, and so is whoever
// calls it. The reasons are rows.
import type { CoreFunction, CoreUnit } from '../../core/core.ts';
import { buildCfg } from '../../ir/cfg.ts';
import type { Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import { fits, isList, isRecord, itemOf, type RecordLayout, type Shape, shapeOfType } from './shapes.ts';

/** Why a function is left to another engine: half a sentence, with a hole for what. */
export const REASONS = {
  param: 'its parameter {} is declared to be something that has no place in registers',
  arguments: 'it takes more than eight arguments',
  builtin: 'it calls {}, which has no machine code',
  op: 'it needs {}, which has no machine code',
  shape: '{} may be of a kind that has no place in registers',
  calls: 'it calls {}, which is left to another engine',
  arity: 'it calls {} with another number of arguments',
  large: 'it is too large',
  mistake: 'the compiler made a mistake, which is a bug: {}',
  result: 'what it gives has no place in registers',
  fields: 'nothing that is compiled with it makes a record {}',
  heap: 'this process has no memory for its lists',
  processor: 'this processor lacks {}',
} as const;

export interface Refusal {
  readonly reason: keyof typeof REASONS;
  readonly what: string;
}

export function explainRefusal({ reason, what }: Refusal): string {
  return REASONS[reason].replace('{}', what);
}

/** Builtins that have machine code, and how many numbers they take. */
const NATIVE_BUILTINS: ReadonlyMap<string, number> = new Map([
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
const LIST_BUILTINS: ReadonlyMap<string, number> = new Map([
  ['len', 1],
  ['at', 2],
  ['hd', 1],
  ['lst', 3],
  ['range', 2],
]);

const MOST_PARAMS = 8;
/** Functions of more instructions are hardly ever hot. */
const MOST_INSTRUCTIONS = 100_000;

export function refuseSignature(fn: CoreFunction): Refusal | undefined {
  if (fn.params.length > MOST_PARAMS) return { reason: 'arguments', what: '' };
  if (fn.captures > 0) return { reason: 'op', what: 'captured values' };
  const odd = fn.params.find(param => shapeOfType(param.type) === 'other');
  return odd === undefined ? undefined : { reason: 'param', what: odd.name };
}

export function refuseOps(fn: IrFunction, hasHeap: () => boolean): Refusal | undefined {
  let size = 0;
  for (const block of fn.blocks) {
    size += block.code.length;
    for (const each of block.code) {
      if (each.op === 'call.builtin') {
        const name = each.imm as string;
        if ((NATIVE_BUILTINS.get(name) ?? LIST_BUILTINS.get(name)) !== each.args.length) {
          return { reason: 'builtin', what: name };
        }
        if (name === 'range' && !hasHeap()) return { reason: 'heap', what: '' };
      } else if (!NATIVE_OPS.has(each.op)) {
        return { reason: 'op', what: each.op };
      } else if (MAKES_IN_HEAP.has(each.op) && !hasHeap()) {
        return { reason: 'heap', what: '' };
      }
    }
  }
  return size > MOST_INSTRUCTIONS ? { reason: 'large', what: '' } : undefined;
}

const MAKES_IN_HEAP: ReadonlySet<IrOp> = new Set<IrOp>(['list.new', 'list.append', 'record.new', 'record.with']);

/** Ops that have machine code when their operands have shapes. */
const NATIVE_OPS: ReadonlySet<IrOp> = new Set<IrOp>([
  'const.num',
  'const.bool',
  'const.nil',
  'box.num',
  'box.bool',
  'unbox.num',
  'unbox.bool',
  'num.add',
  'num.sub',
  'num.mul',
  'num.div',
  'num.neg',
  'num.lt',
  'num.le',
  'num.gt',
  'num.ge',
  'num.eq',
  'num.truthy',
  'bool.not',
  'any.add',
  'any.sub',
  'any.mul',
  'any.div',
  'any.neg',
  'any.lt',
  'any.le',
  'any.gt',
  'any.ge',
  'any.eq',
  'any.truthy',
  'is.nil',
  'is.ok',
  'is.err',
  'is.num',
  'is.text',
  'is.bool',
  'is.list',
  'payload',
  'panic',
  'range.start',
  'range.end',
  'call',
  'fuel',
  'depth',
  'charge.items',
  'charge.append',
  'charge.join',
  'charge.copy',
  'owned',
  'list.new',
  'list.append',
  'list.check',
  'list.length',
  'list.item',
  'list.index',
  'record.new',
  'record.with',
  'record.check',
  'field',
  'jump',
  'branch',
  'return',
]);

export function refuseCalls(
  unit: CoreUnit,
  fn: IrFunction,
  refused: ReadonlyMap<number, Refusal>,
): Refusal | undefined {
  for (const block of fn.blocks) {
    for (const each of block.code) {
      if (each.op !== 'call') continue;
      const callee = unit.functions[each.imm as number]!;
      if (refused.has(each.imm as number)) return { reason: 'calls', what: callee.name };
      if (callee.params.length !== each.args.length) return { reason: 'arity', what: callee.name };
    }
  }
  return undefined;
}

/** Ops whose operands must be numbers for there to be machine code. */
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

/** Records with more fields would be copied by long code. */
const MOST_FIELDS = 24;

/** Whether machine code can work on operands of these shapes. */
function suits(unit: CoreUnit, each: Instruction, operand: number, shape: Shape): boolean {
  if (shape === 'other') return false;
  if (shape === 'never') return true;
  if (OF_NUMBERS.has(each.op)) return shape === 'num';
  if (operand === 0 && OF_LISTS.has(each.op)) return isList(shape);
  if (operand === 0 && OF_RECORDS.has(each.op)) return isRecord(shape);
  if (each.op === 'call') return fits(shape, shapeOfType(unit.functions[each.imm as number]!.params[operand]!.type));
  if (each.op !== 'call.builtin') return true;
  if (NATIVE_BUILTINS.has(each.imm as string) || each.imm === 'range') return shape === 'num';
  return operand === 0 ? isList(shape) : operand === 2 || shape === 'num';
}

export function refuseShapes(
  unit: CoreUnit,
  fn: IrFunction,
  shapes: readonly Shape[],
  result: Shape,
  records: ReadonlyMap<string, RecordLayout>,
): Refusal | undefined {
  const nameOf = (value: ValueId): string => fn.names.get(value) ?? 'a value in it';
  const { order } = buildCfg(fn);
  for (const id of order) {
    const block = fn.blocks[id]!;
    const results = block.code.flatMap(each => (each.result === undefined ? [] : [each.result]));
    for (const value of [...block.params, ...results]) {
      const shape = shapes[value]!;
      if (shape === 'other') return { reason: 'shape', what: nameOf(value) };
      const missing = recordsIn(shape).find(name => !isLaidOut(records.get(name)));
      if (missing !== undefined) return { reason: 'fields', what: missing };
    }
    for (const each of block.code) {
      const wrong = each.args.find((value, i) => !suits(unit, each, i, shapes[value]!));
      if (wrong !== undefined) return { reason: 'shape', what: nameOf(wrong) };
    }
  }
  return result === 'other' || result === 'nil' ? { reason: 'result', what: '' } : undefined;
}

function recordsIn(shape: Shape): readonly string[] {
  if (isList(shape)) return recordsIn(itemOf(shape));
  return isRecord(shape) ? [shape.slice('record '.length)] : [];
}

function isLaidOut(layout: RecordLayout | undefined): boolean {
  return layout !== undefined && layout.fields.length <= MOST_FIELDS && !layout.fields.includes('other');
}
