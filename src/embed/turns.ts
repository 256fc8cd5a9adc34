// Turns of the event loop for runs that are in the middle of their work. Each turn of the loop goes to one of them, however many there are: so timers
// and what comes from outside wait for one slice of one run at most.
import { whenAborted } from './signals.ts';

interface Waiter {
  readonly go: () => void;
  left: boolean;
}

const waiters: Waiter[] = [];
let isScheduled = false;

/** Waits for a turn. Rejects at once with what `why` makes when the signal is aborted before. */
export function nextTurn(signal: AbortSignal | undefined, why: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      left: false,
      go: () => {
        stopHearing();
        resolve();
      },
    };
    const stopHearing = whenAborted(signal, () => {
      waiter.left = true;
      reject(why());
    });
    waiters.push(waiter);
    schedule();
  });
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(giveTurn);
}

function giveTurn(): void {
  isScheduled = false;
  let next = waiters.shift();
  while (next?.left === true) next = waiters.shift();
  next?.go();
  if (waiters.length > 0) schedule();
}
