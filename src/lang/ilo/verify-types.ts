// How the verifier compares and combines types. These are the language's own, forgiving rules: unknown goes with
// everything, an optional goes with what it holds, a sum type is text. What really holds at run time is prove.ts's matter.
import { ANY, fnOf, listOf, mapOf, optionalOf, resultOf, type Type } from '../../core/type.ts';
import { isTypeVariable } from './builtins/signature.ts';

/** Beyond these a type is too large to compare or print; see `isTooLarge`. */
const MAX_NODES = 5000;
const MAX_DEPTH = 256;
/** How deep a variable's inferred type may nest before it counts as unknown (`x=[x]` repeated). */
const MAX_INFERRED_DEPTH = 64;

/** Whether a value of type `b` may stand where `a` is wanted. Symmetric, but for the order of function parameters. */
export function compatible(a: Type, b: Type): boolean {
  if (a === b || a.kind === 'any' || b.kind === 'any') return true;
  if (a.kind === 'optional') return b.kind === 'nil' || compatible(a.of, b.kind === 'optional' ? b.of : b);
  if (b.kind === 'optional') return a.kind === 'nil' || compatible(a, b.of);
  switch (a.kind) {
    case 'sum':
      return b.kind === 'text' || (b.kind === 'sum' && sameWords(a.variants, b.variants));
    case 'text':
      return b.kind === 'text' || b.kind === 'sum';
    case 'list':
      return b.kind === 'list' && compatible(a.of, b.of);
    case 'map':
      return b.kind === 'map' && compatible(a.key, b.key) && compatible(a.value, b.value);
    case 'result':
      return b.kind === 'result' && compatible(a.ok, b.ok) && compatible(a.err, b.err);
    case 'fn':
      return (
        b.kind === 'fn' &&
        a.params.length === b.params.length &&
        a.params.every((param, index) => compatible(param, b.params[index]!)) &&
        compatible(a.result, b.result)
      );
    case 'named':
      return b.kind === 'named' && a.name === b.name;
    default:
      return a.kind === b.kind;
  }
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/** Whether two types are written the same. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'optional':
    case 'list':
      return sameType(a.of, (b as typeof a).of);
    case 'map':
      return sameType(a.key, (b as typeof a).key) && sameType(a.value, (b as typeof a).value);
    case 'result':
      return sameType(a.ok, (b as typeof a).ok) && sameType(a.err, (b as typeof a).err);
    case 'sum':
      return sameWords(a.variants, (b as typeof a).variants);
    case 'fn': {
      const other = b as typeof a;
      return (
        a.params.length === other.params.length &&
        a.params.every((param, index) => sameType(param, other.params[index]!)) &&
        sameType(a.result, other.result)
      );
    }
    case 'named':
      return a.name === (b as typeof a).name;
    default:
      return true;
  }
}

/** The type of something that is an `a` or a `b`, as far as checking goes: the first when they go together, else unknown. */
export function joinClaims(a: Type, b: Type): Type {
  if (b.kind === 'any') return b;
  return compatible(a, b) ? a : ANY;
}

/** A type as written with aliases replaced and type variables unknown; `lookup` gives undefined for names it leaves alone. */
export function resolveType(type: Type, lookup: (name: string) => Type | undefined): Type {
  switch (type.kind) {
    case 'optional':
      return optionalOf(resolveType(type.of, lookup));
    case 'list':
      return listOf(resolveType(type.of, lookup));
    case 'map':
      return mapOf(resolveType(type.key, lookup), resolveType(type.value, lookup));
    case 'result':
      return resultOf(resolveType(type.ok, lookup), resolveType(type.err, lookup));
    case 'fn':
      return fnOf(
        type.params.map(param => resolveType(param, lookup)),
        resolveType(type.result, lookup),
      );
    case 'named':
      return lookup(type.name) ?? (isTypeVariable(type) ? ANY : type);
    default:
      return type;
  }
}

/** Calls `visit` for every name that `type` mentions. */
export function forEachName(type: Type, visit: (name: string) => void): void {
  switch (type.kind) {
    case 'optional':
    case 'list':
      forEachName(type.of, visit);
      return;
    case 'map':
      forEachName(type.key, visit);
      forEachName(type.value, visit);
      return;
    case 'result':
      forEachName(type.ok, visit);
      forEachName(type.err, visit);
      return;
    case 'fn':
      for (const param of type.params) forEachName(param, visit);
      forEachName(type.result, visit);
      return;
    case 'named':
      visit(type.name);
      return;
    default:
      return;
  }
}

const NO_PARTS: readonly Type[] = [];

function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'optional':
    case 'list':
      return [type.of];
    case 'map':
      return [type.key, type.value];
    case 'result':
      return [type.ok, type.err];
    case 'fn':
      return [...type.params, type.result];
    default:
      return NO_PARTS;
  }
}

interface Size {
  readonly nodes: number;
  readonly depth: number;
}
const sizes = new WeakMap<Type, Size>();

function sizeOf(type: Type): Size {
  const parts = partsOf(type);
  if (parts.length === 0) return { nodes: 1, depth: 1 };
  const known = sizes.get(type);
  if (known) return known;
  let nodes = 1;
  let depth = 0;
  for (const part of parts) {
    const size = sizeOf(part);
    nodes += size.nodes;
    depth = Math.max(depth, size.depth);
  }
  const size = { nodes, depth: depth + 1 };
  sizes.set(type, size);
  return size;
}

/** Whether a type, written out, is larger than any program needs: aliases of aliases can double at every step. */
export function isTooLarge(type: Type): boolean {
  const { nodes, depth } = sizeOf(type);
  return nodes > MAX_NODES || depth > MAX_DEPTH;
}

/** The type itself, or unknown when it nests so deep that it can only come from repeated wrapping. */
export function boundedType(type: Type): Type {
  return isFlat(type, 3) || sizeOf(type).depth <= MAX_INFERRED_DEPTH ? type : ANY;
}

/** Whether a type nests no deeper than `depth`, without counting on anything that is remembered: nearly all types are small. */
function isFlat(type: Type, depth: number): boolean {
  switch (type.kind) {
    case 'optional':
    case 'list':
      return depth > 1 && isFlat(type.of, depth - 1);
    case 'map':
      return depth > 1 && isFlat(type.key, depth - 1) && isFlat(type.value, depth - 1);
    case 'result':
      return depth > 1 && isFlat(type.ok, depth - 1) && isFlat(type.err, depth - 1);
    case 'fn':
      return false;
    default:
      return true;
  }
}
