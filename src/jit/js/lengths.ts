// How long texts are at most, as far as their making says: joining two that are short together needs no look at their lengths.
import type { Instruction, ValueId } from '../../ir/ir.ts';

/** A number is written with fewer units than this, whatever it is. */
const UNITS_OF_NUMBER = 400;
/** Texts of more parts are not followed. */
const MOST_PARTS = 20;

/** How long a text is at most; infinity when that is not known. */
export function mostUnits(text: ValueId, definition: (value: ValueId) => Instruction | undefined): number {
  let units = 0;
  const parts = [text];
  for (const [at, part] of parts.entries()) {
    const made = definition(part);
    const of = made === undefined || at >= MOST_PARTS ? undefined : partOf(made, definition);
    if (of === undefined) return Number.POSITIVE_INFINITY;
    if (typeof of === 'number') units += of;
    else parts.push(...of);
  }
  return units;
}

/** The length of what an instruction makes, or what it is joined from. */
function partOf(
  { op, imm, args }: Instruction,
  definition: (value: ValueId) => Instruction | undefined,
): number | readonly ValueId[] | undefined {
  if (op === 'const.text') return (imm as string).length;
  if (op === 'text.concat') return args;
  const isOfNumber = op === 'call.builtin' && imm === 'str' && definition(args[0]!)?.op === 'box.num';
  return isOfNumber ? UNITS_OF_NUMBER : undefined;
}
