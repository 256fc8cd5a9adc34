// What may be named at a place of a generated program, and how much more may be written there.
import type { Type } from '../../../src/core/type.ts';
import type { Chooser } from '../random.ts';
import type { Favourite } from './favourites.ts';
import type { Node } from './tree.ts';
import { type Palette, type RecordType, someType } from './types.ts';

export interface FunctionHead {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
  /** Its first parameter counts down and ends it, so that it may call itself. */
  readonly recursive: boolean;
  /** It is short, cannot fault, and calls the function before it: such functions may be written into each other. */
  readonly wraps: boolean;
}

export interface World {
  readonly choose: Chooser;
  readonly records: readonly RecordType[];
  readonly heads: readonly FunctionHead[];
  /** External functions; nobody answers for them in a fuzzed run. */
  readonly tools: readonly FunctionHead[];
  /** What the program's types mostly are. */
  readonly palette: Palette;
  readonly favourite: Favourite | undefined;
  /** Counts up; names come from it. */
  names: number;
  /** Expressions that may still be written before only leaves are. */
  budget: number;
  /** Constructs contain each other; here they find the makers of the others, without importing in circles. */
  readonly expression: (context: Context, type: Type) => Node;
  /** Statements of which the last gives what the context returns. */
  readonly body: (context: Context, most: number) => Node;
}

export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Loop counters keep what the loop gives them. */
  readonly fixed: boolean;
}

export interface Context {
  readonly world: World;
  /** In scope, outermost first. Blocks push and cut back. */
  readonly variables: Variable[];
  /** What `ret` gives. */
  readonly result: Type;
  /** The function around, by its index in `heads`; functions before it may be called. */
  readonly index: number;
  /** How many loops are around. */
  readonly loops: number;
  /** How deep expressions may still nest. */
  readonly depth: number;
}

export function freshName(world: World, letter: string): string {
  return `${letter}${world.names++}`;
}

/** Runs `make` with what it adds to the scope taken away again. */
export function inScope<T>(context: Context, make: (context: Context) => T): T {
  const { length } = context.variables;
  const made = make(context);
  context.variables.length = length;
  return made;
}

/** An expression of the type, one level further in. */
export function inner(context: Context, type: Type): Node {
  return context.world.expression({ ...context, depth: context.depth - 1 }, type);
}

/** A type for something new. */
export function newType({ world: { choose, records, palette } }: Context, depth = 1): Type {
  return choose.chance(palette.share) ? choose.pick(palette.types) : someType(choose, records, depth);
}
