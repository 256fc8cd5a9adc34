// The order in which blocks are laid out. A block is followed by one that it goes to wherever that is possible, loops stay together, and a loop
// whose head decides about leaving it is turned: the head comes last, so that a round takes one jump instead of two.
//
//     head: leave?  body  jump head        →        jump head  body  head: stay?
import { type Cfg, findLoops } from '../../ir/cfg.ts';
import { type LirFunction, lirSuccessors } from './lir.ts';

/** All blocks that can be reached. The first one is the entry. */
export function layOut(fn: LirFunction): readonly number[] {
  const successors = fn.blocks.map(lirSuccessors);
  const order = depthFirst(fn, successors);
  return turnLoops(order, successors);
}

/** Reverse postorder; of two ways the one deeper in loops comes first. */
function depthFirst(fn: LirFunction, successors: readonly (readonly number[])[]): number[] {
  const seen = new Uint8Array(fn.blocks.length);
  const postorder: number[] = [];
  const stack: { readonly block: number; readonly next: readonly number[]; at: number }[] = [];
  const enter = (block: number): void => {
    seen[block] = 1;
    // What is visited last comes first in the end.
    const next = [...successors[block]!].sort((a, b) => fn.blocks[a]!.loopDepth - fn.blocks[b]!.loopDepth);
    stack.push({ block, next, at: 0 });
  };
  enter(0);
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const following = top.next[top.at++];
    if (following === undefined) {
      postorder.push(top.block);
      stack.pop();
    } else if (seen[following] === 0) {
      enter(following);
    }
  }
  return postorder.reverse();
}

/** Moves the head of each loop behind the loop's last block, inner loops first. */
function turnLoops(order: number[], successors: readonly (readonly number[])[]): number[] {
  const place = new Int32Array(successors.length).fill(-1);
  order.forEach((block, i) => {
    place[block] = i;
  });
  // Back edges lead to an earlier place. Of several to one head the last one counts.
  const loops = new Map<number, number>();
  for (const block of order) {
    for (const head of successors[block]!) {
      if (place[head]! <= place[block]!) loops.set(head, Math.max(loops.get(head) ?? 0, place[block]!));
    }
  }
  const turned = [...loops].filter(([head, last]) => {
    const next = successors[head]!;
    const from = place[head]!;
    const isInside = (block: number): boolean => place[block]! > from && place[block]! <= last;
    return head !== 0 && last > from && next.length === 2 && isInside(next[0]!) !== isInside(next[1]!);
  });
  turned.sort((a, b) => place[b[0]]! - place[a[0]]!);
  let result = order;
  for (const [head, last] of turned) {
    const at = result.indexOf(head);
    const end = result.indexOf(order[last]!);
    if (end <= at) continue;
    result = [...result.slice(0, at), ...result.slice(at + 1, end + 1), head, ...result.slice(end + 1)];
  }
  return result;
}

/** Blocks that are jumped back to: the hot ends of loops. */
export function backTargets(fn: LirFunction, order: readonly number[]): ReadonlySet<number> {
  const heads = new Set<number>();
  const seen = new Set<number>();
  for (const id of order) {
    seen.add(id);
    for (const next of lirSuccessors(fn.blocks[id]!)) if (seen.has(next)) heads.add(next);
  }
  return heads;
}

/** How many loops lie around each block of a function of the IR. */
export function loopDepths(cfg: Cfg, blocks: number): Int32Array {
  const depths = new Int32Array(blocks);
  for (const { body } of findLoops(cfg)) for (const block of body) depths[block]!++;
  return depths;
}
