// What the embedding interface throws. Every error is an IloError with a stable code; what went wrong in a program has its place.
import { types } from 'node:util';
import { Fault } from '../core/fault.ts';
import type { Diagnostic } from '../diag/diagnostic.ts';
import { SourceText } from '../diag/source.ts';
import type { Place, Problem, Stats } from './api.ts';

/** Mistakes of the caller; the other codes are those of the diagnostics. */
export type UsageCode =
  /** A value cannot cross the border. */
  | 'ILO-E001'
  /** An option is unknown or has the wrong type. */
  | 'ILO-E002'
  /** The program was disposed. */
  | 'ILO-E003'
  /** A tool answered with a promise in a synchronous run. */
  | 'ILO-E004'
  /** A tool does not match the program's declaration. */
  | 'ILO-E005'
  /** A tool threw something. */
  | 'ILO-E006'
  /** The run was cancelled. */
  | 'ILO-E007'
  /** What was saved is not a run of this program. */
  | 'ILO-E008'
  /** A run is not in a state for this. */
  | 'ILO-E009'
  /** A program that runs elsewhere was called as if it ran here. */
  | 'ILO-E010'
  /** The process's own Array.prototype or Object.prototype has elements. */
  | 'ILO-E011';

export class IloError extends Error {
  override readonly name: string = 'IloError';
  readonly code: string;
  /** Where in the program; undefined for mistakes of the caller. */
  readonly place: Place | undefined;
  /** Names of the functions that were running, outermost first. */
  readonly calls: readonly string[];
  /** What the run had used; undefined when nothing ran. */
  readonly stats: Stats | undefined;

  constructor(
    code: string,
    message: string,
    details: { place?: Place | undefined; calls?: readonly string[]; stats?: Stats | undefined; cause?: unknown } = {},
  ) {
    super(`${code}: ${message}`, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.place = details.place;
    this.calls = details.calls ?? [];
    this.stats = details.stats;
  }
}

/** The source has errors; all of them are in `problems`. */
export class CompileError extends IloError {
  override readonly name = 'CompileError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const first = errors[0]!;
    const at = first.place === undefined ? '' : ` at ${first.place.line}:${first.place.column}`;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(first.code, `${first.message}${at}${more}`, { place: first.place });
    this.problems = problems;
  }
}

const LIMIT_CODES: readonly string[] = ['ILO-R040', 'ILO-R041', 'ILO-R043', 'ILO-R044', 'ILO-R045', 'ILO-R046'];

/** A limit was reached: fuel, time, bytes, depth, output, or the size of one value. */
export class LimitError extends IloError {
  override readonly name = 'LimitError';
}

// Functions of the caller throw anything: proxies, errors whose message is a getter that throws, objects without a prototype. Looking at what was
// thrown must not throw in its turn.

/** Whether what was thrown is an error of ours. */
export function isIloError(thrown: unknown): thrown is IloError {
  if (types.isProxy(thrown)) return false;
  try {
    return thrown instanceof IloError && typeof thrown.code === 'string' && typeof thrown.message === 'string';
  } catch {
    return false;
  }
}

/** The message of an error; undefined for what is none, and for one that cannot be asked. */
export function messageOf(thrown: unknown): string | undefined {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : undefined;
    return typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : undefined;
  } catch {
    return undefined;
  }
}

/** UTF-16 units that are taken of the message of a function's error. */
const LONGEST_MESSAGE = 2 ** 16;

/** The code of what was thrown, and the message without it. */
export function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!isIloError(error)) return { code: 'ILO-R099', message: messageOf(error) ?? 'what was thrown is no error' };
  const { code, message } = error;
  return { code, message: message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message };
}

/** A mistake of the caller. */
export function usageError(code: UsageCode, message: string, cause?: unknown): IloError {
  return new IloError(code, message, cause === undefined ? {} : { cause });
}

/** The texts that places point into. */
export interface Sources {
  readonly main: SourceText;
  readonly imported: ReadonlyMap<string, string>;
}

export function makeSources(text: string, file: string | undefined, imported: ReadonlyMap<string, string>): Sources {
  return { main: new SourceText(text, file), imported };
}

/** Where a span lies; `file` names one that the program uses. */
export function placeOf(
  span: { start: number; end: number } | undefined,
  file: string | undefined,
  sources: Sources,
): Place | undefined {
  if (span === undefined) return undefined;
  const text = file === undefined ? undefined : sources.imported.get(file);
  const source = text === undefined ? sources.main : new SourceText(text, file);
  const { line, column } = source.place(span.start);
  return { file: source.name, line, column, start: span.start, end: span.end };
}

/** A diagnostic in the form that the interface gives. */
export function toProblem(diagnostic: Diagnostic, sources: Sources): Problem {
  const label = diagnostic.labels.find(({ primary }) => primary) ?? diagnostic.labels[0];
  const { severity, code, message, notes, suggestion } = diagnostic;
  return { severity, code, message, place: placeOf(label?.span, diagnostic.file, sources), notes, suggestion };
}

/**
 * A program's fault as the error that a caller sees, and a mistake during a run with what the run had used. What the caller's own code threw stays as
 * it is.
 */
export function toError(thrown: unknown, sources: Sources, stats: Stats): unknown {
  if (isIloError(thrown) && thrown.stats === undefined) {
    const { place, calls, cause } = thrown;
    const { code, message } = partsOf(thrown);
    return new IloError(code, message, { place, calls, stats, ...(cause === undefined ? {} : { cause }) });
  }
  if (types.isProxy(thrown) || !(thrown instanceof Fault)) return thrown;
  const { code, message, span, calls, file } = thrown;
  const details = { place: placeOf(span, file, sources), calls, stats };
  return LIMIT_CODES.includes(code) ? new LimitError(code, message, details) : new IloError(code, message, details);
}
