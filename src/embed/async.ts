// Runs whose tools may be asynchronous. A program runs in slices of a few milliseconds, between which the event loop has its turn; while a tool
// works, nothing runs. The time limit covers all of it, and a cancelled run ends at once when it waits,
// for a tool or for its next slice.
import { InternalError } from '../base/assert.ts';
import type { CoreTool } from '../core/core.ts';
import type { Value } from '../core/value/value.ts';
import { messageOf, usageError } from './errors.ts';
import { LONGEST_TIMER } from './options.ts';
import type { PausingRun, Standing } from './pausing.ts';
import { whenAborted } from './signals.ts';
import type { Answer } from './tools.ts';
import { nextTurn } from './turns.ts';

/** Units of fuel between two turns of the event loop: a few milliseconds of work. */
const SLICE = 50_000;
/** Milliseconds after which it has its turn though each tool answers at once, and no slice is ever used up. */
const TURN_EVERY = 8;
/** No unit of fuel pauses a run that may block. */
export const WITHOUT_PAUSE = Number.POSITIVE_INFINITY;

/**
 * Tool calls that stand on JavaScript's stack: a tool that runs a program nests them, and what it nests without end would end the process. Where
 * so many stand already, a run waits for a turn of the event loop, where none do.
 */
let standingCalls = 0;
const MOST_STANDING = 16;

/** Calls a tool; the signal tells it that nobody waits any more. */
export type AsyncCaller = (tool: CoreTool, args: readonly Value[], signal: AbortSignal) => Answer;

/** Runs a function to its end. Rejects with a Fault or an IloError. */
export async function runToEnd(
  run: PausingRun,
  callee: number,
  values: readonly Value[],
  call: AsyncCaller,
  signal: AbortSignal | undefined,
): Promise<Value> {
  let lastTurn = performance.now();
  const takeTurn = async (): Promise<void> => {
    await nextTurn(signal, cancelled);
    lastTurn = performance.now();
  };
  try {
    let standing: Standing = run.start(callee, values, SLICE);
    for (;;) {
      checkCancelled(signal);
      switch (standing.kind) {
        case 'done':
          return standing.value;
        case 'paused':
          await takeTurn();
          standing = run.goOn(SLICE);
          break;
        case 'waits': {
          const { promise } = standing;
          const settled: Promise<() => unknown> = promise.then(
            value => () => value,
            error => () => {
              throw error;
            },
          );
          standing = run.hostAnswered(await inTime(settled, run, signal), SLICE);
          break;
        }
        case 'called': {
          const { tool, args } = standing;
          if (standingCalls >= MOST_STANDING || performance.now() - lastTurn >= TURN_EVERY) await takeTurn();
          const answer = stand(() => call(tool, args, run.ended.signal));
          const value = 'value' in answer ? answer.value : await inTime(answer.promise, run, signal);
          standing = run.answer(tool, value, SLICE);
        }
      }
    }
  } finally {
    run.ended.abort();
  }
}

function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}

function stand(call: () => Answer): Answer {
  standingCalls++;
  try {
    return call();
  } finally {
    standingCalls--;
  }
}

function cancelled(): unknown {
  return usageError('ILO-E007', 'the run was cancelled');
}

/** What a promise gives, unless the time of the run is over or the run is cancelled before. */
function inTime<Result>(promise: Promise<Result>, run: PausingRun, signal: AbortSignal | undefined): Promise<Result> {
  if (signal?.aborted === true) {
    // The tool itself has cancelled the run: nobody hears of what becomes of its promise.
    promise.catch(() => {});
    return Promise.reject(cancelled());
  }
  return new Promise((resolve, reject) => {
    const left = run.timeLeft();
    const timer = Number.isFinite(left)
      ? setTimeout(() => settle(() => reject(run.outOfTime())), Math.min(Math.max(0, left), LONGEST_TIMER))
      : undefined;
    const onAbort = (): void => settle(() => reject(cancelled()));
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      stopHearing();
      how();
    };
    const stopHearing = whenAborted(signal, onAbort);
    // What was called may have cancelled the run itself.
    if (signal?.aborted === true) onAbort();
    promise.then(
      value => settle(() => resolve(value)),
      error => settle(() => reject(error instanceof Error ? error : new InternalError(messageOf(error) ?? 'no error'))),
    );
  });
}
