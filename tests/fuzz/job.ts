// A part of a campaign in a process of its own, watched: when it ends before its time, or a program in it does not end, the program is
// reported and another process goes on behind it. Processes, because machine code may take down what it runs in, and because in a thread
// of Node all of it is made in the form with limits.
import { fork } from 'node:child_process';
import type { Assignment, Message } from './worker.ts';

/** Looks after which a run hangs, one a second: each is limited. Making a program small may take longer. */
const HANGS_AFTER = 60;
const SHRINKS_FOR = 180;

/** Programs are short-lived garbage: with room for the young there is less to do for the collector. */
const FLAGS = ['--max-semi-space-size=32', '--max-old-space-size=2048'];

/** A mistake that a compiler notices itself is a find, not a reason to run elsewhere. */
const ENVIRONMENT = { ILO_STRESS: 'strict', ...process.env };

export interface JobEvents {
  readonly message: (message: Message) => void;
  /** The program of a seed was given up. */
  readonly lost: (seed: number, why: string) => void;
  /** All seeds are done. */
  readonly end: () => void;
}

/** How processes are started. */
export interface Runner {
  /** Node, and what stands before it on a command line. */
  readonly command: readonly string[];
  /** Waits so many times as long for a program. */
  readonly patience: number;
}

const HERE: Runner = { command: [process.execPath], patience: 1 };

/** Starts a process on `file` (worker.ts, bundled), and gives what stops it. */
export function startJob(file: string, work: Assignment, events: JobEvents, runner = HERE): () => void {
  const { from, count, step } = work;
  if (count <= 0) {
    events.end();
    return () => {};
  }
  const [execPath, ...before] = runner.command;
  const child = fork(file, [JSON.stringify(work)], {
    execPath: execPath!,
    execArgv: [...before, ...FLAGS],
    serialization: 'advanced',
    env: ENVIRONMENT,
  });
  let seed = from;
  let patience = HANGS_AFTER * runner.patience;
  // Counted, not measured: when everything stood still for a while, that is nobody's hang.
  let looks = 0;
  /** Stops whatever runs now: this process, or the one behind it. */
  let stop = (): void => {
    clearInterval(watch);
    child.removeAllListeners();
    child.on('error', () => {});
    child.kill('SIGKILL');
  };
  const goOnBehind = (why: string): void => {
    const lost = seed;
    stop();
    let ended = false;
    stop = () => {
      ended = true;
    };
    events.lost(lost, why);
    const left = count - (lost - from) / step - 1;
    if (!ended) stop = startJob(file, { ...work, from: lost + step, count: left }, events, runner);
  };
  const watch = setInterval(() => {
    if (++looks > patience) goOnBehind('it hangs');
  }, 1000);
  child.on('message', (message: Message) => {
    looks = 0;
    if (message.kind === 'at') {
      seed = message.seed;
      patience = runner.patience * (message.shrinking ? SHRINKS_FOR : HANGS_AFTER);
    } else if (message.kind === 'done') {
      stop();
      events.end();
    } else {
      events.message(message);
    }
  });
  child.on('error', error => goOnBehind(`the process ended: ${error.message}`));
  child.on('exit', (code, signal) => goOnBehind(`the process ended: ${signal ?? `code ${code}`}`));
  return () => stop();
}
