// Which values may be the content of a variable that was never set: `const.empty` itself and the block parameters that it can
// reach. Everything else needs no check before it is used.
import type { Cfg } from '../cfg.ts';
import { endOf, type IrFunction, type ValueId } from '../ir.ts';

/** The values that may be empty. Linear in the size of the function. */
export function findMaybeEmpty(fn: IrFunction, cfg: Cfg): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const work: ValueId[] = [];
  const flowsTo = new Map<ValueId, ValueId[]>();
  for (const id of cfg.order) {
    const block = fn.blocks[id]!;
    for (const each of block.code) {
      if (each.op === 'const.empty' && each.result !== undefined) work.push(each.result);
    }
    for (const target of endOf(block).targets) {
      target.args.forEach((arg, i) => {
        const param = fn.blocks[target.block]!.params[i]!;
        const to = flowsTo.get(arg);
        if (to) to.push(param);
        else flowsTo.set(arg, [param]);
      });
    }
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (found.has(value)) continue;
    found.add(value);
    // Many edges may carry one value; pushing them one by one keeps the call's argument list short.
    for (const param of flowsTo.get(value) ?? []) work.push(param);
  }
  return found;
}
