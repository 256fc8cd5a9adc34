// The host of an embedded program: nothing of the machine, except what the caller hands in for a run. Whatever is not granted is the fault
// ILO-R042, which the program cannot catch, so a refusal is always seen by the caller.
import { fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import type { Capabilities } from './api.ts';
import { isIloError, messageOf, usageError } from './errors.ts';
import { guardedFiles } from './guarded-files.ts';
import { type GuardedHttp, guardedHttp } from './guarded-http.ts';
import { checkType, LONGEST_TIMER, NOTHING } from './options.ts';

export interface EmbeddedHost {
  /** Its requests may be told how long somebody waits for them. */
  readonly host: Host & { readonly http: GuardedHttp['now'] };
  /** What takes long, for runs that can wait without blocking. They refuse at once what was not granted. */
  readonly later: {
    readonly http: GuardedHttp['later'];
    readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  };
  /** Uniform in [0, 1); throws ILO-R042 when randomness was not granted. */
  readonly random: () => number;
}

/** The host that grants exactly these capabilities, nothing without them. Throws ILO-E002 for capabilities that make no sense. */
export function embeddedHost(capabilities: Capabilities | undefined): EmbeddedHost {
  if (capabilities !== undefined) return hostOf(capabilities);
  noHost ??= hostOf(NOTHING);
  return noHost;
}

/** What grants nothing keeps nothing, and so is one for all. */
let noHost: EmbeddedHost | undefined;

function hostOf(capabilities: Capabilities): EmbeddedHost {
  checkTypes(capabilities);
  const { env, clock } = capabilities;
  const print = capabilities.print && answering('print', capabilities.print);
  const onRequest = capabilities.onRequest && deciding(capabilities.onRequest);
  const files = guardedFiles(capabilities, onRequest);
  const http = guardedHttp(capabilities.net, onRequest);
  const names = environmentOf(env);
  return {
    random: randomOf(capabilities.random),
    later: { http: http.later, sleep: clock === true ? pauseLater : refuse('sleeping') },
    host: {
      print: print === undefined ? () => {} : text => void print(text),
      printError: () => {},
      now: clockOf(clock),
      // Waiting would block the service; whoever grants a clock of the machine grants waiting by it as well.
      sleep: clock === true ? pauseFor : refuse('sleeping'),
      env: names ?? refuse('the environment'),
      readFile: files.read,
      writeFile: files.write,
      http: http.now,
      tool: undefined,
    },
  };
}

function refuse(what: string): () => never {
  return () => {
    throw fault('ILO-R042', 'refused', { what });
  };
}

function pauseFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, milliseconds));
}

/** Ends at once when the signal is aborted: a timer would keep the process. */
function pauseLater(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(milliseconds, LONGEST_TIMER));
    signal.addEventListener('abort', done);
  });
}

function clockOf(clock: Capabilities['clock']): () => number {
  if (clock === true) return () => Date.now() / 1000;
  return typeof clock === 'function' ? numberFrom('clock', clock, () => true) : refuse('the clock');
}

/**
 * A function of the caller: what it throws ends the run with ILO-E006. A promise is not waited for, and must not end the service either when it
 * is rejected.
 */
export function answering<Args extends readonly unknown[], Answer>(
  name: string,
  call: (...args: Args) => Answer,
): (...args: Args) => Answer {
  return (...args) => {
    try {
      const answer = call(...args);
      if (answer instanceof Promise) answer.catch(() => {});
      return answer;
    } catch (error) {
      if (isIloError(error)) throw error;
      const why = messageOf(error);
      throw usageError('ILO-E006', `capabilities.${name} failed${why === undefined ? '' : `: ${why}`}`, error);
    }
  };
}

/** Those functions of the caller that a program elsewhere can ask, with their answers checked. */
export function askable({ clock, random, onRequest }: Capabilities): {
  readonly clock: (() => number) | undefined;
  readonly random: (() => number) | undefined;
  readonly onRequest: Capabilities['onRequest'];
} {
  return {
    clock: typeof clock === 'function' ? clockOf(clock) : undefined,
    random: typeof random === 'function' ? randomOf(random) : undefined,
    onRequest: onRequest && deciding(onRequest),
  };
}

/** A function of the caller that gives numbers: anything else would be a value that no type of the program has. */
function numberFrom(name: string, call: () => number, fits: (given: number) => boolean): () => number {
  const asked = answering(name, call);
  return () => {
    const given: unknown = asked();
    if (typeof given === 'number' && fits(given)) return given;
    throw usageError(
      'ILO-E001',
      `capabilities.${name} gave what is no ${name === 'random' ? 'number in [0, 1)' : 'number'}`,
    );
  };
}

/** Only `true` allows: a promise of false would be true as well. */
function deciding(ask: NonNullable<Capabilities['onRequest']>): NonNullable<Capabilities['onRequest']> {
  const asked = answering('onRequest', ask);
  return request => {
    const answer: unknown = asked(request);
    return answer === true;
  };
}

/** Throws ILO-E002 for a capability of another type than it has; what is said in one place of all. */
function checkTypes({ print, onRequest, env, clock, random }: Capabilities): void {
  checkType(print, 'function', 'capabilities.print');
  checkType(onRequest, 'function', 'capabilities.onRequest');
  const types = (value: unknown, ...allowed: readonly string[]): boolean =>
    value === undefined || allowed.includes(typeof value);
  if (!types(clock, 'boolean', 'function'))
    throw usageError('ILO-E002', 'capabilities.clock: expected true or a function');
  if (!types(random, 'boolean', 'number', 'function')) {
    throw usageError('ILO-E002', 'capabilities.random: expected true, a number or a function');
  }
  if (env === undefined || env instanceof NamedEnvironment) return;
  const texts = (values: readonly unknown[]): boolean => values.every(value => typeof value === 'string');
  if (typeof env !== 'object' || env === null || !texts(Array.isArray(env) ? env : Object.values(env))) {
    throw usageError('ILO-E002', 'capabilities.env: expected an array of names, or an object of strings');
  }
}

/** Variables granted by name, with the values that they had elsewhere: a program in isolation is refused the same as one here. */
export class NamedEnvironment {
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  constructor(names: readonly string[], values: Readonly<Record<string, string>>) {
    this.names = names;
    this.values = values;
  }
}

/** Values by name are handed out as they are; of names, the environment's values. */
function environmentOf(env: Capabilities['env']): ((name: string) => string | undefined) | undefined {
  if (env === undefined) return undefined;
  const named = env instanceof NamedEnvironment ? env : undefined;
  const valueIn = (values: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  if (named === undefined && !Array.isArray(env)) return name => valueIn(env as Readonly<Record<string, string>>, name);
  const allowed = new Set(named?.names ?? (env as readonly string[]));
  return name => {
    if (!allowed.has(name)) throw fault('ILO-R042', 'refused', { what: `the environment variable ${name}` });
    return valueIn(named?.values ?? process.env, name);
  };
}

function randomOf(random: Capabilities['random']): () => number {
  if (random === true) return Math.random;
  if (typeof random === 'function') return numberFrom('random', random, given => given >= 0 && given < 1);
  return typeof random === 'number' ? seeded(random) : refuse('randomness');
}

/** The generator mulberry32 (T. Ettinger, 2017): one 32-bit state, good enough for games and samples, the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
