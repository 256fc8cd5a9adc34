// One run in isolation: the request, the calls of tools that come back, and the ways in which it may end without an answer.
import { fault } from '../../core/fault.ts';
import type { Capabilities, Data, Stats } from '../api.ts';
import { IloError, LimitError, usageError } from '../errors.ts';
import type { FromIsolated, RunRequest, SentCapabilities } from './messages.ts';
import { type Ending, type Isolated, type Level, poolOf } from './pool.ts';

export interface IsolatedRun {
  readonly level: Level;
  readonly memory: number | undefined;
  readonly request: Omit<RunRequest, 'kind' | 'id' | 'source'>;
  readonly source: NonNullable<RunRequest['source']>;
  readonly print: ((text: string) => void) | undefined;
  /** Calls a tool of the caller's. */
  readonly tool: (name: string, args: readonly unknown[], signal: AbortSignal) => unknown;
  readonly signal: AbortSignal | undefined;
}

export interface IsolatedResult {
  readonly result: Data;
  readonly stats: Stats;
}

/** How long after the time limit a program is ended with force: it should have ended by itself. */
const GRACE_MS = 250;
/** How long after cancelling. */
const CANCEL_MS = 25;

let lastId = 0;

/** Runs a function of a program elsewhere. Rejects with an IloError. */
export async function runIsolated(run: IsolatedRun): Promise<IsolatedResult> {
  const pool = poolOf(run.level, run.memory);
  const isolated = await pool.acquire();
  let lives = true;
  try {
    return await new Promise((resolve, reject) =>
      perform(run, isolated, resolve, reject, () => {
        lives = false;
      }),
    );
  } finally {
    if (lives) pool.release(isolated);
    else pool.lost(isolated);
  }
}

function perform(
  run: IsolatedRun,
  isolated: Isolated,
  resolve: (result: IsolatedResult) => void,
  reject: (error: unknown) => void,
  lost: () => void,
): void {
  const { request, source, signal } = run;
  const id = ++lastId;
  const started = performance.now();
  const ended = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  /** What to say when it is ended with force. */
  let reason: unknown;
  const settle = (how: () => void): void => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    isolated.onMessage = () => {};
    ended.abort();
    how();
  };
  const force = (why: unknown, milliseconds: number): void => {
    timers.push(
      setTimeout(() => {
        reason = why;
        isolated.end();
      }, milliseconds),
    );
  };
  const onAbort = (): void => force(usageError('ILO-E007', 'the run was cancelled'), CANCEL_MS);
  isolated.onEnd = ending => {
    lost();
    settle(() => reject(reason ?? endError(ending, run.memory, performance.now() - started)));
  };
  isolated.onMessage = message => {
    if (message.kind === 'call') return void answerCall(run, isolated, message, ended.signal);
    if (message.id !== id) return;
    switch (message.kind) {
      case 'done':
        return settle(() => resolve({ result: message.result, stats: message.stats }));
      case 'failed':
        return settle(() => reject(asError(message)));
      case 'print':
        return run.print?.(message.text);
      case 'unknown':
        isolated.send({ kind: 'run', id, source, ...request });
    }
  };
  const { timeout } = request.limits;
  if (Number.isFinite(timeout)) {
    const { code, message } = fault('ILO-R044', 'time', { limit: timeout });
    force(new LimitError(code, message, { stats: statsOf(timeout) }), timeout + GRACE_MS);
  }
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort);
  const first = !isolated.known.has(request.program);
  isolated.known.add(request.program);
  isolated.send({ kind: 'run', id, source: first ? source : undefined, ...request });
}

async function answerCall(
  run: IsolatedRun,
  isolated: Isolated,
  { call, tool, args }: FromIsolated & { kind: 'call' },
  signal: AbortSignal,
): Promise<void> {
  let answer: { ok: unknown } | { err: string };
  try {
    answer = { ok: await run.tool(tool, args, signal) };
  } catch (error) {
    answer = { err: error instanceof Error ? error.message : 'the tool failed' };
  }
  try {
    isolated.send({ kind: 'answer', call, answer });
  } catch {
    // What cannot be cloned cannot be an answer.
    isolated.send({ kind: 'answer', call, answer: { err: `the answer of tool ${tool} cannot be copied` } });
  }
}

function statsOf(milliseconds: number): Stats {
  return { fuel: 0, bytes: 0, output: 0, milliseconds, hostCalls: 0 };
}

function endError(ending: Ending, memory: number | undefined, milliseconds: number): IloError {
  const stats = statsOf(milliseconds);
  if (ending === 'memory') {
    return new LimitError('ILO-R045', `the program held more memory than ${memory ?? 512} MiB`, { stats });
  }
  return new IloError('ILO-R099', 'the isolated program has crashed', { stats });
}

function asError({ error }: FromIsolated & { kind: 'failed' }): IloError {
  const { code, message, limit, place, calls, stats } = error;
  const details = { place, calls, stats };
  return limit ? new LimitError(code, message, details) : new IloError(code, message, details);
}

/** The capabilities as data. Throws ILO-E002 for a function that could not be asked from elsewhere. */
export function sendCapabilities(capabilities: Capabilities): SentCapabilities {
  const { print, env, read, write, net, clock, random, onRequest } = capabilities;
  for (const [name, value] of Object.entries({ clock, random, onRequest })) {
    if (typeof value === 'function') {
      throw usageError('ILO-E002', `capabilities.${name}: a function cannot be asked from an isolated program`);
    }
  }
  const hosts = Array.isArray(net) ? { hosts: net as readonly string[] } : net;
  return {
    print: print !== undefined,
    ...(env === undefined ? {} : { env: environmentValues(env) }),
    ...(read === undefined ? {} : { read }),
    ...(write === undefined ? {} : { write }),
    ...(hosts === undefined ? {} : { net: hosts as NonNullable<SentCapabilities['net']> }),
    ...(clock === true ? { clock } : {}),
    ...(random === true || typeof random === 'number' ? { random } : {}),
  };
}

/** The isolated side has no environment: what is granted by name is sent with its value. */
function environmentValues(env: NonNullable<Capabilities['env']>): Readonly<Record<string, string>> {
  if (!Array.isArray(env)) return env as Readonly<Record<string, string>>;
  const values: Record<string, string> = {};
  for (const name of env as readonly string[]) {
    const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
    if (value !== undefined) values[name] = value;
  }
  return values;
}
