// Hints after a successful run: places where the program is correct but not written the usual, shorter way, or where a
// construct does something else than most people expect. At most one hint of each kind, and only about the main file.
import type { OutputMode } from '../../diag/mode.ts';
import type { BinaryExpr, BinaryOp, CallExpr, Expr, Program, Stmt } from './ast.ts';
import { walkBody } from './walk.ts';

/** The hints for a program that parsed without errors, each beginning with `hint: `. */
export function collectHints(program: Program): string[] {
  let aliased: CallExpr | undefined;
  let trap: BinaryExpr | undefined;
  let discarded = false;
  for (const decl of program.decls) {
    if (decl.kind !== 'function' || decl.file !== undefined) continue;
    discarded ||= discardsResult(decl.body);
    walkBody(decl.body, {
      expr(expr) {
        if (expr.kind === 'call' && expr.alias !== undefined && startsBefore(expr, aliased)) aliased = expr;
        if (isPrefixTrap(expr, program.source) && startsBefore(expr, trap)) trap = expr;
      },
      stmt(stmt) {
        if (stmt.kind === 'match') discarded ||= stmt.arms.some(arm => discardsResult(arm.body));
        else if ('body' in stmt && stmt.kind !== 'guard') discarded ||= discardsResult(stmt.body);
      },
    });
  }
  const hints: string[] = [];
  if (writesDoubleEquals(program.source)) hints.push('hint: `==` → `=` saves 1 char (both mean equality in ilo)');
  if (aliased) hints.push(`hint: \`${aliased.alias}\` → \`${aliased.name}\` (canonical short form)`);
  if (trap) hints.push(trapHint(trap));
  if (discarded) {
    hints.push(
      'hint: `cond{^e}` and `cond{~v}` discard the value of their body; ' +
        'for early return use the braceless form `cond ^e`, or `cond{ret ^e}` with braces',
    );
  }
  return hints;
}

/** Hints as they go to standard error: a line each, or one JSON object. Empty when there are none. */
export function renderHints(hints: readonly string[], mode: OutputMode): string {
  if (hints.length === 0) return '';
  return mode === 'json' ? `${JSON.stringify({ hints })}\n` : `${hints.join('\n')}\n`;
}

function startsBefore(expr: Expr, other: Expr | undefined): boolean {
  return other === undefined || expr.span.start < other.span.start;
}

function writesDoubleEquals(source: string): boolean {
  let at = 0;
  let text = -1;
  let comment = -1;
  for (;;) {
    const equals = source.indexOf('==', at);
    if (equals === -1) return false;
    // The next quote and the next comment are looked for again only when they were passed, so this stays linear.
    if (text < at) text = indexOrEnd(source, '"', at);
    if (comment < at) comment = indexOrEnd(source, '--', at);
    if (equals < text && equals < comment) return true;
    at = comment < text ? indexOrEnd(source, '\n', comment) : endOfText(source, text);
  }
}

function indexOrEnd(source: string, wanted: string, from: number): number {
  const at = source.indexOf(wanted, from);
  return at === -1 ? source.length : at;
}

function endOfText(source: string, quote: number): number {
  for (let at = quote + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '"') return at + 1;
  }
  return source.length;
}

const TRAPS: ReadonlySet<string> = new Set(['*/', '/*', '+-', '-+']);

// `+-a b c` is `(a-b)+c`: two operators of one rank side by side, where the eye reads the other order.
function isPrefixTrap(expr: Expr, source: string): expr is BinaryExpr {
  if (expr.kind !== 'binary' || expr.infix) return false;
  const inner = expr.left;
  if (inner.kind !== 'binary' || inner.infix || !TRAPS.has(expr.op + inner.op)) return false;
  const start = expr.span.start;
  // Parentheses around either one show that the author knows the order.
  if (source[start] !== expr.op || lastVisible(source, start) === '(') return false;
  const second = firstVisible(source, start + 1);
  return source[second] === inner.op && !'+-*/'.includes(source[firstVisible(source, second + 1)] ?? '');
}

function firstVisible(source: string, from: number): number {
  let at = from;
  while (at < source.length && /\s/.test(source[at]!)) at++;
  return at;
}

function lastVisible(source: string, before: number): string | undefined {
  let at = before - 1;
  while (at >= 0 && /\s/.test(source[at]!)) at--;
  return source[at];
}

function trapHint(trap: BinaryExpr): string {
  const outer = trap.op;
  const inner = (trap.left as BinaryExpr).op;
  const space = (op: BinaryOp) => (op === '-' ? '- ' : op);
  return (
    `hint: \`${outer}${inner}a b c\` parses as \`(a${inner}b)${outer}c\`, the inner prefix op binds first; ` +
    `for \`(a${outer}b)${inner}c\` swap the ops (\`${inner}${outer}a b c\`) or bind: \`r=${space(outer)}a b;${space(inner)}r c\``
  );
}

/** Is there a `cond{^e}` or `cond{~v}` among these statements whose value nobody gets? */
function discardsResult(body: readonly Stmt[]): boolean {
  return body.some((stmt, index) => {
    if (stmt.kind !== 'guard' || stmt.braceless) return false;
    const isValue = stmt.otherwise !== undefined && index === body.length - 1;
    if (!isValue && [stmt.body, stmt.otherwise ?? []].some(isOneResult)) return true;
    return discardsResult(stmt.body) || discardsResult(stmt.otherwise ?? []);
  });
}

function isOneResult(body: readonly Stmt[]): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === 'expr' && (only.value.kind === 'ok' || only.value.kind === 'err');
}
