// The host of an embedded program: nothing of the machine, except what the caller hands in for a run. Whatever is not granted is the fault
// ILO-R042, which the program cannot catch, so a refusal is always seen by the caller.
import { fault } from '../core/fault.ts';
import type { Host } from '../core/host.ts';
import type { Capabilities } from './api.ts';
import { usageError } from './errors.ts';
import { guardedFiles } from './guarded-files.ts';
import { guardedHttp } from './guarded-http.ts';
import { NOTHING } from './options.ts';

export interface EmbeddedHost {
  readonly host: Host;
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
  const { print, env, clock, onRequest } = capabilities;
  const files = guardedFiles(capabilities, onRequest);
  const http = guardedHttp(capabilities.net, onRequest);
  const names = environmentOf(env);
  return {
    random: randomOf(capabilities.random),
    host: {
      print: print ?? (() => {}),
      printError: () => {},
      now: clockOf(clock),
      // Waiting would block the service; whoever grants a clock of the machine grants waiting by it as well.
      sleep: clock === true ? pauseFor : refuse('sleeping'),
      env: names ?? refuse('the environment'),
      readFile: files.read,
      writeFile: files.write,
      http,
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

function clockOf(clock: Capabilities['clock']): () => number {
  if (clock === true) return () => Date.now() / 1000;
  return typeof clock === 'function' ? clock : refuse('the clock');
}

/** Values by name are handed out as they are; of names, the environment's values. */
function environmentOf(env: Capabilities['env']): ((name: string) => string | undefined) | undefined {
  if (env === undefined) return undefined;
  if (Array.isArray(env)) {
    const allowed = new Set(env as readonly string[]);
    return name => {
      if (!allowed.has(name)) throw fault('ILO-R042', 'refused', { what: `the environment variable ${name}` });
      return Object.hasOwn(process.env, name) ? process.env[name] : undefined;
    };
  }
  const values = env as Readonly<Record<string, string>>;
  return name => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && typeof value !== 'string') {
      throw usageError('ILO-E002', `capabilities.env.${name}: expected a string`);
    }
    return value;
  };
}

function randomOf(random: Capabilities['random']): () => number {
  if (random === true) return Math.random;
  if (typeof random === 'function') return random;
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
