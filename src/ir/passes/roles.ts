// What instructions do with lists, maps and records: change them, look at them, keep them, make new ones. What own.ts goes by.
import type { IrOp } from '../../spec/ir-ops.ts';
import type { Instruction, IrFunction, ValueId } from '../ir.ts';

/** Operations that change their first operand. */
const CHANGES: ReadonlySet<IrOp> = new Set(['list.append', 'record.with']);
const CHANGING_BUILTINS: ReadonlySet<string> = new Set(['lst', 'mset']);

/** Operations that give something new, which nobody else has. */
const MAKES: ReadonlySet<IrOp> = new Set(['list.new', 'list.append', 'record.new', 'record.with']);
const MAKING_BUILTINS: ReadonlySet<string> = new Set(['lst', 'mset', 'mmap', 'range', 'map', 'flt']);

/** Operations that only look. What they give is another value, even when it was inside. */
const LOOKS: ReadonlySet<IrOp> = new Set([
  'list.length',
  'list.item',
  'list.index',
  'list.index.safe',
  'field',
  'field.safe',
  'any.truthy',
  'any.eq',
  'is.nil',
  'is.ok',
  'is.err',
  'is.num',
  'is.text',
  'is.bool',
  'is.list',
  'charge.join',
  'charge.copy',
]);
/** Builtins that hand the items of their second operand, never the operand itself, to a function. */
const WALKING_BUILTINS: ReadonlySet<string> = new Set(['map', 'flt', 'ct', 'fld']);
const LOOKING_BUILTINS: ReadonlySet<string> = new Set([
  'at',
  'len',
  'has',
  'hd',
  'sum',
  'mget',
  'mhas',
  'mkeys',
  'mvals',
  'jdmp',
  'cat',
]);

/** What an instruction does with an operand; `pass`: hands it to a parameter of a block. */
export type Role = 'look' | 'change' | 'keep' | 'pass';

/** Whether a function only looks at one of its arguments, so that it is not given away by a call. */
export type Borrows = (callee: number, param: number) => boolean;

export function isChange({ op, imm }: Instruction): boolean {
  return CHANGES.has(op) || (op === 'call.builtin' && CHANGING_BUILTINS.has(imm as string));
}

export function isMaking({ op, imm }: Instruction): boolean {
  return MAKES.has(op) || (op === 'call.builtin' && MAKING_BUILTINS.has(imm as string));
}

export function roleOf(each: Instruction, operand: number, borrows: Borrows): Role {
  if (isChange(each) && operand === 0) return 'change';
  if (LOOKS.has(each.op)) return 'look';
  if (each.op === 'call') return borrows(each.imm as number, operand) ? 'look' : 'keep';
  return each.op === 'call.builtin' && looks(each.imm as string, operand) ? 'look' : 'keep';
}

function looks(builtin: string, operand: number): boolean {
  return LOOKING_BUILTINS.has(builtin) || (WALKING_BUILTINS.has(builtin) && operand === 1);
}

/**
 * The parameters of a function that it only looks at, or changes, which makes something new. What it gives back or hands on to others is
 * kept.
 */
export function findBorrowed(fn: IrFunction, borrows: Borrows): readonly boolean[] {
  // Names of one value: itself, parameters it flows into, and what `list.check` gives.
  const names: (ValueId[] | undefined)[] = new Array(fn.types.length).fill(undefined);
  const kept: ValueId[] = [];
  const alias = (of: ValueId, name: ValueId): void => {
    const known = names[name];
    if (known === undefined) names[name] = [of];
    else known.push(of);
  };
  for (const block of fn.blocks) {
    for (const each of block.code) {
      each.args.forEach((arg, operand) => {
        if (each.op === 'list.check' || each.op === 'record.check') alias(arg, each.result!);
        else if (roleOf(each, operand, borrows) === 'keep') kept.push(arg);
      });
      for (const target of each.targets) {
        target.args.forEach((arg, i) => {
          alias(arg, fn.blocks[target.block]!.params[i]!);
        });
      }
    }
  }
  const keeps = new Set<ValueId>();
  for (let value = kept.pop(); value !== undefined; value = kept.pop()) {
    if (keeps.has(value)) continue;
    keeps.add(value);
    for (const of of names[value] ?? []) kept.push(of);
  }
  return fn.blocks[0]!.params.map(param => !keeps.has(param));
}
