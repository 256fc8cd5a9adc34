// A thread of a campaign, watched: when it ends before its time, or a program in it does not end, the program is reported and another
// thread goes on behind it.
import { Worker } from 'node:worker_threads';
import type { Assignment, Message } from './worker.ts';

/** A program that takes longer than this hangs: each run of it is limited. Making it small may take longer. */
const HANGS_AFTER = 30_000;
const SHRINKS_FOR = 120_000;

const LIMITS = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 2048, stackSizeMb: 4 };

export interface ThreadEvents {
  readonly message: (message: Message) => void;
  /** The program of a seed was given up. */
  readonly lost: (seed: number, why: string) => void;
  /** All seeds are done. */
  readonly end: () => void;
}

/** Starts a thread on `file` (worker.ts, bundled), and gives what stops it. */
export function startThread(file: string, work: Omit<Assignment, 'progress'>, events: ThreadEvents): () => void {
  const { from, count, step } = work;
  if (count <= 0) {
    events.end();
    return () => {};
  }
  const progress = new Int32Array(new SharedArrayBuffer(8));
  progress[0] = from;
  const worker = new Worker(file, { workerData: { ...work, progress } satisfies Assignment, resourceLimits: LIMITS });
  let before = -1;
  let since = performance.now();
  /** Stops whatever runs now: this thread, or the one behind it. */
  let stop = (): void => {
    clearInterval(watch);
    worker.removeAllListeners();
    worker.on('error', () => {});
    void worker.terminate();
  };
  const goOnBehind = (why: string): void => {
    const seed = progress[0]!;
    stop();
    let ended = false;
    stop = () => {
      ended = true;
    };
    events.lost(seed, why);
    const left = count - (seed - from) / step - 1;
    if (!ended) stop = startThread(file, { ...work, from: seed + step, count: left }, events);
  };
  const watch = setInterval(() => {
    const now = Atomics.load(progress, 0);
    if (now !== before) {
      before = now;
      since = performance.now();
    } else if (performance.now() - since > (Atomics.load(progress, 1) === 1 ? SHRINKS_FOR : HANGS_AFTER)) {
      goOnBehind('it hangs');
    }
  }, 1000);
  worker.on('message', (message: Message) => {
    if (message.kind !== 'done') {
      events.message(message);
      return;
    }
    stop();
    events.end();
  });
  worker.on('error', error => goOnBehind(`the thread ended: ${error.message}`));
  return () => stop();
}
