// What the compiler asks of a processor's back end. x64/target.ts and arm64/target.ts are the two that there are.
import type { Allocation, RegisterFile } from './allocate.ts';
import type { CodeBuffer, FinishedCode, Label } from './buffer.ts';
import type { LirFunction } from './lir.ts';
import type { PartKind } from './shapes.ts';

export interface Target {
  readonly registers: RegisterFile;
  /** Begins to write functions that are compiled together. */
  readonly writer: (buffer: CodeBuffer, options: WriterOptions) => TargetWriter;
}

export interface WriterOptions {
  readonly listing: boolean;
  /** Whether the way in is watched by a canary, and upper halves of arguments are poisoned: for tests. */
  readonly canary: boolean;
  /** Where each function begins, by its number. */
  readonly labelOf: (callee: number) => Label;
  /**
   * Where each point is entered, by its number (points.ts), and how what the function gives is passed to outside. Undefined where no run
   * leaves.
   */
  readonly pointOf: ((point: number) => { readonly label: Label; readonly result: EntryParam }) | undefined;
}

/** How a part of a value is passed from and to outside: a double, a truth value, or where something is in the heap. */
export type EntryParam = PartKind;

/** Writes the parts of a piece of code, in this order. */
export interface TargetWriter {
  /** What C calls: enters the entry that the memory names. */
  wayIn(): void;
  /** What is entered from outside for a function: takes its arguments out of memory and puts the result there. */
  entry(params: readonly EntryParam[], result: EntryParam, callee: Label): Label;
  /** A function, but for what seldom runs. `index` is what it is called in a chain of calls. */
  function(fn: LirFunction, order: readonly number[], allocation: Allocation, index: number): void;
  /** What seldom runs, and the subroutines. */
  seldom(): void;
  /** The text of all instructions. Only where a listing was asked for. */
  listing(code: FinishedCode): readonly { readonly offset: number; readonly text: string }[];
}
