// One function as code on columns: lowered as any other native function, widened, given registers, and written for the processor.
import { InternalError } from '../../../base/assert.ts';
import type { CoreUnit } from '../../../core/core.ts';
import type { IrFunction } from '../../../ir/ir.ts';
import { ALL_CLOBBERED, allocate } from '../allocate.ts';
import { analyse } from '../analyse.ts';
import { CodeBuffer, NOWHERE, positionAt } from '../buffer.ts';
import { checkAllocation } from '../check-allocation.ts';
import type { ListedLine } from '../compile.ts';
import { lowerFunction } from '../lower.ts';
import { explainRefusal } from '../refuse.ts';
import type { Shape } from '../shapes.ts';
import { settleConditions } from '../whole/narrow.ts';
import type { LaneTarget } from './lane-target.ts';
import { dropUnused, sizeOf } from './tidy.ts';
import { type LaneKind, widen } from './widen.ts';

export interface BatchCode {
  readonly bytes: Uint8Array;
  readonly params: readonly LaneKind[];
  readonly result: LaneKind;
  readonly lanes: number;
  /** The instructions that it is made of. */
  readonly target: string;
  /** What every row uses of fuel; `variesFuel`: the memory says what rows have used besides. */
  readonly fuel: number;
  readonly variesFuel: boolean;
  /** So many calls have to be able to nest. */
  readonly depth: number;
  /** About how many instructions a group of rows takes where no loop is. */
  readonly size: number;
  /** Where it was asked for. */
  readonly listing: readonly ListedLine[];
}

/** Half a sentence, as refuse.ts has them. */
export type NoBatch = { readonly why: string };

const MOST_BLOCKS = 2000;
const LARGEST = 20_000;
/** What a batch may take of the stack: less than the addon keeps free. */
const MOST_FRAME_BYTES = 32_768;

export interface BatchOptions {
  readonly metered: boolean;
  readonly target: LaneTarget;
  /** As few registers as possible: to test spilling. */
  readonly stress: boolean;
  readonly canary: boolean;
  readonly listing?: boolean;
}

/** Compiles a function whose calls were put in place. Throws an InternalError for a bug in here. */
export function compileBatch(
  unit: CoreUnit,
  index: number,
  fn: IrFunction,
  { metered, target, stress, canary, listing = false }: BatchOptions,
): BatchCode | NoBatch {
  const declared = unit.functions[index]!;
  if (declared.params.length === 0) return { why: 'it has no parameters' };
  const odd = declared.params.find(({ type }) => type.kind !== 'num' && type.kind !== 'bool');
  if (odd !== undefined) return { why: `its parameter ${odd.name} is neither a number nor a truth value` };
  const call = fn.blocks.flatMap(({ code }) => code).find(each => each.op === 'call');
  if (call !== undefined) {
    return { why: `it calls ${unit.functions[call.imm as number]!.name}, which cannot stand in place of its call` };
  }
  if (fn.blocks.length > MOST_BLOCKS) return { why: 'it is too large' };
  const analysis = analyse(
    unit,
    [index],
    () => fn,
    () => fn,
    () => true,
  );
  const refusal = analysis.refused.get(index);
  if (refusal !== undefined) return { why: explainRefusal(refusal) };
  const shaped = analysis.shaped.get(index)!;
  const result = kindOf(shaped.result);
  if (result === undefined) return { why: 'what it gives is neither a number nor a truth value' };
  const low = lowerFunction(fn, shaped, {
    metered,
    span: declared.span,
    paramsOf: () => [],
    resultOf: () => 'other',
    // What text it is cannot be asked, and it is no result.
    text: () => 0,
    layoutOf: record => analysis.records.get(record.slice('record '.length))!,
    point: undefined,
    site: () => 0,
  });
  const lowered = settleConditions(low);
  const params = declared.params.map(({ type }): LaneKind => (type.kind === 'bool' ? 'bool' : 'num'));
  const widened = widen(lowered, params, result, target.features);
  if ('obstacle' in widened) return { why: `it has ${widened.obstacle}` };
  const { fn: wide, fuel, variesFuel, depth } = widened;
  dropUnused(wide);
  const size = sizeOf(wide);
  if (size > LARGEST) return { why: 'it is too large' };
  const order = wide.blocks.map((_, id) => id);
  const clobbersOf = () => ALL_CLOBBERED;
  const allocation = allocate(wide, order, target.registers, clobbersOf, stress);
  const problem = checkAllocation(wide, order, allocation, target.registers, clobbersOf);
  if (problem !== undefined) throw new InternalError(`wrong register allocation: ${problem}`);
  if (8 * target.lanes * allocation.slots > MOST_FRAME_BYTES) return { why: 'it is too large' };
  const buffer = new CodeBuffer();
  const list = target.write(buffer, wide, order, allocation, params.length, { canary, listing });
  const code = buffer.finish();
  if (code.kind === 'too-large') return { why: 'it is too large' };
  const marks = code.marks();
  return {
    bytes: code.bytes,
    params,
    result,
    lanes: target.lanes,
    target: target.name,
    fuel,
    variesFuel,
    depth,
    size,
    listing: list(code).map(line => {
      const position = positionAt(marks, line.offset);
      return { ...line, heading: undefined, position: position === NOWHERE ? undefined : position };
    }),
  };
}

function kindOf(shape: Shape): LaneKind | undefined {
  return shape === 'num' || shape === 'bool' ? shape : undefined;
}
