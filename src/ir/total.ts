// Calls of builtins that cannot end in a fault, because of what they are given: they do no more than arithmetic.
import type { Instruction, ValueId } from './ir.ts';

const OF_NUMBERS: ReadonlySet<string> = new Set(['abs', 'flr', 'cel', 'sqrt']);

/** Whether an instruction of effect `call` or `fault` cannot fault. `definition` gives the instruction that makes a value. */
export function isTotal(each: Instruction, definition: (value: ValueId) => Instruction | undefined): boolean {
  if (each.op === 'num.div') return isNonZero(definition(each.args[1]!));
  if (each.op !== 'call.builtin') return false;
  const boxes = each.args.map(definition);
  if (boxes.some(made => made?.op !== 'box.num')) return false;
  if (OF_NUMBERS.has(each.imm as string)) return each.args.length === 1;
  return each.imm === 'mod' && each.args.length === 2 && isNonZero(definition(boxes[1]!.args[0]!));
}

function isNonZero(made: Instruction | undefined): boolean {
  return made?.op === 'const.num' && made.imm !== 0;
}
