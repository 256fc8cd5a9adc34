// Takes out block parameters that always receive the same value (or themselves): what SSA construction leaves behind where a loop
// or a join turned out not to change a variable. Also drops blocks that cannot be reached and gives values dense numbers.
import type { IrType } from '../spec/ir-ops.ts';
import { buildCfg } from './cfg.ts';
import { type Block, endOf, type Instruction, type IrFunction, type ValueId } from './ir.ts';

/** The function without parameters that have one source only, unreachable blocks and gaps in the value numbers. */
export function removeTrivialParams(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  const sources = collectSources(fn, cfg.order);
  const same = new Map<ValueId, ValueId>();
  const resolve = (value: ValueId): ValueId => {
    let at = value;
    for (let next = same.get(at); next !== undefined; next = same.get(at)) at = next;
    // Path compression keeps long chains of replaced parameters cheap.
    for (let each = value; each !== at; ) {
      const next = same.get(each)!;
      same.set(each, at);
      each = next;
    }
    return at;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const [param, values] of sources) {
      if (same.has(param)) continue;
      const source = onlySource(param, values, resolve);
      if (source === undefined) continue;
      same.set(param, source);
      changed = true;
    }
  }
  return rewrite(fn, cfg.order, value => same.has(value), resolve);
}

/** The values that each parameter receives, from blocks that can be reached. */
function collectSources(fn: IrFunction, order: readonly number[]): Map<ValueId, ValueId[]> {
  const sources = new Map<ValueId, ValueId[]>();
  for (const id of order) if (id !== 0) for (const param of fn.blocks[id]!.params) sources.set(param, []);
  for (const id of order) {
    for (const target of endOf(fn.blocks[id]!).targets) {
      fn.blocks[target.block]!.params.forEach((param, i) => {
        sources.get(param)?.push(target.args[i]!);
      });
    }
  }
  return sources;
}

function onlySource(
  param: ValueId,
  values: readonly ValueId[],
  resolve: (value: ValueId) => ValueId,
): ValueId | undefined {
  let source: ValueId | undefined;
  for (const value of values) {
    const real = resolve(value);
    if (real === param || real === source) continue;
    if (source !== undefined) return undefined;
    source = real;
  }
  return source;
}

/** The function with only the blocks of `order`, without the parameters that `isGone` names, all values resolved and renumbered. */
export function rewrite(
  fn: IrFunction,
  order: readonly number[],
  isGone: (value: ValueId) => boolean,
  resolve: (value: ValueId) => ValueId,
): IrFunction {
  const blockNumber = new Int32Array(fn.blocks.length).fill(-1);
  order.forEach((id, i) => {
    blockNumber[id] = i;
  });
  const numbers = new Int32Array(fn.types.length).fill(-1);
  const types: IrType[] = [];
  const names = new Map<ValueId, string>();
  const define = (value: ValueId): ValueId => {
    numbers[value] = types.length;
    const name = fn.names.get(value);
    if (name !== undefined) names.set(types.length, name);
    types.push(fn.types[value]!);
    return types.length - 1;
  };
  const kept = order.map(id => fn.blocks[id]!);
  const params = kept.map(block => block.params.filter(param => !isGone(param)).map(define));
  for (const block of kept) for (const each of block.code) if (each.result !== undefined) define(each.result);
  const use = (value: ValueId): ValueId => numbers[resolve(value)]!;
  const blocks: Block[] = kept.map((block, i) => ({
    params: params[i]!,
    code: block.code.map(
      (each): Instruction => ({
        op: each.op,
        result: each.result === undefined ? undefined : numbers[each.result]!,
        args: each.args.length === 0 ? each.args : each.args.map(use),
        imm: each.imm,
        targets:
          each.targets.length === 0
            ? each.targets
            : each.targets.map(target => ({
                block: blockNumber[target.block]!,
                args: target.args.filter((_, n) => !isGone(fn.blocks[target.block]!.params[n]!)).map(use),
              })),
        span: each.span,
      }),
    ),
  }));
  return { ...fn, types, names, blocks };
}
