// Walking over a function of Core without recursion: programs may nest as deep as the parser lets them.
import type { CoreExpr, CoreFunction, CoreStmt } from './core.ts';

/** How deep something stands in its function: in so many statements, and in so many expressions of its own statement. */
export interface Nesting {
  readonly statements: number;
  readonly expressions: number;
}

/** Calls `expression` and `statement` for everything in a function, each once, in no particular order. */
export function visitFunction(
  fn: CoreFunction,
  expression: (expr: CoreExpr, nesting: Nesting) => void,
  statement: (stmt: CoreStmt) => void = () => {},
): void {
  const open: Place[] = [{ block: fn.body, next: 0, nesting: { statements: 0, expressions: 0 } }];
  const exprs: { expr: CoreExpr; nesting: Nesting }[] = [];
  const add = (expr: CoreExpr, nesting: Nesting): void => {
    exprs.push({ expr, nesting });
  };
  for (let place = open.at(-1); place !== undefined; place = open.at(-1)) {
    const { nesting } = place;
    const stmt = place.block[place.next++];
    if (stmt === undefined) {
      open.pop();
      continue;
    }
    statement(stmt);
    const inside = { statements: nesting.statements + 1, expressions: 0 };
    for (const block of blocksOf(stmt)) open.push({ block, next: 0, nesting: inside });
    for (const expr of expressionsOf(stmt)) add(expr, nesting);
    for (let top = exprs.pop(); top !== undefined; top = exprs.pop()) {
      expression(top.expr, top.nesting);
      const deeper = { statements: top.nesting.statements, expressions: top.nesting.expressions + 1 };
      for (const part of partsOf(top.expr)) add(part, deeper);
    }
  }
}

interface Place {
  readonly block: readonly CoreStmt[];
  next: number;
  readonly nesting: Nesting;
}

const NONE: readonly never[] = [];

/** The expressions that an expression is made of, in the order in which they are evaluated. */
export function partsOf(expr: CoreExpr): readonly CoreExpr[] {
  switch (expr.kind) {
    case 'local':
    case 'const':
      return NONE;
    case 'prim':
    case 'call':
    case 'builtin':
    case 'tool':
      return expr.args;
    case 'callValue':
      return [...expr.args, expr.callee];
    case 'and':
    case 'or':
      return [expr.left, expr.right];
    case 'coalesce':
      return [expr.value, expr.fallback];
    case 'if':
      return [expr.test, expr.then, expr.otherwise];
    case 'field':
    case 'index':
      return [expr.object];
    case 'list':
      return expr.items;
    case 'record':
      return expr.values;
    case 'with':
      return [expr.object, ...expr.values];
    case 'function':
      return expr.captures;
  }
}

/** The expressions of a statement that are not in one of its blocks. */
function expressionsOf(stmt: CoreStmt): readonly CoreExpr[] {
  switch (stmt.kind) {
    case 'set':
    case 'eval':
    case 'return':
    case 'destructure':
      return [stmt.value];
    case 'cond':
      return stmt.arms.map(arm => arm.test);
    case 'foreach':
      return [stmt.list];
    case 'range':
      return [stmt.from, stmt.to];
    case 'while':
      return [stmt.test];
    case 'break':
    case 'continue':
      return NONE;
  }
}

/** The blocks of a statement. */
function blocksOf(stmt: CoreStmt): readonly (readonly CoreStmt[])[] {
  switch (stmt.kind) {
    case 'cond':
      return [...stmt.arms.map(arm => arm.body), stmt.otherwise];
    case 'foreach':
    case 'range':
      return [stmt.body];
    case 'while':
      return [stmt.before, stmt.body];
    default:
      return NONE;
  }
}
