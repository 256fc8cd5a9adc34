// Looks at functions and all that they can reach by calls before they are compiled together: which of them can be native, and the shapes of
// values, results and fields of records, which depend on each other.
import type { CoreUnit } from '../../core/core.ts';
import type { Shape as RecordKind } from '../../core/value/record.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { infer, type Known, type Shaped } from './infer.ts';
import { type Refusal, refuseCalls, refuseOps, refuseShapes, refuseSignature } from './refuse.ts';
import { joinShapes, type RecordLayout, shapeOfType } from './shapes.ts';

/** What is known of all functions that one can reach. */
export interface Analysis {
  /** By the name of the type. */
  readonly records: ReadonlyMap<string, RecordLayout>;
  readonly shaped: ReadonlyMap<number, Shaped>;
  readonly refused: ReadonlyMap<number, Refusal>;
}

/**
 * Looks at functions and all that they can reach by calls: which of them can be native, and the shapes in those. `builtAt` gives a function
 * before the passes, which is enough to see what a function calls whose signature is refused.
 */
export function analyse(
  unit: CoreUnit,
  starts: readonly number[],
  builtAt: (index: number) => IrFunction,
  functionAt: (index: number) => IrFunction,
  hasHeap: () => boolean,
): Analysis {
  const refused = new Map<number, Refusal>();
  const reached = new Set(starts);
  for (const index of reached) {
    const refusal = refuseSignature(unit.functions[index]!);
    if (refusal !== undefined) refused.set(index, refusal);
    for (const callee of calleesOf((refusal === undefined ? functionAt : builtAt)(index))) reached.add(callee);
  }
  const members = [...reached];
  for (const index of members) {
    if (refused.has(index)) continue;
    const refusal = refuseOps(functionAt(index), hasHeap);
    if (refusal !== undefined) refused.set(index, refusal);
  }
  refuseCallers(unit, members, functionAt, refused);
  const candidates = members.filter(index => !refused.has(index));
  const records = findRecords(candidates, functionAt);
  const shaped = inferAll(unit, candidates, functionAt, records);
  for (const [index, found] of shaped) {
    const refusal = refuseShapes(unit, functionAt(index), found, records);
    if (refusal !== undefined) refused.set(index, refusal);
  }
  refuseCallers(unit, members, functionAt, refused);
  return { shaped, refused, records };
}

/** Whoever calls a refused function, or one with another number of arguments, is refused too. */
function refuseCallers(
  unit: CoreUnit,
  members: readonly number[],
  functionAt: (index: number) => IrFunction,
  refused: Map<number, Refusal>,
): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const index of members) {
      if (refused.has(index)) continue;
      const refusal = refuseCalls(unit, functionAt(index), refused);
      if (refusal === undefined) continue;
      refused.set(index, refusal);
      changed = true;
    }
  }
}

/** The types of records that some functions make. One that is made with different fields has no layout. */
function findRecords(members: readonly number[], functionAt: (index: number) => IrFunction): Map<string, RecordLayout> {
  const records = new Map<string, RecordLayout>();
  const odd = new Set<string>();
  for (const index of members) {
    for (const block of functionAt(index).blocks) {
      for (const each of block.code) {
        if (each.op !== 'record.new') continue;
        const shape = each.imm as RecordKind;
        const known = records.get(shape.typeName);
        if (known === undefined) records.set(shape.typeName, { shape, fields: shape.names.map(() => 'never') });
        else if (known.shape.names.join() !== shape.names.join()) odd.add(shape.typeName);
      }
    }
  }
  for (const name of odd) records.delete(name);
  return records;
}

function inferAll(
  unit: CoreUnit,
  members: readonly number[],
  functionAt: (index: number) => IrFunction,
  records: Map<string, RecordLayout>,
): ReadonlyMap<number, Shaped> {
  const shaped = new Map<number, Shaped>();
  const callers = new Map<number, Set<number>>();
  const waiting = new Set([...members].reverse());
  const known: Known = {
    resultOf: callee => shaped.get(callee)?.result ?? 'never',
    fieldOf: (record, name) => {
      const layout = records.get(record.slice('record '.length));
      const at = layout?.shape.indexOf(name);
      return layout === undefined || at === undefined ? 'other' : layout.fields[at]!;
    },
    raiseField: (record, name, shape) => {
      const layout = records.get(record.slice('record '.length));
      const at = layout?.shape.indexOf(name);
      if (layout === undefined || at === undefined) return;
      const after = joinShapes(layout.fields[at]!, shape);
      if (after === layout.fields[at]) return;
      layout.fields[at] = after;
      // Anybody may have read the field.
      for (const member of members) waiting.add(member);
    },
  };
  for (const index of waiting) {
    waiting.delete(index);
    const fn = functionAt(index);
    for (const callee of calleesOf(fn)) {
      const others = callers.get(callee);
      if (others === undefined) callers.set(callee, new Set([index]));
      else others.add(index);
    }
    const params = unit.functions[index]!.params.map(param => shapeOfType(param.type));
    const made = infer(fn, params, known);
    const before = shaped.get(index)?.result ?? 'never';
    shaped.set(index, made);
    if (made.result !== before) for (const caller of callers.get(index) ?? []) waiting.add(caller);
  }
  return shaped;
}

/** The functions that a function calls; some of them more than once. */
export function calleesOf(fn: IrFunction): readonly number[] {
  const callees: number[] = [];
  for (const { code } of fn.blocks) for (const each of code) if (each.op === 'call') callees.push(each.imm as number);
  return callees;
}
