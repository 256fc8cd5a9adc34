// Which functions a call can come to, and what stands in them: asked before a run, so both walks are iterative and look at each
// node once.
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../core/core.ts';

/** Calls `expression` and `statement` for everything in a function, in no particular order. */
export function visitFunction(
  fn: CoreFunction,
  expression: (expr: CoreExpr) => void,
  statement: (stmt: CoreStmt) => void = () => {},
): void {
  const statements: CoreStmt[] = [...fn.body];
  const exprs: CoreExpr[] = [];
  for (;;) {
    const expr = exprs.pop();
    if (expr !== undefined) {
      expression(expr);
      pushParts(expr, exprs);
      continue;
    }
    const stmt = statements.pop();
    if (stmt === undefined) return;
    statement(stmt);
    pushInside(stmt, statements, exprs);
  }
}

/** The function at `start` and all that it names directly or through others, each once. */
export function reachableFunctions(unit: CoreUnit, start: number): readonly number[] {
  const found = [start];
  const seen = new Set(found);
  const add = (callee: number | undefined): void => {
    if (callee === undefined || callee < 0 || seen.has(callee)) return;
    seen.add(callee);
    found.push(callee);
  };
  for (let i = 0; i < found.length; i++) {
    visitFunction(unit.functions[found[i]!]!, expr => {
      if (expr.kind === 'call' || expr.kind === 'function') add(expr.callee);
      // A value may stand for a function by its name as text.
      else if (expr.kind === 'callValue') add(unit.byName.get(expr.fallback));
      else if (expr.kind === 'const' && typeof expr.value === 'string') add(unit.byName.get(expr.value));
    });
  }
  return found;
}

function pushParts(expr: CoreExpr, to: CoreExpr[]): void {
  switch (expr.kind) {
    case 'local':
    case 'const':
      return;
    case 'prim':
    case 'call':
    case 'builtin':
    case 'tool':
      pushAll(expr.args, to);
      return;
    case 'callValue':
      to.push(expr.callee);
      pushAll(expr.args, to);
      return;
    case 'and':
    case 'or':
      to.push(expr.left, expr.right);
      return;
    case 'coalesce':
      to.push(expr.value, expr.fallback);
      return;
    case 'if':
      to.push(expr.test, expr.then, expr.otherwise);
      return;
    case 'field':
    case 'index':
      to.push(expr.object);
      return;
    case 'list':
      pushAll(expr.items, to);
      return;
    case 'record':
      pushAll(expr.values, to);
      return;
    case 'with':
      to.push(expr.object);
      pushAll(expr.values, to);
      return;
    case 'function':
      pushAll(expr.captures, to);
  }
}

function pushInside(stmt: CoreStmt, statements: CoreStmt[], exprs: CoreExpr[]): void {
  switch (stmt.kind) {
    case 'set':
    case 'eval':
    case 'return':
    case 'destructure':
      exprs.push(stmt.value);
      return;
    case 'cond':
      for (const arm of stmt.arms) {
        exprs.push(arm.test);
        pushAll(arm.body, statements);
      }
      pushAll(stmt.otherwise, statements);
      return;
    case 'foreach':
      exprs.push(stmt.list);
      pushAll(stmt.body, statements);
      return;
    case 'range':
      exprs.push(stmt.from, stmt.to);
      pushAll(stmt.body, statements);
      return;
    case 'while':
      exprs.push(stmt.test);
      pushAll(stmt.before, statements);
      pushAll(stmt.body, statements);
      return;
    case 'break':
    case 'continue':
      return;
  }
}

/** Without spreading: a list may have more items than a call may have arguments. */
function pushAll<T>(items: readonly T[], to: T[]): void {
  for (const item of items) to.push(item);
}
