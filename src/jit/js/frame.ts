// What a generated function takes of JavaScript's stack. V8's interpreter keeps every variable in a place of the frame for the whole
// call; compiled code takes less, but has to fit what the interpreter would take as well.

/** Places besides variables: what V8 puts into each frame, temporaries, and what `try` needs. `node scripts/stack-need.mjs` measures. */
const FIXED = 24;
const BYTES = 8;

/** Bytes for a function with so many parameters and variables, whose widest call hands on so many values. */
export function bytesOfGenerated(parameters: number, variables: number, widest: number): number {
  return BYTES * (FIXED + parameters + variables + widest);
}
