// Visits the parts of a syntax tree in source order. A visitor sees a node before the nodes inside it.
import { unreachable } from '../../base/assert.ts';
import type { Arm, Expr, Pattern, Stmt } from './ast.ts';

export interface Visitor {
  readonly stmt?: (stmt: Stmt) => void;
  readonly expr?: (expr: Expr) => void;
  readonly pattern?: (pattern: Pattern) => void;
}

/** Visits every statement, expression and pattern of a body, including those inside lambdas. */
export function walkBody(body: readonly Stmt[], visitor: Visitor): void {
  for (const stmt of body) walkStmt(stmt, visitor);
}

function walkStmt(stmt: Stmt, visitor: Visitor): void {
  visitor.stmt?.(stmt);
  switch (stmt.kind) {
    case 'let':
    case 'destructure':
    case 'return':
    case 'expr':
      walkExpr(stmt.value, visitor);
      return;
    case 'guard':
      walkExpr(stmt.condition, visitor);
      walkBody(stmt.body, visitor);
      walkBody(stmt.otherwise ?? [], visitor);
      return;
    case 'match':
      if (stmt.subject) walkExpr(stmt.subject, visitor);
      walkArms(stmt.arms, visitor);
      return;
    case 'foreach':
      walkExpr(stmt.collection, visitor);
      walkBody(stmt.body, visitor);
      return;
    case 'range':
      walkExpr(stmt.from, visitor);
      walkExpr(stmt.to, visitor);
      walkBody(stmt.body, visitor);
      return;
    case 'while':
      walkExpr(stmt.condition, visitor);
      walkBody(stmt.body, visitor);
      return;
    case 'break':
      if (stmt.value) walkExpr(stmt.value, visitor);
      return;
    case 'continue':
      return;
    default:
      unreachable(stmt);
  }
}

function walkArms(arms: readonly Arm[], visitor: Visitor): void {
  for (const arm of arms) {
    visitor.pattern?.(arm.pattern);
    walkBody(arm.body, visitor);
  }
}

/** Visits an expression and everything inside it. */
function walkExpr(expr: Expr, visitor: Visitor): void {
  visitor.expr?.(expr);
  switch (expr.kind) {
    case 'literal':
    case 'ref':
      return;
    case 'field':
    case 'index':
      walkExpr(expr.object, visitor);
      return;
    case 'call':
      for (const arg of expr.args) walkExpr(arg, visitor);
      return;
    case 'binary':
      walkExpr(expr.left, visitor);
      walkExpr(expr.right, visitor);
      return;
    case 'unary':
      walkExpr(expr.operand, visitor);
      return;
    case 'ok':
    case 'err':
      walkExpr(expr.value, visitor);
      return;
    case 'list':
      for (const item of expr.items) walkExpr(item, visitor);
      return;
    case 'record':
      for (const field of expr.fields) walkExpr(field.value, visitor);
      return;
    case 'match':
      if (expr.subject) walkExpr(expr.subject, visitor);
      walkArms(expr.arms, visitor);
      return;
    case 'coalesce':
      walkExpr(expr.value, visitor);
      walkExpr(expr.fallback, visitor);
      return;
    case 'with':
      walkExpr(expr.object, visitor);
      for (const update of expr.updates) walkExpr(update.value, visitor);
      return;
    case 'ternary':
      walkExpr(expr.condition, visitor);
      walkExpr(expr.then, visitor);
      walkExpr(expr.otherwise, visitor);
      return;
    case 'lambda':
      walkBody(expr.body, visitor);
      return;
    default:
      unreachable(expr);
  }
}
