// Lists that a loop builds: `xs=[];@i 0..n{xs=+=xs v}`. An array that grows is copied again and again (for a hundred thousand items V8 takes five times as
// long as for one of the right size), and how many items there will be is known before the loop, when nothing leaves it early, each round appends one
// item, and nobody looks at the list before the loop is over. Then the items go into an array of that size, and the list is made of it behind the loop.
//
// Where each round appends the item of another list that the counter stands at (`@x xs{ys=+=ys x}`) and does nothing else, the items are copied at once.
//
// Where the numbers say at run time that it does not pay, or that the array would be large before it is known to be needed, the list grows as always.
import { type Cfg, dominates } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type Target, type ValueId } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';
import type { IrOp } from '../../spec/ir-ops.ts';

export interface Building {
  readonly head: BlockId;
  /** The parameter of the head that is the list. */
  readonly list: ValueId;
  /** The instruction that appends. */
  readonly append: Instruction;
  /** The parameter of the head that counts up by one from `from` while it is below `to`. */
  readonly counter: ValueId;
  readonly from: ValueId;
  readonly to: ValueId;
  /** The list, `to` items long, that the loop does nothing but copy. */
  readonly copied: ValueId | undefined;
}

/** Shorter lists do not pay for V8's slower arrays, which may have holes. */
export const FEWEST_RESERVED = 256;
/** A loop may end in a fault before it has used what was reserved. */
export const MOST_RESERVED = 2 ** 20;

type Definition = (value: ValueId) => Instruction | undefined;

/** The lists that are built by the loops of a function. */
export function findBuilding(fn: IrFunction, cfg: Cfg, loops: LoopNest, definition: Definition): readonly Building[] {
  const found: Building[] = [];
  for (const { head, body } of loops.heads.values()) {
    const end = endOf(fn.blocks[head]!);
    const counted = end.op === 'branch' ? definition(end.args[0]!) : undefined;
    if (counted?.op !== 'num.lt' || body.has(end.targets[1]!.block)) continue;
    const leavesOnlyThere = [...body].every(id => id === head || cfg.successors[id]!.every(next => body.has(next)));
    const edges = cfg.predecessors[head]!.filter(from => cfg.place[from]! >= 0);
    const [back, ...others] = edges.filter(from => dominates(cfg, head, from));
    const [enter, ...more] = edges.filter(from => !dominates(cfg, head, from));
    if (!leavesOnlyThere || back === undefined || enter === undefined || others.length + more.length > 0) continue;
    const into = (from: BlockId): Target | undefined => {
      const targets = endOf(fn.blocks[from]!).targets.filter(target => target.block === head);
      return targets.length === 1 ? targets[0] : undefined;
    };
    const [entry, latch] = [into(enter), into(back)];
    if (entry === undefined || latch === undefined) continue;
    const [counter, to] = counted.args as [ValueId, ValueId];
    const { params } = fn.blocks[head]!;
    const at = params.indexOf(counter);
    if (at < 0 || !countsByOne(latch.args[at]!, counter, definition) || isMadeIn(fn, body, to)) continue;
    params.forEach((list, i) => {
      const append = appendOf(fn, body, list, latch.args[i]!, definition);
      const isFresh = definition(entry.args[i]!)?.op === 'list.new' && definition(entry.args[i]!)!.args.length === 0;
      if (append !== undefined && isFresh && isOnceARound(fn, loops, head, append))
        found.push({
          ...{ head, list, append, counter, from: entry.args[at]!, to },
          copied: copiedBy(fn, body, append, counter, entry.args[at]!, to, definition),
        });
    });
  }
  return found;
}

/** What the rounds of a loop that only copies do; charges are made by nobody who counts nothing. */
const COPYING: ReadonlySet<IrOp> = new Set([
  ...(['num.lt', 'branch', 'list.item', 'owned', 'list.append', 'num.add', 'jump', 'const.num', 'const.bool'] as const),
  ...(['box.num', 'unbox.num', 'fuel', 'charge.append'] as const),
]);

/** The list that a loop copies from its first item to its last, when it does nothing else. */
function copiedBy(
  fn: IrFunction,
  body: ReadonlySet<BlockId>,
  append: Instruction,
  counter: ValueId,
  from: ValueId,
  to: ValueId,
  definition: Definition,
): ValueId | undefined {
  const item = definition(append.args[1]!);
  const length = definition(to);
  if (item?.op !== 'list.item' || length?.op !== 'list.length' || item.args[1] !== counter) return undefined;
  const [list] = item.args as [ValueId];
  if (length.args[0] !== list || definition(from)?.imm !== 0) return undefined;
  let params = 0;
  for (const id of body) {
    params += fn.blocks[id]!.params.length;
    if (!fn.blocks[id]!.code.every(({ op }) => COPYING.has(op))) return undefined;
  }
  // The counter and the list that is built; what else went round would have to be known behind the loop.
  return params === 2 ? list : undefined;
}

function isOnceARound(fn: IrFunction, loops: LoopNest, head: BlockId, append: Instruction): boolean {
  return [...loops.heads.get(head)!.body].some(
    id => loops.innermost[id] === head && fn.blocks[id]!.code.includes(append),
  );
}

function countsByOne(next: ValueId, counter: ValueId, definition: Definition): boolean {
  const made = definition(next);
  return made?.op === 'num.add' && made.args[0] === counter && definition(made.args[1]!)?.imm === 1;
}

function isMadeIn(fn: IrFunction, body: ReadonlySet<BlockId>, value: ValueId): boolean {
  return [...body].some(id => {
    const { params, code } = fn.blocks[id]!;
    return params.includes(value) || code.some(each => each.result === value && each.op !== 'const.num');
  });
}

/** What appends to a list once a round, in place, when nothing else in the loop names the list or what the append gives. */
function appendOf(
  fn: IrFunction,
  body: ReadonlySet<BlockId>,
  list: ValueId,
  next: ValueId,
  definition: Definition,
): Instruction | undefined {
  const append = definition(next);
  if (append?.op !== 'list.append') return undefined;
  const owned = definition(append.args[0]!);
  if (owned?.op !== 'owned' || owned.args[0] !== list || definition(owned.args[1]!)?.imm !== true) return undefined;
  const usesOf = (value: ValueId): number => {
    let uses = 0;
    for (const id of body) {
      for (const { args, targets } of fn.blocks[id]!.code) {
        for (const arg of args) if (arg === value) uses++;
        for (const target of targets) {
          if (!body.has(target.block)) continue;
          for (const arg of target.args) if (arg === value) uses++;
        }
      }
    }
    return uses;
  };
  return usesOf(list) === 1 && usesOf(owned.result!) === 1 && usesOf(next) === 1 ? append : undefined;
}
