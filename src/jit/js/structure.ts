// From a control-flow graph back to nested blocks and loops, without a relooper: N. Ramsey, "Beyond Relooper: recursive translation
// of unstructured control flow to structured control flow" (2022). A block is written where its only edge comes in, or, when several do, behind a
// labelled block that all of them break out of; the dominator tree says where that is. What a loop exits to is written behind the loop
// and not inside it, so that a row of loops does not nest.
//
// Graphs are reducible by construction: Core has structured loops only, and no pass adds a second way into a loop.
import { assert } from '../../base/assert.ts';
import { type Cfg, dominates } from '../../ir/cfg.ts';
import { type BlockId, endOf, type IrFunction } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';

export interface Placement {
  /** The place of the block in an order in which only edges back to loop heads go backwards. */
  readonly place: number;
  /** Labelled blocks written behind the code of a block (inside its loop when it heads one), first to last. */
  readonly merges: readonly BlockId[];
  /** Labelled blocks written behind the loop that a block heads, first to last. */
  readonly follows: readonly BlockId[];
  readonly isLoopHead: boolean;
  /** Whether edges reach the block by its label; otherwise it is written at its one edge. */
  readonly isLabelled: boolean;
  /** How many blocks are written in this one's place, itself included. */
  readonly size: number;
}

/** Where each block goes; undefined for blocks that cannot be reached. `twice`: loops that are written twice, so what they exit to is reached twice. */
export function placeBlocks(
  fn: IrFunction,
  cfg: Cfg,
  loops: LoopNest,
  twice: Iterable<ReadonlySet<BlockId>> = [],
): readonly (Placement | undefined)[] {
  const edges = forwardEdges(fn, cfg);
  for (const body of twice) {
    for (const id of body) for (const next of cfg.successors[id]!) if (!body.has(next)) edges[next]!++;
  }
  const merges: BlockId[][] = fn.blocks.map(() => []);
  const follows: BlockId[][] = fn.blocks.map(() => []);
  const size = new Array<number>(fn.blocks.length).fill(1);
  const labelled = new Array<boolean>(fn.blocks.length).fill(false);
  const parent = new Array<BlockId>(fn.blocks.length).fill(-1);
  for (const id of cfg.order) {
    if (id === 0) continue;
    const above = cfg.dominator[id]!;
    parent[id] = above;
    const left = edges[id] === 1 && endOf(fn.blocks[id]!).op === 'return' ? undefined : loopLeft(above, id, loops);
    if (left !== undefined) {
      parent[id] = left;
      follows[left]!.push(id);
      labelled[id] = true;
    } else if (edges[id]! > 1) {
      merges[above]!.push(id);
      labelled[id] = true;
    }
  }
  for (let i = cfg.order.length - 1; i > 0; i--) size[parent[cfg.order[i]!]!]! += size[cfg.order[i]!]!;
  return fn.blocks.map((_, id) =>
    cfg.place[id]! < 0
      ? undefined
      : {
          place: cfg.place[id]!,
          merges: merges[id]!,
          follows: follows[id]!,
          isLoopHead: loops.heads.has(id),
          isLabelled: labelled[id]!,
          size: size[id]!,
        },
  );
}

/** How many edges enter each block, without those that come back to a loop head. */
function forwardEdges(fn: IrFunction, cfg: Cfg): number[] {
  const edges = new Array<number>(fn.blocks.length).fill(0);
  for (const id of cfg.order) {
    for (const target of endOf(fn.blocks[id]!).targets) {
      if (cfg.place[target.block]! > cfg.place[id]!) edges[target.block]!++;
      else assert(dominates(cfg, target.block, id), `${fn.name}: b${target.block} is a second way into a loop`);
    }
  }
  return edges;
}

/** The head of the outermost loop around `from` that `to` is not in. */
function loopLeft(from: BlockId, to: BlockId, loops: LoopNest): BlockId | undefined {
  let left: BlockId | undefined;
  for (let head = loops.innermost[from]; head !== undefined; head = loops.outer.get(head)) {
    if (loops.heads.get(head)!.body.has(to)) break;
    left = head;
  }
  return left;
}
