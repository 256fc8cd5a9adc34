// Functions as values: a function of the program, a builtin, a variable, a function in place with what it captures, or a text that
// names a function behind a value of unknown type.
import type { Type } from '../../../src/core/type.ts';
import { type Bindings, signaturesOf } from '../../../src/lang/ilo/builtins/signature.ts';
import { BUILTINS } from '../../../src/lang/ilo/builtins/table.ts';
import { sameType } from '../../../src/lang/ilo/verify-types.ts';
import { type Context, type FunctionHead, inner } from './context.ts';
import { lambda, variable, variablesOf } from './leaves.ts';
import { assemble, leaf, type Node } from './tree.ts';
import { unify } from './types.ts';

type FunctionType = Type & { readonly kind: 'fn' };

/** An expression that gives a function of the type. */
export function callable(context: Context, type: FunctionType): Node {
  const { choose } = context.world;
  const named = functionsOfType(context, type);
  const own = variablesOf(context, type);
  const builtins = builtinsOfType(type);
  const made = choose.weighted(
    [
      { weight: 6 * Math.min(named.length, 2), make: () => leaf('function', type, `(${choose.pick(named).name})`) },
      { weight: 6 * Math.min(own.length, 2), make: () => variable(type, choose.pick(own)) },
      {
        weight: 2 * Math.min(builtins.length, 2),
        make: () => leaf('builtin value', type, `(${choose.pick(builtins)})`),
      },
      { weight: 12, make: () => inPlace(context, type) },
    ],
    option => option.weight,
  )!;
  return made.make();
}

function functionsOfType(context: Context, type: FunctionType): readonly FunctionHead[] {
  return context.world.heads.filter(
    ({ params, result, recursive }, i) =>
      i < context.index &&
      !recursive &&
      params.length === type.params.length &&
      params.every((param, at) => sameType(param.type, type.params[at]!)) &&
      sameType(result, type.result),
  );
}

/** An argument. Where a function is wanted a text with its name does as well, if the verifier does not see it. */
export function argumentOf(context: Context, type: Type): Node {
  if (type.kind !== 'fn') return inner(context, type);
  const { choose } = context.world;
  const named = functionsOfType(context, type);
  return named.length > 0 && choose.chance(10)
    ? leaf('function by name', type, `(${UNKNOWN} "${choose.pick(named).name}")`)
    : callable(context, type);
}

/** The function through which a value loses what the verifier knows of it. Every program has it. */
export const UNKNOWN = 'any';

function inPlace(context: Context, type: FunctionType): Node {
  const { choose, body } = context.world;
  return lambda(context, type, around => (choose.chance(15) ? body(around, 1) : inner(around, type.result)));
}

/** A call of a variable that holds a function. */
export function callOf(context: Context, name: string, type: FunctionType): Node {
  const args = type.params.map(param => argumentOf(context, param));
  return assemble('expression', 'call of a value', type.result, callPieces(`(${name}`, args.length), args);
}

/** What stands around the arguments of a call. */
export function callPieces(open: string, count: number): readonly string[] {
  return count === 0 ? [`${open.slice(1)}()`] : [`${open} `, ...Array.from({ length: count - 1 }, () => ' '), ')'];
}

const FUNCTIONS: readonly (readonly [name: string, params: readonly Type[], result: Type])[] = [
  ...BUILTINS.names(),
].flatMap(name => {
  const row = BUILTINS.get(name)!;
  if (row.effect !== 'pure') return [];
  return signaturesOf(row)
    .filter(({ params }) => params.every(param => !param.variadic))
    .map(({ params, result }) => [name, params.map(param => param.alternatives[0]!), result] as const);
});

const known = new Map<string, readonly string[]>();

/** Builtins that may stand for a function of the type. */
function builtinsOfType(type: FunctionType): readonly string[] {
  const key = JSON.stringify(type);
  let found = known.get(key);
  if (found === undefined) {
    found = FUNCTIONS.filter(([, params, result]) => {
      const bindings: Bindings = new Map();
      return (
        params.length === type.params.length &&
        params.every((param, i) => unify(param, type.params[i]!, bindings)) &&
        unify(result, type.result, bindings)
      );
    }).map(([name]) => name);
    known.set(key, found);
  }
  return found;
}
