// What has no machine code, and why: a function whose values have no shape that fits in registers is left to another engine, and so is whoever
// calls it. The reasons are rows.
import type { CoreFunction, CoreUnit } from '../../core/core.ts';
import type { Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import { type Shaped, shapeWith } from './infer.ts';
import { LIST_BUILTINS, NUMBER_BUILTINS, wantedOf } from './operands.ts';
import {
  ANY_ALTERNATIVE,
  alternativesOf,
  fits,
  fitsInside,
  isList,
  isRecord,
  isSum,
  itemOf,
  narrowed,
  ONLY,
  partsOf,
  type RecordLayout,
  type Shape,
  shapeOfType,
  truthOf,
} from './shapes.ts';

/** Why a function is left to another engine: half a sentence, with a hole for what. */
export const REASONS = {
  param: 'its parameter {} is declared to be something that has no place in registers',
  arguments: 'it takes more than eight arguments, where what may be nil or a result counts several times',
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

/** Of arguments: each has a register. */
const MOST_PARTS = 8;
/** Functions of more instructions are hardly ever hot. */
const MOST_INSTRUCTIONS = 100_000;

export function refuseSignature(fn: CoreFunction): Refusal | undefined {
  if (fn.captures > 0) return { reason: 'op', what: 'captured values' };
  const odd = fn.params.find(param => shapeOfType(param.type) === 'other');
  if (odd !== undefined) return { reason: 'param', what: odd.name };
  const parts = fn.params.reduce((sum, param) => sum + partsOf(shapeOfType(param.type)).length, 0);
  return parts > MOST_PARTS ? { reason: 'arguments', what: '' } : undefined;
}

export function refuseOps(fn: IrFunction, hasHeap: () => boolean): Refusal | undefined {
  let size = 0;
  for (const block of fn.blocks) {
    size += block.code.length;
    for (const each of block.code) {
      if (each.op === 'call.builtin') {
        const name = each.imm as string;
        if ((NUMBER_BUILTINS.get(name) ?? LIST_BUILTINS.get(name)) !== each.args.length) {
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
  'const.text',
  'new.ok',
  'new.err',
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

/** Records with more fields would be copied by long code. */
const MOST_FIELDS = 24;

/** Whether machine code can work on operands of these shapes. */
function suits(unit: CoreUnit, each: Instruction, operand: number, shape: Shape): boolean {
  if (shape === 'other') return false;
  const wanted = wantedOf(each, operand);
  const plain = narrowed(shape, wanted === undefined ? ANY_ALTERNATIVE : ONLY.plain);
  if (plain === 'never') return true;
  if (wanted === 'num') return plain === 'num';
  if (wanted === 'list') return isList(plain);
  if (wanted === 'record') return isRecord(plain);
  switch (each.op) {
    case 'call':
      return fits(shape, shapeOfType(unit.functions[each.imm as number]!.params[operand]!.type));
    case 'any.truthy':
      return shape !== 'text' && (!isSum(shape) || truthOf(shape) !== undefined);
    case 'any.eq':
      return shape !== 'text';
    default:
      return true;
  }
}

/** Whether it can be said if two values of these shapes are equal. */
function comparable([a, b]: readonly Shape[]): boolean {
  return (!isSum(a!) && !isSum(b!)) || a === 'nil' || b === 'nil' || a === 'never' || b === 'never';
}

export function refuseShapes(
  unit: CoreUnit,
  fn: IrFunction,
  { shapes, result, reached, refinements }: Shaped,
  records: ReadonlyMap<string, RecordLayout>,
): Refusal | undefined {
  const nameOf = (value: ValueId): string => fn.names.get(value) ?? 'a value in it';
  const refuseValue = (value: ValueId): Refusal | undefined => {
    const shape = shapes[value]!;
    // Most values.
    if (shape === 'num' || shape === 'bool') return undefined;
    if (shape === 'other') return { reason: 'shape', what: nameOf(value) };
    const missing = recordsIn(shape).find(name => !isLaidOut(records.get(name)));
    return missing === undefined ? undefined : { reason: 'fields', what: missing };
  };
  const texts = new Set<ValueId>();
  for (const { code } of fn.blocks) for (const { op, result } of code) if (op === 'const.text') texts.add(result!);
  for (const id of reached) {
    const block = fn.blocks[id]!;
    const facts = refinements.at(id);
    for (const param of block.params) {
      const refusal = refuseValue(param);
      if (refusal !== undefined) return refusal;
    }
    for (const each of block.code) {
      const refusal = each.result === undefined ? undefined : refuseValue(each.result);
      if (refusal !== undefined) return refusal;
    }
    for (const each of block.code) {
      const args = each.args.map(arg => shapeWith(facts, shapes, arg));
      const wrong = each.args.find((_, i) => !suits(unit, each, i, args[i]!));
      if (wrong !== undefined) return { reason: 'shape', what: nameOf(wrong) };
      // How long a text is, is known of constants only.
      const isLong = each.op === 'charge.join' && alternativesOf(args[0]!).get('plain') === 'text';
      if (isLong && !texts.has(each.args[0]!)) return { reason: 'shape', what: nameOf(each.args[0]!) };
      if (each.op === 'any.eq' && !comparable(args)) return { reason: 'shape', what: nameOf(each.args[0]!) };
    }
  }
  return result === 'other' ? { reason: 'result', what: '' } : undefined;
}

function recordsIn(shape: Shape): readonly string[] {
  if (isSum(shape)) return [...alternativesOf(shape).values()].flatMap(recordsIn);
  if (isList(shape)) return recordsIn(itemOf(shape));
  return isRecord(shape) ? [shape.slice('record '.length)] : [];
}

function isLaidOut(layout: RecordLayout | undefined): boolean {
  return (
    layout !== undefined &&
    layout.fields.length <= MOST_FIELDS &&
    layout.fields.every(field => field === 'nil' || fitsInside(field))
  );
}
