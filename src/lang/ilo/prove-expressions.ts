// What the value of an expression must be when it comes to be at all: an operation that faults gives no value, so a
// difference is a number whatever its operands are thought to be.
import { ANY, BOOL, listOf, NIL, NUM, named, resultOf, type Type } from '../../core/type.ts';
import type { BinaryExpr, CallExpr, Expr, LambdaExpr } from './ast.ts';
import type { BuiltinRow } from './builtins/row.ts';
import {
  acceptsCount,
  type Bindings,
  bindVariables,
  isPlain,
  isTypeVariable,
  paramAt,
  type Signature,
  signaturesOf,
  substitute,
} from './builtins/signature.ts';
import { proveArms } from './prove-statements.ts';
import { EMPTY_LIST, EMPTY_MAP, FUNCTION, join, NEVER, orNil, settle, widen, withoutNil } from './prove-types.ts';
import {
  addCaller,
  assignField,
  enqueue,
  escapeAll,
  escapeUnit,
  exit,
  makeUnit,
  type Prover,
  passArguments,
  passInput,
  readField,
  readVariable,
  type Unit,
  withExit,
} from './prove-units.ts';
import { typeOfLiteral } from './verify-expressions.ts';

/** The proven type of an expression; writes it, as the outside may see it, on the node. */
export function proveExpression(prover: Prover, unit: Unit, expr: Expr): Type {
  const found = proveUnsettled(prover, unit, expr);
  const type = unit.givenUp ? ANY : widen(found);
  expr.type = settle(type);
  return type;
}

function proveUnsettled(prover: Prover, unit: Unit, expr: Expr): Type {
  switch (expr.kind) {
    case 'literal':
      return typeOfLiteral(expr.value);
    case 'ref':
      return proveName(prover, expr.name);
    case 'call':
      return proveCall(prover, unit, expr);
    case 'binary':
      return proveBinary(expr, proveExpression(prover, unit, expr.left), proveExpression(prover, unit, expr.right));
    case 'unary':
      proveExpression(prover, unit, expr.operand);
      return expr.op === '!' ? BOOL : NUM;
    case 'ok':
      return resultOf(proveExpression(prover, unit, expr.value), NEVER);
    case 'err':
      return resultOf(NEVER, proveExpression(prover, unit, expr.value));
    case 'list': {
      let element = NEVER;
      for (const item of expr.items) element = join(element, proveExpression(prover, unit, item));
      return element === NEVER ? EMPTY_LIST : listOf(element);
    }
    case 'record':
      for (const { name, value } of expr.fields)
        assignField(prover, expr.typeName, name, proveExpression(prover, unit, value));
      return named(expr.typeName);
    case 'field': {
      const object = proveExpression(prover, unit, expr.object);
      const record = expr.safe ? withoutNil(object) : object;
      if (record === NEVER) return expr.safe ? object : NEVER;
      const type = record.kind === 'named' ? readField(prover, unit, record.name, expr.field) : ANY;
      return record === object ? type : orNil(type);
    }
    case 'index': {
      const object = proveExpression(prover, unit, expr.object);
      const list = expr.safe ? withoutNil(object) : object;
      if (list === NEVER) return expr.safe ? object : NEVER;
      const type = list.kind === 'list' ? list.of : ANY;
      return list === object ? type : orNil(type);
    }
    case 'match':
      return proveMatchExpression(prover, unit, expr);
    case 'coalesce': {
      const value = withoutNil(proveExpression(prover, unit, expr.value));
      return join(value, proveExpression(prover, unit, expr.fallback));
    }
    case 'with': {
      const object = proveExpression(prover, unit, expr.object);
      const record = object.kind === 'named' ? object.name : undefined;
      for (const { name, value } of expr.updates)
        assignField(prover, record, name, proveExpression(prover, unit, value));
      return object;
    }
    case 'ternary':
      proveExpression(prover, unit, expr.condition);
      return join(proveExpression(prover, unit, expr.then), proveExpression(prover, unit, expr.otherwise));
    case 'lambda':
      escapeUnit(prover, unitOfLambda(prover, unit, expr));
      return FUNCTION;
  }
}

function proveName(prover: Prover, name: string): Type {
  const variable = readVariable(prover, name);
  const fn = prover.functions.get(name);
  if (fn) escapeUnit(prover, fn);
  if (variable === undefined) return FUNCTION;
  // Read before it is assigned, a variable called like a function is that function.
  return fn || prover.builtins.get(name) ? ANY : variable;
}

function proveBinary(expr: BinaryExpr, left: Type, right: Type): Type {
  switch (expr.op) {
    case '+': {
      if (left === NEVER || right === NEVER) return NEVER;
      // Both operands are of one kind, or it faults: knowing one is knowing the result.
      const [a, b] = [withoutNil(left), withoutNil(right)];
      const known = a.kind === 'any' ? b : a;
      if (known.kind === 'list') return a.kind === 'list' && b.kind === 'list' ? join(a, b) : listOf(ANY);
      return known.kind === 'num' || known.kind === 'text' ? known : ANY;
    }
    case '-':
    case '*':
    case '/':
      return NUM;
    case '>':
    case '<':
    case '>=':
    case '<=':
    case '=':
    case '!=':
      return BOOL;
    case '&':
    case '|':
      // The value is one of the operands, not a boolean made from them.
      return join(left, right);
    case '+=':
      return left.kind === 'list' ? listOf(join(left.of, right)) : left === NEVER ? NEVER : listOf(ANY);
  }
}

function proveMatchExpression(prover: Prover, unit: Unit, expr: Expr & { readonly kind: 'match' }): Type {
  const subject = expr.subject ? proveExpression(prover, unit, expr.subject) : ANY;
  const { value, left } = withExit(prover, false, () => proveArms(prover, unit, expr.arms, subject, NIL));
  return join(value, left);
}

function unitOfLambda(prover: Prover, unit: Unit, expr: LambdaExpr): Unit {
  let lambda = prover.lambdas.get(expr);
  if (!lambda) {
    const params = expr.params.map(param => param.name);
    lambda = makeUnit([...params, ...expr.captures], params.length, expr.body, NEVER);
    prover.lambdas.set(expr, lambda);
    enqueue(prover, lambda);
    if (prover.anythingCalled) escapeUnit(prover, lambda);
  }
  for (let index = 0; index < expr.captures.length; index++) {
    const type = unit.givenUp ? ANY : proveName(prover, expr.captures[index]!);
    passInput(prover, lambda, lambda.params + index, type);
  }
  return lambda;
}

function proveCall(prover: Prover, unit: Unit, call: CallExpr): Type {
  const result = proveCallee(prover, unit, call);
  switch (call.unwrap) {
    case 'none':
      return result;
    case 'panic':
      return unwrapped(result);
    case 'propagate':
      exit(prover, unit.givenUp ? ANY : propagated(result));
      return unwrapped(result);
  }
}

/** What `!` lets through: the inside of `~v`, and anything that is neither a Result nor nil, as it is. */
function unwrapped(type: Type): Type {
  const present = withoutNil(type);
  return present.kind === 'result' ? present.ok : present;
}

function propagated(type: Type): Type {
  const present = withoutNil(type);
  if (present.kind === 'any') return ANY;
  const error = present.kind === 'result' ? resultOf(NEVER, present.err) : NEVER;
  return present === type ? error : orNil(error);
}

function proveCallee(prover: Prover, unit: Unit, call: CallExpr): Type {
  const { name } = call;
  if (name === 'mmap') return EMPTY_MAP;
  const row = prover.builtins.get(name);
  if (row) return proveBuiltin(prover, unit, call, signaturesOf(row));
  const args = call.args.map(arg => proveExpression(prover, unit, arg));
  const variable = readVariable(prover, name);
  if (variable !== undefined) {
    if (variable !== FUNCTION && variable !== NEVER) escapeAll(prover);
    const declared = prover.functions.get(name);
    if (declared) escapeUnit(prover, declared);
    return ANY;
  }
  const callee = prover.functions.get(name);
  if (!callee) return ANY;
  passArguments(prover, callee, args);
  addCaller(callee, unit);
  return callee.result;
}

function proveBuiltin(prover: Prover, unit: Unit, call: CallExpr, signatures: readonly Signature[]): Type {
  const callbacks: { readonly index: number; readonly callee: Unit }[] = [];
  const args = call.args.map((arg, index) => {
    const isCallback = takesFunction(signatures, index);
    const callee = isCallback ? callbackOf(prover, unit, arg) : undefined;
    if (callee) {
      callbacks.push({ index, callee });
      addCaller(callee, unit);
      arg.type = FUNCTION;
      return { ...FUNCTION, result: callee.result } as Type;
    }
    const type = proveExpression(prover, unit, arg);
    if (!isCallback) return type;
    if (type.kind !== 'fn' && type !== NEVER) escapeAll(prover);
    const row = arg.kind === 'ref' && !prover.variables.has(arg.name) ? prover.builtins.get(arg.name) : undefined;
    return row ? { ...FUNCTION, result: anyResultOf(row) } : type;
  });
  if (args.includes(NEVER)) return NEVER;
  let result: Type = NEVER;
  let possible = false;
  for (const signature of signatures) {
    if (!acceptsCount(signature, args.length) || !args.every((arg, index) => mayTake(signature, index, arg))) continue;
    possible = true;
    const plain = isPlain(signature.result);
    const bindings: Bindings = plain && callbacks.length === 0 ? NOTHING_BOUND : bindingsOf(signature, args);
    for (const { index, callee } of callbacks) {
      const pattern = paramAt(signature, index).alternatives.find(type => type.kind === 'fn');
      const params = pattern?.kind === 'fn' ? pattern.params.map(param => substitute(param, bindings)) : [];
      passArguments(prover, callee, unit.givenUp ? [] : params);
    }
    result = join(result, plain ? signature.result : substitute(signature.result, bindings));
    if (args.every((arg, index) => paramAt(signature, index).alternatives.some(pattern => mustBe(pattern, arg)))) break;
  }
  return possible ? result : ANY;
}

const NOTHING_BOUND: Bindings = new Map();

function bindingsOf(signature: Signature, args: readonly Type[]): Bindings {
  const bindings: Bindings = new Map();
  for (const [index, arg] of args.entries()) {
    for (const pattern of paramAt(signature, index).alternatives) {
      if (mayBe(pattern, arg)) bindVariables(pattern, arg, bindings, join);
    }
  }
  return bindings;
}

/** What a builtin gives, however it is called. */
function anyResultOf(row: BuiltinRow): Type {
  return signaturesOf(row)
    .map(signature => substitute(signature.result, new Map()))
    .reduce(join);
}

/** The function of the program, or lambda, that an argument plainly is. */
function callbackOf(prover: Prover, unit: Unit, arg: Expr): Unit | undefined {
  if (arg.kind === 'lambda') return unitOfLambda(prover, unit, arg);
  if (arg.kind !== 'ref' || prover.variables.has(arg.name)) return undefined;
  return prover.functions.get(arg.name);
}

const NONE: readonly Type[] = [];

function takesFunction(signatures: readonly Signature[], index: number): boolean {
  for (const { params } of signatures) {
    for (const type of params[index]?.alternatives ?? NONE) if (type.kind === 'fn') return true;
  }
  return false;
}

function mayTake(signature: Signature, index: number, arg: Type): boolean {
  for (const pattern of paramAt(signature, index).alternatives) if (mayBe(pattern, arg)) return true;
  return false;
}

/** Whether every value of type `arg` is what the pattern asks for, so that later overloads do not come into question. */
function mustBe(pattern: Type, arg: Type): boolean {
  if (pattern.kind === 'any' || isTypeVariable(pattern) || arg === NEVER) return true;
  if (pattern.kind === 'list') return arg.kind === 'list' && mustBe(pattern.of, arg.of);
  return arg.kind === pattern.kind && (pattern.kind === 'num' || pattern.kind === 'text' || pattern.kind === 'fn');
}

/** Whether a value of type `arg` could be what the pattern asks for. */
function mayBe(pattern: Type, arg: Type): boolean {
  if (pattern.kind === 'any' || isTypeVariable(pattern) || pattern.kind === 'optional') return true;
  // Text may name a function.
  if (pattern.kind === 'fn') return arg.kind !== 'num' && arg.kind !== 'list' && arg.kind !== 'map';
  return arg.kind === pattern.kind || arg.kind === 'any' || arg.kind === 'optional' || arg === NEVER;
}
