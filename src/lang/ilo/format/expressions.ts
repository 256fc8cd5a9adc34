// Expressions in source form: prefix operators everywhere, as few parentheses as the parser allows (see fits.ts).
import { unreachable } from '../../../base/assert.ts';
import type {
  Arm,
  BinaryExpr,
  CallExpr,
  CoalesceExpr,
  Expr,
  FieldInit,
  LambdaExpr,
  Pattern,
  TernaryExpr,
} from '../ast.ts';
import type { Callee } from '../cursor.ts';
import { takesFunction } from '../operands.ts';
import {
  clashes,
  coalescesBetween,
  fits,
  isComparison,
  isMinusOfProducts,
  isPlainGroup,
  type Place,
  showsColon,
} from './fits.ts';
import { literalSource, numberSource, typeSource } from './literals.ts';
import { airy, emit, emitName, knownCallee, type Printer, space, splitsNegatives } from './printer.ts';

/** Writes an expression at a place, in parentheses if it needs them there. `follow`: an operand or `??` comes behind it. */
export function printExpr(p: Printer, expr: Expr, place: Place, follow = false): void {
  if (fits(p, expr, place, follow)) printBare(p, expr, place, follow);
  else parenthesised(p, expr);
}

/** Writes an expression in parentheses. */
export function parenthesised(p: Printer, expr: Expr): void {
  const { bare } = p;
  emit(p, '(');
  p.bare = false;
  // `(>a b)` would be a lambda without parameters.
  if (expr.kind === 'binary' && expr.op === '>') printInfix(p, expr);
  else printExpr(p, expr, 'full');
  p.bare = bare;
  emit(p, ')');
}

function printInfix(p: Printer, expr: BinaryExpr): void {
  const { left, right } = expr;
  if (left.kind === 'ref' || (fits(p, left, 'atom', true) && left.kind !== 'lambda')) printBare(p, left, 'atom', true);
  else parenthesised(p, left);
  airy(p);
  emit(p, expr.op);
  airy(p);
  // Two atoms behind the operator would make it an argument of what stands before it.
  if (right.kind === 'call' && right.args.length === 0) parenthesised(p, right);
  else printExpr(p, right, 'atom');
}

function printBare(p: Printer, expr: Expr, place: Place, follow: boolean): void {
  switch (expr.kind) {
    case 'literal':
      emit(p, literalSource(expr.value));
      return;
    case 'ref':
      emitName(p, expr.name);
      return;
    case 'field':
      printMember(p, expr.object, expr.safe, expr.field);
      return;
    case 'index':
      printMember(p, expr.object, expr.safe, numberSource(expr.index));
      return;
    case 'call':
      printCall(p, expr, follow);
      return;
    case 'binary':
      printBinary(p, expr, follow);
      return;
    case 'unary':
      if (expr.op === '-') printNegation(p, expr.operand, follow);
      else printMarked(p, '!', expr.operand, 'operand', follow);
      return;
    case 'ok':
    case 'err': {
      const inside = place === 'full' || place === 'element' ? 'inner' : 'operand';
      printMarked(p, expr.kind === 'ok' ? '~' : '^', expr.value, inside, follow);
      return;
    }
    case 'list':
      printList(p, expr.items);
      return;
    case 'record':
      emitName(p, expr.typeName);
      printFields(p, expr.fields);
      return;
    case 'match':
      printMatch(p, expr.subject, expr.arms);
      return;
    case 'coalesce':
      printCoalesce(p, expr, place, follow);
      return;
    case 'with':
      printExpr(p, expr.object, expr.object.kind === 'ok' || expr.object.kind === 'err' ? 'atom' : 'inner');
      space(p);
      emit(p, 'with');
      printFields(p, expr.updates);
      return;
    case 'ternary':
      printTernary(p, expr, follow);
      return;
    case 'lambda':
      printLambda(p, expr);
      return;
    default:
      unreachable(expr);
  }
}

function printLambda(p: Printer, expr: LambdaExpr): void {
  const { bare } = p;
  p.bare = false;
  emit(p, '(');
  if (expr.params.length > 0) {
    emit(p, expr.params.map(param => `${param.name}:${typeSource(param.type, p.expanded)}`).join(' '));
    airy(p);
  }
  emit(p, '>');
  airy(p);
  emit(p, typeSource(expr.result, p.expanded));
  emit(p, ';');
  airy(p);
  p.inlineBody(p, expr.body);
  p.bare = bare;
  emit(p, ')');
}

function printMember(p: Printer, object: Expr, safe: boolean, member: string): void {
  printExpr(p, object, 'atom');
  emit(p, `${safe ? '.?' : '.'}${member}`);
}

function printMarked(p: Printer, mark: string, value: Expr, place: Place, follow: boolean): void {
  emit(p, mark);
  printExpr(p, value, place, follow);
}

function printNegation(p: Printer, operand: Expr, follow: boolean): void {
  const isNumber =
    operand.kind === 'literal' && typeof operand.value === 'number' && literalSource(operand.value)[0] !== '-';
  if (isNumber && splitsNegatives(p)) {
    emit(p, `-${literalSource(operand.value)}`);
    return;
  }
  emit(p, '-');
  if (isMinusOfProducts(operand)) parenthesised(p, operand);
  else printExpr(p, operand, 'operand', follow);
}

function printBinary(p: Printer, expr: BinaryExpr, follow: boolean): void {
  // Only `-` may have one operand, and so it does not look for calls.
  const place = expr.op === '-' ? 'operand' : 'binary';
  emit(p, expr.op);
  airy(p);
  if (clashes(expr)) parenthesised(p, expr.left);
  else printExpr(p, expr.left, place, true);
  space(p);
  printExpr(p, expr.right, place, follow);
}

const UNWRAPS = { none: '', propagate: '!', panic: '!!' } as const;

function printCall(p: Printer, call: CallExpr, follow: boolean): void {
  const { args, form, name } = call;
  const marked = name + UNWRAPS[call.unwrap];
  switch (form) {
    case 'dot': {
      const [object, index] = args;
      printMember(p, object!, false, index?.kind === 'ref' ? index.name : '');
      return;
    }
    case 'dollar':
      emit(p, `$${UNWRAPS[call.unwrap]}`);
      if (args[0]?.kind === 'unary') parenthesised(p, args[0]);
      else printExpr(p, args[0]!, 'operand', follow);
      return;
    case 'pipe': {
      const given = args.slice(0, -1);
      printExpr(p, args[args.length - 1]!, 'full');
      airy(p);
      emit(p, '>>');
      airy(p);
      emitName(p, marked);
      printArguments(p, given, p.callees.get(name), -1, false, false);
      return;
    }
    case 'plain':
      if (args.length === 0) emit(p, name === 'mmap' ? name : `${marked}()`);
      else {
        emitName(p, marked);
        printArguments(p, args, p.callees.get(name), 0, call.unwrap === 'none', follow);
      }
      return;
    default:
      unreachable(form);
  }
}

/**
 * Writes arguments, each behind a blank. `missing` is -1 when the piped value fills one more place; with `grouped`, an
 * operator that is no plain group would end the call.
 */
function printArguments(
  p: Printer,
  args: readonly Expr[],
  callee: Callee | undefined,
  missing: number,
  grouped: boolean,
  follow: boolean,
): void {
  const places = callee === undefined ? 0 : callee.operands + missing;
  for (const [slot, arg] of args.entries()) {
    space(p);
    const more = follow || slot < args.length - 1;
    if (grouped && beginsWithOperator(arg) && !(isPlainGroup(p, arg) && !(slot === 0 && isEquality(arg))))
      parenthesised(p, arg);
    else if (takesFunction(callee, slot)) printExpr(p, arg, 'function', more);
    else if (isFormat(arg) && callee !== undefined && slot + 1 === places && !more) {
      emitName(p, arg.name);
      printArguments(p, arg.args, undefined, 0, true, false);
    } else if (isFormat(arg)) parenthesised(p, arg);
    else printExpr(p, arg, 'argument', more);
  }
}

function beginsWithOperator(expr: Expr): boolean {
  return expr.kind === 'binary' || expr.kind === 'coalesce';
}

/** `f =a b` at the beginning of a statement would bind f. */
function isEquality(expr: Expr): boolean {
  return expr.kind === 'binary' && expr.op === '=';
}

/** `fmt` takes everything that follows, so it may only come last. */
function isFormat(expr: Expr): expr is CallExpr {
  return expr.kind === 'call' && expr.name === 'fmt' && expr.form === 'plain' && expr.unwrap === 'none';
}

/** Blanks separate elements that are atoms; commas allow every element to be a whole expression. */
function printList(p: Printer, items: readonly Expr[]): void {
  const { bare } = p;
  const withCommas = items.length > 1 && !items.every(item => isElementAtom(p, item));
  emit(p, '[');
  if (!withCommas) p.bare = true;
  for (const [index, item] of items.entries()) {
    if (index > 0 && withCommas) emit(p, ',');
    if (index > 0) space(p);
    if (items.length === 1 && item.kind === 'coalesce') parenthesised(p, item);
    else printExpr(p, item, withCommas || items.length === 1 ? 'element' : 'atom');
  }
  p.bare = bare;
  emit(p, ']');
}

function isElementAtom(p: Printer, item: Expr): boolean {
  if (item.kind === 'ref') return knownCallee(p, item.name) === undefined;
  if (item.kind === 'call') return item.form === 'dot' || item.args.length === 0;
  return ['literal', 'field', 'index', 'list', 'lambda'].includes(item.kind);
}

function printFields(p: Printer, fields: readonly FieldInit[]): void {
  for (const field of fields) {
    space(p);
    emit(p, `${field.name}:`);
    printExpr(p, field.value, 'atom');
  }
}

function printCoalesce(p: Printer, expr: CoalesceExpr, place: Place, follow: boolean): void {
  if (place !== 'full' || !coalescesBetween(expr)) {
    emit(p, '??');
    airy(p);
    if (expr.value.kind === 'call' && isFormat(expr.value)) parenthesised(p, expr.value);
    else printExpr(p, expr.value, 'argument', true);
    space(p);
    printExpr(p, expr.fallback, 'inner', follow);
    return;
  }
  const { value } = expr;
  const isCall = value.kind === 'call' && value.form === 'plain' && value.unwrap === 'none';
  // Behind an argument `??` ends the call, and behind a name that stands alone it was found to be safe.
  if (value.kind === 'ref') emitName(p, value.name);
  else if (isCall && !p.bare) printCall(p, value, true);
  else printExpr(p, value, 'full', true);
  airy(p);
  emit(p, '??');
  airy(p);
  printExpr(p, expr.fallback, 'inner', follow);
}

function printTernary(p: Printer, expr: TernaryExpr, follow: boolean): void {
  emit(p, '?');
  if (expr.form === 'braces') {
    printExpr(p, expr.condition, 'atom');
    emit(p, '{');
    if (showsColon(expr.then)) parenthesised(p, expr.then);
    else printExpr(p, expr.then, 'full');
    emit(p, '}');
    emit(p, '{');
    printExpr(p, expr.otherwise, 'full');
    emit(p, '}');
    return;
  }
  if (isComparison(expr.condition)) printBinary(p, expr.condition, true);
  else printExpr(p, expr.condition, 'atom');
  space(p);
  printExpr(p, expr.then, 'operand', true);
  space(p);
  printExpr(p, expr.otherwise, 'operand', follow);
}

/** `?subject{arms}` on one line. */
export function printMatch(p: Printer, subject: Expr | undefined, arms: readonly Arm[]): void {
  emit(p, '?');
  if (subject) printExpr(p, subject, 'atom');
  emit(p, '{');
  for (const [index, arm] of arms.entries()) {
    if (index > 0) emit(p, ';');
    printPattern(p, arm.pattern);
    printArmBody(p, arm);
  }
  emit(p, '}');
}

function printArmBody(p: Printer, arm: Arm): void {
  // A record such as `n x:1` behind a `;` would read like the next pattern.
  const inBraces = arm.body.slice(1).some(stmt => stmt.kind === 'expr' && stmt.value.kind === 'record');
  if (inBraces) emit(p, '{');
  p.inlineBody(p, arm.body);
  if (inBraces) emit(p, '}');
}

const TYPE_LETTERS = { num: 'n', text: 't', bool: 'b', list: 'l' } as const;

/** A pattern and its colon. */
export function printPattern(p: Printer, pattern: Pattern): void {
  emit(p, `${patternSource(pattern)}:`);
}

function patternSource(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'ok':
      return `~${pattern.name}`;
    case 'err':
      return `^${pattern.name}`;
    case 'wildcard':
      return '_';
    case 'is':
      return `${TYPE_LETTERS[pattern.type]} ${pattern.name}`;
    case 'literal': {
      // Variants of a sum type may be written without quotes; two quotes make the difference in length.
      const { value, span } = pattern;
      const unquoted = typeof value === 'string' && value !== '' && span.end - span.start === value.length;
      return unquoted ? value : literalSource(value);
    }
    default:
      return unreachable(pattern);
  }
}
