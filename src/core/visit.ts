// Walking over a function of Core without recursion: programs may nest as deep as the parser lets them.
import type { CoreExpr, CoreFunction, CoreStmt } from './core.ts';

/**
 * Calls `expression` and `statement` for everything in a function, each once, in no particular order. An expression is told how deep it stands:
 * in so many statements, and in so many expressions of its own statement.
 */
export function visitFunction(
  fn: CoreFunction,
  expression: (expr: CoreExpr, statements: number, expressions: number) => void,
  statement: (stmt: CoreStmt) => void = () => {},
): void {
  const open: Place[] = [{ block: fn.body, next: 0, depth: 0 }];
  const exprs: CoreExpr[] = [];
  const depths: number[] = [];
  for (let place = open.at(-1); place !== undefined; place = open.at(-1)) {
    const stmt = place.block[place.next++];
    if (stmt === undefined) {
      open.pop();
      continue;
    }
    statement(stmt);
    for (const block of blocksOf(stmt)) open.push({ block, next: 0, depth: place.depth + 1 });
    for (const expr of expressionsOf(stmt)) {
      exprs.push(expr);
      depths.push(0);
    }
    for (let top = exprs.pop(); top !== undefined; top = exprs.pop()) {
      const depth = depths.pop()!;
      expression(top, place.depth, depth);
      for (const part of partsOf(top)) {
        exprs.push(part);
        depths.push(depth + 1);
      }
    }
  }
}

interface Place {
  readonly block: readonly CoreStmt[];
  next: number;
  /** Statements around it. */
  readonly depth: number;
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
