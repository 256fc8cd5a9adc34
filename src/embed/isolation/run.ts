// One run in isolation: the request, the calls of tools that come back, and the ways in which it may end without an answer.
import { fault } from '../../core/fault.ts';
import type { Capabilities, Data, Place, Stats } from '../api.ts';
import { IloError, isIloError, LimitError, messageOf, partsOf, usageError } from '../errors.ts';
import type { Used } from '../meters.ts';
import { LONGEST_TIMER } from '../options.ts';
import type { FromIsolated, RunRequest, SentCapabilities, ToolAnswer } from './messages.ts';
import { type Ending, type Isolated, type Level, poolOf } from './pool.ts';

export interface IsolatedRun {
  readonly level: Level;
  readonly memory: number | undefined;
  readonly request: Omit<RunRequest, 'kind' | 'id' | 'source'>;
  readonly source: NonNullable<RunRequest['source']>;
  readonly print: ((text: string) => void) | undefined;
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

/** How long after the time limit a program is ended with force: it should have ended by itself. */
const GRACE_MS = 250;
/** How long a thread or process may take to begin with a run. */
const START_MS = 60_000;

let lastId = 0;

const notBegun = (): IloError => new IloError('ILO-E007', 'the run was cancelled before it began');

/** Runs a function of a program elsewhere. Rejects with an IloError. */
export async function runIsolated(run: IsolatedRun): Promise<IsolatedResult> {
  const pool = poolOf(run.level, run.memory);
  const isolated = await pool.acquire(run.signal, notBegun).catch(error => {
    if (isIloError(error)) throw error;
    throw new IloError(
      'ILO-R099',
      `the isolated program could not be started: ${messageOf(error) ?? 'no reason given'}`,
    );
  });
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
  const began = performance.now();
  let hostCalls = 0;
  let used: Used = { fuel: 0, bytes: 0, output: 0 };
  let printed = 0;
  const ended = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  /** What to say when it is ended with force. */
  let reason: Reason | undefined;
  const settle = (how: () => void): void => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
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
  // A program that is cancelled is ended with force at once: it could be anywhere, also where it hears nothing.
  const onAbort = (): void => {
    reason = CANCELLED;
    isolated.end();
  };
  isolated.onEnd = ending => {
    lost();
    const output = Math.max(used.output, printed);
    const stats = { ...used, output, milliseconds: performance.now() - began, hostCalls };
    const details = { place: run.place, calls: [request.name], stats };
    settle(() => reject(reason?.(details) ?? endError(ending, run.memory, details)));
  };
  const { timeout } = request.limits;
  isolated.onMessage = message => {
    // What is ended with force is not heard any more.
    if (reason !== undefined || (message.id !== id && message.kind !== 'call')) return;
    switch (message.kind) {
      case 'call':
        hostCalls++;
        return void answerCall(run, isolated, message, ended.signal);
      case 'started':
        clearTimeout(timers.shift());
        if (Number.isFinite(timeout)) force(timeError(timeout), timeout + GRACE_MS);
        return;
      case 'done':
        return settle(() => resolve({ result: message.result, stats: message.stats }));
      case 'failed':
        return settle(() => reject(asError(message)));
      case 'used':
        used = message.used;
        return;
      case 'print':
        hostCalls++;
        printed += message.text.length;
        try {
          run.print?.(message.text);
        } catch (error) {
          const { code, message: why } = partsOf(error);
          const cause = isIloError(error) ? error.cause : error;
          reason = ({ stats }) => new IloError(code, why, { stats, cause });
          isolated.end();
        }
        return;
      case 'unknown':
        isolated.send({ kind: 'run', id, source, ...request });
    }
  };
  // The clock of the run starts with the run; until then the thread or process only gets ready.
  force(NOT_STARTED, START_MS);
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
  let answer: ToolAnswer['answer'];
  try {
    answer = { ok: await run.tool(tool, args, signal) };
  } catch (error) {
    const { code, message } = partsOf(error);
    answer = { code, err: message };
  }
  isolated.send({ kind: 'answer', call, answer });
}

interface Details {
  readonly place: Place | undefined;
  readonly calls: readonly string[];
  readonly stats: Stats;
}

/** What a run is ended with, made when it has ended. */
type Reason = (details: Details) => IloError;

const NOT_STARTED: Reason = ({ stats }) =>
  new IloError('ILO-R099', 'the isolated program could not be started', { stats });

const CANCELLED: Reason = ({ stats }) => new IloError('ILO-E007', 'the run was cancelled', { stats });

function timeError(timeout: number): Reason {
  const { code, message } = fault('ILO-R044', 'time', { limit: timeout });
  return details => new LimitError(code, message, details);
}

function endError(ending: Ending, memory: number | undefined, details: Details): IloError {
  if (ending === 'memory') {
    return new LimitError('ILO-R045', `the program held more memory than ${memory ?? 512} MiB`, details);
  }
  return new IloError('ILO-R099', 'the isolated program has crashed', details);
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
function environmentValues(env: NonNullable<Capabilities['env']>): NonNullable<SentCapabilities['env']> {
  if (!Array.isArray(env)) return { names: undefined, values: env as Readonly<Record<string, string>> };
  const names = env as readonly string[];
  const known = names.filter(name => Object.hasOwn(process.env, name));
  return { names, values: Object.fromEntries(known.map(name => [name, process.env[name]!])) };
}
