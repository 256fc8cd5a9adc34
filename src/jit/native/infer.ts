// The shapes of the values of one function. They are found like the kinds of the IR (ir/infer.ts): optimistically, over all functions that are
// compiled together (analyse.ts), rising from "nothing came here yet". A block that no shape of what is tested leads to is not looked at: where a
// result is `~v` or `^e`, nothing comes to what stands behind both tests.
import type { Shape as RecordKind } from '../../core/value/record.ts';
import { buildCfg } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import { wantedOf } from './operands.ts';
import { type Facts, type Refinements, refine } from './refine.ts';
import {
  ANY_ALTERNATIVE,
  isList,
  isRecord,
  itemOf,
  joinShapes,
  listOf,
  narrowed,
  ONLY,
  payloadOf,
  type RecordShape,
  resultWith,
  type Shape,
} from './shapes.ts';

export interface Shaped {
  /** By the number of the value, wherever it is used. */
  readonly shapes: readonly Shape[];
  readonly result: Shape;
  /** The blocks that control comes to. */
  readonly reached: ReadonlySet<BlockId>;
  readonly refinements: Refinements;
}

/** What is known outside a function. */
export interface Known {
  readonly resultOf: (callee: number) => Shape;
  readonly fieldOf: (record: RecordShape, name: string) => Shape;
  readonly raiseField: (record: RecordShape, name: string, shape: Shape) => void;
}

/** The shape of a value where something is known of it. */
export function shapeWith(facts: Facts, shapes: readonly Shape[], value: ValueId): Shape {
  return narrowed(shapes[value]!, facts.get(value) ?? ANY_ALTERNATIVE);
}

/** The shapes in one function. */
export function infer(fn: IrFunction, params: readonly Shape[], known: Known): Shaped {
  const { order } = buildCfg(fn);
  const refinements = refine(fn);
  const shapes: Shape[] = new Array(fn.types.length).fill('never');
  const reached = new Set<BlockId>([0]);
  let result: Shape = 'never';
  let changed = true;
  fn.blocks[0]!.params.forEach((param, i) => {
    shapes[param] = params[i]!;
  });
  const raise = (value: ValueId, shape: Shape): void => {
    const after = joinShapes(shapes[value]!, shape);
    if (after === shapes[value]) return;
    shapes[value] = after;
    changed = true;
  };
  while (changed) {
    changed = false;
    for (const id of order) {
      if (!reached.has(id)) continue;
      const facts = refinements.at(id);
      for (const each of fn.blocks[id]!.code) {
        const args = each.args.map((arg, i) => {
          const shape = shapeWith(facts, shapes, arg);
          return wantedOf(each, i) === undefined ? shape : narrowed(shape, ONLY.plain);
        });
        if (each.result !== undefined) raise(each.result, shapeOf(each, args, known));
        if (each.op === 'return') result = joinShapes(result, args[0]!);
      }
      const test = refinements.testAt(id);
      endOf(fn.blocks[id]!).targets.forEach(({ block, args }, target) => {
        const there = refinements.onEdge(id, target);
        if (test !== undefined && shapeWith(there, shapes, test.value) === 'never') return;
        if (!reached.has(block)) {
          reached.add(block);
          changed = true;
        }
        args.forEach((arg, i) => {
          raise(fn.blocks[block]!.params[i]!, shapeWith(there, shapes, arg));
        });
      });
    }
  }
  return { shapes, result, reached, refinements };
}

function shapeOf(each: Instruction, args: readonly Shape[], known: Known): Shape {
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
    case 'const.text':
      return 'text';
    case 'new.ok':
      return resultWith('ok', first!);
    case 'new.err':
      return resultWith('err', first!);
    case 'payload':
      return payloadOf(first!);
    case 'panic':
      return payloadOf(narrowed(first!, ONLY.plain | ONLY.ok));
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
