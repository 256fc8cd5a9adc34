// A function of numbers and truth values, called once a row of columns: as machine code for several rows at once where there is such code,
// and one by one on the engine otherwise. Both give the same bits, faults and fuel. Truth values are 0 and 1 in columns, and any number
// but 0 is true.
import type { CoreUnit } from '../core/core.ts';
import type { Meter } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import type { LaneTarget } from '../jit/native/batch/lane-target.ts';
import { runRows } from '../jit/native/batch/rows.ts';
import { batchOf } from '../jit/native/batch/unit.ts';
import type { Entry } from '../vm/engine.ts';
import type { EngineName } from './engines.ts';

export interface ColumnCall {
  readonly unit: CoreUnit;
  readonly callee: number;
  readonly engine: EngineName;
  /** Calls the function on that engine. */
  readonly entry: Entry;
  readonly meter: Meter | undefined;
  readonly maxDepth: number;
  /** One for each parameter, all of one length. */
  readonly columns: readonly Float64Array[];
  /** As long as the columns are, and overlapping none of them. */
  readonly out: Float64Array;
  /** Told which row is computed next, where rows are computed one by one: then the last one is the one that failed. */
  readonly watch?: (row: number) => void;
  /** The lanes to compute on, where they are not to be the best: for tests. */
  readonly target?: LaneTarget;
}

/** Fewer rows are not worth code. */
const FEW_ROWS = 32;

/** Whether a function takes and gives what columns of numbers can hold, as far as its declaration says. */
export function fitsColumns({ functions }: CoreUnit, callee: number): boolean {
  const { params, result, captures } = functions[callee]!;
  const fits = (kind: string): boolean => kind === 'num' || kind === 'bool';
  return params.length > 0 && captures === 0 && params.every(({ type }) => fits(type.kind)) && fits(result.kind);
}

/** Fills `out`. Throws what a call of the function throws; the rows before are computed then. */
export function mapColumns(call: ColumnCall): void {
  const { unit, callee, engine, columns, out, meter, maxDepth, target } = call;
  const rows = out.length;
  const row = watched(rowCall(call), call.watch);
  const wantsBatch = engine === 'jit' || (engine === 'auto' && rows >= FEW_ROWS);
  const batch = wantsBatch ? batchOf(unit, callee, meter !== undefined, target) : undefined;
  if (batch !== undefined && !('why' in batch)) runRows(batch, 0, rows, { columns, out, meter, maxDepth, row });
  else for (let at = 0; at < rows; at++) row(at);
}

function watched(row: (at: number) => void, watch: ColumnCall['watch']): (at: number) => void {
  if (watch === undefined) return row;
  return at => {
    watch(at);
    row(at);
  };
}

/** What would compute the rows, as half a sentence. */
export function explainColumns(unit: CoreUnit, callee: number, engine: EngineName, limited: boolean): string {
  if (engine !== 'jit' && engine !== 'auto') return `one row after the other on ${engine}, because a flag chose it`;
  const batch = batchOf(unit, callee, limited);
  if (!('why' in batch)) {
    const few =
      engine === 'auto' ? `; fewer than ${FEW_ROWS} one after the other, because they are not worth code` : '';
    return `${batch.lanes} rows at once as machine code (${batch.target})${few}`;
  }
  return `one row after the other on ${engine}, because ${batch.why}`;
}

/** A function that computes one row. Up to three numbers have a form of their own: to gather arguments costs more than a short function. */
function rowCall({ unit, callee, entry, columns, out }: ColumnCall): (row: number) => void {
  const isBool = unit.functions[callee]!.params.map(({ type }) => type.kind === 'bool');
  const keep = (row: number, value: Value): void => {
    out[row] = typeof value === 'number' ? canonical(value) : Number(value);
  };
  const [a, b, c] = columns;
  if (!isBool.includes(true)) {
    if (columns.length === 1) return row => keep(row, entry(a![row]!));
    if (columns.length === 2) return row => keep(row, entry(a![row]!, b![row]!));
    if (columns.length === 3) return row => keep(row, entry(a![row]!, b![row]!, c![row]!));
  }
  return row => {
    const args = columns.map((column, i): Value => (isBool[i] ? column[row] !== 0 : column[row]!));
    keep(row, entry(...args));
  };
}

/** One NaN for all of them, as everywhere where numbers leave a program. */
function canonical(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value;
}
