// Which of several arms runs. Arms that compare one local with constants, as a match does, are found in a table; any others are
// tried in order.
import type { CoreExpr } from '../../core/core.ts';
import { type Compiler, type Frame, sureSlot } from './code.ts';

/** The index of the first test that holds, or how many tests there are. */
export type Select = (frame: Frame) => number;

/** Fewer arms than this are quicker tried in order. */
const FEW = 4;
/** Equality of numbers is closeness (compare.ts), so a table of numbers must have them far apart: integers well below 2^53. */
const LARGEST = 2 ** 31;

/** Chooses among arms by their tests. */
export function compileSelect(tests: readonly CoreExpr[], compiler: Compiler): Select {
  const found = tests.length < FEW ? undefined : tableOf(tests);
  if (found !== undefined) return selectByTable(found.slot, found.table, tests.length);
  const codes = tests.map(test => compiler.test(test));
  return f => {
    let i = 0;
    while (i < codes.length && !codes[i]!(f)) i++;
    return i;
  };
}

type Table = ReadonlyMap<string | number, number>;

/** The table of tests that all compare the same local with a text or an integer. */
function tableOf(tests: readonly CoreExpr[]): { readonly slot: number; readonly table: Table } | undefined {
  const table = new Map<string | number, number>();
  let slot: number | undefined;
  for (const [index, test] of tests.entries()) {
    if (test.kind !== 'prim' || (test.op !== 'any.eq' && test.op !== 'num.eq')) return undefined;
    const tested = sureSlot(test.args[0]!);
    const key = keyOf(test.args[1]!);
    if (tested === undefined || key === undefined || tested !== (slot ?? tested)) return undefined;
    slot = tested;
    // The first of two equal arms is the one that runs.
    if (!table.has(key)) table.set(key, index);
  }
  return slot === undefined ? undefined : { slot, table };
}

function keyOf(expr: CoreExpr): string | number | undefined {
  if (expr.kind !== 'const') return undefined;
  const { value } = expr;
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= LARGEST ? value : undefined;
}

function selectByTable(slot: number, table: Table, none: number): Select {
  return f => {
    const value = f[slot];
    if (typeof value === 'string') return table.get(value) ?? none;
    if (typeof value !== 'number') return none;
    const nearest = Math.round(value);
    return Math.abs(value - nearest) < Number.EPSILON ? (table.get(nearest) ?? none) : none;
  };
}
