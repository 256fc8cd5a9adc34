// Runs the code of a state: chooses the loop for its arrays. V8 takes what a function has captured for constants when it compiles it, as
// long as there is one such function. So it does for the loop over the shared memory, and as well as it can for others.
//
// How the loop (loop.ts) is written. The code was checked before (check.ts), so nothing is checked again.
// Case labels are numbers because V8 makes a jump table only of those; scripts/register-labels.mjs numbers them by the table of instructions, and a
// test looks. `a` and `b` are places in the register file. `| 0` tells V8 that places are integers, which it then keeps in machine registers. The
// targets of jumps and calls are places in the array of code (memory.ts puts them in); `state.pc` and the links of frames count from `origin`. Where
// several instructions share code, it must not look at the opcode again: V8 would keep it, on the stack. Every instruction reads its operands before it
// writes, because a result may take the register of an operand. Tagged words are copied as two integers: value-word.ts says why, and which is the high one.
// A tagged word read as a double is a NaN. So arithmetic on any values needs no test before it: a result that is a number had numbers for operands,
// and so had a comparison that holds; only for the rest somebody has to look at what they are.
import { makeLoop } from './loop.ts';
import type { Loop, RegisterState, Status } from './state.ts';

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
