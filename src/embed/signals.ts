// Hearing of a caller's AbortSignal. A service hands one signal to any number of runs; each with a listener of its own would make Node warn of a leak
// from the eleventh on. So a signal has one listener of ours, which calls whoever waits.
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Has `work` called when the signal is aborted. Gives what takes it back. A signal that was aborted before is not heard of. */
export function whenAborted(signal: AbortSignal | undefined, work: () => void): () => void {
  if (signal === undefined) return () => {};
  const all = waiting.get(signal) ?? listenTo(signal);
  // Twice the same function would be one.
  const entry = (): void => work();
  all.add(entry);
  return () => void all.delete(entry);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>();
  waiting.set(signal, all);
  signal.addEventListener('abort', () => {
    for (const work of [...all]) if (all.delete(work)) work();
  });
  return all;
}
