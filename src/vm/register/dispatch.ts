// Runs the code of a state: chooses the loop for its arrays. V8 takes what a function has captured for constants when it compiles it, as
// long as there is one such function. So it does for the loop over the shared memory, and as well as it can for others.
import { type Loop, makeLoop } from './loop.ts';
import type { RegisterState, Status } from './state.ts';

/** The loop over the shared memory (memory.ts). */
let fast: Loop | undefined;

/**
 * Runs from `state.pc` until the innermost frame that was opened from outside ends; its result is then in the register at `state.resultAt`.
 * Calling it again goes on with what has not ended. Throws what the program throws, with `state.pc` at the place.
 */
export function dispatch(state: RegisterState): Status {
  const { memory } = state.setting;
  if (state.floats !== memory.floats || state.code !== memory.code) {
    return makeLoop(state.floats, state.words, state.code)(state);
  }
  fast ??= makeLoop(memory.floats, memory.words, memory.code);
  return fast(state);
}
