// Calls of builtins: the arguments against the overloads of the row, the type of the result, and a handful of rules that
// a signature cannot say.
import { ANY, fnOf, showType, type Type } from '../../core/type.ts';
import { ARGUMENT_WORDS } from '../../spec/argument-words.ts';
import type { CallExpr, Expr } from './ast.ts';
import type { BuiltinRow } from './builtins/row.ts';
import {
  acceptsCount,
  type Bindings,
  bindVariables,
  countsInWords,
  isPlain,
  isTypeVariable,
  oneOf,
  paramAt,
  type Signature,
  signaturesOf,
  substitute,
} from './builtins/signature.ts';
import { type BodyContext, reportIn } from './verify-context.ts';
import { compatible, joinClaims, sameType } from './verify-types.ts';

/** Builtins whose lists may come straight out of a map: an optional list or map is taken for what it holds. */
const TAKES_OPTIONAL = new Set(['flat', 'mget', 'mset', 'mvals', 'mdel', 'sum', 'avg']);
/** Builtins that find out only at run time whether a list holds numbers. */
const CHECKS_ELEMENTS_LATE = new Set([
  'sum',
  'avg',
  'median',
  'stdev',
  'variance',
  'quantile',
  'fft',
  'ifft',
  'transpose',
  'matmul',
]);
/** Builtins whose result counts as unknown, since programs unwrap it in functions of any type. */
const RESULT_UNKNOWN = new Set(['env']);
const KEYED = new Set(['mget', 'mset', 'mhas', 'mdel']);

/** The type of a call of the builtin `row`, whose arguments have the types `args`. Reports what does not fit. */
export function inferBuiltinCall(body: BodyContext, call: CallExpr, row: BuiltinRow, args: readonly Type[]): Type {
  const all = signaturesOf(row);
  let fitting = all.filter(
    signature => acceptsCount(signature, args.length) && firstMisfit(signature, args) === args.length,
  );
  if (fitting.length > 0) {
    checkExtras(body, call, fitting[0]!, args);
  } else {
    fitting = all.filter(signature => acceptsCount(signature, args.length));
    if (fitting.length === 0) {
      const holes = { name: row.name, expected: countsInWords(all), got: args.length };
      reportIn(body, 'ILO-T006', 'function', holes, call.span, `'${row.name}' is: ${row.signatures.join('  or  ')}`);
      return ANY;
    }
    reportMisfit(body, call, fitting, args);
  }
  if (RESULT_UNKNOWN.has(row.name)) return ANY;
  return claimedResult(row.name, args) ?? fitting.map(signature => resultOfCall(signature, args)).reduce(joinClaims);
}

/**
 * The type of a builtin used as a value, or undefined when it cannot be: it has effects, takes functions itself, or takes
 * any number of arguments.
 */
export function builtinAsFunction(row: BuiltinRow): Type | undefined {
  if (row.effect !== 'pure') return undefined;
  const signatures = signaturesOf(row);
  for (const param of signatures.flatMap(({ params }) => params)) {
    if (param.variadic || param.alternatives.some(type => type.kind === 'fn')) return undefined;
  }
  // Where both exist, the form with two arguments is the one that folding wants.
  const chosen = signatures.find(({ params }) => params.length === 2) ?? signatures[0]!;
  const params = chosen.params.map(({ alternatives }) =>
    alternatives.length === 1 ? substitute(alternatives[0]!, new Map()) : ANY,
  );
  return fnOf(params, substitute(chosen.result, new Map()));
}

function resultOfCall(signature: Signature, args: readonly Type[]): Type {
  if (isPlain(signature.result)) return signature.result;
  const bindings: Bindings = new Map();
  for (const [index, arg] of args.entries()) {
    const { alternatives } = paramAt(signature, index);
    const pattern = alternatives.find(type => fits(signature, type, arg)) ?? alternatives[0]!;
    bindVariables(pattern, arg.kind === 'optional' && pattern.kind !== 'optional' ? arg.of : arg, bindings, joinClaims);
  }
  return substitute(signature.result, bindings);
}

/** Results that say more than the signature, because the last value given decides. */
function claimedResult(name: string, args: readonly Type[]): Type | undefined {
  switch (name) {
    case 'mset': {
      const map = args[0]!;
      return map.kind === 'map' ? { kind: 'map', key: map.key, value: args[2]! } : undefined;
    }
    case 'fld': {
      const [fn, start] = [args[0]!, args.at(-1)!];
      if (start.kind !== 'any') return start;
      return fn.kind === 'fn' ? fn.result : ANY;
    }
    case 'prnt':
      return args[0];
    default:
      return undefined;
  }
}

/** The index of the first argument that a signature does not take, or their number. */
function firstMisfit(signature: Signature, args: readonly Type[]): number {
  for (let index = 0; index < args.length; index++) if (!takes(signature, index, args[index]!)) return index;
  return args.length;
}

function takes(signature: Signature, index: number, arg: Type): boolean {
  for (const type of paramAt(signature, index).alternatives) if (fits(signature, type, arg)) return true;
  return false;
}

function fits(signature: Signature, wanted: Type, arg: Type): boolean {
  if (arg.kind === 'any' || wanted.kind === 'any' || isTypeVariable(wanted)) return true;
  switch (wanted.kind) {
    case 'fn':
      return arg.kind === 'fn';
    case 'list':
    case 'map': {
      if (isGeneric(wanted) || CHECKS_ELEMENTS_LATE.has(signature.name)) {
        const given = arg.kind === 'optional' && takesOptional(signature) ? arg.of : arg;
        if (given.kind === 'any') return true;
        if (signature.name === 'transpose' || signature.name === 'matmul') {
          return given.kind === 'list' && (given.of.kind === 'list' || given.of.kind === 'any');
        }
        return given.kind === wanted.kind;
      }
      return compatible(wanted, arg);
    }
    default:
      return compatible(wanted, arg);
  }
}

function takesOptional(signature: Signature): boolean {
  return TAKES_OPTIONAL.has(signature.name) || signature.params[0]!.alternatives[0]!.kind === 'fn';
}

/** Whether a list or map type leaves open what is inside. */
function isGeneric(type: Type): boolean {
  switch (type.kind) {
    case 'list':
      return isGeneric(type.of);
    case 'map':
      return isGeneric(type.key) || isGeneric(type.value);
    default:
      return type.kind === 'any' || isTypeVariable(type);
  }
}

function reportMisfit(body: BodyContext, call: CallExpr, overloads: readonly Signature[], args: readonly Type[]): void {
  // The overload that came furthest is the one that was meant.
  const misfits = overloads.map(signature => firstMisfit(signature, args));
  const furthest = Math.max(...misfits);
  const meant = overloads.filter((_, index) => misfits[index] === furthest);
  const report = (index: number): void => {
    const wanted = describe(meant.flatMap(signature => paramAt(signature, index).alternatives));
    const got = showType(args[index]!);
    const span = call.args[index]!.span;
    const words = wordsFor(call.name, index, args.length);
    const hint = CALL_ADVICE[`${call.name} ${args.length} ${index}`] ?? conversionHint(wanted, got);
    if (words !== undefined) reportIn(body, 'ILO-T013', 'worded', { name: call.name, words, got }, span, hint);
    else if (args.length === 1) reportIn(body, 'ILO-T013', 'only', { name: call.name, wanted, got }, span, hint);
    else reportIn(body, 'ILO-T013', 'argument', { name: call.name, index: index + 1, wanted, got }, span, hint);
  };
  report(furthest);
  if (meant.length > 1) return;
  for (let index = furthest + 1; index < args.length; index++)
    if (!takes(meant[0]!, index, args[index]!)) report(index);
}

/** What the message calls the argument, where it has words of its own. */
function wordsFor(name: string, index: number, count: number): string | undefined {
  // With one argument these sort: it is no key.
  if (count === 1 && (name === 'srt' || name === 'rsrt')) return undefined;
  return ARGUMENT_WORDS[name]?.[index];
}

/** Advice by builtin, number of arguments and position, where another number of arguments may have been meant. */
const CALL_ADVICE: Readonly<Record<string, string>> = {
  'min 1 0': 'use `min xs` for the list form or `min a b` for two numbers',
  'max 1 0': 'use `max xs` for the list form or `max a b` for two numbers',
  'wr 2 1': 'for data that is not text use the form with a format: wr path data "json"',
};

/** What to do about `got` where `wanted` was asked for, when there is a builtin for it. */
export function conversionHint(wanted: string, got: string): string | undefined {
  if (got.startsWith('O ')) return DEFAULT_FIRST;
  if (got.startsWith('R ') && !wanted.startsWith('R ')) return OPEN_FIRST;
  if (wanted === 't' && got === 'n') return "use 'str' to convert: str <expr>";
  if (wanted === 'n' && got === 't') return "use 'num' to parse text (returns R n t)";
  if (wanted.startsWith('a function')) return 'pass a function name, or a function written in place: (x:n>n;*x 2)';
  return undefined;
}

const DEFAULT_FIRST = 'give the optional a default first: ??v default';
const OPEN_FIRST = 'open the result first: match it, ?r{~v:…;^e:…}, or mark the call, f! x';

/** What to do about the first of the operands that is an optional or a result. */
export function openingHint(...operands: readonly Type[]): string | undefined {
  const closed = operands.find(({ kind }) => kind === 'optional' || kind === 'result');
  if (closed === undefined) return undefined;
  return closed.kind === 'optional' ? DEFAULT_FIRST : OPEN_FIRST;
}

/** Alternatives in words: `n`, `a list`, `a list, map, or text`. */
function describe(alternatives: readonly Type[]): string {
  const words = new Set<string>();
  for (const type of alternatives) {
    if (type.kind === 'fn') words.add('function');
    else words.add((type.kind === 'list' || type.kind === 'map') && isGeneric(type) ? type.kind : showType(type));
  }
  if (words.size === 1 && words.has('function')) return 'a function (F ...)';
  const plain = ['list', 'map', 'function'].filter(word => words.delete(word));
  if (plain.length === 0) return oneOf([...words]);
  if (words.delete('t')) plain.push('text');
  return `a ${oneOf([...plain, ...words])}`;
}

/** Rules beyond the signature, for arguments that fit it. */
function checkExtras(body: BodyContext, call: CallExpr, signature: Signature, args: readonly Type[]): void {
  const { name } = signature;
  if (KEYED.has(name)) checkKey(body, call, args);
  if (name === 'lst') checkElement(body, call, args);
  if (name === 'fmt') checkTemplate(body, call.args[0]!);
  if (name === 'wr' && args.length === 3) checkFormat(body, call.args[2]!);
  const fn = args[0];
  if (fn?.kind !== 'fn') return;
  if (name === 'mapr' && fn.result.kind !== 'result' && fn.result.kind !== 'any') {
    const hint = 'mapr stops at the first ^err; when the function cannot fail, use map';
    reportIn(body, 'ILO-T013', 'fallible', { got: showType(fn.result) }, call.args[0]!.span, hint);
  }
  if (signature.params.some(param => param.name === 'ctx')) checkContext(body, call, signature, fn, args);
}

function checkKey(body: BodyContext, call: CallExpr, args: readonly Type[]): void {
  const map = args[0]!.kind === 'optional' ? args[0]!.of : args[0]!;
  const key = args[1]!;
  if (map.kind !== 'map' || map.key.kind === 'any' || key.kind === 'any') return;
  const scalar = key.kind === 'text' || key.kind === 'num' || key.kind === 'sum';
  if (scalar && compatible(key, map.key)) return;
  const holes = { name: call.name, wanted: showType(map.key), got: showType(key) };
  reportIn(body, 'ILO-T013', 'key', holes, call.args[1]!.span, conversionHint(holes.wanted, holes.got));
}

function checkElement(body: BodyContext, call: CallExpr, args: readonly Type[]): void {
  const list = args[0]!;
  if (list.kind !== 'list' || compatible(args[2]!, list.of)) return;
  const holes = { wanted: showType(list.of), got: showType(args[2]!) };
  reportIn(body, 'ILO-T013', 'element', holes, call.args[2]!.span, conversionHint(holes.wanted, holes.got));
}

function checkTemplate(body: BodyContext, template: Expr): void {
  if (template.kind !== 'literal' || typeof template.value !== 'string') return;
  const start = template.value.indexOf('{:');
  if (start < 0) return;
  const end = template.value.indexOf('}', start);
  const spec = end < 0 ? template.value.slice(start) : template.value.slice(start, end + 1);
  const hint = 'for decimals use `fmt "...{}" (fmt2 v 2)`; for a width use `padl (str n) 6`';
  reportIn(body, 'ILO-T013', 'placeholder', { braces: '{}', spec }, template.span, hint);
}

function checkFormat(body: BodyContext, format: Expr): void {
  if (format.kind !== 'literal' || typeof format.value !== 'string') return;
  if (['json', 'csv', 'tsv'].includes(format.value)) return;
  reportIn(body, 'ILO-T013', 'format', { format: format.value }, format.span, 'for example: wr path data "json"');
}

/** The form with a context argument passes it last: `fn` takes (element, ctx), and for `fld` (acc, element, ctx). */
function checkContext(
  body: BodyContext,
  call: CallExpr,
  signature: Signature,
  fn: Type & { readonly kind: 'fn' },
  args: readonly Type[],
): void {
  const wanted = signature.params[0]!.alternatives[0] as Type & { readonly kind: 'fn' };
  const span = call.args[0]!.span;
  const { name } = call;
  if (fn.params.length !== wanted.params.length) {
    const roles = wanted.params.length === 2 ? '(elem, ctx)' : '(acc, elem, ctx)';
    const role = name === 'srt' || name === 'rsrt' ? 'key fn' : 'fn';
    const holes = { name, role, count: wanted.params.length, roles, got: fn.params.length };
    reportIn(body, 'ILO-T013', 'context', holes, span, `its type must be: ${showType(wanted)}`);
    return;
  }
  if (fn.params.length !== 2) return;
  const [first, second] = fn.params as [Type, Type];
  const context = args[signature.params.findIndex(param => param.name === 'ctx')]!;
  const list = args[signature.params.findLastIndex(param => param.alternatives[0]!.kind === 'list')];
  if (list?.kind !== 'list') return;
  const unknown = [first, second, context, list.of].some(type => type.kind === 'any');
  if (unknown || sameType(first, second) || !sameType(first, context) || !sameType(second, list.of)) return;
  const hint = `param order is (element, ctx): the elements are ${showType(list.of)} and the context is ${showType(context)}, so take (${showType(second)}, ${showType(first)})`;
  reportIn(body, 'ILO-T013', 'swapped', { name }, span, hint);
}
