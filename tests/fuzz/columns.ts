// Calls on whole columns: as machine code for several rows at once, and row by row on the tree engine. What can be seen of both is the
// same: results bit by bit up to the row that fails, the fault, and what was used.
import type { CoreUnit } from '../../src/core/core.ts';
import { Fault } from '../../src/core/fault.ts';
import type { Host } from '../../src/core/host.ts';
import type { LaneTarget } from '../../src/jit/native/batch/lane-target.ts';
import { batchOf, laneTargets } from '../../src/jit/native/batch/unit.ts';
import { fitsColumns, mapColumns } from '../../src/runtime/columns.ts';
import { makeMachine } from '../../src/runtime/program.ts';
import { entryOf } from '../../src/vm/engine.ts';
import type { Call, Observation, Subject } from './call.ts';
import type { GeneratedProgram } from './generate/program.ts';
import type { Chooser } from './random.ts';
import { exactly, type Plain, someArgument, toValue } from './values.ts';

/** What stands for true in a column: any number but 0 does. */
const TRUTHS = [1, 1, 2.5, Number.NaN, -1];
/** What stands in the results and beside them before anything is computed. */
const UNTOUCHED = -123;
const BESIDE = 8;

/** The lanes that a call asks for by name; undefined for the best, and where the processor has no such. */
function targetOf({ lanes }: Call): LaneTarget | undefined {
  return lanes === undefined ? undefined : laneTargets().find(({ name }) => name === lanes);
}

/** Why a function has no code for columns; undefined when it has, or when making it fails. */
export function whyNotOnColumns(unit: CoreUnit, call: Call): string | undefined {
  try {
    const batch = batchOf(unit, unit.byName.get(call.name)!, call.limits !== undefined, targetOf(call));
    return 'why' in batch ? batch.why : undefined;
  } catch {
    return undefined;
  }
}

/** For each function that columns fit, a call with some rows. */
export function callsOnColumns(
  unit: CoreUnit,
  { heads, records, favourite }: GeneratedProgram,
  maxDepth: number,
  choose: Chooser,
): Call[] {
  const worse = laneTargets()[1]?.name;
  return heads.flatMap(({ name, params }): Call[] => {
    if (!fitsColumns(unit, unit.byName.get(name)!)) return [];
    const some = (at: number): Plain => someArgument({ choose, records, heads, favourite }, params[at]!.type);
    const rows: Plain[][] = [];
    const count = 1 + choose.below(choose.chance(40) ? 9 : 30);
    for (let i = 0; i < count; i++) {
      const last = rows.at(-1);
      const changed = choose.below(params.length);
      // Rows that differ little go the same way.
      const alike = last !== undefined && choose.chance(60);
      rows.push(alike ? last.with(changed, some(changed)) : params.map((_, at) => some(at)));
    }
    const lanes = worse !== undefined && choose.chance(30) ? { lanes: worse } : {};
    const times = choose.chance(10) ? { times: 2 + choose.below(12) } : {};
    return [{ name, args: [], rows, maxDepth, ...times, ...lanes }];
  });
}

/** Computes all rows of a call, as a batch or on the tree engine. */
export function observeColumns(unit: CoreUnit, call: Call, engine: Subject, host: Host): Observation {
  const { name, maxDepth, limits } = call;
  const rows = Array.from({ length: call.times ?? 1 }, () => call.rows!).flat();
  const callee = unit.byName.get(name)!;
  const options = {
    host,
    engine: engine === 'batch' ? 'jit' : engine,
    maxDepth,
    random: () => 0.5,
    ...(limits === undefined ? {} : { limits }),
  } as const;
  const { machine, meter } = makeMachine(unit, options);
  const entry = entryOf(machine, callee);
  // Columns need not begin where lanes would like it.
  const space = new Float64Array(rows.length + 2 * BESIDE).fill(UNTOUCHED);
  const first = rows.length % BESIDE;
  const out = space.subarray(first, first + rows.length);
  let failing = rows.length;
  let text = '';
  let ending = 'value';
  let single = 0;
  try {
    if (engine === 'batch') {
      const columns = unit.functions[callee]!.params.map((_, i) => {
        const column = new Float64Array(rows.length + (i % 2)).subarray(i % 2);
        rows.forEach((row, at) => {
          const value = toValue(row[i]!);
          column[at] = value === true ? TRUTHS[at % TRUTHS.length]! : Number(value);
        });
        return column;
      });
      const watch = (row: number): void => {
        failing = row;
        single++;
      };
      const target = targetOf(call);
      mapColumns({
        unit,
        callee,
        engine: 'jit',
        entry,
        meter,
        maxDepth,
        columns,
        out,
        watch,
        ...(target && { target }),
      });
    } else {
      for (const [at, row] of rows.entries()) {
        failing = at;
        const value = Number(entry(...row.map(toValue)));
        // Where numbers leave a program, all NaN are one.
        out[at] = Number.isNaN(value) ? Number.NaN : value;
      }
    }
    failing = rows.length;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    ending = error.code;
    const { code, message, span, calls } = error;
    text = `fault ${code} ${message}\nin row ${failing} at ${span?.start}:${span?.end} in ${calls.join(' ')}\n`;
  }
  text = `${text}rows ${Array.from(out.subarray(0, failing), bitsOrValue).join(' ')}`;
  const beside = space.filter((_, at) => at < first || at >= first + rows.length);
  if (beside.some(value => value !== UNTOUCHED)) text += '\nwrote beside the results';
  const usage = meter && { fuel: meter.fuel, bytes: meter.bytes, output: meter.output };
  if (usage !== undefined) text += `\nused fuel ${usage.fuel}, bytes ${usage.bytes}, output ${usage.output}`;
  return { text, ending, usage, rows: failing, single };
}

/** A number, or the bits of a NaN that is not the one NaN. */
function bitsOrValue(value: number): string {
  if (!Number.isNaN(value)) return exactly(value);
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  return bits === 0x7ff8n << 48n ? 'NaN' : `NaN:${bits.toString(16)}`;
}
