// Isolated threads or processes, a few of each, started when they are needed and kept. Each runs one program at a time, so that what is ended
// with force is that program alone. The last resort against whatever does not stop by itself is to end the thread or process;
// another one takes its place.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { LONGEST_TIMER } from '../options.ts';
import { packageFile } from '../package-file.ts';
import { withoutInherited } from '../prototypes.ts';
import { whenAborted } from '../signals.ts';
import type { FromIsolated, ToIsolated } from './messages.ts';
import { answerBytes, answerThread, QUESTIONS_PIPE, questionReader, SHARED_BYTES } from './questions.ts';

export type Level = 'worker' | 'process';

/** How one of them ended: by `end`, for want of memory, or in a way that nobody foresaw. */
export type Ending = 'ended' | 'memory' | 'crashed';

export interface Isolated {
  readonly send: (message: ToIsolated) => void;
  /** Answers the question that it waits for. */
  readonly answer: (answer: number) => void;
  /** Set by whoever uses it at the time. */
  onMessage: (message: FromIsolated) => void;
  onEnd: (ending: Ending) => void;
  /** Programs whose text it has. */
  readonly known: Set<string>;
  /** Ends it at once. */
  readonly end: () => void;
  readonly keepAlive: (alive: boolean) => void;
}

/** MiB of memory that an isolated program may hold besides what the engine itself needs. */
const MEMORY_MIB = 512;

interface Waiter {
  readonly resolve: (isolated: Isolated) => void;
  readonly reject: (error: unknown) => void;
}

/** How long somebody waits for a free one. */
interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly cancelled: () => Error;
  readonly milliseconds: number;
  readonly outOfTime: () => Error;
}

class Pool {
  private readonly level: Level;
  private readonly memory: number;
  private readonly idle: Isolated[] = [];
  private readonly waiting: Waiter[] = [];
  private size = 0;

  constructor(level: Level, memory: number) {
    this.level = level;
    this.memory = memory;
  }

  /**
   * One that nobody uses. Give it back with `release`, or with `lost` when it has ended. Rejects where none can be started, and with the error of
   * what ended the waiting.
   */
  async acquire({ signal, cancelled, milliseconds, outOfTime }: Patience): Promise<Isolated> {
    const free = this.idle.pop();
    if (free !== undefined) {
      free.keepAlive(true);
      return free;
    }
    if (this.size < Math.max(2, availableParallelism())) return this.start();
    return new Promise((resolve, reject) => {
      const leave = (why: () => Error): void => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        stay();
        reject(why());
      };
      const stopHearing = whenAborted(signal, () => leave(cancelled));
      const timer = setTimeout(() => leave(outOfTime), Math.min(milliseconds, LONGEST_TIMER));
      const stay = (): void => {
        clearTimeout(timer);
        stopHearing();
      };
      const waiter: Waiter = {
        resolve: isolated => {
          stay();
          resolve(isolated);
        },
        reject: error => {
          stay();
          reject(error);
        },
      };
      this.waiting.push(waiter);
    });
  }

  release(isolated: Isolated): void {
    const next = this.waiting.shift();
    if (next !== undefined) {
      next.resolve(isolated);
      return;
    }
    isolated.keepAlive(false);
    isolated.onMessage = () => {};
    isolated.onEnd = () => this.lost(isolated);
    this.idle.push(isolated);
  }

  /** Forgets one that has ended, and starts another where one is waited for. */
  lost(isolated: Isolated): void {
    const at = this.idle.indexOf(isolated);
    if (at >= 0) this.idle.splice(at, 1);
    this.size--;
    const next = this.waiting.shift();
    if (next === undefined) return;
    try {
      next.resolve(this.start());
    } catch (error) {
      next.reject(error);
    }
  }

  /** Ends those that nobody uses. */
  drain(): void {
    for (const isolated of this.idle.splice(0)) {
      isolated.onEnd = () => {};
      isolated.end();
      this.size--;
    }
  }

  private start(): Isolated {
    const start = this.level === 'worker' ? startWorker : startProcess;
    const started = withoutInherited(() => start(this.memory));
    // Counted when it is there, so that what could not be started takes nobody's place.
    this.size++;
    return started;
  }
}

const pools = new Map<string, Pool>();

/** The pool of a level, with so much memory for each of its members. */
export function poolOf(level: Level, memory: number = MEMORY_MIB): Pool {
  const key = `${level} ${memory}`;
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new Pool(level, memory);
    pools.set(key, pool);
  }
  return pool;
}

/** Ends all threads and processes that nobody uses. */
export function drainPools(): void {
  for (const pool of pools.values()) pool.drain();
}

function startWorker(memory: number): Isolated {
  const options: WorkerOptions = Object.assign(Object.create(null), {
    // Nothing of this process is handed on: no environment, no flags, no streams, and nothing that somebody wrote to Object.prototype.
    env: Object.create(null),
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32 },
    name: 'ilo-isolated',
  });
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const worker = new Worker(packageFile('isolated.cjs'), Object.assign(options, { workerData: shared }));
  let ending: Ending = 'crashed';
  const isolated: Isolated = {
    known: new Set(),
    onMessage: () => {},
    onEnd: () => {},
    send: message => worker.postMessage(message),
    answer: answer => answerThread(shared, answer),
    keepAlive: alive => void (alive ? worker.ref() : worker.unref()),
    end: () => {
      ending = 'ended';
      void worker.terminate();
    },
  };
  worker.on('message', message => isolated.onMessage(message as FromIsolated));
  worker.on('error', error => {
    if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') ending = 'memory';
  });
  worker.on('exit', () => isolated.onEnd(ending));
  return isolated;
}

function startProcess(memory: number): Isolated {
  const options: ForkOptions = Object.assign(Object.create(null), {
    env: Object.create(null),
    execArgv: [`--max-old-space-size=${memory}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  });
  const child: ChildProcess = fork(packageFile('isolated.cjs'), [], options);
  let ending: Ending = 'crashed';
  let ended = false;
  // V8 says on standard error why it gives up; nothing else of what it says is of use.
  child.stderr?.on('data', (text: Buffer) => {
    if (/heap out of memory|Allocation failed/.test(text.toString('latin1'))) ending = 'memory';
  });
  const questions = child.stdio[QUESTIONS_PIPE] as Socket;
  // One that has ended takes no answer any more.
  questions.on('error', () => {});
  questions.setEncoding('utf8').on(
    'data',
    questionReader(asked => isolated.onMessage(asked)),
  );
  const isolated: Isolated = {
    known: new Set(),
    onMessage: () => {},
    onEnd: () => {},
    send: message => void child.send(message, () => {}),
    answer: answer => void questions.write(answerBytes(answer)),
    keepAlive: alive => {
      const { channel, stderr } = child;
      for (const handle of [child, channel, stderr, questions] as { ref?: () => void; unref?: () => void }[]) {
        if (alive) handle?.ref?.();
        else handle?.unref?.();
      }
    },
    end: () => {
      ending = 'ended';
      child.kill('SIGKILL');
    },
  };
  const onEnd = (): void => {
    if (ended) return;
    ended = true;
    isolated.onEnd(ending);
  };
  child.on('message', message => isolated.onMessage(message as FromIsolated));
  child.on('error', onEnd);
  child.on('close', onEnd);
  return isolated;
}
