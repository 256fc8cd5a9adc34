// What native code knows of values: their shape. A function is compiled for the shapes that its declaration promises; whoever enters looks
// whether they hold, once. Inside, shapes are found like the kinds of the IR (ir/infer.ts): optimistically, over all functions that
// are compiled together, rising from "nothing came here yet".
//
// A function whose values have no shape that fits in registers is left to another engine, and so is whoever calls it. The reasons are rows.
import type { CoreFunction, CoreUnit } from '../../core/core.ts';
import type { Type } from '../../core/type.ts';
import { buildCfg } from '../../ir/cfg.ts';
import { endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';

/** `never`: nothing comes here. `other`: something that native code has no registers for. */
export type Shape = 'never' | 'num' | 'bool' | 'nil' | 'other';

/** Why a function is left to another engine: half a sentence, with a hole for what. */
export const REASONS = {
  param: 'its parameter {} is neither a number nor a truth value',
  arguments: 'it takes more than eight arguments',
  builtin: 'it calls {}, which has no machine code',
  op: 'it needs {}, which has no machine code',
  shape: '{} may be something else than a number or a truth value',
  calls: 'it calls {}, which is left to another engine',
  arity: 'it calls {} with another number of arguments',
  large: 'it is too large',
  result: 'what it gives is neither a number nor a truth value',
  alone: 'it neither loops nor calls itself, and whoever calls it is not native',
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
export const NATIVE_BUILTINS: ReadonlyMap<string, number> = new Map([
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

export const MOST_PARAMS = 8;
/** Functions of more instructions are hardly ever hot. */
const MOST_INSTRUCTIONS = 100_000;

/** The shape that a declared type promises. */
export function shapeOfType(type: Type): Shape {
  return type.kind === 'num' || type.kind === 'bool' ? type.kind : 'other';
}

export function joinShapes(a: Shape, b: Shape): Shape {
  if (a === b || b === 'never') return a;
  return a === 'never' ? b : 'other';
}

export interface Shaped {
  readonly shapes: readonly Shape[];
  readonly result: Shape;
}

/** What is known of all functions that one can reach. */
export interface Analysis {
  readonly shaped: ReadonlyMap<number, Shaped>;
  readonly refused: ReadonlyMap<number, Refusal>;
}

/** Looks at functions and all that they can reach by calls: which of them can be native, and the shapes in those. */
export function analyse(
  unit: CoreUnit,
  starts: readonly number[],
  functionAt: (index: number) => IrFunction,
): Analysis {
  const members = reach(starts, functionAt);
  const refused = new Map<number, Refusal>();
  for (const index of members) {
    const refusal = refuseSignature(unit.functions[index]!) ?? refuseOps(functionAt(index));
    if (refusal !== undefined) refused.set(index, refusal);
  }
  refuseCallers(unit, members, functionAt, refused);
  const shaped = inferAll(
    unit,
    members.filter(index => !refused.has(index)),
    functionAt,
  );
  for (const [index, { result, shapes }] of shaped) {
    const refusal = refuseShapes(unit, functionAt(index), shapes, result);
    if (refusal !== undefined) refused.set(index, refusal);
  }
  refuseCallers(unit, members, functionAt, refused);
  return { shaped, refused };
}

function reach(starts: readonly number[], functionAt: (index: number) => IrFunction): readonly number[] {
  const members = new Set(starts);
  for (const index of members) {
    for (const block of functionAt(index).blocks) {
      for (const each of block.code) if (each.op === 'call') members.add(each.imm as number);
    }
  }
  return [...members];
}

function refuseSignature(fn: CoreFunction): Refusal | undefined {
  if (fn.params.length > MOST_PARAMS) return { reason: 'arguments', what: '' };
  if (fn.captures > 0) return { reason: 'op', what: 'captured values' };
  const odd = fn.params.find(param => shapeOfType(param.type) === 'other');
  return odd === undefined ? undefined : { reason: 'param', what: odd.name };
}

function refuseOps(fn: IrFunction): Refusal | undefined {
  let size = 0;
  for (const block of fn.blocks) {
    size += block.code.length;
    for (const each of block.code) {
      if (each.op === 'call.builtin') {
        const name = each.imm as string;
        if (NATIVE_BUILTINS.get(name) !== each.args.length) return { reason: 'builtin', what: name };
      } else if (!NATIVE_OPS.has(each.op)) {
        return { reason: 'op', what: each.op };
      }
    }
  }
  return size > MOST_INSTRUCTIONS ? { reason: 'large', what: '' } : undefined;
}

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
  // Of numbers and truth values nothing is charged.
  'charge.join',
  'charge.copy',
  'jump',
  'branch',
  'return',
]);

/** Whoever calls a refused function, or one with another number of arguments, is refused too. */
function refuseCallers(
  unit: CoreUnit,
  members: readonly number[],
  functionAt: (index: number) => IrFunction,
  refused: Map<number, Refusal>,
): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const index of members) {
      if (refused.has(index)) continue;
      const refusal = refuseCalls(unit, functionAt(index), refused);
      if (refusal === undefined) continue;
      refused.set(index, refusal);
      changed = true;
    }
  }
}

function refuseCalls(unit: CoreUnit, fn: IrFunction, refused: ReadonlyMap<number, Refusal>): Refusal | undefined {
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

function inferAll(
  unit: CoreUnit,
  members: readonly number[],
  functionAt: (index: number) => IrFunction,
): ReadonlyMap<number, Shaped> {
  const shaped = new Map<number, Shaped>();
  const callers = new Map<number, Set<number>>();
  const waiting = new Set([...members].reverse());
  for (const index of waiting) {
    waiting.delete(index);
    const params = unit.functions[index]!.params.map(param => shapeOfType(param.type));
    const made = infer(functionAt(index), params, callee => {
      const known = callers.get(callee);
      if (known === undefined) callers.set(callee, new Set([index]));
      else known.add(index);
      return shaped.get(callee)?.result ?? 'never';
    });
    const before = shaped.get(index)?.result ?? 'never';
    shaped.set(index, made);
    if (made.result !== before) for (const caller of callers.get(index) ?? []) waiting.add(caller);
  }
  return shaped;
}

/** The shapes in one function. */
export function infer(fn: IrFunction, params: readonly Shape[], resultOf: (callee: number) => Shape): Shaped {
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
        if (each.result !== undefined && raise(each.result, shapeOf(each, shapes, resultOf))) changed = true;
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

function shapeOf(each: Instruction, shapes: readonly Shape[], resultOf: (callee: number) => Shape): Shape {
  const args = each.args.map(arg => shapes[arg]!);
  switch (each.op) {
    case 'const.num':
    case 'box.num':
    case 'unbox.num':
    case 'range.start':
    case 'range.end':
      return 'num';
    case 'const.nil':
      return 'nil';
    case 'call':
      return resultOf(each.imm as number);
    case 'call.builtin':
      return args.includes('never') ? 'never' : 'num';
    case 'payload':
    case 'panic':
      return args[0]!;
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

const BOOLEAN: ReadonlySet<IrOp> = new Set<IrOp>(['num.lt', 'num.le', 'num.gt', 'num.ge', 'num.eq', 'num.truthy']);

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
  'call.builtin',
  'range.start',
  'range.end',
]);

function refuseShapes(unit: CoreUnit, fn: IrFunction, shapes: readonly Shape[], result: Shape): Refusal | undefined {
  const nameOf = (value: ValueId): string => fn.names.get(value) ?? 'a value in it';
  const { order } = buildCfg(fn);
  for (const id of order) {
    const block = fn.blocks[id]!;
    const odd = block.params.find(param => shapes[param] === 'other');
    if (odd !== undefined) return { reason: 'shape', what: nameOf(odd) };
    for (const each of block.code) {
      if (each.result !== undefined && shapes[each.result] === 'other')
        return { reason: 'shape', what: nameOf(each.result) };
      const wanted = (i: number): Shape | undefined => {
        if (OF_NUMBERS.has(each.op)) return 'num';
        return each.op === 'call' ? shapeOfType(unit.functions[each.imm as number]!.params[i]!.type) : undefined;
      };
      const wrong = each.args.find((value, i) => {
        const shape = shapes[value]!;
        return shape === 'other' || (shape !== 'never' && shape !== (wanted(i) ?? shape));
      });
      if (wrong !== undefined) return { reason: 'shape', what: nameOf(wrong) };
    }
  }
  return result === 'other' || result === 'nil' ? { reason: 'result', what: '' } : undefined;
}
