// Options are checked where they enter: an unknown name or a value of the wrong type is ILO-E002, never ignored.
import { ENGINES, type EngineName } from '../runtime/engines.ts';
import type { CompileOptions, LimitOptions, RunOptions } from './api.ts';
import { usageError } from './errors.ts';

/** No options, and nothing inherited. */
export const NOTHING: Readonly<Record<string, never>> = Object.freeze(Object.create(null) as Record<string, never>);

/** What a run may use unless the caller says otherwise. */
export const DEFAULT_LIMITS = {
  fuel: 100_000_000,
  timeout: 1000,
  alloc: 256 * 1024 * 1024,
  depth: 10_000,
  output: 1024 * 1024,
} as const;

export interface Limited {
  readonly fuel: number;
  readonly timeout: number;
  readonly alloc: number;
  readonly depth: number;
  readonly output: number;
}

/** Timers of more milliseconds end at once. No run lasts that long. */
export const LONGEST_TIMER = 2 ** 31 - 1;

const RUN_NAMES = ['limits', 'capabilities', 'tools', 'engine', 'signal', 'onTrace', 'isolation', 'memory'];
const ISOLATIONS = ['in-process', 'worker', 'process'];
const COMPILE_NAMES = [...RUN_NAMES, 'file', 'readSource'];
const CAPABILITY_NAMES = ['print', 'env', 'read', 'write', 'net', 'clock', 'random', 'onRequest'];

/**
 * The options with nothing inherited, down to the objects in them: a service whose Object.prototype was written to must not grant a program
 * what nobody handed in.
 */
function ownOptions<Options extends RunOptions>(options: Options): Options {
  const own = ownCopy(options);
  for (const name of ['limits', 'capabilities'] as const) if (isObject(own[name])) own[name] = ownCopy(own[name]);
  return own as Options;
}

function ownCopy(from: object): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, from);
}

/** The options of `compile`, checked and copied. Throws ILO-E002 for anything that is none. */
export function checkCompileOptions(options: CompileOptions): CompileOptions {
  if (options === NOTHING) return NOTHING;
  checkNames(options, COMPILE_NAMES, 'options');
  const own = ownOptions(options);
  checkType(own.file, 'string', 'file');
  checkType(own.readSource, 'function', 'readSource');
  checkRun(own);
  return own;
}

/** The options of a run, checked and copied. Throws ILO-E002 for anything that is none. */
export function checkRunOptions(options: RunOptions): RunOptions {
  checkNames(options, RUN_NAMES, 'options');
  const own = ownOptions(options);
  checkRun(own);
  return own;
}

/** Throws ILO-E002 for anything that is no option of `check`. */
export function checkCheckOptions(options: object): void {
  checkNames(options, ['file', 'readSource'], 'options');
}

function checkRun(options: RunOptions): void {
  const { limits, capabilities, tools, engine, signal, onTrace, isolation, memory } = options;
  if (limits !== undefined) limitsOf(limits);
  if (capabilities !== undefined) checkNames(capabilities, CAPABILITY_NAMES, 'capabilities');
  if (tools !== undefined) checkObject(tools, 'tools');
  if (engine !== undefined && !ENGINES.some(({ name }) => name === engine)) {
    const names = ENGINES.map(({ name }) => name).join(', ');
    throw usageError('ILO-E002', `engine: there is no engine ${shown(engine)}; there are ${names}`);
  }
  if (signal !== undefined && !isSignal(signal)) {
    throw usageError('ILO-E002', 'signal: expected an AbortSignal');
  }
  checkType(onTrace, 'function', 'onTrace');
  if (isolation !== undefined && !ISOLATIONS.includes(isolation)) {
    throw usageError('ILO-E002', `isolation: expected one of ${ISOLATIONS.join(', ')}`);
  }
  if (memory !== undefined && !(Number.isInteger(memory) && memory >= 16)) {
    throw usageError('ILO-E002', 'memory: expected a whole number of MiB of at least 16');
  }
}

/** What a caller gave where a text was wanted, for a message. */
export function shown(given: unknown): string {
  return typeof given === 'string' ? JSON.stringify(given) : `that is ${given === null ? 'null' : typeof given}`;
}

/** What only looks like a signal cannot be asked whether it is aborted. */
function isSignal(signal: unknown): boolean {
  try {
    return signal instanceof AbortSignal && typeof signal.aborted === 'boolean';
  } catch {
    return false;
  }
}

/** The limits with defaults filled in. Throws ILO-E002. */
export function limitsOf(limits: LimitOptions = NOTHING): Limited {
  checkNames(limits, Object.keys(DEFAULT_LIMITS), 'limits');
  const given = limits as Readonly<Record<string, unknown>>;
  // Nothing inherited: a setter on Object.prototype must not swallow a limit.
  const filled = Object.create(null) as Record<string, number>;
  for (const [name, usual] of Object.entries(DEFAULT_LIMITS)) {
    const value = given[name] ?? usual;
    if (typeof value !== 'number' || !(value >= 0)) {
      throw usageError('ILO-E002', `limits.${name}: expected a number of at least 0`);
    }
    filled[name] = value;
  }
  if (!Number.isFinite(filled.depth!)) throw usageError('ILO-E002', 'limits.depth: expected a finite number');
  return filled as unknown as Limited;
}

/** The engine asked for; `auto` unless the caller says otherwise. */
export function engineOf(options: RunOptions): EngineName {
  return (options.engine ?? 'auto') as EngineName;
}

export function checkNames(given: unknown, known: readonly string[], what: string): void {
  checkObject(given, what);
  for (const name of Object.keys(given as object)) {
    if (!known.includes(name)) {
      throw usageError('ILO-E002', `${what}: there is no '${name}'; there are ${known.join(', ')}`);
    }
  }
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function checkObject(given: unknown, what: string): void {
  if (!isObject(given)) {
    throw usageError('ILO-E002', `${what}: expected an object`);
  }
}

export function checkType(value: unknown, type: 'string' | 'function', what: string): void {
  const kind: string = typeof value;
  if (value !== undefined && kind !== type) throw usageError('ILO-E002', `${what}: expected a ${type}`);
}
