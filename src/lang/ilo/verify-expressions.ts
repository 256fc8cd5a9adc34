// Expressions: what each is worth, by the language's rules, and what is wrong with it.
import { ANY, BOOL, fnOf, listOf, NIL, NUM, optionalOf, resultOf, showType, TEXT, type Type } from '../../core/type.ts';
import type {
  BinaryExpr,
  Expr,
  FieldExpr,
  FieldInit,
  IndexExpr,
  LambdaExpr,
  ListExpr,
  LiteralValue,
  RecordExpr,
  RefExpr,
  Stmt,
  TernaryExpr,
  WithExpr,
} from './ast.ts';
import { wordAdvice } from './habits.ts';
import { builtinAsFunction, conversionHint, openingHint } from './verify-builtins.ts';
import { inferCall } from './verify-calls.ts';
import {
  type BodyContext,
  bind,
  checkTypeNames,
  didYouMean,
  isNews,
  lookUp,
  makeBody,
  type RecordType,
  reportIn,
  resolveIn,
} from './verify-context.ts';
import { inferMatch } from './verify-match.ts';
import { shortNameOf, subtractionHint } from './verify-names.ts';
import { compatible } from './verify-types.ts';

/** The type of an expression. Reports what is wrong with it; what cannot be known is `any`. */
export function inferExpression(body: BodyContext, expr: Expr): Type {
  switch (expr.kind) {
    case 'literal':
      return typeOfLiteral(expr.value);
    case 'ref':
      return inferRef(body, expr);
    case 'call':
      return inferCall(body, expr);
    case 'binary':
      return inferBinary(body, expr);
    case 'unary': {
      const operand = inferExpression(body, expr.operand);
      if (expr.op === '!') return BOOL;
      if (!compatible(operand, NUM)) {
        const hint = operand.kind === 'text' ? "use 'num' to parse text (returns R n t)" : undefined;
        reportIn(body, 'ILO-T012', 'operand', { got: showType(operand) }, expr.span, hint);
      }
      return NUM;
    }
    case 'ok':
      return resultOf(inferExpression(body, expr.value), ANY);
    case 'err':
      return resultOf(ANY, inferExpression(body, expr.value));
    case 'list':
      return inferList(body, expr);
    case 'record':
      return inferRecord(body, expr);
    case 'field':
      return inferField(body, expr);
    case 'index':
      return inferIndex(body, expr);
    case 'match':
      return inferMatch(body, expr.subject, expr.arms, expr.span);
    case 'coalesce': {
      const value = inferExpression(body, expr.value);
      const fallback = inferExpression(body, expr.fallback);
      if (value.kind === 'nil') return fallback;
      return value.kind === 'optional' ? value.of : value;
    }
    case 'with':
      return inferWith(body, expr);
    case 'ternary':
      return inferTernary(body, expr);
    case 'lambda':
      return inferLambda(body, expr);
  }
}

/** The type of a literal. */
export function typeOfLiteral(value: LiteralValue): Type {
  switch (typeof value) {
    case 'number':
      return NUM;
    case 'string':
      return TEXT;
    case 'boolean':
      return BOOL;
    default:
      return NIL;
  }
}

function inferRef(body: BodyContext, expr: RefExpr): Type {
  const { program } = body;
  const { name } = expr;
  const variable = lookUp(body, name);
  if (variable !== undefined) return variable;
  const fn = program.functions.get(name);
  if (fn) {
    body.callees.push(name);
    return fnOf(
      fn.params.map(param => param.type),
      fn.result,
    );
  }
  const row = program.builtins.get(name);
  const asFunction = row && builtinAsFunction(row);
  if (asFunction) return asFunction;
  if (program.unparsed.has(name) || !isNews(body, name)) return ANY;
  reportIn(body, 'ILO-T004', 'variable', { name }, expr.span, hintForUnknown(body, name, row !== undefined));
  return ANY;
}

function hintForUnknown(body: BodyContext, name: string, isBuiltin: boolean): string | undefined {
  const { program } = body;
  if (isBuiltin) return `'${name}' is a builtin that is not passed as a value; wrap it in a function of your own`;
  const short = shortNameOf(program.builtins, name);
  if (short !== undefined) return `as a value the builtin goes by its short name, '${short}'`;
  const isKnown = (part: string): boolean =>
    lookUp(body, part) !== undefined || program.functions.has(part) || program.builtins.get(part) !== undefined;
  const advice = subtractionHint(name, isKnown) ?? wordAdvice(name);
  return advice ?? didYouMean(program, name, body.variables.keys(), program.functions.keys());
}

function inferBinary(body: BodyContext, expr: BinaryExpr): Type {
  const left = inferExpression(body, expr.left);
  const right = inferExpression(body, expr.right);
  const { op, span } = expr;
  const shown = { left: showType(left), right: showType(right) };
  const unknown = left.kind === 'any' || right.kind === 'any';
  const has = (kind: Type['kind']): boolean => left.kind === kind || right.kind === kind;
  switch (op) {
    case '+': {
      if (unknown) return ANY;
      const same = left.kind === right.kind;
      if (same && (left.kind === 'num' || left.kind === 'text' || left.kind === 'list')) return left;
      const hint =
        has('num') && has('text') ? "convert the number with 'str' first: +a str b" : openingHint(left, right);
      reportIn(body, 'ILO-T009', 'add', shown, span, hint);
      return ANY;
    }
    case '-':
    case '*':
    case '/':
      if (!compatible(left, NUM) || !compatible(right, NUM)) {
        const hint = openingHint(left, right) ?? (has('text') ? "parse text as number with 'num' first" : undefined);
        reportIn(body, 'ILO-T009', 'arithmetic', { op, ...shown }, span, hint);
      }
      return NUM;
    case '>':
    case '<':
    case '>=':
    case '<=':
      if (!unknown && !(left.kind === right.kind && (left.kind === 'num' || left.kind === 'text'))) {
        reportIn(body, 'ILO-T010', 'compare', shown, span, openingHint(left, right));
      }
      return BOOL;
    case '=':
    case '!=':
    case '&':
    case '|':
      return BOOL;
    case '+=':
      if (left.kind === 'any') return ANY;
      if (left.kind !== 'list') {
        const name = expr.left.kind === 'ref' ? expr.left.name : 'x';
        const hint =
          left.kind === 'num' || left.kind === 'text' ? `to add write ${name}=+${name} v` : openingHint(left);
        reportIn(body, 'ILO-T011', 'list', { got: shown.left }, span, hint);
        return ANY;
      }
      if (!compatible(left.of, right)) {
        reportIn(body, 'ILO-T011', 'element', { wanted: showType(left.of), got: shown.right }, expr.right.span);
      }
      return left;
  }
}

function inferList(body: BodyContext, expr: ListExpr): Type {
  let element: Type | undefined;
  for (const item of expr.items) {
    const type = inferExpression(body, item);
    if (element === undefined) element = type;
    else if (!compatible(element, type)) element = ANY;
  }
  return listOf(element ?? ANY);
}

function inferRecord(body: BodyContext, expr: RecordExpr): Type {
  const { program } = body;
  const { typeName } = expr;
  const record = program.records.get(typeName);
  if (!record) {
    for (const field of expr.fields) inferExpression(body, field.value);
    if (program.unparsed.has(typeName) || program.undeclared.has(typeName)) return ANY;
    program.undeclared.add(typeName);
    const hint = didYouMean(program, typeName, program.records.keys());
    reportIn(body, 'ILO-T003', 'type', { name: typeName }, expr.span, hint);
    return ANY;
  }
  const given = new Set(expr.fields.map(field => field.name));
  for (const field of record.fields.keys()) {
    if (!given.has(field)) reportIn(body, 'ILO-T015', 'field', { field, type: typeName }, expr.span);
  }
  for (const field of expr.fields) {
    const actual = inferExpression(body, field.value);
    const wanted = record.fields.get(field.name);
    if (wanted === undefined) {
      const hint = didYouMean(program, field.name, record.fields.keys());
      reportIn(body, 'ILO-T016', 'field', { field: field.name, type: typeName }, field.span, hint);
    } else if (!compatible(wanted, actual)) {
      const holes = { field: field.name, type: typeName, wanted: showType(wanted), got: showType(actual) };
      reportIn(body, 'ILO-T017', 'field', holes, field.value.span);
    }
  }
  return { kind: 'named', name: typeName };
}

function inferField(body: BodyContext, expr: FieldExpr): Type {
  const given = inferExpression(body, expr.object);
  if (given.kind === 'any' || (expr.safe && given.kind === 'nil')) return given;
  // `.?` is made for values that may be nil: it reaches into `O T` and gives an optional again.
  const object = expr.safe && given.kind === 'optional' ? given.of : given;
  const found = inferFieldOf(body, expr, object);
  return object === given || found.kind === 'any' || found.kind === 'optional' ? found : optionalOf(found);
}

function inferFieldOf(body: BodyContext, expr: FieldExpr, object: Type): Type {
  if (object.kind === 'any') return object;
  const { field } = expr;
  if (object.kind !== 'named') {
    reportIn(body, 'ILO-T018', 'field', { got: showType(object) }, expr.span);
    return ANY;
  }
  const record = body.program.records.get(object.name);
  const type = record?.fields.get(field);
  if (record && type === undefined) reportNoField(body, record, field, expr.span);
  return type ?? ANY;
}

/** Reports that a record has no such field. */
export function reportNoField(body: BodyContext, record: RecordType, field: string, span: Expr['span']): void {
  const hint = didYouMean(body.program, field, record.fields.keys());
  reportIn(body, 'ILO-T019', 'field', { field, type: record.name }, span, hint);
}

function inferIndex(body: BodyContext, expr: IndexExpr): Type {
  const given = inferExpression(body, expr.object);
  if (given.kind === 'any' || (expr.safe && given.kind === 'nil')) return given;
  const object = expr.safe && given.kind === 'optional' ? given.of : given;
  if (object.kind === 'any') return object;
  if (object.kind === 'list') return object === given || object.of.kind === 'any' ? object.of : optionalOf(object.of);
  reportIn(body, 'ILO-T023', 'index', { got: showType(object) }, expr.span);
  return ANY;
}

function inferWith(body: BodyContext, expr: WithExpr): Type {
  const object = inferExpression(body, expr.object);
  const record = object.kind === 'named' ? body.program.records.get(object.name) : undefined;
  for (const update of expr.updates) {
    const actual = inferExpression(body, update.value);
    if (record) checkUpdate(body, record, update, actual);
  }
  if (object.kind === 'named' || object.kind === 'any') return object;
  reportIn(body, 'ILO-T020', 'object', { got: showType(object) }, expr.object.span);
  return ANY;
}

function checkUpdate(body: BodyContext, record: RecordType, update: FieldInit, actual: Type): void {
  const holes = { field: update.name, type: record.name };
  const wanted = record.fields.get(update.name);
  if (wanted === undefined) {
    reportIn(
      body,
      'ILO-T021',
      'field',
      holes,
      update.span,
      didYouMean(body.program, update.name, record.fields.keys()),
    );
  } else if (!compatible(wanted, actual)) {
    const types = { wanted: showType(wanted), got: showType(actual) };
    reportIn(body, 'ILO-T022', 'field', { ...holes, ...types }, update.value.span);
  }
}

function inferTernary(body: BodyContext, expr: TernaryExpr): Type {
  inferExpression(body, expr.condition);
  const then = inferExpression(body, expr.then);
  const otherwise = inferExpression(body, expr.otherwise);
  if (!compatible(then, otherwise)) {
    reportIn(body, 'ILO-T003', 'branches', { first: showType(then), second: showType(otherwise) }, expr.span);
  }
  return then;
}

/**
 * A lambda is a function of its own: parameters as declared, captured variables of unknown type (they are copied when
 * it is made). With captures it is checked less: what takes it sees an unknown value, as with any partial application.
 */
function inferLambda(body: BodyContext, expr: LambdaExpr): Type {
  const { program } = body;
  for (const param of expr.params) checkTypeNames(program, param.type, param.span, body.name);
  checkTypeNames(program, expr.result, expr.span, body.name);
  const result = resolveIn(program, expr.result);
  const inner = makeBody(program, body.name, result, body.callees);
  for (const name of expr.captures) if (lookUp(body, name) !== undefined) bind(inner, name, ANY);
  for (const param of expr.params) bind(inner, param.name, resolveIn(program, param.type));
  const actual = program.block(inner, expr.body);
  checkResult(inner, actual, expr.body.at(-1), expr.span);
  if (expr.captures.length > 0) return ANY;
  return fnOf(
    expr.params.map(param => resolveIn(program, param.type)),
    result,
  );
}

/** Reports a body whose last value is not what its function says it returns; an empty body at `place`. */
export function checkResult(body: BodyContext, actual: Type, last: Stmt | undefined, place: Expr['span']): void {
  if (compatible(actual, body.result)) return;
  const holes = { expected: showType(body.result), got: showType(actual) };
  const hint =
    last === undefined
      ? "the body is empty; two hyphens begin a comment, so '- -x 1' needs the blank"
      : last.kind === 'let'
        ? `a binding gives no value: end with ';${last.name}' to return it, and compare with one sign in front, '=a b'`
        : conversionHint(holes.expected, holes.got);
  reportIn(body, 'ILO-T008', 'result', holes, last?.span ?? place, hint);
}
