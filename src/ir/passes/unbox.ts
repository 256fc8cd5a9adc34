// Block parameters that only ever receive boxed numbers (or boxed truth values) become bare: the counters and sums of loops. The
// question is answered optimistically: all parameters are candidates, and one that receives anything else is struck
// out, with all candidates it flows into. A parameter that became bare is boxed again at the head of its block for whoever wants the box;
// simplification takes out the boxes that nobody does. One that only ever receives lists is known to be a list.
import type { IrType } from '../../spec/ir-ops.ts';
import { buildCfg, type Cfg } from '../cfg.ts';
import { type Block, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import { rewrite } from '../trivial-params.ts';

type Bare = 'num' | 'bool';

/** The function with bare numbers and truth values crossing its blocks wherever that is sure to be right. */
export function unboxParams(fn: IrFunction): IrFunction {
  // The parameters of a function stay as they are.
  if (fn.blocks.length === 1) return fn;
  const cfg = buildCfg(fn);
  const definitions = new Map<ValueId, Instruction>();
  for (const id of cfg.order) {
    for (const each of fn.blocks[id]!.code) if (each.result !== undefined) definitions.set(each.result, each);
  }
  const unboxed = unboxAs('bool', unboxAs('num', typeLists(fn, cfg), cfg, definitions), cfg, definitions);
  return unboxed === fn
    ? fn
    : rewrite(
        unboxed,
        cfg.order,
        () => false,
        value => value,
      );
}

function typeLists(fn: IrFunction, cfg: Cfg): IrFunction {
  const candidates = findCandidates(fn, cfg, value => fn.types[value] === 'list');
  if (candidates.size === 0) return fn;
  return { ...fn, types: fn.types.map((type, value) => (candidates.has(value) ? 'list' : type)) };
}

function unboxAs(bare: Bare, fn: IrFunction, cfg: Cfg, definitions: ReadonlyMap<ValueId, Instruction>): IrFunction {
  const box = bare === 'num' ? 'box.num' : 'box.bool';
  const candidates = findCandidates(fn, cfg, value => definitions.get(value)?.op === box);
  if (candidates.size === 0) return fn;
  const types: IrType[] = [...fn.types];
  const names = new Map(fn.names);
  const bareParam = new Map<ValueId, ValueId>();
  for (const param of candidates) {
    bareParam.set(param, types.length);
    const name = names.get(param);
    if (name !== undefined) names.set(types.length, name);
    types.push(bare);
  }
  const bareOf = (value: ValueId): ValueId => bareParam.get(value) ?? definitions.get(value)!.args[0]!;
  const blocks = fn.blocks.map((block, id): Block => {
    if (cfg.place[id]! < 0) return block;
    const boxes = block.params
      .filter(param => candidates.has(param))
      .map(
        (param): Instruction => ({
          op: box,
          result: param,
          args: [bareParam.get(param)!],
          imm: undefined,
          targets: [],
          span: block.code[0]!.span,
        }),
      );
    const end = endOf(block);
    const targets = end.targets.map(target => ({
      block: target.block,
      args: target.args.map((arg, i) => (candidates.has(fn.blocks[target.block]!.params[i]!) ? bareOf(arg) : arg)),
    }));
    const code = end.targets.length === 0 ? block.code : [...block.code.slice(0, -1), { ...end, targets }];
    return { params: block.params.map(param => bareParam.get(param) ?? param), code: [...boxes, ...code] };
  });
  return { ...fn, types, names, blocks };
}

/** The parameters that receive only what is wanted and each other. */
function findCandidates(fn: IrFunction, cfg: Cfg, isWanted: (value: ValueId) => boolean): ReadonlySet<ValueId> {
  const candidates = new Set<ValueId>();
  for (const id of cfg.order) {
    if (id === 0) continue;
    for (const param of fn.blocks[id]!.params) if (fn.types[param] === 'any') candidates.add(param);
  }
  const flowsTo = new Map<ValueId, ValueId[]>();
  const struck: ValueId[] = [];
  for (const id of cfg.order) {
    for (const target of endOf(fn.blocks[id]!).targets) {
      target.args.forEach((arg, i) => {
        const param = fn.blocks[target.block]!.params[i]!;
        if (!candidates.has(param) || isWanted(arg)) return;
        if (!candidates.has(arg)) struck.push(param);
        else if (flowsTo.has(arg)) flowsTo.get(arg)!.push(param);
        else flowsTo.set(arg, [param]);
      });
    }
  }
  for (let param = struck.pop(); param !== undefined; param = struck.pop()) {
    if (!candidates.delete(param)) continue;
    for (const next of flowsTo.get(param) ?? []) struck.push(next);
  }
  return candidates;
}
