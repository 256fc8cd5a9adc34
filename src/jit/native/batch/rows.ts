// Runs a batch over columns, piece by piece, so that the clock is looked at now and then and nothing runs without end. Rows that the code
// leaves (one of them faults, or loops for long), rows beyond the last whole group, and rows near the end of a limit are computed one by
// one by `row`: whatever goes wrong goes wrong there, as it does in any call.
import { InternalError } from '../../../base/assert.ts';
import { Fault } from '../../../core/fault.ts';
import type { Meter } from '../../../core/meter.ts';
import { AT, FAULT, memoryFor, STATUS } from '../memory.ts';
import type { Batch } from './unit.ts';

export interface ColumnRun {
  readonly columns: readonly Float64Array[];
  /** Overlaps none of the columns. */
  readonly out: Float64Array;
  readonly meter: Meter | undefined;
  readonly maxDepth: number;
  /** Computes one row and puts the result into `out`. Throws what a call throws. */
  readonly row: (row: number) => void;
}

/** Rounds of loops in one entry: a few milliseconds. */
const MOST_ROUNDS = 2 ** 20;
/** Instructions in one entry where no loops are: about a millisecond. */
const MOST_WORK = 2 ** 24;
const MOST_ROWS = 2 ** 20;
/** Rows that are gone through one by one when a limit strikes among them. */
const FEW_ROWS = 64;
/** When rows had to be done elsewhere so often, all that follow are. */
const MOST_LEFT = 64;

/** Computes the rows from `from` to before `to`. Throws what `row` throws. */
export function runRows(batch: Batch, from: number, to: number, run: ColumnRun): void {
  const { meter, row, maxDepth } = run;
  const memory = maxDepth > batch.depth ? memoryFor(1) : undefined;
  const { lanes } = batch;
  const byRow = (first: number, last: number): void => {
    for (let at = first; at < last; at++) row(at);
  };
  if (memory === undefined) {
    byRow(from, to);
    return;
  }
  const arrays = [...run.columns, run.out];
  let most = Math.min(MOST_ROWS, Math.max(1024, Math.floor(MOST_WORK / batch.size) * lanes));
  let left = 0;
  let at = from;
  const { words, numbers } = memory;
  while (to - at >= lanes && left < MOST_LEFT) {
    const affordable = meter === undefined || batch.fuel === 0 ? most : Math.floor(meter.fuelLeft() / batch.fuel);
    const rows = Math.min(to - at, most, affordable);
    const end = at + rows - (rows % lanes);
    if (end === at) break;
    words[AT.arena >> 2] = batch.place.arena;
    words[AT.offset >> 2] = batch.place.offset;
    words[AT.maxDepth >> 2] = 1;
    words[AT.frameBytes >> 2] = 1;
    words[AT.kind >> 2] = FAULT.atSite;
    words[AT.rounds >> 2] = MOST_ROUNDS;
    words[AT.columnsFirst >> 2] = 0;
    for (let lane = 0; lane < lanes; lane++) numbers[(AT.lanes >> 3) + lane] = 0;
    memory.enterColumns(arrays, at, end);
    const status = words[AT.status >> 2];
    if (status === STATUS.noStack) break;
    if (status === STATUS.canary) {
      throw new InternalError(`a batch did not keep what it had to: ${words[AT.site >> 2]!.toString(2)}`);
    }
    if (status !== STATUS.ok) throw new InternalError(`a batch was entered with columns that do not fit (${status})`);
    const reached = words[AT.columnsFrom >> 2]!;
    if (meter !== undefined) {
      let fuel = batch.fuel * (reached - at);
      for (let lane = 0; lane < lanes; lane++) fuel += numbers[(AT.lanes >> 3) + lane]!;
      if (!charge(meter, fuel)) {
        // A limit strikes among these rows: they are gone through again in smaller pieces, and in the end one by one.
        if (reached - at > FEW_ROWS) most = Math.max(FEW_ROWS, (reached - at) >> 4);
        else {
          byRow(at, reached);
          at = reached;
        }
        continue;
      }
    }
    at = reached;
    const first = words[AT.columnsFirst >> 2]!;
    if (first > 0) {
      // So that results lie where they can be stored faster.
      byRow(at, at + first);
      at += first;
      continue;
    }
    if (at >= end) continue;
    left++;
    byRow(at, Math.min(to, at + lanes));
    at += lanes;
  }
  byRow(at, to);
}

/** Charges for rows that were computed; nothing, when a limit strikes there. */
function charge(meter: Meter, fuel: number): boolean {
  const before = meter.fuel;
  try {
    meter.charge(fuel, 0);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    meter.fuel = before;
    return false;
  }
}
