// Statements and blocks. A block is worth its last statement; a loop body and everything before the last statement is
// evaluated for its effect only, which is where results get lost.
import { mergeSpans } from '../../base/span.ts';
import { ANY, NIL, NUM, showType, type Type } from '../../core/type.ts';
import type { GuardStmt, Stmt } from './ast.ts';
import { type BodyContext, bind, enterScope, inLoop, isNews, leaveScope, lookUp, reportIn } from './verify-context.ts';
import { inferExpression, reportNoField } from './verify-expressions.ts';
import { inferMatch } from './verify-match.ts';
import { boundedType, compatible } from './verify-types.ts';

/** The type of the last statement of a block; nil for an empty one. Statements after `ret` or `brk` are not looked at. */
export function inferBlock(body: BodyContext, statements: readonly Stmt[]): Type {
  let last: Type = NIL;
  for (const [index, statement] of statements.entries()) {
    const isLast = index === statements.length - 1;
    checkDiscarded(body, statement, isLast);
    last = inferStatement(body, statement);
    if (isLast || (statement.kind !== 'return' && statement.kind !== 'break')) continue;
    const after = mergeSpans(statements[index + 1]!.span, statements.at(-1)!.span);
    const word = statement.kind === 'return' ? 'ret' : 'brk';
    reportIn(body, 'ILO-T029', 'code', { word }, after, undefined, [
      { span: statement.span, message: 'nothing runs after this' },
    ]);
    break;
  }
  return last;
}

function inferStatement(body: BodyContext, statement: Stmt): Type {
  switch (statement.kind) {
    case 'let':
      bind(body, statement.name, boundedType(inferExpression(body, statement.value)));
      return NIL;
    case 'destructure':
      inferDestructure(body, statement);
      return NIL;
    case 'guard':
      return inferGuard(body, statement);
    case 'match':
      return inferMatch(body, statement.subject, statement.arms, statement.span);
    case 'foreach': {
      const collection = inferExpression(body, statement.collection);
      const element = collection.kind === 'list' ? collection.of : ANY;
      if (collection.kind !== 'list' && collection.kind !== 'any') {
        reportIn(body, 'ILO-T014', 'list', { got: showType(collection) }, statement.collection.span);
      }
      return inferLoop(body, statement.name, element, statement.body);
    }
    case 'range':
      for (const [end, expr] of [
        ['start', statement.from],
        ['end', statement.to],
      ] as const) {
        const type = inferExpression(body, expr);
        if (!compatible(type, NUM)) reportIn(body, 'ILO-T014', 'range', { end, got: showType(type) }, expr.span);
      }
      return inferLoop(body, statement.name, NUM, statement.body);
    case 'while':
      inferExpression(body, statement.condition);
      // The body of `wh` has no scope of its own: what it binds stays.
      return inLoop(body, () => inferBlock(body, statement.body));
    case 'return':
      return inferExpression(body, statement.value);
    case 'break':
    case 'continue':
      if (!body.inLoop) {
        const word = statement.kind === 'break' ? 'brk' : 'cnt';
        reportIn(body, 'ILO-T028', 'outside', { word }, statement.span);
      }
      return statement.kind === 'break' && statement.value ? inferExpression(body, statement.value) : NIL;
    case 'expr':
      return inferExpression(body, statement.value);
  }
}

function inferLoop(body: BodyContext, name: string, element: Type, statements: readonly Stmt[]): Type {
  const mark = enterScope(body);
  bind(body, name, element);
  const type = inLoop(body, () => inferBlock(body, statements));
  leaveScope(body, mark);
  return type;
}

function inferGuard(body: BodyContext, guard: GuardStmt): Type {
  const { program } = body;
  inferExpression(body, guard.condition);
  const only = guard.body.length === 1 ? guard.body[0]! : undefined;
  if (only?.kind === 'expr' && only.value.kind === 'ref') {
    const { name } = only.value;
    const isFunction = program.functions.has(name) || program.builtins.get(name) !== undefined;
    if (isFunction && lookUp(body, name) === undefined) {
      reportIn(body, 'ILO-T027', 'body', { name }, only.span, `a call here needs parentheses: cond (${name} args)`);
      // Said once: the name would be reported again as a value.
      isNews(body, name);
    }
  }
  const type = inferInScope(body, guard.body);
  if (guard.otherwise) inferInScope(body, guard.otherwise);
  return type;
}

function inferInScope(body: BodyContext, statements: readonly Stmt[]): Type {
  const mark = enterScope(body);
  const type = inferBlock(body, statements);
  leaveScope(body, mark);
  return type;
}

function inferDestructure(body: BodyContext, statement: Stmt & { readonly kind: 'destructure' }): void {
  const value = inferExpression(body, statement.value);
  if (value.kind !== 'named' && value.kind !== 'any') {
    reportIn(body, 'ILO-T009', 'destructure', { got: showType(value) }, statement.value.span);
  }
  const record = value.kind === 'named' ? body.program.records.get(value.name) : undefined;
  for (const { name, span } of statement.names) {
    const type = record?.fields.get(name);
    if (record && type === undefined) reportNoField(body, record, name, span);
    bind(body, name, type ?? ANY);
  }
}

/** Warns of pure results that nobody sees: formatted text, and the new list or map of what looks like a change. */
function checkDiscarded(body: BodyContext, statement: Stmt, isLast: boolean): void {
  if (statement.kind !== 'expr' || (isLast && !body.inLoop)) return;
  const { value, span } = statement;
  if (value.kind === 'binary' && value.op === '+=') {
    const list = value.left.kind === 'ref' ? value.left.name : 'xs';
    const kind = lookUp(body, list)?.kind ?? 'any';
    // On anything but a list it is a mistake of its own (ILO-T011).
    if (kind !== 'list' && kind !== 'any') return;
    const hint = `'+=' returns a new list; rebind with ${list}=+=${list} v`;
    reportIn(body, 'ILO-T033', 'result', { name: '+=' }, span, hint);
    return;
  }
  if (value.kind !== 'call') return;
  const { name } = value;
  if ((name === 'fmt' || name === 'fmt2') && !isLast) {
    const hint = `did you mean \`prnt ${name} ...\` to print, or \`name = ${name} ...\` to capture?`;
    reportIn(body, 'ILO-T032', 'result', { name }, span, hint);
  } else if (name === 'mset' || name === 'mdel') {
    const first = value.args[0];
    const map = first?.kind === 'ref' ? first.name : 'm';
    const hint = `'${name}' returns a new map; rebind with ${map}=${name} ${map} ${name === 'mset' ? 'k v' : 'k'}`;
    reportIn(body, 'ILO-T033', 'result', { name }, span, hint);
  }
}
