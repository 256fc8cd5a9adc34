// Waiting without an event loop: a program is a sequence of steps, and so is its host.

const NEVER_SIGNALLED = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread for that many milliseconds. Ctrl-C ends the process as usual meanwhile. */
export function pause(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(NEVER_SIGNALLED, 0, 0, milliseconds);
}

/** Pauses for retrying what the system was not ready for: 1 ms at first, then twice as long each time, up to `longest`. */
export function makeBackoff(longest = 32): () => void {
  let next = 1;
  return () => {
    pause(next);
    next = Math.min(next * 2, longest);
  };
}
