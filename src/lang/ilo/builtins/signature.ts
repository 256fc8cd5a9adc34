// Builtin signatures as structure. Rows write them in ilo's notation (see row.ts); here each string is read once, on
// first use, and a call is typed by binding the type variables of a signature to the types of the arguments.
//
// Two callers share this: the verifier, whose types are what the program claims, and the prover, whose types are what
// must hold at run time. They differ only in the `join` they hand in.
import { assert } from '../../../base/assert.ts';
import {
  ANY,
  BOOL,
  fnOf,
  listOf,
  mapOf,
  NUM,
  named,
  optionalOf,
  resultOf,
  TEXT,
  type Type,
} from '../../../core/type.ts';
import type { BuiltinRow } from './row.ts';

export interface SignatureParam {
  readonly name: string;
  /** What it takes: any one of these. */
  readonly alternatives: readonly Type[];
  /** Zero or more arguments; only the last parameter may be. */
  readonly variadic: boolean;
}

export interface Signature {
  readonly name: string;
  readonly params: readonly SignatureParam[];
  readonly result: Type;
  /** The string it was read from. */
  readonly text: string;
}

export type Bindings = Map<string, Type>;

const cache = new WeakMap<BuiltinRow, readonly Signature[]>();

/** The overloads of a builtin, read on first use. Throws an InternalError when a row's signature is malformed. */
export function signaturesOf(row: BuiltinRow): readonly Signature[] {
  let found = cache.get(row);
  if (!found) {
    found = row.signatures.map(parseSignature);
    cache.set(row, found);
  }
  return found;
}

/** Reads one signature. Throws an InternalError when it is malformed (rows are ours). */
export function parseSignature(text: string): Signature {
  const blank = text.indexOf(' ');
  const name = text.slice(0, blank);
  const tokens = text.slice(blank).match(/[\w-]+:|\.\.\.|[A-Za-z]+|[()|>_]|[^\s]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    assert(false, `malformed signature: ${text}`);
    throw new Error();
  };

  const endsFunctionType = (token: string | undefined): boolean =>
    token === undefined || token === '>' || token === ')' || token === '|' || token === '...' || token.endsWith(':');

  const readType = (): Type => {
    const token = tokens[at++];
    switch (token) {
      case 'n':
        return NUM;
      case 't':
        return TEXT;
      case 'b':
        return BOOL;
      case '_':
        return ANY;
      case 'L':
        return listOf(readType());
      case 'O':
        return optionalOf(readType());
      case 'M': {
        const key = readType();
        return mapOf(key, readType());
      }
      case 'R': {
        const ok = readType();
        return resultOf(ok, readType());
      }
      case 'F': {
        const parts: Type[] = [];
        while (!endsFunctionType(tokens[at])) parts.push(readType());
        const result = parts.pop() ?? fail();
        return fnOf(parts, result);
      }
      case '(': {
        const inner = readType();
        if (tokens[at++] !== ')') fail();
        return inner;
      }
      default:
        return token !== undefined && /^[a-z]+$/.test(token) ? named(token) : fail();
    }
  };

  const params: SignatureParam[] = [];
  for (;;) {
    const token = tokens[at++];
    if (token === '>') break;
    if (!token?.endsWith(':')) fail();
    const alternatives = [readType()];
    while (tokens[at] === '|') {
      at++;
      alternatives.push(readType());
    }
    const variadic = tokens[at] === '...';
    if (variadic) at++;
    params.push({ name: token!.slice(0, -1), alternatives, variadic });
  }
  const result = readType();
  if (at !== tokens.length || params.slice(0, -1).some(param => param.variadic)) fail();
  return { name, params, result, text };
}

/** Whether a signature can be called with that many arguments. */
export function acceptsCount(signature: Signature, count: number): boolean {
  const { params } = signature;
  return params.at(-1)?.variadic ? count >= params.length - 1 : count === params.length;
}

/** The parameter that receives the argument at `index` (the variadic one takes all the rest). */
export function paramAt(signature: Signature, index: number): SignatureParam {
  return signature.params[Math.min(index, signature.params.length - 1)]!;
}

/** Every number of arguments a builtin takes, in words: `2`, `0 or 2`, `1, 2, or 3`, `at least 1`. */
export function countsInWords(signatures: readonly Signature[]): string {
  const open = signatures.find(signature => signature.params.at(-1)?.variadic);
  if (open) return `at least ${open.params.length - 1}`;
  const counts = [...new Set(signatures.map(signature => signature.params.length))].sort((a, b) => a - b);
  return oneOf(counts.map(String));
}

/** `a`, `a or b`, `a, b, or c`. */
export function oneOf(words: readonly string[]): string {
  if (words.length < 3) return words.join(' or ');
  return `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}`;
}

/** A single lowercase letter in a signature; `n`, `t` and `b` never come out of the reader as names. */
export function isTypeVariable(type: Type): type is Type & { readonly kind: 'named' } {
  return type.kind === 'named' && type.name.length === 1 && type.name >= 'a' && type.name <= 'z';
}

/** Whether a type has no parts, and so no variables in it: nothing has to be bound or replaced. */
export function isPlain(type: Type): boolean {
  return type.kind === 'num' || type.kind === 'text' || type.kind === 'bool' || type.kind === 'nil';
}

/**
 * Binds the variables of `pattern` to what stands in their places in `actual`. A variable met twice gets the `join` of
 * both; where the shapes differ, or `actual` is unknown, the variables inside become unknown. A sum without variants has
 * no values, and then neither has what would be inside.
 */
export function bindVariables(pattern: Type, actual: Type, bindings: Bindings, join: (a: Type, b: Type) => Type): void {
  const unlike = actual.kind === 'sum' && actual.variants.length === 0 ? actual : ANY;
  switch (pattern.kind) {
    case 'named': {
      if (!isTypeVariable(pattern)) return;
      const before = bindings.get(pattern.name);
      bindings.set(pattern.name, before === undefined ? actual : join(before, actual));
      return;
    }
    case 'list':
      bindVariables(pattern.of, actual.kind === 'list' ? actual.of : unlike, bindings, join);
      return;
    case 'optional':
      bindVariables(pattern.of, actual.kind === 'optional' ? actual.of : actual, bindings, join);
      return;
    case 'map':
      bindVariables(pattern.key, actual.kind === 'map' ? actual.key : unlike, bindings, join);
      bindVariables(pattern.value, actual.kind === 'map' ? actual.value : unlike, bindings, join);
      return;
    case 'result':
      bindVariables(pattern.ok, actual.kind === 'result' ? actual.ok : unlike, bindings, join);
      bindVariables(pattern.err, actual.kind === 'result' ? actual.err : unlike, bindings, join);
      return;
    case 'fn':
      // A callback's parameters say what it wants, not what there is: only its result is evidence.
      bindVariables(pattern.result, actual.kind === 'fn' ? actual.result : unlike, bindings, join);
      return;
    default:
      return;
  }
}

/** `type` with its variables replaced; one that nothing bound becomes `unbound`. Keys of maps are text or numbers. */
export function substitute(type: Type, bindings: Bindings, unbound: Type = ANY): Type {
  switch (type.kind) {
    case 'named':
      return isTypeVariable(type) ? (bindings.get(type.name) ?? unbound) : type;
    case 'list':
      return listOf(substitute(type.of, bindings, unbound));
    case 'optional':
      return optionalOf(substitute(type.of, bindings, unbound));
    case 'map':
      return mapOf(asKey(substitute(type.key, bindings, unbound)), substitute(type.value, bindings, unbound));
    case 'result':
      return resultOf(substitute(type.ok, bindings, unbound), substitute(type.err, bindings, unbound));
    case 'fn':
      return fnOf(
        type.params.map(param => substitute(param, bindings, unbound)),
        substitute(type.result, bindings, unbound),
      );
    default:
      return type;
  }
}

/** What a value becomes as the key of a map: booleans are written as text; anything else keeps or loses its type. */
function asKey(type: Type): Type {
  if (type.kind === 'bool') return TEXT;
  return type.kind === 'num' || type.kind === 'text' || type.kind === 'sum' ? type : ANY;
}
