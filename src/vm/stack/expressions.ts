// Expressions in stack bytecode: operands left to right, then the instruction that takes them. A condition becomes jumps and
// never a value. Arithmetic and comparisons name slots and constant numbers as
// operands where they stand on the right side, or on both.
import { unreachable } from '../../base/assert.ts';
import type { CoreExpr, CoreUnit } from '../../core/core.ts';
import { isTruthy } from '../../core/value/compare.ts';
import type { CoreOp } from '../../spec/core-ops.ts';
import type { StackOp } from '../../spec/stack-ops.ts';
import { type Emitter, type Label, newLabel } from './emitter.ts';

const COMPARE_AND_JUMP: Partial<Readonly<Record<CoreOp, StackOp>>> = {
  'num.lt': 'jump.unless.lt',
  'num.le': 'jump.unless.le',
  'num.gt': 'jump.unless.gt',
  'num.ge': 'jump.unless.ge',
  'any.lt': 'jump.unless.lt',
  'any.le': 'jump.unless.le',
  'any.gt': 'jump.unless.gt',
  'any.ge': 'jump.unless.ge',
};

const WITH_LOCAL: Partial<Readonly<Record<CoreOp, StackOp>>> = {
  'num.add': 'add.local',
  'num.sub': 'sub.local',
  'num.mul': 'mul.local',
  'any.add': 'add.local',
  'any.sub': 'sub.local',
  'any.mul': 'mul.local',
};

const WITH_NUMBER: Partial<Readonly<Record<CoreOp, StackOp>>> = {
  'num.add': 'add.const',
  'num.sub': 'sub.const',
  'num.mul': 'mul.const',
  'any.add': 'add.const',
  'any.sub': 'sub.const',
  'any.mul': 'mul.const',
};

/** The forms of arithmetic and of a comparison with a jump for a slot on the left and a slot or a number on the right. */
interface SlotForms {
  readonly slots: StackOp;
  readonly number: StackOp;
}

const ADD: SlotForms = { slots: 'add.slots', number: 'add.slot.number' };
const SUB: SlotForms = { slots: 'sub.slots', number: 'sub.slot.number' };
const MUL: SlotForms = { slots: 'mul.slots', number: 'mul.slot.number' };
const LESS: SlotForms = { slots: 'jump.unless.lt.slots', number: 'jump.unless.lt.number' };
const LESS_EQUAL: SlotForms = { slots: 'jump.unless.le.slots', number: 'jump.unless.le.number' };
const GREATER: SlotForms = { slots: 'jump.unless.gt.slots', number: 'jump.unless.gt.number' };
const GREATER_EQUAL: SlotForms = { slots: 'jump.unless.ge.slots', number: 'jump.unless.ge.number' };

const SLOT_FORMS: Partial<Readonly<Record<CoreOp, SlotForms>>> = {
  'num.add': ADD,
  'num.sub': SUB,
  'num.mul': MUL,
  'any.add': ADD,
  'any.sub': SUB,
  'any.mul': MUL,
  'num.lt': LESS,
  'num.le': LESS_EQUAL,
  'num.gt': GREATER,
  'num.ge': GREATER_EQUAL,
  'any.lt': LESS,
  'any.le': LESS_EQUAL,
  'any.gt': GREATER,
  'any.ge': GREATER_EQUAL,
};

interface Fused {
  readonly op: StackOp;
  readonly left: number;
  /** A slot, or the index of a constant. */
  readonly right: number;
}

/** The one instruction for a primitive whose left operand is a slot, if there is one. */
function fuse({ op, args }: CoreExpr & { kind: 'prim' }, out: Emitter): Fused | undefined {
  const forms = SLOT_FORMS[op];
  const [left, right] = args;
  if (forms === undefined || left?.kind !== 'local' || left.maybeEmpty) return undefined;
  if (right?.kind === 'const' && typeof right.value === 'number') {
    return { op: forms.number, left: left.slot, right: out.constant(right.value) };
  }
  // A sum may join texts or lists, which is charged by the size of the right one.
  const isCharged = out.metered && forms === ADD;
  if (isCharged || right?.kind !== 'local' || right.maybeEmpty) return undefined;
  return { op: forms.slots, left: left.slot, right: right.slot };
}

/** Leaves the value of the expression on the stack. */
export function compileExpression(expr: CoreExpr, out: Emitter, unit: CoreUnit): void {
  const all = (exprs: readonly CoreExpr[]): void => {
    for (const each of exprs) compileExpression(each, out, unit);
  };
  switch (expr.kind) {
    case 'local':
      if (expr.maybeEmpty) out.emit('load.checked', expr.span, expr.slot, out.name(expr.name));
      else out.emit('load', undefined, expr.slot);
      break;
    case 'const':
      out.emit('push.const', undefined, out.constant(expr.value));
      break;
    case 'prim':
      compilePrimitive(expr, out, unit);
      break;
    case 'call': {
      const { params } = unit.functions[expr.callee]!;
      if (expr.args.length !== params.length) {
        out.emit('call.wrong', expr.span, expr.callee, expr.args.length);
        break;
      }
      all(expr.args);
      out.emit('call', expr.span, expr.callee);
      break;
    }
    case 'builtin':
      all(expr.args);
      out.emit('call.builtin', expr.span, out.name(expr.name), expr.args.length);
      break;
    case 'callValue':
      all(expr.args);
      compileExpression(expr.callee, out, unit);
      out.emit('call.value', expr.span, out.name(expr.fallback), expr.args.length);
      break;
    case 'tool':
      all(expr.args);
      out.emit('call.tool', expr.span, expr.tool, expr.args.length);
      break;
    case 'and':
    case 'or':
    case 'coalesce': {
      const end = newLabel();
      const [first, second] = expr.kind === 'coalesce' ? [expr.value, expr.fallback] : [expr.left, expr.right];
      compileExpression(first, out, unit);
      out.jump(expr.kind === 'and' ? 'jump.unless.keep' : expr.kind === 'or' ? 'jump.if.keep' : 'jump.some.keep', end);
      compileExpression(second, out, unit);
      out.place(end);
      break;
    }
    case 'if': {
      const otherwise = newLabel();
      const end = newLabel();
      compileBranch(expr.test, otherwise, false, out, unit);
      compileExpression(expr.then, out, unit);
      out.jump('jump', end);
      out.place(otherwise);
      compileExpression(expr.otherwise, out, unit);
      out.place(end);
      break;
    }
    case 'field':
      compileExpression(expr.object, out, unit);
      out.emit(expr.safe ? 'field.safe' : 'field', expr.safe ? undefined : expr.span, out.name(expr.name));
      break;
    case 'index':
      compileExpression(expr.object, out, unit);
      out.emit(expr.safe ? 'index.safe' : 'index', expr.safe ? undefined : expr.span, expr.index);
      break;
    case 'list':
      all(expr.items);
      out.emit('list', expr.span, expr.items.length);
      break;
    case 'record':
      all(expr.values);
      out.emit('record', expr.span, out.layout({ shape: expr.shape, order: expr.order }));
      break;
    case 'with':
      compileExpression(expr.object, out, unit);
      all(expr.values);
      out.emit('with', expr.span, out.namesOf(expr.names));
      break;
    case 'function':
      all(expr.captures);
      out.emit('function', expr.span, out.name(expr.name), expr.captures.length);
      break;
    default:
      unreachable(expr);
  }
}

function compilePrimitive(expr: CoreExpr & { kind: 'prim' }, out: Emitter, unit: CoreUnit): void {
  const [left, right] = expr.args;
  const isArithmetic = WITH_LOCAL[expr.op] !== undefined;
  const fused = isArithmetic ? fuse(expr, out) : undefined;
  if (fused !== undefined) {
    out.emit(fused.op, expr.span, fused.left, fused.right);
    return;
  }
  compileExpression(left!, out, unit);
  if (right === undefined) {
    out.emit(expr.op, expr.span);
    return;
  }
  const withLocal = WITH_LOCAL[expr.op];
  if (withLocal !== undefined && right.kind === 'local' && !right.maybeEmpty) {
    // A sum may join texts or lists, which is charged by the size of the right one.
    if (!(out.metered && withLocal === 'add.local')) {
      out.emit(withLocal, expr.span, right.slot);
      return;
    }
  }
  const withNumber = WITH_NUMBER[expr.op];
  if (withNumber !== undefined && right.kind === 'const' && typeof right.value === 'number') {
    out.emit(withNumber, expr.span, out.constant(right.value));
    return;
  }
  compileExpression(right, out, unit);
  out.emit(expr.op, expr.span);
}

/** Goes on at `label` when the truth of the expression is `when`, else with the next instruction. */
export function compileBranch(expr: CoreExpr, label: Label, when: boolean, out: Emitter, unit: CoreUnit): void {
  if (expr.kind === 'const') {
    if (isTruthy(expr.value) === when) out.jump('jump', label);
    return;
  }
  if (expr.kind === 'and' || expr.kind === 'or') {
    // `and` is decided by a false operand, `or` by a true one.
    const deciding = expr.kind === 'or';
    if (when === deciding) {
      compileBranch(expr.left, label, when, out, unit);
      compileBranch(expr.right, label, when, out, unit);
    } else {
      const decided = newLabel();
      compileBranch(expr.left, decided, deciding, out, unit);
      compileBranch(expr.right, label, when, out, unit);
      out.place(decided);
    }
    return;
  }
  if (expr.kind === 'prim' && (expr.op === 'not' || expr.op === 'truthy')) {
    compileBranch(expr.args[0]!, label, expr.op === 'not' ? !when : when, out, unit);
    return;
  }
  const fused = expr.kind === 'prim' && !when ? COMPARE_AND_JUMP[expr.op] : undefined;
  if (fused !== undefined && expr.kind === 'prim') {
    const slots = fuse(expr, out);
    if (slots !== undefined) {
      out.jump(slots.op, label, expr.span, slots.left, slots.right);
      return;
    }
    for (const operand of expr.args) compileExpression(operand, out, unit);
    out.jump(fused, label, expr.span);
    return;
  }
  compileExpression(expr, out, unit);
  out.jump(when ? 'jump.if' : 'jump.unless', label);
}
