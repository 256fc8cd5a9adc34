// Loops. A round is charged before it runs; `metered` is decided when the loop is compiled. A loop whose body never leaves asks
// for no completion, and one whose body only breaks or continues is itself a plain statement.
import type { Span } from '../../base/span.ts';
import type { CoreStmt } from '../../core/core.ts';
import { fault } from '../../core/fault.ts';
import type { Meter } from '../../core/meter.ts';
import { List } from '../../core/value/list.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { at, spend } from '../calls.ts';
import { rangeBound } from '../operations.ts';
import { type Action, BREAK, type Compiler, NORMAL, type Piece, RETURN, type Step, type Test } from './code.ts';
import { asStep, plain } from './sequence.ts';

/** A body that is charged for before it runs. */
function chargedRound(body: Piece, meter: Meter | undefined, span: Span): Piece {
  if (meter === undefined) return body;
  if (body.leaves) {
    const { run, returns } = body;
    const step: Step = f => {
      spend(meter, 1, 0, span);
      return run(f);
    };
    return { leaves: true, returns, run: step };
  }
  const { run } = body;
  return plain(f => {
    spend(meter, 1, 0, span);
    run(f);
  });
}

/** A loop whose body may leave: a plain statement unless the body returns, since it ends what breaks and continues. */
function leavingLoop(run: Step, returns: boolean): Piece {
  return returns ? { leaves: true, returns, run } : plain(run);
}

function bound(value: Value, which: 'start' | 'end', span: Span): number {
  try {
    return rangeBound(value, which);
  } catch (error) {
    throw at(error, span);
  }
}

/** The slot is set before or after its round is charged: nobody sees which, because a limit that strikes ends the run. */
export function compileRange(stmt: CoreStmt & { kind: 'range' }, compiler: Compiler): Piece {
  const { slot, span } = stmt;
  const first = compiler.value(stmt.from);
  const last = compiler.value(stmt.to);
  const body = chargedRound(compiler.block(stmt.body), compiler.meter, span);
  if (!body.leaves) {
    const { run } = body;
    return plain(f => {
      const start = first(f);
      const end = last(f);
      const from = bound(start, 'start', span);
      const to = bound(end, 'end', span);
      for (let i = from; i < to; i++) {
        f[slot] = i;
        run(f);
      }
    });
  }
  const { run, returns } = body;
  return leavingLoop(f => {
    const start = first(f);
    const end = last(f);
    const from = bound(start, 'start', span);
    const to = bound(end, 'end', span);
    for (let i = from; i < to; i++) {
      f[slot] = i;
      const completion = run(f);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return NORMAL;
  }, returns);
}

export function compileForeach(stmt: CoreStmt & { kind: 'foreach' }, compiler: Compiler): Piece {
  const { slot, span } = stmt;
  const code = compiler.value(stmt.list);
  const listOf = (value: Value): List => {
    if (value instanceof List) return value;
    throw at(fault('ILO-R007', 'foreach', { value: describe(value) }), span);
  };
  const body = chargedRound(compiler.block(stmt.body), compiler.meter, span);
  if (!body.leaves) {
    const { run } = body;
    return plain(f => {
      const list = listOf(code(f));
      const { length } = list;
      for (let i = 0; i < length; i++) {
        f[slot] = list.get(i)!;
        run(f);
      }
    });
  }
  const { run, returns } = body;
  return leavingLoop(f => {
    const list = listOf(code(f));
    const { length } = list;
    for (let i = 0; i < length; i++) {
      f[slot] = list.get(i)!;
      const completion = run(f);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return NORMAL;
  }, returns);
}

/** What leaves `before` leaves the loop around this one, and so this statement. */
export function compileWhile(stmt: CoreStmt & { kind: 'while' }, compiler: Compiler): Piece {
  const test = compiler.test(stmt.test);
  const before = compiler.block(stmt.before);
  const body = chargedRound(compiler.block(stmt.body), compiler.meter, stmt.span);
  if (!before.leaves && !body.leaves) {
    return plain(plainWhile(stmt.before.length === 0 ? undefined : before.run, test, body.run));
  }
  const beforeStep = stmt.before.length === 0 ? undefined : asStep(before);
  const step = asStep(body);
  const run: Step = f => {
    for (;;) {
      if (beforeStep !== undefined) {
        const completion = beforeStep(f);
        if (completion !== NORMAL) return completion;
      }
      if (!test(f)) return NORMAL;
      const completion = step(f);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
  };
  if (before.leaves) return { leaves: true, returns: before.returns || (body.leaves && body.returns), run };
  return leavingLoop(run, body.leaves && body.returns);
}

function plainWhile(before: Action | undefined, test: Test, body: Action): Action {
  if (before === undefined) {
    return f => {
      while (test(f)) body(f);
    };
  }
  return f => {
    for (;;) {
      before(f);
      if (!test(f)) return;
      body(f);
    }
  };
}
