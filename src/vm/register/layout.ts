// The order of the blocks in the code, and where loops end in it. A block comes after the blocks that dominate it; what a
// branch goes on to first stands next, and what it goes on to last stands behind that, so that a loop's body stands together and
// the code behind the loop after it. Iterative, because a function may have as many blocks as a program has statements.
import { type BlockId, endOf, type IrFunction } from '../../ir/ir.ts';

/** The blocks that can be reached, in the order of the code. */
export function layoutBlocks(fn: IrFunction): BlockId[] {
  const seen = new Uint8Array(fn.blocks.length);
  const finished: BlockId[] = [];
  const stack: { readonly block: BlockId; next: number }[] = [];
  const visit = (block: BlockId): void => {
    seen[block] = 1;
    stack.push({ block, next: endOf(fn.blocks[block]!).targets.length - 1 });
  };
  visit(0);
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    if (top.next < 0) {
      finished.push(top.block);
      stack.pop();
      continue;
    }
    const { block } = endOf(fn.blocks[top.block]!).targets[top.next--]!;
    if (seen[block] === 0) visit(block);
  }
  return finished.reverse();
}

/** Loops as ranges of places in an order of blocks; they are nested or apart. */
export interface LoopRanges {
  /** The place of the first and last block of each loop. */
  readonly head: readonly number[];
  readonly last: readonly number[];
  /** The loop around each loop, -1 for none. */
  readonly parent: readonly number[];
  /** The innermost loop of each place, -1 for none. */
  readonly innermost: Int32Array;
}

/** Finds the loops: a range from each block that a later block jumps back to, to the last block that does. */
export function findLoopRanges(successors: readonly (readonly number[])[]): LoopRanges {
  const count = successors.length;
  const lastOf = new Int32Array(count).fill(-1);
  successors.forEach((next, place) => {
    for (const each of next) if (each <= place && lastOf[each]! < place) lastOf[each] = place;
  });
  // A loop that begins inside another ends inside it.
  for (let head = count - 1; head >= 0; head--) {
    if (lastOf[head]! < 0) continue;
    for (let inner = head + 1; inner <= lastOf[head]!; inner++) {
      if (lastOf[inner]! < 0) continue;
      lastOf[head] = Math.max(lastOf[head]!, lastOf[inner]!);
      inner = lastOf[inner]!;
    }
  }
  const head: number[] = [];
  const last: number[] = [];
  const parent: number[] = [];
  const innermost = new Int32Array(count).fill(-1);
  let current = -1;
  for (let place = 0; place < count; place++) {
    while (current >= 0 && last[current]! < place) current = parent[current]!;
    if (lastOf[place]! >= 0) {
      parent.push(current);
      head.push(place);
      last.push(lastOf[place]!);
      current = head.length - 1;
    }
    innermost[place] = current;
  }
  return { head, last, parent, innermost };
}
