// What the compiler of batches asks of a processor.
import type { Allocation, RegisterFile } from '../allocate.ts';
import type { CodeBuffer, FinishedCode } from '../buffer.ts';
import type { LirFunction } from '../lir.ts';

export interface LaneFeatures {
  /** Whether there are instructions that round. */
  readonly rounds: boolean;
}

export interface LaneTarget {
  /** For messages: the instructions that are used. */
  readonly name: string;
  /** How many rows are computed at once. */
  readonly lanes: 2 | 4;
  readonly features: LaneFeatures;
  readonly registers: RegisterFile;
  /**
   * Writes code that C calls with the address of the block of memory, which says where the columns are, from which row to which, and how
   * many rounds loops may take. It computes as many rows at once as there are lanes, and leaves before rows that have to be done
   * otherwise: then `columnsFrom` says where, and `columnsFirst`, if it is not 0, how many of them. `fn` computes one group of rows.
   */
  readonly write: (
    buffer: CodeBuffer,
    fn: LirFunction,
    order: readonly number[],
    allocation: Allocation,
    columns: number,
    options: LaneOptions,
  ) => Listing;
}

export interface LaneOptions {
  /** Whether what has to be kept for the caller is watched: for tests. */
  readonly canary: boolean;
  readonly listing: boolean;
}

/** The text of all instructions of code that is finished; none where it was not asked for. */
export type Listing = (code: FinishedCode) => readonly { readonly offset: number; readonly text: string }[];

const view = new DataView(new ArrayBuffer(8));

/** The bits of a double; NaN is the one that programs give out. */
export function bitsOf(value: number): bigint {
  if (Number.isNaN(value)) return 0x7ff8n << 48n;
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}
