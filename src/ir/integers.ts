// Which bare numbers of a function are whole, found optimistically: sums, differences and products of whole numbers are whole, and so is what
// goes round a loop when all that enters it is. Infinities and NaN count as whole here: whoever asks compares with bounds as well.
import { buildCfg, type Cfg } from './cfg.ts';
import { endOf, type Instruction, type IrFunction, type ValueId } from './ir.ts';

const WHOLE_BUILTINS: ReadonlySet<string> = new Set(['len', 'flr', 'cel', 'rou']);

/** The bare and boxed numbers that are whole. Linear in the size of the function. */
export function findIntegers(fn: IrFunction, cfg: Cfg = buildCfg(fn)): ReadonlySet<ValueId> {
  const whole = new Set<ValueId>();
  const dependents = new Map<ValueId, ValueId[]>();
  const struck: ValueId[] = [];
  const depend = (value: ValueId, on: readonly ValueId[]): void => {
    for (const each of on) {
      const known = dependents.get(each);
      if (known === undefined) dependents.set(each, [value]);
      else known.push(value);
    }
  };
  fn.types.forEach((_, value) => {
    whole.add(value);
  });
  for (const param of fn.blocks[0]!.params) struck.push(param);
  for (const id of cfg.order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.result === undefined) continue;
      const needs = needsWhole(each);
      if (needs === undefined) struck.push(each.result);
      else depend(each.result, needs);
    }
    for (const target of endOf(fn.blocks[id]!).targets) {
      target.args.forEach((arg, i) => {
        depend(fn.blocks[target.block]!.params[i]!, [arg]);
      });
    }
  }
  for (let value = struck.pop(); value !== undefined; value = struck.pop()) {
    if (!whole.delete(value)) continue;
    for (const next of dependents.get(value) ?? []) struck.push(next);
  }
  return whole;
}

/** What has to be whole for the result to be; undefined when nothing makes it so. */
function needsWhole({ op, args, imm }: Instruction): readonly ValueId[] | undefined {
  switch (op) {
    case 'const.num':
      return Number.isInteger(imm) ? [] : undefined;
    case 'box.num':
    case 'unbox.num':
    case 'num.add':
    case 'num.sub':
    case 'num.mul':
    case 'num.neg':
      return args;
    case 'range.start':
    case 'range.end':
    case 'list.length':
      return [];
    case 'call.builtin':
      if (imm === 'mod') return args;
      return WHOLE_BUILTINS.has(imm as string) ? [] : undefined;
    default:
      return undefined;
  }
}
