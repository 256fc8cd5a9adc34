// Where an expression may stand without parentheses.
//
// The parser reads a value differently in different places, and each place takes fewer forms than the one before:
//
//     full       right of `=`, in parentheses, in braces: everything
//     inner      behind `@x`, `..`, `~`, the fallback of `??`: no `with`, no pipe
//     element    of a list: as inner, and `~x`, `^x`
//     binary     operand of `+` and its like: atoms, prefix operators, calls of functions known to take that many arguments
//     argument   as binary, but a known function's name is always a call
//     function   an argument that is a function: names stay names
//     operand    of `-`, of a choice, the value of a guard: atoms and prefix operators
//     atom       field values, subjects of matches
//
// `follow` says that another operand, or `??`, comes directly behind: then forms that take whatever follows (`-x` would become
// `-x y`) need parentheses too.
import { unreachable } from '../../../base/assert.ts';
import type { BinaryExpr, CallExpr, CoalesceExpr, Expr } from '../ast.ts';
import { knownCallee, type Printer } from './printer.ts';

export type Place = 'full' | 'inner' | 'element' | 'binary' | 'argument' | 'function' | 'operand' | 'atom';

/** Whether `expr` can be written at this place as it is. */
export function fits(p: Printer, expr: Expr, place: Place, follow: boolean): boolean {
  const wide = place === 'full' || place === 'inner' || place === 'element';
  switch (expr.kind) {
    case 'literal':
    case 'list':
    case 'lambda':
    case 'field':
    case 'index':
      return true;
    case 'ref':
      return refFits(p, expr.name, place, follow);
    case 'call':
      return callFits(p, expr, place, follow);
    case 'binary':
      if (p.expanded && isInner(place)) return false;
      // `name >a b` reads like the header of a function.
      return place !== 'atom' && !(expr.op === '>' && p.afterName);
    case 'unary':
      if (expr.op === '!') return place !== 'atom';
      return place !== 'atom' && place !== 'argument' && place !== 'function' && !follow;
    case 'ok':
    case 'err':
      return place !== 'inner' && place !== 'atom';
    case 'record':
      return wide && !follow;
    case 'match':
    case 'ternary':
      return wide;
    case 'coalesce':
      if (place === 'full') return true;
      return !follow && (place === 'inner' || place === 'element' || place === 'binary' || place === 'operand');
    case 'with':
      return place === 'full';
    default:
      return unreachable(expr);
  }
}

/** In the expanded style, operators inside calls and other operators have parentheses, so that eyes find the groups. */
function isInner(place: Place): boolean {
  return place === 'binary' || place === 'argument' || place === 'function' || place === 'operand';
}

function refFits(p: Printer, name: string, place: Place, follow: boolean): boolean {
  if (knownCallee(p, name) === undefined) return true;
  if (place === 'argument') return false;
  return place === 'function' || place === 'operand' || place === 'atom' || !follow;
}

function callFits(p: Printer, call: CallExpr, place: Place, follow: boolean): boolean {
  if (call.form === 'dot' || call.args.length === 0) return true;
  if (call.form === 'dollar') return place !== 'atom';
  if (call.form === 'pipe') return place === 'full' && !follow;
  const complete = call.unwrap === 'none' && knownCallee(p, call.name)?.operands === call.args.length;
  if (place === 'binary' || place === 'argument') return complete && !p.expanded;
  const wide = place === 'full' || place === 'inner' || place === 'element';
  if (!wide || follow) return false;
  return !p.bare || complete;
}

/** `?=x 0 a b`: only these may begin a choice without parentheses. */
export function isComparison(expr: Expr): expr is BinaryExpr {
  return expr.kind === 'binary' && ['=', '!=', '<', '>', '<=', '>='].includes(expr.op);
}

/** What may stand before a block or a value as a condition of its own. */
export function isCondition(expr: Expr): expr is BinaryExpr {
  return expr.kind === 'binary' && !['+', '-', '*', '/', '+='].includes(expr.op);
}

/** Must the left operand of a prefix operator stand in parentheses even though it fits? */
export function clashes(expr: BinaryExpr): boolean {
  const { op, left } = expr;
  if (left.kind !== 'binary') return false;
  // `=<` and `=>`, `&&` and `||` are refused as operators of other languages.
  if (op === '=') return left.op === '<' || left.op === '>';
  if (op === '&' || op === '|') return left.op === op;
  return op === '-' && isMinusOfProducts(left);
}

/** `- -*a b *c d` is refused because everybody reads it wrongly. */
export function isMinusOfProducts(expr: Expr): boolean {
  return expr.kind === 'binary' && expr.op === '-' && expr.left.kind === 'binary' && '+*/'.includes(expr.left.op);
}

/**
 * Whether the parser takes `+a b` behind a call's name as an argument. It looks for an operator with two plain operands and
 * counts atoms for that, so `f -p.x 1` is `f - p.x` to it.
 */
export function isPlainGroup(p: Printer, expr: Expr): boolean {
  if (expr.kind !== 'binary') return false;
  const left = shapeOf(p, expr.left, expr, true, false);
  if (left !== 'one') return left === 'many';
  return shapeOf(p, expr.right, expr, false, expr.left.kind === 'ref') !== 'other';
}

/** How many atoms an operand is to that lookahead; `first`: one, and then something it does not know. */
function shapeOf(
  p: Printer,
  expr: Expr,
  parent: BinaryExpr,
  isLeft: boolean,
  afterName: boolean,
): 'one' | 'many' | 'first' | 'other' {
  const place = parent.op === '-' ? 'operand' : 'binary';
  const bare = fits({ ...p, afterName }, expr, place, true) && !(isLeft && clashes(parent));
  if (!bare) return 'one';
  switch (expr.kind) {
    case 'literal':
    case 'ref':
    case 'list':
    case 'lambda':
      return 'one';
    case 'field':
    case 'index':
      return 'first';
    case 'call':
      if (expr.form === 'dot' || expr.unwrap !== 'none') return 'first';
      if (expr.form === 'dollar') return 'other';
      if (expr.name === 'mmap') return 'one';
      return expr.args.length === 0 || startsPlain(expr.args[0]!) ? 'many' : 'first';
    case 'binary':
      return isPlainGroup(p, expr) ? 'one' : 'other';
    default:
      return 'other';
  }
}

function startsPlain(expr: Expr): boolean {
  return expr.kind === 'literal' || expr.kind === 'ref' || expr.kind === 'list' || expr.kind === 'lambda';
}

/**
 * Whether `a??b` can be written between its operands. Behind a bare name the parser would take `??b c` as an argument, so
 * there, and between two `??`, only single atoms may stand.
 */
export function coalescesBetween(expr: CoalesceExpr): boolean {
  let root: Expr = expr.value;
  let single = true;
  while (root.kind === 'coalesce') {
    single &&= isSingle(root.fallback);
    root = root.value;
  }
  // At the beginning of a statement the sign of a negative literal would be read as a minus.
  if (root.kind === 'literal' && typeof root.value === 'number' && !(root.value > 0)) return false;
  const free = root === expr.value && root.kind !== 'ref';
  return free || (single && isSingle(expr.fallback));
}

function isSingle(expr: Expr): boolean {
  if (expr.kind === 'call') return expr.form === 'dot';
  return ['literal', 'ref', 'list', 'field', 'index'].includes(expr.kind);
}

/** Whether a `:` would stand directly inside the braces around this value, which would make them arms of a match. */
export function showsColon(expr: Expr): boolean {
  switch (expr.kind) {
    case 'record':
    case 'with':
      return true;
    case 'ok':
    case 'err':
      return showsColon(expr.value);
    case 'coalesce':
      return showsColon(expr.value) || showsColon(expr.fallback);
    case 'call':
      return expr.form === 'pipe' && showsColon(expr.args[expr.args.length - 1]!);
    default:
      return false;
  }
}
