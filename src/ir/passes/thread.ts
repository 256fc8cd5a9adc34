// Control flow made short: an edge into a block that only decides on a constant goes straight to where the decision leads, an edge into a
// block that only jumps goes to where it jumps, and a block whose only way in is a jump joins the block before it.
//
// A loop head is never threaded through, so a loop keeps its one way in and the graph stays reducible. Blocks
// with instructions are never duplicated.
import { buildCfg, type Cfg } from '../cfg.ts';
import {
  type Block,
  type BlockId,
  endOf,
  type Instruction,
  type IrFunction,
  type Target,
  type ValueId,
} from '../ir.ts';
import { removeTrivialParams, rewrite } from '../trivial-params.ts';

/** The function with edges that lead where control ends up, and straight lines as one block. */
export function threadJumps(fn: IrFunction): IrFunction {
  if (fn.blocks.length === 1) return fn;
  const threaded = mergeLines(redirect(fn));
  return threaded === fn ? fn : removeTrivialParams(threaded);
}

/** How far an edge is followed. Longer chains are left to the next pass. */
const MAX_STEPS = 64;

function redirect(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  const constants = new Map<ValueId, boolean>();
  for (const id of cfg.order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.op === 'const.bool') constants.set(each.result!, each.imm as boolean);
    }
  }
  const passable = findPassable(fn, cfg);
  if (passable.size === 0) return fn;
  let changed = false;
  const blocks = fn.blocks.map((block): Block => {
    const end = endOf(block);
    if (end.targets.length === 0) return block;
    const targets = end.targets.map(target => follow(target, fn, passable, constants));
    if (targets.every((target, i) => target === end.targets[i])) return block;
    changed = true;
    return { params: block.params, code: [...block.code.slice(0, -1), { ...end, targets }] };
  });
  if (!changed) return fn;
  const threaded = { ...fn, blocks };
  return rewrite(
    threaded,
    buildCfg(threaded).order,
    () => false,
    value => value,
  );
}

/** Blocks with nothing but their end, that head no loop, and whose parameters nobody else uses. */
function findPassable(fn: IrFunction, cfg: Cfg): ReadonlySet<BlockId> {
  const owner = new Map<ValueId, BlockId>();
  const passable = new Set<BlockId>();
  for (const id of cfg.order) {
    const block = fn.blocks[id]!;
    const isHead = cfg.predecessors[id]!.some(from => cfg.place[from]! >= cfg.place[id]!);
    const { op } = endOf(block);
    if (id === 0 || isHead || block.code.length !== 1 || (op !== 'jump' && op !== 'branch')) continue;
    passable.add(id);
    for (const param of block.params) owner.set(param, id);
  }
  for (const id of cfg.order) {
    for (const each of fn.blocks[id]!.code) {
      const use = (value: ValueId): void => {
        const of = owner.get(value);
        if (of !== undefined && of !== id) passable.delete(of);
      };
      each.args.forEach(use);
      for (const target of each.targets) target.args.forEach(use);
    }
  }
  return passable;
}

function follow(
  start: Target,
  fn: IrFunction,
  passable: ReadonlySet<BlockId>,
  constants: ReadonlyMap<ValueId, boolean>,
): Target {
  let target = start;
  for (let steps = 0; steps < MAX_STEPS && passable.has(target.block); steps++) {
    const block = fn.blocks[target.block]!;
    const { args } = target;
    const actual = (value: ValueId): ValueId => {
      const index = block.params.indexOf(value);
      return index < 0 ? value : args[index]!;
    };
    const next = nextTarget(endOf(block), actual, constants);
    if (next === undefined) break;
    target = { block: next.block, args: next.args.map(actual) };
  }
  return target;
}

function nextTarget(
  end: Instruction,
  actual: (value: ValueId) => ValueId,
  constants: ReadonlyMap<ValueId, boolean>,
): Target | undefined {
  if (end.op === 'jump') return end.targets[0];
  const outcome = constants.get(actual(end.args[0]!));
  return outcome === undefined ? undefined : end.targets[outcome ? 0 : 1];
}

/** Joins each block that is entered by one jump only to the block with that jump. */
function mergeLines(fn: IrFunction): IrFunction {
  const cfg = buildCfg(fn);
  const edges = new Array<number>(fn.blocks.length).fill(0);
  for (const id of cfg.order) for (const target of endOf(fn.blocks[id]!).targets) edges[target.block]!++;
  const joins = (id: BlockId): boolean => id !== 0 && edges[id] === 1 && jumpInto(fn, cfg, id);
  const blocks: Block[] = fn.blocks.map(block => block);
  const order: BlockId[] = [];
  const same = new Map<ValueId, ValueId>();
  let joined = false;
  for (const id of cfg.order) {
    if (joins(id)) {
      joined = true;
      continue;
    }
    order.push(id);
    const code: Instruction[] = [...fn.blocks[id]!.code];
    for (let end = code[code.length - 1]!; end.op === 'jump'; end = code[code.length - 1]!) {
      const { block: next, args } = end.targets[0]!;
      if (!joins(next)) break;
      const { params, code: more } = fn.blocks[next]!;
      params.forEach((param, i) => {
        same.set(param, args[i]!);
      });
      code.pop();
      for (const each of more) code.push(each);
    }
    blocks[id] = { params: fn.blocks[id]!.params, code };
  }
  if (!joined) return fn;
  const resolve = (value: ValueId): ValueId => {
    let at = value;
    for (let next = same.get(at); next !== undefined; next = same.get(at)) at = next;
    return at;
  };
  return rewrite({ ...fn, blocks }, order, () => false, resolve);
}

/** Whether the only way into a block is a jump from another block. */
function jumpInto(fn: IrFunction, cfg: Cfg, id: BlockId): boolean {
  const from = cfg.predecessors[id]!.find(each => cfg.place[each]! >= 0);
  return from !== undefined && from !== id && endOf(fn.blocks[from]!).op === 'jump';
}
