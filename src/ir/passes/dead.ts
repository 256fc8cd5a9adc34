// Dead code: instructions whose result nobody needs, and block parameters likewise. What counts against a limit stays, even when the
// value it was charged for goes: limits strike at the same place on every engine, optimised or not. So does what may fault.
import { IR_OPS } from '../../spec/ir-ops.ts';
import { buildCfg } from '../cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import { rewrite } from '../trivial-params.ts';

interface Param {
  readonly block: BlockId;
  readonly index: number;
}

/** The function without what has no effect. Linear in its size. */
export function removeDeadCode(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  // By the number of the value.
  const definitions: (Instruction | undefined)[] = new Array(fn.types.length).fill(undefined);
  const params: (Param | undefined)[] = new Array(fn.types.length).fill(undefined);
  const live: boolean[] = new Array(fn.types.length).fill(false);
  const work: ValueId[] = [];
  const need = (value: ValueId): void => {
    if (live[value]) return;
    live[value] = true;
    work.push(value);
  };
  for (const id of cfg.order) {
    const block = fn.blocks[id]!;
    block.params.forEach((param, index) => {
      params[param] = { block: id, index };
    });
    for (const each of block.code) {
      if (each.result !== undefined) definitions[each.result] = each;
      if (!isDroppable(each)) for (const arg of each.args) need(arg);
    }
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const param = params[value];
    if (param === undefined) {
      for (const arg of definitions[value]!.args) need(arg);
    } else {
      for (const from of cfg.predecessors[param.block]!) {
        if (cfg.place[from]! < 0) continue;
        for (const target of endOf(fn.blocks[from]!).targets) {
          if (target.block === param.block) need(target.args[param.index]!);
        }
      }
    }
  }
  const isUsed = (each: Instruction): boolean => each.result === undefined || live[each.result]! || !isDroppable(each);
  const isGone = (value: ValueId): boolean => {
    const param = params[value];
    return param !== undefined && param.block !== 0 && !live[value];
  };
  const isInOrder = cfg.order.length === fn.blocks.length && cfg.order.every((id, i) => id === i);
  if (isInOrder && fn.blocks.every(block => block.code.every(isUsed) && !block.params.some(isGone))) return fn;
  const blocks = fn.blocks.map(block => ({ params: block.params, code: block.code.filter(isUsed) }));
  return rewrite({ ...fn, blocks }, cfg.order, isGone, value => value);
}

function isDroppable(instruction: Instruction): boolean {
  const { effect } = IR_OPS[instruction.op];
  return effect === 'pure' || effect === 'alloc';
}
