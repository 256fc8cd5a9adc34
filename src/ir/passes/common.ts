// Common subexpressions: an instruction that repeats one which dominates it gives the same value. Shared are pure instructions, and
// those whose only effect is a fault: where the first did not fault the second cannot. What makes a list, a text or a record is not shared:
// two lists that grow from one would copy.
import { IR_OPS, type IrOp } from '../../spec/ir-ops.ts';
import { buildCfg } from '../cfg.ts';
import type { Block, BlockId, Instruction, IrFunction, ValueId } from '../ir.ts';
import { printNumber } from '../print.ts';
import { rewrite } from '../trivial-params.ts';

const MAKES: ReadonlySet<IrOp> = new Set(['list.append', 'text.concat', 'any.add', 'record.with']);

/** The function with each value computed once on every way. */
export function shareCommon(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  const children: BlockId[][] = fn.blocks.map(() => []);
  for (const id of cfg.order) if (id !== 0) children[cfg.dominator[id]!]!.push(id);
  const replaced = new Map<ValueId, ValueId>();
  const resolve = (value: ValueId): ValueId => replaced.get(value) ?? value;
  const available = new Map<string, ValueId>();
  const blocks: Block[] = fn.blocks.map(block => block);
  // A number says how much of `added` was there before a subtree; it is undone when the subtree is left.
  const added: string[] = [];
  const stack: { readonly block: BlockId; readonly leave: number }[] = [{ block: 0, leave: -1 }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.leave >= 0) {
      while (added.length > at.leave) available.delete(added.pop()!);
      continue;
    }
    stack.push({ block: at.block, leave: added.length });
    const block = fn.blocks[at.block]!;
    const code: Instruction[] = [];
    for (const each of block.code) {
      const key = keyOf(each, fn, resolve);
      const earlier = key === undefined ? undefined : available.get(key);
      if (earlier !== undefined) {
        replaced.set(each.result!, earlier);
        continue;
      }
      code.push(each);
      if (key === undefined) continue;
      available.set(key, each.result!);
      added.push(key);
    }
    blocks[at.block] = { params: block.params, code };
    for (const child of children[at.block]!) stack.push({ block: child, leave: -1 });
  }
  if (replaced.size === 0) return fn;
  return rewrite({ ...fn, blocks }, cfg.order, () => false, resolve);
}

/** What two instructions must have in common to give the same value; undefined when it must not be shared. */
function keyOf(each: Instruction, fn: IrFunction, resolve: (value: ValueId) => ValueId): string | undefined {
  if (each.result === undefined || MAKES.has(each.op)) return undefined;
  const { effect } = IR_OPS[each.op];
  if (effect !== 'pure' && effect !== 'fault') return undefined;
  let key = `${each.op} ${fn.types[each.result]}`;
  for (const arg of each.args) key += ` ${resolve(arg)}`;
  if (each.imm === undefined) return key;
  if (typeof each.imm === 'number') return `${key} = ${printNumber(each.imm)}`;
  return `${key} = ${typeof each.imm === 'bigint' ? each.imm : JSON.stringify(each.imm)}`;
}
