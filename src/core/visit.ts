// Walking over a function of Core without recursion: programs may nest as deep as the parser lets them.
import type { CoreExpr, CoreFunction, CoreStmt } from './core.ts';

/**
 * Calls `expression` and `statement` for everything in a function, each once, in no particular order. An expression is told how deep it stands:
 * in so many statements, and in so many expressions of its own statement.
 */
export function visitFunction(
  fn: CoreFunction,
  expression: (expr: CoreExpr, statements: number, expressions: number) => void,
  statement?: (stmt: CoreStmt) => void,
): void {
  // Each stack has a second one beside it that holds the depths: a program is gone through before its first run, where pairs would cost.
  const blocks: (readonly CoreStmt[])[] = [fn.body];
  const around: number[] = [0];
  const exprs: CoreExpr[] = [];
  const depths: number[] = [];
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    const statements = around.pop()!;
    for (const stmt of block) {
      statement?.(stmt);
      pushBlocks(stmt, blocks);
      while (around.length < blocks.length) around.push(statements + 1);
      pushExpressions(stmt, exprs);
      while (depths.length < exprs.length) depths.push(0);
      for (let top = exprs.pop(); top !== undefined; top = exprs.pop()) {
        const depth = depths.pop()!;
        expression(top, statements, depth);
        for (const part of partsOf(top)) {
          exprs.push(part);
          depths.push(depth + 1);
        }
      }
    }
  }
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

/** Adds the expressions of a statement that are not in one of its blocks. */
function pushExpressions(stmt: CoreStmt, exprs: CoreExpr[]): void {
  switch (stmt.kind) {
    case 'set':
    case 'eval':
    case 'return':
    case 'destructure':
      exprs.push(stmt.value);
      return;
    case 'cond':
      for (const { test } of stmt.arms) exprs.push(test);
      return;
    case 'foreach':
      exprs.push(stmt.list);
      return;
    case 'range':
      exprs.push(stmt.from, stmt.to);
      return;
    case 'while':
      exprs.push(stmt.test);
      return;
    case 'break':
    case 'continue':
      return;
  }
}

/** Adds the blocks of a statement. */
function pushBlocks(stmt: CoreStmt, blocks: (readonly CoreStmt[])[]): void {
  switch (stmt.kind) {
    case 'cond':
      for (const { body } of stmt.arms) blocks.push(body);
      blocks.push(stmt.otherwise);
      return;
    case 'foreach':
    case 'range':
      blocks.push(stmt.body);
      return;
    case 'while':
      blocks.push(stmt.before, stmt.body);
      return;
    default:
      return;
  }
}
