// The exports of the package as declarations: what main.ts and errors.ts implement. A test compares the two.
import type { CheckOptions, CompileOptions, LimitOptions, Place, Problem, Program, Stats } from './api.ts';

export type * from './api.ts';

/** All that is wrong or doubtful with a source, in order of phase and place. Never throws for what is in the source. */
export declare function check(source: string, options?: CheckOptions): Problem[];

/** Makes a program of a source. Throws CompileError when it has errors, IloError ILO-E002 for an option that does not exist. */
export declare function compile(source: string, options?: CompileOptions): Program;

/** Ends the threads and processes of isolated programs that nobody uses at the moment. */
export declare function drainPools(): void;

export declare const DEFAULT_LIMITS: Readonly<Required<LimitOptions>>;

/** Every error of ilo. */
export declare class IloError extends Error {
  /** Stable: ILO-R043 and the like. */
  readonly code: string;
  /** Where in the program; undefined for mistakes of the caller. */
  readonly place: Place | undefined;
  /** Names of the functions that were running, outermost first. */
  readonly calls: readonly string[];
  /** What the run had used; undefined when nothing ran. */
  readonly stats: Stats | undefined;
}

/** The source has errors; all of them are in `problems`. */
export declare class CompileError extends IloError {
  readonly problems: readonly Problem[];
}

/** A limit was reached: fuel, time, bytes, depth, output, or the size of one value. */
export declare class LimitError extends IloError {}
