// The control-flow graph of a function, read off the targets of its blocks: predecessors, an order for forward passes,
// dominators and loops. Dominators: Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). Everything is
// iterative, because functions may have as many blocks as a program has statements.
import { type BlockId, endOf, type IrFunction } from './ir.ts';

export interface Cfg {
  readonly successors: readonly (readonly BlockId[])[];
  readonly predecessors: readonly (readonly BlockId[])[];
  /** Reachable blocks such that a block comes before its successors, except along back edges. */
  readonly order: readonly BlockId[];
  /** The place of a block in `order`; -1 when it cannot be reached. */
  readonly place: readonly number[];
  /** The block that immediately dominates each block; -1 for the entry and for blocks that cannot be reached. */
  readonly dominator: readonly BlockId[];
  /** Blocks numbered such that those dominated by a block follow it without a gap; -1 when it cannot be reached. */
  readonly first: Int32Array;
  /** How many blocks each block dominates, itself included. */
  readonly span: Int32Array;
}

export interface Loop {
  readonly head: BlockId;
  /** All blocks of the loop, its head among them. */
  readonly body: ReadonlySet<BlockId>;
}

/** What was built last: passes that change nothing hand the same function to the next one, which asks for the same graph. */
let last: { readonly fn: IrFunction; readonly cfg: Cfg } | undefined;

/** The graph of a function, built in time nearly linear in the number of edges. */
export function buildCfg(fn: IrFunction): Cfg {
  if (last?.fn !== fn) last = { fn, cfg: build(fn) };
  return last.cfg;
}

function build(fn: IrFunction): Cfg {
  const successors = fn.blocks.map(block => {
    const [first, second, ...others] = endOf(block).targets;
    if (first === undefined) return [];
    if (others.length > 0) return [...new Set(endOf(block).targets.map(target => target.block))];
    return second === undefined || second.block === first.block ? [first.block] : [first.block, second.block];
  });
  return cfgOf(successors);
}

/** The same for any graph of blocks that begins with block 0. */
export function cfgOf(successors: readonly (readonly BlockId[])[]): Cfg {
  const predecessors: BlockId[][] = successors.map(() => []);
  successors.forEach((next, block) => {
    for (const each of next) predecessors[each]!.push(block);
  });
  const order = reversePostorder(successors);
  const place = new Array<number>(successors.length).fill(-1);
  order.forEach((block, i) => {
    place[block] = i;
  });
  const dominator = dominators(order, place, predecessors);
  return { successors, predecessors, order, place, dominator, ...numberTree(order, dominator) };
}

function reversePostorder(successors: readonly (readonly BlockId[])[]): BlockId[] {
  const seen = new Array<boolean>(successors.length).fill(false);
  const postorder: BlockId[] = [];
  const stack: { block: BlockId; next: number }[] = [{ block: 0, next: 0 }];
  seen[0] = true;
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const following = successors[top.block]![top.next++];
    if (following === undefined) {
      postorder.push(top.block);
      stack.pop();
    } else if (!seen[following]) {
      seen[following] = true;
      stack.push({ block: following, next: 0 });
    }
  }
  return postorder.reverse();
}

function dominators(
  order: readonly BlockId[],
  place: readonly number[],
  predecessors: readonly (readonly BlockId[])[],
): BlockId[] {
  const dominator = new Array<number>(place.length).fill(-1);
  const known = new Array<boolean>(place.length).fill(false);
  known[0] = true;
  const meet = (a: BlockId, b: BlockId): BlockId => {
    let x = a;
    let y = b;
    while (x !== y) {
      while (place[x]! > place[y]!) x = dominator[x]!;
      while (place[y]! > place[x]!) y = dominator[y]!;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      if (block === 0) continue;
      let best = -1;
      // The last first: where the arms of a long match meet, those next to each other are near to each other in the tree as well.
      const before = predecessors[block]!;
      for (let i = before.length - 1; i >= 0; i--) {
        const each = before[i]!;
        if (known[each]) best = best < 0 ? each : meet(each, best);
      }
      if (best !== dominator[block] || !known[block]) {
        dominator[block] = best;
        known[block] = true;
        changed = true;
      }
    }
  }
  return dominator;
}

/** Numbers the dominator tree so that `dominates` need not climb it. A block comes behind its dominator in `order`. */
function numberTree(order: readonly BlockId[], dominator: readonly BlockId[]): Pick<Cfg, 'first' | 'span'> {
  const span = new Int32Array(dominator.length).fill(1);
  for (let i = order.length - 1; i > 0; i--) span[dominator[order[i]!]!]! += span[order[i]!]!;
  const first = new Int32Array(dominator.length).fill(-1);
  const next = new Int32Array(dominator.length);
  for (const block of order) {
    const above = dominator[block]!;
    first[block] = above < 0 ? 0 : next[above]!;
    next[block] = first[block]! + 1;
    if (above >= 0) next[above]! += span[block]!;
  }
  return { first, span };
}

/** Whether every way from the entry to `block` leads through `above`. */
export function dominates(cfg: Cfg, above: BlockId, block: BlockId): boolean {
  const from = cfg.first[above]!;
  const at = cfg.first[block]!;
  return above === block || (from >= 0 && at > from && at < from + cfg.span[above]!);
}

/** The natural loops: for each head, the blocks that reach a back edge to it without passing the head. */
export function findLoops(cfg: Cfg): Loop[] {
  const bodies = new Map<BlockId, Set<BlockId>>();
  for (const block of cfg.order) {
    for (const head of cfg.successors[block]!) {
      if (!dominates(cfg, head, block)) continue;
      const body = bodies.get(head) ?? new Set([head]);
      bodies.set(head, body);
      const work = [block];
      while (work.length > 0) {
        const each = work.pop()!;
        if (body.has(each)) continue;
        body.add(each);
        work.push(...cfg.predecessors[each]!);
      }
    }
  }
  return [...bodies].map(([head, body]) => ({ head, body }));
}
