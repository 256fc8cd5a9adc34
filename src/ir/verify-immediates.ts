// What may stand behind the operands of an instruction: functions, builtins and fields that there are, and amounts that count something.
import type { Shape } from '../core/value/record.ts';
import { isBuiltinName } from '../spec/builtin-names.ts';
import type { CalleeImmediate, Instruction, IrUnit } from './ir.ts';

/** Amounts are words of 31 bits in every engine. */
const MAX_AMOUNT = 2 ** 31 - 1;

/** What is wrong with the immediate of an instruction, as a sentence. Functions that are called are looked at with their parameters. */
export function immediateProblem({ op, imm, args }: Instruction, unit: IrUnit): string | undefined {
  switch (op) {
    case 'fuel':
    case 'depth':
      return isWhole(imm, 1, MAX_AMOUNT) ? undefined : `${op} counts a whole number from 1 on, not ${imm as number}`;
    case 'charge.items':
      return isWhole(imm, 0, MAX_AMOUNT) ? undefined : `${op} counts a whole number from 0 on, not ${imm as number}`;
    case 'list.index':
    case 'list.index.safe':
      return isWhole(imm, 0, Number.MAX_VALUE) ? undefined : `${imm as number} is no index`;
    case 'record.new':
      return nameTwice((imm as Shape).names);
    case 'call.builtin':
      return isBuiltinName(imm as string) ? undefined : `there is no builtin ${JSON.stringify(imm)}`;
    case 'fn.new':
      return calleeProblem(imm as CalleeImmediate, args.length, unit);
    default:
      return undefined;
  }
}

function isWhole(imm: Instruction['imm'], least: number, most: number): boolean {
  return Number.isInteger(imm) && (imm as number) >= least && (imm as number) <= most;
}

function nameTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return `the field ${JSON.stringify(name)} is there twice`;
    seen.add(name);
  }
  return undefined;
}

/**
 * A value that stands for a function has its captures as the last parameters. One that stands for a builtin, or only names a tool, which is no
 * value and faults when it is called, captures nothing.
 */
function calleeProblem({ callee, name }: CalleeImmediate, captures: number, unit: IrUnit): string | undefined {
  if (callee === -1) {
    if (!isBuiltinName(name) && !unit.tools.includes(name)) return `there is no builtin ${JSON.stringify(name)}`;
    return captures === 0 ? undefined : `${name} captures nothing`;
  }
  const fn = unit.functions[callee];
  if (fn === undefined || fn.of !== undefined || fn.name !== name) {
    return `there is no function ${callee}:${JSON.stringify(name)}`;
  }
  return captures <= fn.params.length ? undefined : `${name} captures more than it has parameters`;
}
