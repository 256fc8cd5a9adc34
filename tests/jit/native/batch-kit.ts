// Functions on columns: as a batch on each kind of lanes, and row by row on the tree engine.
import type { CoreUnit } from '../../../src/core/core.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { Host } from '../../../src/core/host.ts';
import { type Limits, Meter } from '../../../src/core/meter.ts';
import { loadAddon } from '../../../src/jit/native/addon.ts';
import type { LaneTarget } from '../../../src/jit/native/batch/lane-target.ts';
import { runRows } from '../../../src/jit/native/batch/rows.ts';
import { type Batch, batchOf, laneTargets } from '../../../src/jit/native/batch/unit.ts';
import { BUILTINS } from '../../../src/lang/ilo/builtins/table.ts';
import { MACHINES } from '../../../src/runtime/program.ts';
import { makeServices } from '../../../src/runtime/services.ts';
import { entryOf, type Machine } from '../../../src/vm/engine.ts';
import { testHost } from '../../programs/expectations.ts';

/** Every kind of lanes that this processor has, and each of them with as few registers as can be. */
export const TARGETS: readonly LaneTarget[] = (loadAddon().addon === undefined ? [] : laneTargets()).flatMap(target => [
  target,
  {
    ...target,
    name: `${target.name} with two registers`,
    registers: { ...target.registers, allocatable: { f: [3, 8], i: [] } },
  },
]);

export interface Mapped {
  readonly bits: BigUint64Array;
  readonly fuel: number;
  /** Code, place and chain of the fault that ended it. */
  readonly fault: string | undefined;
  /** Rows that were computed one by one. */
  readonly single: number;
}

export function compiled(unit: CoreUnit, name: string, target: LaneTarget, metered = false): Batch {
  const batch = batchOf(unit, unit.byName.get(name)!, metered, target);
  if ('why' in batch) throw new Error(`${name} is no batch: ${batch.why}`);
  return batch;
}

/** Maps a function over columns: with a batch, or without one row by row. */
export function mapWith(
  unit: CoreUnit,
  name: string,
  columns: readonly Float64Array[],
  target: LaneTarget | undefined,
  limits?: Limits,
  maxDepth = 1000,
): Mapped {
  const meter = limits === undefined ? undefined : new Meter(limits, () => 0);
  const services = makeServices({
    builtins: BUILTINS,
    host: testHost() as Host,
    maxDepth,
    meter,
    random: () => 0.5,
    callValue: (value, values) => machine.callValue(value, values, ''),
  });
  const machine: Machine = MACHINES.tree(unit, services);
  const entry = entryOf(machine, unit.byName.get(name)!);
  const bools = unit.functions[unit.byName.get(name)!]!.params.map(({ type }) => type.kind === 'bool');
  const rows = columns[0]!.length;
  const out = new Float64Array(rows).fill(-123);
  let single = 0;
  const row = (at: number): void => {
    single++;
    const value = entry(...columns.map((column, i) => (bools[i] ? column[at] !== 0 : column[at]!)));
    out[at] = Number.isNaN(value) ? Number.NaN : Number(value);
  };
  let fault: string | undefined;
  try {
    if (target === undefined) for (let at = 0; at < rows; at++) row(at);
    else runRows(compiled(unit, name, target, meter !== undefined), 0, rows, { columns, out, meter, maxDepth, row });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = `${error.code} ${JSON.stringify(error.span)} ${error.calls.join()}`;
  }
  return { bits: new BigUint64Array(out.buffer), fuel: meter?.fuel ?? 0, fault, single };
}
