// Statements in source form: on one line for the dense style and inside parentheses, or as indented lines.
import type { Arm, Expr, GuardStmt, Stmt } from '../ast.ts';
import { ownLines, trailing } from './comments.ts';
import { parenthesised, printExpr, printMatch, printPattern } from './expressions.ts';
import { coalescesBetween, isCondition } from './fits.ts';
import { airy, emit, line, type Printer, space } from './printer.ts';

/** `a;b;c`. */
export function printInlineBody(p: Printer, body: readonly Stmt[]): void {
  for (const [index, stmt] of body.entries()) {
    if (index > 0) {
      emit(p, ';');
      airy(p);
    }
    printStmt(p, stmt);
  }
}

/** The body of a function, or of a block, as lines. */
export function printLines(p: Printer, body: readonly Stmt[], indent: number): void {
  for (const stmt of body) {
    ownLines(p, isBlock(stmt) ? stmt.span.start : stmt.span.end, indent);
    line(p, indent);
    if (isBlock(stmt)) printBlockStmt(p, stmt, indent);
    else printStmt(p, stmt);
    trailing(p, stmt.span.end);
  }
}

type BlockStmt = Extract<Stmt, { kind: 'guard' | 'match' | 'foreach' | 'range' | 'while' }>;

function isBlock(stmt: Stmt): stmt is BlockStmt {
  if (stmt.kind === 'guard') return !stmt.braceless;
  return stmt.kind === 'match' || stmt.kind === 'foreach' || stmt.kind === 'range' || stmt.kind === 'while';
}

/** A statement on one line. */
function printStmt(p: Printer, stmt: Stmt): void {
  switch (stmt.kind) {
    case 'let':
      emit(p, stmt.name);
      printBound(p, stmt.value);
      return;
    case 'destructure':
      emit(p, `{${stmt.names.map(({ name }) => name).join(';')}}`);
      printBound(p, stmt.value);
      return;
    case 'return':
      emit(p, 'ret');
      space(p);
      printExpr(p, stmt.value, 'full');
      return;
    case 'break':
      emit(p, 'brk');
      if (stmt.value) {
        space(p);
        printExpr(p, stmt.value, 'full');
      }
      return;
    case 'continue':
      emit(p, 'cnt');
      return;
    case 'expr':
      printStatementExpr(p, stmt.value);
      return;
    case 'match':
      printMatch(p, stmt.subject, stmt.arms);
      return;
    case 'guard':
      printCondition(p, stmt);
      if (stmt.braceless) {
        space(p);
        const [only] = stmt.body;
        if (only?.kind === 'expr') printExpr(p, only.value, 'operand');
        return;
      }
      inlineBlock(p, stmt.body);
      if (stmt.otherwise) inlineBlock(p, stmt.otherwise);
      return;
    default:
      printHead(p, stmt);
      inlineBlock(p, stmt.body);
      return;
  }
}

function inlineBlock(p: Printer, body: readonly Stmt[]): void {
  airy(p);
  emit(p, '{');
  printInlineBody(p, body);
  emit(p, '}');
}

function printBound(p: Printer, value: Expr): void {
  airy(p);
  emit(p, '=');
  airy(p);
  // `v=>x 1{a}{b}` is shorter than `v=?(x>1){a}{b}`.
  if (!p.expanded && value.kind === 'ternary' && value.form === 'braces' && isCondition(value.condition)) {
    printExpr(p, value.condition, 'full');
    for (const branch of [value.then, value.otherwise]) {
      emit(p, '{');
      printStatementExpr(p, branch);
      emit(p, '}');
    }
  } else printExpr(p, value, 'full');
}

/** What stands before the block of a loop. */
function printHead(p: Printer, stmt: Extract<Stmt, { kind: 'foreach' | 'range' | 'while' }>): void {
  if (stmt.kind === 'while') {
    emit(p, 'wh');
    space(p);
    printExpr(p, stmt.condition, 'full');
    return;
  }
  emit(p, '@');
  airy(p);
  emit(p, stmt.name);
  space(p);
  if (stmt.kind === 'foreach') {
    printExpr(p, stmt.collection, 'inner');
    return;
  }
  printExpr(p, stmt.from, 'inner');
  emit(p, '..');
  printExpr(p, stmt.to, 'inner');
}

function printCondition(p: Printer, stmt: GuardStmt): void {
  if (stmt.negated) {
    emit(p, '!');
    printExpr(p, stmt.condition, 'inner', stmt.braceless);
    return;
  }
  const first = leftmost(stmt.condition);
  if (opensStatement(first)) parenthesised(p, stmt.condition);
  else printExpr(p, stmt.condition, 'full', stmt.braceless);
}

/** An expression as a statement. What begins with `?`, `!` or `^` there is a statement of its own and ends before `??` or `>>`. */
function printStatementExpr(p: Printer, expr: Expr): void {
  const first = leftmost(expr);
  if (first !== expr && opensStatement(first)) {
    parenthesised(p, expr);
    return;
  }
  if (expr.kind === 'match') {
    parenthesised(p, expr);
    return;
  }
  if (expr.kind === 'unary' && expr.op === '!') {
    emit(p, '!');
    printExpr(p, expr.operand, 'inner');
    return;
  }
  printExpr(p, expr, 'full');
}

/** The expression that comes first when this one is written. */
function leftmost(expr: Expr): Expr {
  if (expr.kind === 'with') return leftmost(expr.object);
  if (expr.kind === 'coalesce' && coalescesBetween(expr)) return leftmost(expr.value);
  if (expr.kind === 'call' && expr.form === 'pipe') return leftmost(expr.args[expr.args.length - 1]!);
  return expr;
}

function opensStatement(expr: Expr): boolean {
  return (
    expr.kind === 'match' ||
    expr.kind === 'ternary' ||
    expr.kind === 'err' ||
    (expr.kind === 'unary' && expr.op === '!')
  );
}

function printBlockStmt(p: Printer, stmt: BlockStmt, indent: number): void {
  if (stmt.kind === 'match') {
    emit(p, '?');
    if (stmt.subject) printExpr(p, stmt.subject, 'atom');
    printArms(p, stmt.arms, indent, stmt.span.start, stmt.span.end);
    return;
  }
  if (stmt.kind === 'guard') printCondition(p, stmt);
  else printHead(p, stmt);
  const blocks = stmt.kind === 'guard' && stmt.otherwise ? [stmt.body, stmt.otherwise] : [stmt.body];
  for (const [index, body] of blocks.entries()) {
    const end = blocks[index + 1]?.[0]?.span.start ?? stmt.span.end;
    printBlock(p, body, indent, index === 0 ? stmt.span.start : undefined, end);
  }
}

/** ` {`, lines, `}`. A comment behind the head, on the line at `headStart`, stays there; comments before `end` belong inside. */
function printBlock(
  p: Printer,
  body: readonly Stmt[],
  indent: number,
  headStart: number | undefined,
  end: number,
): void {
  space(p);
  emit(p, '{');
  if (headStart !== undefined) trailing(p, headStart, body[0]?.span.start ?? end);
  printLines(p, body, indent + 1);
  ownLines(p, end, indent + 1);
  line(p, indent);
  emit(p, '}');
}

function printArms(p: Printer, arms: readonly Arm[], indent: number, headStart: number, end: number): void {
  space(p);
  emit(p, '{');
  trailing(p, headStart, arms[0]?.span.start ?? end);
  for (const arm of arms) {
    const [only] = arm.body;
    const isLong = arm.body.length > 1;
    const block = !isLong && only !== undefined && isBlock(only) ? only : undefined;
    ownLines(p, isLong ? arm.span.start : (block?.span.start ?? arm.span.end), indent + 1);
    line(p, indent + 1);
    printPattern(p, arm.pattern);
    if (isLong) printBlock(p, arm.body, indent + 1, arm.span.start, arm.span.end);
    else if (only !== undefined) {
      space(p);
      if (block) printBlockStmt(p, block, indent + 1);
      else printStmt(p, only);
    }
    trailing(p, arm.span.end);
  }
  ownLines(p, end, indent + 1);
  line(p, indent);
  emit(p, '}');
}
