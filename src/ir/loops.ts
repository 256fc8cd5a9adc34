// How the loops of a function nest.
import { type Cfg, findLoops, type Loop } from './cfg.ts';
import type { BlockId, IrFunction } from './ir.ts';

export interface LoopNest {
  readonly heads: ReadonlyMap<BlockId, Loop>;
  /** The head of the innermost loop around each block; undefined outside loops. */
  readonly innermost: readonly (BlockId | undefined)[];
  /** The head of the loop around each loop. */
  readonly outer: ReadonlyMap<BlockId, BlockId | undefined>;
}

export function nestLoops(fn: IrFunction, cfg: Cfg): LoopNest {
  const loops = findLoops(cfg).sort((a, b) => b.body.size - a.body.size);
  const innermost = new Array<BlockId | undefined>(fn.blocks.length).fill(undefined);
  const outer = new Map<BlockId, BlockId | undefined>();
  for (const { head, body } of loops) {
    outer.set(head, innermost[head]);
    for (const block of body) innermost[block] = head;
  }
  return { heads: new Map(loops.map(loop => [loop.head, loop])), innermost, outer };
}
