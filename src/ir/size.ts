// Whether a unit is small enough for the IR. Making it, running the passes over it and making code of it takes tens of
// microseconds for each block, and memory for each variable wherever control flow meets: a second and more for what only programs
// have that were themselves generated. The stack machine compiles Core as it stands, a hundred times as fast, and gives the same answers,
// so what does not fit here is handed over to it (runtime/program.ts). The decision looks at the unit alone: no engine starts work in vain.
//
// The bounds are such that the slowest engine that reads the IR has its code within half a second; `node bench/huge.mjs` shows it.
import type { CoreFunction, CoreUnit } from '../core/core.ts';
import { visitFunction } from '../core/visit.ts';

/** Expressions and statements of a unit, with EDGE_WEIGHT for each way that control may take. */
const MOST_WEIGHT = 65_536;
const EDGE_WEIGHT = 8;

/** Variables of one function times the ways in it: each join may need a parameter for each variable, and an argument for each way in. */
const MOST_ARGUMENTS = 262_144;

/** No character of the source makes more weight than this; short sources need not be weighed. */
const WEIGHT_PER_UNIT = 16;

const known = new WeakMap<CoreUnit, boolean>();

/** Whether engines that read the IR should take this unit. Linear in its size. */
export function fitsIr(unit: CoreUnit): boolean {
  const answer = known.get(unit) ?? measure(unit);
  known.set(unit, answer);
  return answer;
}

function measure(unit: CoreUnit): boolean {
  if (unit.functions.reduce((sum, { span }) => sum + span.end - span.start, 0) * WEIGHT_PER_UNIT < MOST_WEIGHT)
    return true;
  let weight = 0;
  return unit.functions.every(fn => {
    const { nodes, edges } = sizeOf(fn);
    weight += nodes + edges * EDGE_WEIGHT;
    return weight <= MOST_WEIGHT && edges * fn.slots <= MOST_ARGUMENTS;
  });
}

function sizeOf(fn: CoreFunction): { readonly nodes: number; readonly edges: number } {
  let nodes = 0;
  let edges = 0;
  visitFunction(
    fn,
    expr => {
      nodes++;
      if (expr.kind === 'and' || expr.kind === 'or' || expr.kind === 'coalesce' || expr.kind === 'if') edges += 2;
    },
    stmt => {
      nodes++;
      if (stmt.kind === 'cond') edges += stmt.arms.length + 1;
      else if (stmt.kind === 'foreach' || stmt.kind === 'range' || stmt.kind === 'while') edges += 4;
      else if (stmt.kind === 'break' || stmt.kind === 'continue') edges++;
    },
  );
  return { nodes, edges };
}
