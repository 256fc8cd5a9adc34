// Core to stack bytecode, one function after the other. A statement leaves the stack as it found it, an expression leaves one more
// value on it. Loops keep their state in places of the frame behind the locals, two for each loop that encloses another, so
// that leaving a loop is a jump and nothing else.
import { unreachable } from '../../base/assert.ts';
import type { CoreFunction, CoreStmt, CoreUnit } from '../../core/core.ts';
import type { StackCode } from './code.ts';
import { Emitter, type Label, newLabel } from './emitter.ts';
import { compileBranch, compileExpression } from './expressions.ts';

/** The loop around a statement. */
interface Loop {
  readonly head: number;
  readonly exit: Label;
}

interface Scope {
  readonly out: Emitter;
  readonly unit: CoreUnit;
  readonly fn: CoreFunction;
  /** Loops that enclose the statement and keep state in the frame. */
  depth: number;
  deepest: number;
}

/** Compiles a unit; `metered` code charges for what it does. */
export function compileStack(unit: CoreUnit, metered: boolean): StackCode {
  const out = new Emitter(metered);
  for (const fn of unit.functions) compileFunction(fn, unit, out);
  return out.finish(unit.tools);
}

function compileFunction(fn: CoreFunction, unit: CoreUnit, out: Emitter): void {
  const entry = out.begin();
  const scope: Scope = { out, unit, fn, depth: 0, deepest: 0 };
  out.charge('charge.call', fn.span);
  compileBlock(fn.body, scope, undefined);
  out.emit('push.const', undefined, out.constant(null));
  out.emit('return', undefined);
  out.end({
    name: fn.name,
    entry,
    params: fn.params.length,
    captures: fn.captures,
    slots: fn.slots + 2 * scope.deepest,
    span: fn.span,
    file: fn.file,
  });
}

function compileBlock(block: readonly CoreStmt[], scope: Scope, loop: Loop | undefined): void {
  for (const stmt of block) {
    if (!scope.out.live) return;
    compileStatement(stmt, scope, loop);
  }
}

function compileStatement(stmt: CoreStmt, scope: Scope, loop: Loop | undefined): void {
  const { out, unit } = scope;
  switch (stmt.kind) {
    case 'set':
      compileExpression(stmt.value, out, unit);
      out.emit('store', undefined, stmt.slot);
      break;
    case 'eval':
      compileExpression(stmt.value, out, unit);
      out.emit('pop', undefined);
      break;
    case 'return':
      compileExpression(stmt.value, out, unit);
      out.emit('return', undefined);
      break;
    case 'cond': {
      const end = newLabel();
      for (const arm of stmt.arms) {
        const next = newLabel();
        compileBranch(arm.test, next, false, out, unit);
        compileBlock(arm.body, scope, loop);
        if (stmt.otherwise.length > 0 || arm !== stmt.arms.at(-1)) out.jump('jump', end);
        out.place(next);
      }
      compileBlock(stmt.otherwise, scope, loop);
      out.place(end);
      break;
    }
    case 'destructure':
      compileExpression(stmt.value, out, unit);
      out.emit('need.record', stmt.span);
      stmt.names.forEach((name, i) => {
        out.emit('dup', undefined);
        out.emit('field', stmt.span, out.name(name));
        out.emit('store', undefined, stmt.slots[i]!);
      });
      out.emit('pop', undefined);
      break;
    case 'foreach':
    case 'range':
      compileCounted(stmt, scope);
      break;
    case 'while': {
      const inner: Loop = { head: out.mark(), exit: newLabel() };
      // What leaves a loop from here leaves the one around this.
      compileBlock(stmt.before, scope, loop);
      compileBranch(stmt.test, inner.exit, false, out, unit);
      out.charge('charge.round', stmt.span);
      compileBlock(stmt.body, scope, inner);
      out.jumpBack(inner.head);
      out.place(inner.exit);
      break;
    }
    case 'break':
      out.jump('jump', loop!.exit);
      break;
    case 'continue':
      out.jumpBack(loop!.head);
      break;
    default:
      unreachable(stmt);
  }
}

function compileCounted(stmt: CoreStmt & { kind: 'foreach' | 'range' }, scope: Scope): void {
  const { out, unit, fn } = scope;
  const each = stmt.kind === 'foreach';
  for (const part of each ? [stmt.list] : [stmt.from, stmt.to]) compileExpression(part, out, unit);
  const state = fn.slots + 2 * scope.depth;
  scope.depth++;
  scope.deepest = Math.max(scope.deepest, scope.depth);
  out.emit(each ? 'each.start' : 'range.start', stmt.span, state);
  const loop: Loop = { head: out.mark(), exit: newLabel() };
  if (each) out.jump('each.next', loop.exit, stmt.span, state, stmt.slot);
  else out.jump('range.next', loop.exit, undefined, state, stmt.slot);
  const body = out.mark();
  out.charge('charge.round', stmt.span);
  compileBlock(stmt.body, scope, loop);
  // The end of a round asks for the next one itself: a round has no jump of its own.
  out.emitBack(each ? 'each.again' : 'range.again', each ? stmt.span : undefined, state, stmt.slot, body);
  out.place(loop.exit);
  scope.depth--;
}
