// Statements to Core. In ilo a body has a value: that of the last statement that gave one. Most statements' values are
// never read, so lowering works backwards: it first finds which statements could give the value that is wanted, and sends only
// those to the destination.
import type { Span } from '../../../base/span.ts';
import type { CondArm, CoreExpr, CoreStmt } from '../../../core/core.ts';
import type { CoreOp } from '../../../spec/core-ops.ts';
import type { GuardStmt, Pattern, Stmt } from '../ast.ts';
import { lowerExpr } from './expressions.ts';
import {
  constant,
  type Destination,
  deliver,
  type FunctionBuilder,
  local,
  type MatchLike,
  NOWHERE,
  RETURN,
  setSlot,
} from './function.ts';

/** How a statement contributes to the value of its body. */
type Yield = 'never' | 'maybe' | 'always';

function yieldOf(stmt: Stmt): Yield {
  switch (stmt.kind) {
    case 'let':
    case 'destructure':
      return 'never';
    case 'guard':
      return stmt.braceless ? 'never' : stmt.otherwise ? 'always' : 'maybe';
    case 'match':
      return stmt.arms.some(arm => arm.pattern.kind === 'wildcard') ? 'always' : 'maybe';
    default:
      // Loops give nil when they did not run; `ret`, `brk` and `cnt` never reach what follows.
      return 'always';
  }
}

/** Whether the statement matches on the value of the statement before it (`?{…}`). */
function usesLast(stmt: Stmt): boolean {
  if (stmt.kind === 'match') return stmt.subject === undefined;
  const value = stmt.kind === 'let' || stmt.kind === 'return' || stmt.kind === 'expr' ? stmt.value : undefined;
  return value?.kind === 'match' && value.subject === undefined;
}

/** Lowers a body in the current scope and sends its value to `destination`. */
export function lowerBody(
  stmts: readonly Stmt[],
  destination: Destination,
  fn: FunctionBuilder,
  out: CoreStmt[],
): void {
  const wanted = new Array<boolean>(stmts.length).fill(false);
  let open = destination.to !== 'nowhere';
  let count = 0;
  let first = -1;
  for (let i = stmts.length - 1; i >= 0; i--) {
    const stmt = stmts[i]!;
    const yields = yieldOf(stmt);
    if (open && yields !== 'never') {
      wanted[i] = true;
      first = i;
      count++;
      if (yields === 'always') open = false;
    }
    if (usesLast(stmt)) open = true;
  }
  const span = stmts[stmts.length - 1]?.span ?? { start: 0, end: 0 };
  const needsLast = stmts.some(usesLast);
  const onlyTail = count === 0 || (count === 1 && first === stmts.length - 1);
  if (onlyTail && !needsLast) {
    for (let i = 0; i < stmts.length; i++) lowerStmt(stmts[i]!, wanted[i] ? destination : NOWHERE, fn, out);
    if (destination.to !== 'nowhere' && (first < 0 || yieldOf(stmts[first]!) !== 'always')) {
      // A statement that may give no value sends it only when it has one: nil is what remains.
      if (destination.to === 'return') deliver(constant(null, span), destination, out);
      else out.splice(0, 0, setSlot(destination.slot, constant(null, span), span));
    }
    return;
  }
  const slot = destination.to === 'slot' && !needsLast ? destination.slot : fn.newSlot();
  const outerLast = fn.lastSlot;
  fn.lastSlot = slot;
  out.push(setSlot(slot, constant(null, span), span));
  for (let i = 0; i < stmts.length; i++) lowerStmt(stmts[i]!, wanted[i] ? { to: 'slot', slot } : NOWHERE, fn, out);
  fn.lastSlot = outerLast;
  if (destination.to === 'return' || (destination.to === 'slot' && destination.slot !== slot)) {
    deliver(local(slot, span), destination, out);
  }
}

function lowerBlock(stmts: readonly Stmt[], destination: Destination, fn: FunctionBuilder): CoreStmt[] {
  const out: CoreStmt[] = [];
  fn.inScope(() => lowerBody(stmts, destination, fn, out));
  return out;
}

function lowerStmt(stmt: Stmt, destination: Destination, fn: FunctionBuilder, out: CoreStmt[]): void {
  const { span } = stmt;
  switch (stmt.kind) {
    case 'let': {
      const value = lowerExpr(stmt.value, fn, out);
      out.push(setSlot(fn.assign(stmt.name).slot, value, span, stmt.name));
      return;
    }
    case 'expr':
      deliver(lowerExpr(stmt.value, fn, out), destination, out);
      return;
    case 'guard':
      lowerGuard(stmt, destination, fn, out);
      return;
    case 'match':
      lowerMatch(stmt, destination, fn, out);
      return;
    case 'return':
      out.push({ kind: 'return', value: lowerExpr(stmt.value, fn, out), span });
      return;
    case 'destructure': {
      const value = lowerExpr(stmt.value, fn, out);
      const names = stmt.names.map(({ name }) => name);
      out.push({ kind: 'destructure', value, names, slots: names.map(name => fn.assign(name).slot), span });
      return;
    }
    case 'foreach': {
      const list = lowerExpr(stmt.collection, fn, out);
      lowerLoop(destination, span, fn, out, stmt.body, () => {
        const { slot } = fn.define(stmt.name);
        return body => ({ kind: 'foreach', slot, list, body, span });
      });
      return;
    }
    case 'range': {
      const fromOut: CoreStmt[] = [];
      const from = lowerExpr(stmt.from, fn, fromOut);
      const toOut: CoreStmt[] = [];
      const to = lowerExpr(stmt.to, fn, toOut);
      for (const before of fromOut) out.push(before);
      let start = from;
      if (toOut.length > 0 && from.kind !== 'const') {
        const saved = fn.newSlot();
        out.push(setSlot(saved, from, from.span));
        start = local(saved, from.span);
      }
      for (const before of toOut) out.push(before);
      lowerLoop(destination, span, fn, out, stmt.body, () => {
        const { slot } = fn.define(stmt.name);
        return body => ({ kind: 'range', slot, from: start, to, body, span });
      });
      return;
    }
    case 'while': {
      const before: CoreStmt[] = [];
      const test = lowerExpr(stmt.condition, fn, before);
      // A `wh` body is no scope of its own: names bound in it live on after the loop.
      fn.inSkippableBody(() =>
        lowerLoop(
          destination,
          span,
          fn,
          out,
          stmt.body,
          () => body => ({ kind: 'while', before, test, body, span }),
          false,
        ),
      );
      return;
    }
    case 'break': {
      const loop = fn.loops[fn.loops.length - 1];
      const value = stmt.value ? lowerExpr(stmt.value, fn, out) : undefined;
      if (!loop) {
        out.push({ kind: 'return', value: value ?? constant(null, span), span });
        return;
      }
      if (value) deliver(value, loop.resultSlot === undefined ? NOWHERE : { to: 'slot', slot: loop.resultSlot }, out);
      out.push({ kind: 'break', span });
      return;
    }
    case 'continue':
      out.push(
        fn.loops.length > 0 ? { kind: 'continue', span } : { kind: 'return', value: constant(null, span), span },
      );
      return;
  }
}

/** A loop's value is that of its last completed round, or what `brk` gave; nil when there was none. */
function lowerLoop(
  destination: Destination,
  span: Span,
  fn: FunctionBuilder,
  out: CoreStmt[],
  stmts: readonly Stmt[],
  open: () => (body: CoreStmt[]) => CoreStmt,
  ownScope = true,
): void {
  const resultSlot =
    destination.to === 'nowhere' ? undefined : destination.to === 'slot' ? destination.slot : fn.newSlot();
  if (resultSlot !== undefined) out.push(setSlot(resultSlot, constant(null, span), span));
  fn.loops.push({ resultSlot });
  const work = (): CoreStmt => {
    const make = open();
    const body: CoreStmt[] = [];
    if (resultSlot === undefined) {
      lowerBody(stmts, NOWHERE, fn, body);
    } else {
      const round = fn.newSlot();
      lowerBody(stmts, { to: 'slot', slot: round }, fn, body);
      body.push(setSlot(resultSlot, local(round, span), span));
    }
    return make(body);
  };
  const loop = ownScope ? fn.inScope(work) : work();
  fn.loops.pop();
  out.push(loop);
  if (destination.to === 'return') deliver(local(resultSlot!, span), RETURN, out);
}

function lowerGuard(stmt: GuardStmt, destination: Destination, fn: FunctionBuilder, out: CoreStmt[]): void {
  const { span } = stmt;
  const condition = lowerExpr(stmt.condition, fn, out);
  const test: CoreExpr = stmt.negated
    ? { kind: 'prim', op: 'not', args: [condition], span: condition.span }
    : condition;
  const body = lowerBlock(stmt.body, stmt.braceless ? RETURN : destination, fn);
  const otherwise = stmt.otherwise ? lowerBlock(stmt.otherwise, destination, fn) : [];
  out.push({ kind: 'cond', arms: [{ test, body }], otherwise, span });
}

/** A match tries its arms in order on the subject, or on the value of the statement before. */
export function lowerMatch(match: MatchLike, destination: Destination, fn: FunctionBuilder, out: CoreStmt[]): void {
  const { span } = match;
  const slot = fn.newSlot();
  const subject = match.subject
    ? lowerExpr(match.subject, fn, out)
    : fn.lastSlot === undefined
      ? constant(null, span)
      : local(fn.lastSlot, span);
  out.push(setSlot(slot, subject, span));
  const arms: CondArm[] = [];
  let otherwise: CoreStmt[] = [];
  for (const arm of match.arms) {
    const body: CoreStmt[] = [];
    fn.inScope(() => {
      bindPattern(arm.pattern, slot, fn, body);
      lowerBody(arm.body, destination, fn, body);
    });
    if (arm.pattern.kind === 'wildcard') {
      otherwise = body;
      break;
    }
    arms.push({ test: testPattern(arm.pattern, slot), body });
  }
  if (arms.length === 0) for (const stmt of otherwise) out.push(stmt);
  else out.push({ kind: 'cond', arms, otherwise, span });
}

const TEST_OPS: Readonly<Record<'num' | 'text' | 'bool' | 'list', CoreOp>> = {
  num: 'is.num',
  text: 'is.text',
  bool: 'is.bool',
  list: 'is.list',
};

function testPattern(pattern: Exclude<Pattern, { kind: 'wildcard' }>, slot: number): CoreExpr {
  const { span } = pattern;
  const subject = local(slot, span);
  switch (pattern.kind) {
    case 'ok':
      return { kind: 'prim', op: 'is.ok', args: [subject], span };
    case 'err':
      return { kind: 'prim', op: 'is.err', args: [subject], span };
    case 'literal':
      return { kind: 'prim', op: 'any.eq', args: [subject, constant(pattern.value, span)], span };
    case 'is':
      return { kind: 'prim', op: TEST_OPS[pattern.type], args: [subject], span };
  }
}

function bindPattern(pattern: Pattern, slot: number, fn: FunctionBuilder, out: CoreStmt[]): void {
  const { span } = pattern;
  if (pattern.kind === 'wildcard') {
    fn.define('_', slot);
  } else if (pattern.kind === 'is') {
    out.push(setSlot(fn.define(pattern.name).slot, local(slot, span), span, pattern.name));
  } else if (pattern.kind !== 'literal') {
    const inner: CoreExpr = { kind: 'prim', op: 'payload', args: [local(slot, span)], span };
    out.push(setSlot(fn.define(pattern.name).slot, inner, span, pattern.name));
  }
}
