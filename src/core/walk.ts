// A builtin that calls a function for every item, taken apart into its calls. Whoever runs it decides where what is still to be
// done waits: engines whose calls nest on JavaScript's stack run it to its end (runWalk); the stack engine, and the register
// engine in a run by instructions, keep it beside their own frames, so that recursion through such a builtin nests as deep as any other, and
// what it calls can be suspended.
import type { Value } from './value/value.ts';

export interface Walk {
  /** What is called: a function value, or a text that names a function. */
  readonly fn: Value;
  /** The arguments of the next call; undefined when there is none. */
  readonly next: () => readonly Value[] | undefined;
  /** Takes what the call gave. Throws a Fault without a place. */
  readonly take: (result: Value) => void;
  /** What the builtin gives, once no call is left. Throws a Fault without a place. */
  readonly finish: () => Value;
}

/** Runs a walk to its end, calling with `call`. */
export function runWalk(walk: Walk, call: (fn: Value, args: readonly Value[]) => Value): Value {
  const { fn } = walk;
  for (let args = walk.next(); args !== undefined; args = walk.next()) walk.take(call(fn, args));
  return walk.finish();
}
