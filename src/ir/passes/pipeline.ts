// The order of the passes: the one place that knows it. Each pass takes a function and gives a function, and the IR is
// well formed after each one (the tests verify it between all of them).
//
// Typed versions are added to the whole unit before any of them (versions.ts). `own` is for engines that change lists in place: they run
// it last, since no other pass may move what it marked.
// Boxes are looked through first, so that loop-carried numbers become bare; what that uncovers is simplified again. Threading needs the
// constants that simplification finds, and gives it blocks with one way in, where the outcome of a branch is known.
import type { IrFunction, IrUnit } from '../ir.ts';
import { addVersions } from '../versions.ts';
import { shareCommon } from './common.ts';
import { removeDeadCode } from './dead.ts';
import { markOwned } from './own.ts';
import { simplify } from './simplify.ts';
import { threadJumps } from './thread.ts';
import { unboxParams } from './unbox.ts';

export type Pass = (fn: IrFunction) => IrFunction;

/** The passes by name, for `ir:NAME` dumps and for tests. */
export const PASSES = {
  simplify,
  unbox: unboxParams,
  thread: threadJumps,
  common: shareCommon,
  dead: removeDeadCode,
  own: markOwned,
} as const satisfies Record<string, Pass>;

export type PassName = keyof typeof PASSES;

export const PASS_ORDER: readonly PassName[] = [
  'simplify',
  'unbox',
  'simplify',
  'thread',
  'common',
  'simplify',
  'dead',
  'thread',
];

/** What a very large function gets: it is hardly ever hot, and each pass over it costs a good part of a second. */
const SHORT_ORDER: readonly PassName[] = ['simplify', 'unbox', 'dead', 'thread'];

/** Instructions from which on a function is very large. */
const VERY_LARGE = 20_000;

/** The unit with typed versions of its functions, after all passes. */
export function optimise(unit: IrUnit): IrUnit {
  const typed = addVersions(unit);
  return { ...typed, functions: typed.functions.map(optimiseFunction) };
}

/** One function after all passes: for engines that compile a function when it is first called. */
export function optimiseFunction(fn: IrFunction): IrFunction {
  const size = fn.blocks.reduce((sum, block) => sum + block.code.length, 0);
  const order = size < VERY_LARGE ? PASS_ORDER : SHORT_ORDER;
  let at = fn;
  // A pass that had nothing to do has nothing to do until another one changes something.
  const idle = new Map<PassName, IrFunction>();
  for (const name of order) {
    if (idle.get(name) === at) continue;
    const after = PASSES[name](at);
    if (after === at) idle.set(name, at);
    at = after;
  }
  return at;
}
