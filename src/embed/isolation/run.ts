// One run in isolation: the request, the calls of tools that come back, and the ways in which it may end without an answer.
import { fault } from '../../core/fault.ts';
import type { Capabilities, Data, Place, Stats } from '../api.ts';
import { IloError, isIloError, LimitError, messageOf, partsOf } from '../errors.ts';
import type { Used } from '../meters.ts';
import { LONGEST_TIMER } from '../options.ts';
import { whenAborted } from '../signals.ts';
import {
  type FromIsolated,
  MOST_PROGRAMS,
  type RunRequest,
  type SentCapabilities,
  type ToolAnswer,
} from './messages.ts';
import { type Ending, type Isolated, type Level, poolOf } from './pool.ts';
import type { Question } from './questions.ts';

export interface IsolatedRun {
  readonly level: Level;
  readonly memory: number | undefined;
  readonly request: Omit<RunRequest, 'kind' | 'id' | 'source'>;
  readonly source: NonNullable<RunRequest['source']>;
  readonly print: ((text: string) => void) | undefined;
  /** Answers what the program asks functions of the caller's. Throws IloError. */
  readonly answer: (question: Question) => number;
  /** Calls a tool of the caller's. */
  readonly tool: (name: string, args: readonly unknown[], signal: AbortSignal) => Promise<Data>;
  readonly signal: AbortSignal | undefined;
  /** The function that is called: nobody knows more about where a run stands that is ended with force. */
  readonly place: Place | undefined;
}

export interface IsolatedResult {
  readonly result: Data;
  readonly stats: Stats;
}

/** What has become of a thread or process after a run. `ending`: it is about to be gone. */
type State = 'free' | 'ending' | 'ended';

/** How long after the time limit a program is ended with force: it should have ended by itself. */
const GRACE_MS = 250;
/** How long a thread or process may take to begin with a run. */
const START_MS = 60_000;

const NOTHING_USED: Used = { fuel: 0, bytes: 0, output: 0 };

let lastId = 0;

const notBegun = (): IloError => new IloError('ILO-E007', 'the run was cancelled before it began');

/**
 * Runs a function of a program elsewhere. The time limit begins with the call: what was waited for a free thread or process is taken off it.
 * Rejects with an IloError.
 */
export async function runIsolated(run: IsolatedRun): Promise<IsolatedResult> {
  const pool = poolOf(run.level, run.memory);
  const called = performance.now();
  const { timeout } = run.request.limits;
  const outOfTime = (): IloError => {
    const stats = { ...NOTHING_USED, milliseconds: performance.now() - called, hostCalls: 0 };
    return timeError(timeout)({ place: run.place, calls: [run.request.name], stats });
  };
  const patience = { signal: run.signal, cancelled: notBegun, milliseconds: timeout, outOfTime };
  const isolated = await pool.acquire(patience).catch(error => {
    if (isIloError(error)) throw error;
    throw new IloError(
      'ILO-R099',
      `the isolated program could not be started: ${messageOf(error) ?? 'no reason given'}`,
    );
  });
  const waited = performance.now() - called;
  let state: State = 'free';
  try {
    return await new Promise((resolve, reject) =>
      perform(run, waited, isolated, resolve, reject, now => {
        state = now;
      }),
    );
  } finally {
    const after = state as State;
    if (after === 'free') pool.release(isolated);
    else if (after === 'ended') pool.lost(isolated);
    else isolated.onEnd = () => pool.lost(isolated);
  }
}

function perform(
  run: IsolatedRun,
  waited: number,
  isolated: Isolated,
  resolve: (result: IsolatedResult) => void,
  reject: (error: unknown) => void,
  leave: (state: State) => void,
): void {
  const { source, signal } = run;
  const { timeout } = run.request.limits;
  const left = Math.max(0, timeout - waited);
  const request = { ...run.request, limits: { ...run.request.limits, timeout: left } };
  const id = ++lastId;
  const began = performance.now();
  let hostCalls = 0;
  let used: Used = NOTHING_USED;
  let printed = 0;
  const ended = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  /** What to say when it is ended with force. */
  let reason: Reason | undefined;
  const settle = (how: () => void): void => {
    for (const timer of timers) clearTimeout(timer);
    stopHearing();
    isolated.onMessage = () => {};
    ended.abort();
    how();
  };
  const force = (why: Reason, milliseconds: number): void => {
    timers.push(
      setTimeout(
        () => {
          reason = why;
          isolated.end();
        },
        Math.min(milliseconds, LONGEST_TIMER),
      ),
    );
  };
  /** Calls a function of the caller's. When it throws, the run ends at once. */
  const hostFunction = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      const { code, message } = partsOf(error);
      const cause = isIloError(error) ? error.cause : error;
      reason = ({ stats }) => new IloError(code, message, { stats, cause });
      isolated.end();
    }
  };
  const details = (): Details => {
    const output = Math.max(used.output, printed);
    const stats = { ...used, output, milliseconds: performance.now() - began, hostCalls };
    return { place: run.place, calls: [request.name], stats };
  };
  // A program that is cancelled is ended with force at once: it could be anywhere, also where it hears nothing. Nobody waits for that.
  const onAbort = (): void => {
    reason = CANCELLED;
    isolated.end();
    leave('ending');
    settle(() => reject(CANCELLED(details())));
  };
  const stopHearing = whenAborted(signal, onAbort);
  isolated.onEnd = ending => {
    leave('ended');
    settle(() => reject(reason?.(details()) ?? endError(ending, run.memory, details())));
  };
  isolated.onMessage = message => {
    // What is ended with force is not heard any more.
    if (reason !== undefined || (message.id !== id && message.kind !== 'call')) return;
    switch (message.kind) {
      case 'call':
        hostCalls++;
        return void answerCall(run, isolated, message, ended.signal);
      case 'started':
        clearTimeout(timers.shift());
        force(timeError(timeout), left + GRACE_MS);
        return;
      case 'done':
        return settle(() => resolve({ result: message.result, stats: message.stats }));
      case 'failed':
        return settle(() => reject(asError(message, timeout)));
      case 'used':
        used = message.used;
        return;
      case 'print':
        for (const text of message.texts) {
          // The one before may have thrown.
          if (reason !== undefined) return;
          hostCalls++;
          printed += text.length;
          hostFunction(() => run.print?.(text));
        }
        return;
      case 'ask':
        if (message.question.kind === 'clock') hostCalls++;
        return hostFunction(() => isolated.answer(run.answer(message.question)));
      case 'unknown':
        isolated.send({ kind: 'run', id, source, ...request });
    }
  };
  // The clock of the run starts with the run; until then the thread or process only gets ready.
  force(NOT_STARTED, START_MS);
  if (signal?.aborted === true) {
    onAbort();
    return;
  }
  const isNew = remember(isolated.known, request.program);
  isolated.send({ kind: 'run', id, source: isNew ? source : undefined, ...request });
}

/** Makes a program the last used one, and forgets the one that was used longest ago, as the other side does. Gives whether it is new. */
function remember(known: Set<string>, program: string): boolean {
  const isNew = !known.delete(program);
  known.add(program);
  if (known.size > MOST_PROGRAMS) known.delete(known.values().next().value!);
  return isNew;
}

async function answerCall(
  run: IsolatedRun,
  isolated: Isolated,
  { call, tool, args }: FromIsolated & { kind: 'call' },
  signal: AbortSignal,
): Promise<void> {
  let answer: ToolAnswer['answer'];
  try {
    answer = { ok: await run.tool(tool, args, signal) };
  } catch (error) {
    const { code, message } = partsOf(error);
    answer = { code, err: message };
  }
  isolated.send({ kind: 'answer', call, answer });
}

interface ErrorDetails {
  readonly place: Place | undefined;
  readonly calls: readonly string[];
  readonly stats: Stats | undefined;
}

interface Details extends ErrorDetails {
  readonly stats: Stats;
}

/** What a run is ended with, made when it has ended. */
type Reason = (details: Details) => IloError;

const NOT_STARTED: Reason = ({ stats }) =>
  new IloError('ILO-R099', 'the isolated program could not be started', { stats });

const CANCELLED: Reason = ({ stats }) => new IloError('ILO-E007', 'the run was cancelled', { stats });

function timeError(timeout: number): (details: ErrorDetails) => LimitError {
  const { code, message } = fault('ILO-R044', 'time', { limit: timeout });
  return details => new LimitError(code, message, details);
}

function endError(ending: Ending, memory: number | undefined, details: Details): IloError {
  if (ending === 'memory') {
    return new LimitError('ILO-R045', `the program held more memory than ${memory ?? 512} MiB`, details);
  }
  return new IloError('ILO-R099', 'the isolated program has crashed', details);
}

/** The error of a run that said itself why it ended. What is left of a time limit is no figure for the caller. */
function asError({ error }: FromIsolated & { kind: 'failed' }, timeout: number): IloError {
  const { code, message, limit, place, calls, stats } = error;
  const details = { place, calls, stats };
  if (code === 'ILO-R044') return timeError(timeout)(details);
  return limit ? new LimitError(code, message, details) : new IloError(code, message, details);
}

/** The capabilities as data. */
export function sendCapabilities(capabilities: Capabilities): SentCapabilities {
  const { print, env, read, write, net, clock, random, onRequest } = capabilities;
  const hosts = Array.isArray(net) ? { hosts: net as readonly string[] } : net;
  return {
    print: print !== undefined,
    onRequest: onRequest !== undefined,
    ...(env === undefined ? {} : { env: environmentValues(env) }),
    ...(read === undefined ? {} : { read }),
    ...(write === undefined ? {} : { write }),
    ...(hosts === undefined ? {} : { net: hosts as NonNullable<SentCapabilities['net']> }),
    ...(clock === true ? { clock } : typeof clock === 'function' ? { clock: 'asked' } : {}),
    ...(random === true || typeof random === 'number'
      ? { random }
      : typeof random === 'function'
        ? { random: 'asked' }
        : {}),
  };
}

/** The isolated side has no environment: what is granted by name is sent with its value. */
function environmentValues(env: NonNullable<Capabilities['env']>): NonNullable<SentCapabilities['env']> {
  if (!Array.isArray(env)) return { names: undefined, values: env as Readonly<Record<string, string>> };
  const names = env as readonly string[];
  const known = names.filter(name => Object.hasOwn(process.env, name));
  return { names, values: Object.fromEntries(known.map(name => [name, process.env[name]!])) };
}
