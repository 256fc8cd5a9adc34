// The points at which a run in slices leaves machine code for the register machine (points.ts), as text for people: what is alive there, and where
// it goes on.
import type { CoreUnit } from '../../core/core.ts';
import type { SourceText } from '../../diag/source.ts';
import type { ValueId } from '../../ir/ir.ts';
import { functionAt } from '../../vm/register/code.ts';
import { type NativeUnit, pausingUnitOf } from './code.ts';
import type { CodePoint } from './compile.ts';
import { alternativesOf, isList, isRecord, isSum, itemOf, type Shape } from './shapes.ts';
import { whyNotLeft } from './slices.ts';

/** The points of a function in code that may be left; half a sentence when there is none. */
function pointsOf(native: NativeUnit, index: number): readonly CodePoint[] | string {
  const code = native.functionAt(index)?.code;
  if (code === undefined) return 'it has no machine code';
  const why = whyNotLeft(code, native.landings);
  return why ?? code.points.filter(point => point !== undefined).filter(point => point.fn === index);
}

/** Whether runs in slices leave a function that has machine code: the end of a sentence. */
export function explainPoints(unit: CoreUnit, index: number): string {
  const points = pointsOf(pausingUnitOf(unit), index);
  if (typeof points === 'string') return `but runs in slices do not use it, because ${points}`;
  return `and runs in slices may leave it at ${points.length === 1 ? 'one point' : `${points.length} points`}`;
}

/** A line for each point of a function. */
export function listPoints(unit: CoreUnit, index: number, text: SourceText | undefined): readonly string[] {
  const native = pausingUnitOf(unit);
  const points = pointsOf(native, index);
  const { name } = unit.functions[index]!;
  if (typeof points === 'string') return [`runs in slices do not use ${name}, because ${points}`];
  const names = native.irOf(index).names;
  return [
    `runs in slices may leave ${name}, for a place in its code of the register machine, with what is alive and in which register:`,
    ...points.map(
      point => `  ${whereIs(point, unit, text)} -> ${landingOf(native, point)}: ${aliveAt(native, point, names)}`,
    ),
  ];
}

function whereIs({ instruction, isEntry }: CodePoint, unit: CoreUnit, text: SourceText | undefined): string {
  const place = text?.place(instruction.span.start);
  const at = place === undefined ? '' : ` ${place.line}:${place.column}`;
  if (isEntry) return 'the entry';
  if (instruction.op === 'call') return `the call of ${unit.functions[instruction.imm as number]!.name}${at}`;
  return `the loop${at}`;
}

/** Where the register machine goes on, as its listing counts. */
function landingOf({ landings: { unit, byInstruction } }: NativeUnit, { instruction }: CodePoint): string {
  const { pc } = byInstruction.get(instruction)!;
  return `+${pc - unit.functions[functionAt(unit, pc)]!.start}`;
}

function aliveAt({ landings }: NativeUnit, point: CodePoint, names: ReadonlyMap<ValueId, string>): string {
  const registers = new Map(landings.byInstruction.get(point.instruction)!.live);
  const alive = point.values.filter(({ value }) => registers.has(value));
  const texts = alive.map(
    ({ value, shape }) => `${names.get(value) ?? `v${value}`} ${showShape(shape)} r${registers.get(value)}`,
  );
  return texts.length === 0 ? 'nothing' : texts.join(', ');
}

/** In the language's notation, with what a value may be in braces. */
function showShape(shape: Shape): string {
  if (isList(shape)) return `L ${showShape(itemOf(shape))}`;
  if (isRecord(shape)) return shape.slice('record '.length);
  if (isSum(shape)) {
    const marks = { plain: '', nil: '', ok: '~', err: '^' };
    return `{${[...alternativesOf(shape)].map(([each, inside]) => `${marks[each]}${showShape(inside)}`).join(' | ')}}`;
  }
  return shape === 'num' || shape === 'bool' || shape === 'text' ? shape[0]! : shape;
}
