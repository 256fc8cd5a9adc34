// The types of the prover form a lattice. At the bottom `NEVER`, "no value has come here yet"; at the top `any`. Going up
// only, and only so far (`widen`), every computation over them comes to an end.
import { ANY, fnOf, listOf, mapOf, NIL, optionalOf, resultOf, TEXT, type Type } from '../../core/type.ts';
import { sameType } from './verify-types.ts';

/** The type without values. It never leaves the prover: see `settle`. */
export const NEVER: Type = { kind: 'sum', variants: [] };
/** A function as a value, of which nothing else is known. */
export const FUNCTION: Type = fnOf([], ANY);
/** A list without elements, until some are seen. */
export const EMPTY_LIST: Type = listOf(NEVER);
/** A map without entries. */
export const EMPTY_MAP: Type = mapOf(NEVER, NEVER);

const MAX_DEPTH = 6;

/** The least type that covers both. */
export function join(a: Type, b: Type): Type {
  if (a === b || b === NEVER) return a;
  if (a === NEVER) return b;
  if (a.kind === 'any' || b.kind === 'any') return ANY;
  if (a.kind === 'nil') return b.kind === 'nil' ? b : orNil(b);
  if (b.kind === 'nil') return orNil(a);
  if (a.kind === 'optional' || b.kind === 'optional') return orNil(join(withoutNil(a), withoutNil(b)));
  switch (a.kind) {
    case 'list':
      if (b.kind !== 'list') return ANY;
      return b.of === a.of ? a : listOf(join(a.of, b.of));
    case 'map':
      return b.kind === 'map' ? mapOf(join(a.key, b.key), join(a.value, b.value)) : ANY;
    case 'result':
      return b.kind === 'result' ? resultOf(join(a.ok, b.ok), join(a.err, b.err)) : ANY;
    default:
      return sameType(a, b) ? a : ANY;
  }
}

/** The type of values of `type` and nil. */
export function orNil(type: Type): Type {
  if (type === NEVER) return NIL;
  return type.kind === 'any' || type.kind === 'nil' || type.kind === 'optional' ? type : optionalOf(type);
}

/** The type of those values of `type` that are not nil. */
export function withoutNil(type: Type): Type {
  if (type.kind === 'optional') return type.of;
  return type.kind === 'nil' ? NEVER : type;
}

/** The type itself, or `any` when it nests so deep that growing it might never end. */
export function widen(type: Type): Type {
  return isDeeper(type, MAX_DEPTH) ? ANY : type;
}

function isDeeper(type: Type, depth: number): boolean {
  if (depth === 0) return true;
  switch (type.kind) {
    case 'list':
    case 'optional':
      return isDeeper(type.of, depth - 1);
    case 'map':
      return isDeeper(type.key, depth - 1) || isDeeper(type.value, depth - 1);
    case 'result':
      return isDeeper(type.ok, depth - 1) || isDeeper(type.err, depth - 1);
    default:
      return false;
  }
}

/** What the outside sees of a proven type: where no value can be, nothing is claimed. */
export function settle(type: Type): Type {
  switch (type.kind) {
    case 'sum':
      return type === NEVER ? ANY : TEXT;
    case 'list':
      return hasNever(type) ? listOf(settle(type.of)) : type;
    case 'optional':
      return hasNever(type) ? optionalOf(settle(type.of)) : type;
    case 'map':
      return hasNever(type) ? mapOf(settle(type.key), settle(type.value)) : type;
    case 'result':
      return hasNever(type) ? resultOf(settle(type.ok), settle(type.err)) : type;
    default:
      return type;
  }
}

function hasNever(type: Type): boolean {
  switch (type.kind) {
    case 'list':
    case 'optional':
      return hasNever(type.of);
    case 'map':
      return hasNever(type.key) || hasNever(type.value);
    case 'result':
      return hasNever(type.ok) || hasNever(type.err);
    default:
      return type === NEVER;
  }
}

/** What a declared type (aliases replaced, variables unknown) says about a value that is known to keep to it. */
export function fromDeclared(type: Type): Type {
  switch (type.kind) {
    case 'sum':
      return TEXT;
    case 'list':
      return listOf(fromDeclared(type.of));
    case 'optional':
      return orNil(fromDeclared(type.of));
    case 'map':
      return mapOf(fromDeclared(type.key), fromDeclared(type.value));
    case 'result':
      return resultOf(fromDeclared(type.ok), fromDeclared(type.err));
    case 'fn':
      return FUNCTION;
    default:
      return type;
  }
}

/** What a declared type says about a value that was looked at from outside, but not into its parts. */
export function fromChecked(type: Type): Type {
  switch (type.kind) {
    case 'num':
    case 'text':
    case 'bool':
      return type;
    case 'sum':
      return TEXT;
    case 'list':
      return listOf(ANY);
    case 'optional':
      return orNil(fromChecked(type.of));
    default:
      return ANY;
  }
}
