// What native code knows of values: their shape. A function is compiled for the shapes that its declaration promises; whoever enters looks
// whether they hold, once. Inside, shapes are found like the kinds of the IR (ir/infer.ts): optimistically, over all functions that
// are compiled together (analyse.ts), rising from "nothing came here yet".
import type { Type } from '../../core/type.ts';
import type { Shape as RecordKind } from '../../core/value/record.ts';
import { buildCfg } from '../../ir/cfg.ts';
import { endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import type { RegisterClass } from './lir.ts';

/**
 * `never`: nothing comes here. `other`: something that native code has no registers for. A list is known by what is in it, a record by
 * the name of its type.
 */
export type Shape = 'never' | 'num' | 'bool' | 'nil' | 'other' | ListShape | RecordShape;
export type ListShape = `list ${string}`;
export type RecordShape = `record ${string}`;

export function isList(shape: Shape): shape is ListShape {
  return shape.startsWith('list ');
}

export function isRecord(shape: Shape): shape is RecordShape {
  return shape.startsWith('record ');
}

/** Doubles have the shape of what never comes, too: nobody will read them. */
export function classOfShape(shape: Shape): RegisterClass {
  return shape === 'num' || shape === 'never' ? 'f' : 'i';
}

/** Whether a value of this shape is copied by copying a word. */
export function isBare(shape: Shape): boolean {
  return shape === 'num' || shape === 'bool' || shape === 'never';
}

/** Lists nested more deeply are left to other engines. Without an end, shapes of a function that nests its own result would rise forever. */
const DEEPEST_LIST = 'list '.repeat(8);

export function listOf(item: Shape): Shape {
  return item === 'other' || item === 'nil' || item.startsWith(DEEPEST_LIST) ? 'other' : `list ${item}`;
}

export function itemOf(list: ListShape): Shape {
  return list.slice('list '.length) as Shape;
}

/** The shape that a declared type promises. */
export function shapeOfType(type: Type): Shape {
  switch (type.kind) {
    case 'num':
    case 'bool':
      return type.kind;
    case 'list':
      return listOf(shapeOfType(type.of));
    case 'named':
      return `record ${type.name}`;
    default:
      return 'other';
  }
}

export function joinShapes(a: Shape, b: Shape): Shape {
  if (a === b || b === 'never') return a;
  if (a === 'never') return b;
  return isList(a) && isList(b) ? listOf(joinShapes(itemOf(a), itemOf(b))) : 'other';
}

/** Whether a value of one shape may stand where the other is asked for: an empty list is a list of anything. */
export function fits(shape: Shape, wanted: Shape): boolean {
  return joinShapes(shape, wanted) === wanted;
}

/** The fields of each type of record that is made, and what is in them. */
export interface RecordLayout {
  readonly shape: RecordKind;
  readonly fields: Shape[];
}

export interface Shaped {
  readonly shapes: readonly Shape[];
  readonly result: Shape;
}

/** What is known outside a function. */
export interface Known {
  readonly resultOf: (callee: number) => Shape;
  readonly fieldOf: (record: RecordShape, name: string) => Shape;
  readonly raiseField: (record: RecordShape, name: string, shape: Shape) => void;
}

/** The shapes in one function. */
export function infer(fn: IrFunction, params: readonly Shape[], known: Known): Shaped {
  const { order } = buildCfg(fn);
  const shapes: Shape[] = new Array(fn.types.length).fill('never');
  let result: Shape = 'never';
  fn.blocks[0]!.params.forEach((param, i) => {
    shapes[param] = params[i]!;
  });
  const raise = (value: ValueId, shape: Shape): boolean => {
    const after = joinShapes(shapes[value]!, shape);
    if (after === shapes[value]) return false;
    shapes[value] = after;
    return true;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order) {
      for (const each of fn.blocks[id]!.code) {
        if (each.result !== undefined && raise(each.result, shapeOf(each, shapes, known))) changed = true;
        if (each.op === 'return') result = joinShapes(result, shapes[each.args[0]!]!);
      }
      for (const { block, args } of endOf(fn.blocks[id]!).targets) {
        args.forEach((arg, i) => {
          if (raise(fn.blocks[block]!.params[i]!, shapes[arg]!)) changed = true;
        });
      }
    }
  }
  return { shapes, result };
}

function shapeOf(each: Instruction, shapes: readonly Shape[], known: Known): Shape {
  const args = each.args.map(arg => shapes[arg]!);
  const [first] = args;
  switch (each.op) {
    case 'const.num':
    case 'box.num':
    case 'unbox.num':
    case 'range.start':
    case 'range.end':
    case 'list.length':
      return 'num';
    case 'const.nil':
      return 'nil';
    case 'call':
      return known.resultOf(each.imm as number);
    case 'call.builtin':
      return shapeOfBuiltin(each.imm as string, args);
    case 'payload':
    case 'panic':
    case 'owned':
    case 'list.check':
    case 'record.check':
      return first!;
    case 'list.new':
      return listOf(args.reduce(joinShapes, 'never'));
    case 'list.append':
      return first === 'never' ? 'never' : joinShapes(first!, listOf(args[1]!));
    case 'list.item':
    case 'list.index':
      return isList(first!) ? itemOf(first) : first === 'never' ? 'never' : 'other';
    case 'record.new': {
      const shape = each.imm as RecordKind;
      const record: RecordShape = `record ${shape.typeName}`;
      shape.names.forEach((name, i) => {
        known.raiseField(record, name, args[i]!);
      });
      return record;
    }
    case 'record.with':
      if (!isRecord(first!)) return first === 'never' ? 'never' : 'other';
      for (const [i, name] of (each.imm as readonly string[]).entries()) known.raiseField(first, name, args[i + 1]!);
      return first;
    case 'field':
      return isRecord(first!) ? known.fieldOf(first, each.imm as string) : first === 'never' ? 'never' : 'other';
    case 'any.add':
      return args.includes('never') ? 'never' : args.every(shape => shape === 'num') ? 'num' : 'other';
    case 'any.sub':
    case 'any.mul':
    case 'any.div':
    case 'any.neg':
      return args.includes('never') ? 'never' : 'num';
    default:
      return each.op.startsWith('num.') && !BOOLEAN.has(each.op) ? 'num' : 'bool';
  }
}

function shapeOfBuiltin(name: string, args: readonly Shape[]): Shape {
  if (args.includes('never')) return 'never';
  const [first] = args;
  switch (name) {
    case 'at':
    case 'hd':
      return isList(first!) ? itemOf(first) : 'other';
    case 'range':
      return 'list num';
    case 'lst':
      return joinShapes(first!, listOf(args[2]!));
    default:
      return 'num';
  }
}

const BOOLEAN: ReadonlySet<IrOp> = new Set<IrOp>(['num.lt', 'num.le', 'num.gt', 'num.ge', 'num.eq', 'num.truthy']);
