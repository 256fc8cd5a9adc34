// Innermost loops are written twice. V8 compiles a call that never ran as leaving the function, and from a loop with such an exit it takes nothing
// out: what stays the same is looked at in every round. The usual form of a loop has such a call behind each test of a type, an index or an owner.
// The fast form in front of it has none: where a test fails, it breaks off, and the usual form makes the same round again from its beginning.
//
//     for (;;) { if (!test) break F; …; v = w + 1 }        the fast form; its values are called wN
//     for (;;) { … test ? usual : slow() … }               the usual form goes on
//
// A round can be made again as long as it has changed nothing. So all tests stand before the first change in place of their round; a loop of which
// that is not true has no fast form. Its variables are not those of the usual form, or V8 would choose for both what suits the slow calls.
//
// A list that the loop changes in place, and does nothing else with, stays the same list with the same length. Who owns it is asked once, before the fast
// form, which then stands at the head of the usual form: a first round there makes a copy that is owned.
//
// What it brings: `node bench/without.mjs sieve` (and `matrix`), and docs/performance.md.
import { type Cfg, dominates } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import { isIntrinsic } from './intrinsics.ts';

/** A list that a loop changes in place. */
export interface FastList {
  /** The parameter of the head that is the list. */
  readonly param: ValueId;
  /** The truth values that say before the loop whether the list is owned; it is when they all are true. */
  readonly flags: readonly ValueId[];
}

export interface FastLoop {
  readonly head: BlockId;
  readonly body: ReadonlySet<BlockId>;
  /** The values that the loop makes, parameters of its blocks among them, and the block of each. */
  readonly made: ReadonlyMap<ValueId, BlockId>;
  readonly lists: readonly FastList[];
  /** The values that are one of these lists, as it was or changed. */
  readonly versions: ReadonlyMap<ValueId, FastList>;
  /** Values of the loop that are used behind it, by name. */
  readonly needed: ReadonlySet<ValueId>;
  /** The blocks before which a round may have changed something. */
  readonly changed: ReadonlySet<BlockId>;
}

/** Larger loops gain less from being written twice. */
const MOST_BLOCKS = 12;
const MOST_INSTRUCTIONS = 96;

const CALLS: ReadonlySet<IrOp> = new Set(['call', 'call.value', 'call.tool']);
const CHANGES: ReadonlySet<IrOp> = new Set(['list.append', 'record.with', 'call.builtin']);
const READS: ReadonlySet<IrOp> = new Set(['list.item', 'list.index', 'list.length']);
const RENAMES: ReadonlySet<IrOp> = new Set(['box.num', 'box.bool', 'unbox.num', 'unbox.bool', 'owned']);

type Definition = (value: ValueId) => Instruction | undefined;

/** Whether an instruction may change something in place. */
export function isChange({ op, args }: Instruction, definition: Definition): boolean {
  return CHANGES.has(op) && args.length > 0 && definition(args[0]!)?.op === 'owned';
}

/** The loops that may be written twice. */
export function findFastLoops(
  fn: IrFunction,
  cfg: Cfg,
  loops: LoopNest,
  definition: Definition,
): ReadonlyMap<BlockId, FastLoop> {
  const found = new Map<BlockId, FastLoop & { readonly needed: Set<ValueId> }>();
  for (const { head, body } of loops.heads.values()) {
    if (body.size > MOST_BLOCKS || [...body].some(id => id !== head && loops.heads.has(id))) continue;
    const code = [...body].flatMap(id => fn.blocks[id]!.code);
    if (code.length > MOST_INSTRUCTIONS || !code.every(isPlain)) continue;
    const made = new Map<ValueId, BlockId>();
    for (const id of body) {
      for (const param of fn.blocks[id]!.params) made.set(param, id);
      for (const { result } of fn.blocks[id]!.code) if (result !== undefined) made.set(result, id);
    }
    const lists = findLists(fn, cfg, head, body, made, definition);
    const changed = changedBefore(fn, cfg, head, body, definition);
    found.set(head, { head, body, made, ...lists, changed, needed: new Set() });
  }
  if (found.size > 0) findNeeded(fn, found, definition);
  return found;
}

function isPlain({ op, imm }: Instruction): boolean {
  return !CALLS.has(op) && (op !== 'call.builtin' || isIntrinsic(imm as string));
}

/** Finds the values of loops that are named behind them, and those that they are only other names for. */
function findNeeded(
  fn: IrFunction,
  found: ReadonlyMap<BlockId, FastLoop & { readonly needed: Set<ValueId> }>,
  definition: Definition,
): void {
  const homes = new Map(
    [...found.values()].flatMap(loop => [...loop.made.keys()].map(value => [value, loop] as const)),
  );
  fn.blocks.forEach((block, id) => {
    const need = (value: ValueId): void => {
      const loop = homes.get(value);
      if (loop === undefined || loop.body.has(id)) return;
      for (let each: ValueId | undefined = value; each !== undefined && loop.made.has(each); ) {
        loop.needed.add(each);
        const maker: Instruction | undefined = definition(each);
        each = maker !== undefined && RENAMES.has(maker.op) ? maker.args[0] : undefined;
      }
    };
    for (const { args, targets } of block.code) {
      args.forEach(need);
      for (const target of targets) target.args.forEach(need);
    }
  });
}

/** The blocks that are reached, within a round, by way of a change in place. */
function changedBefore(
  fn: IrFunction,
  cfg: Cfg,
  head: BlockId,
  body: ReadonlySet<BlockId>,
  definition: Definition,
): ReadonlySet<BlockId> {
  const changed = new Set<BlockId>();
  const order = [...body].sort((a, b) => cfg.place[a]! - cfg.place[b]!);
  for (const id of order) {
    if (!changed.has(id) && !fn.blocks[id]!.code.some(each => isChange(each, definition))) continue;
    for (const next of cfg.successors[id]!) if (next !== head && body.has(next)) changed.add(next);
  }
  return changed;
}

/** The lists that a loop changes in place and else only reads. */
function findLists(
  fn: IrFunction,
  cfg: Cfg,
  head: BlockId,
  body: ReadonlySet<BlockId>,
  made: ReadonlyMap<ValueId, BlockId>,
  definition: Definition,
): Pick<FastLoop, 'lists' | 'versions'> {
  const versions = new Map<ValueId, FastList>();
  const lists: FastList[] = [];
  fn.blocks[head]!.params.forEach(param => {
    if (fn.types[param] !== 'any' && fn.types[param] !== 'list') return;
    const own = new Set<ValueId>([param]);
    const flags = new Set<ValueId>();
    const renamed = new Set<ValueId>();
    if (!follow(own, renamed, flags)) return;
    const asked = [...flags].filter(flag => definition(flag)?.op !== 'const.bool');
    const list = { param, flags: asked };
    lists.push(list);
    for (const value of [...own, ...renamed]) versions.set(value, list);
  });
  return { lists, versions };

  /** Collects what `own` becomes in a round; false when the loop does anything else with it, or does not change it. */
  function follow(own: Set<ValueId>, renamed: Set<ValueId>, flags: Set<ValueId>): boolean {
    const order = [...body].sort((a, b) => cfg.place[a]! - cfg.place[b]!);
    let sets = 0;
    for (const id of order) {
      for (const { op, args, imm, result, targets } of fn.blocks[id]!.code) {
        const isOwn = args.map(arg => own.has(arg) || renamed.has(arg));
        if (isOwn.includes(true)) {
          if (isOwn.indexOf(true, 1) > 0) return false;
          if (op === 'owned') {
            renamed.add(result!);
            flags.add(args[1]!);
          } else if (op === 'call.builtin' && imm === 'lst' && renamed.has(args[0]!) && args.length === 3) {
            own.add(result!);
            sets++;
          } else if (op !== 'call.builtin' ? !READS.has(op) : !(imm === 'at' || imm === 'len')) return false;
        }
        for (const target of targets) {
          if (target.block === head || !body.has(target.block)) continue;
          // The order of blocks is one in which what comes in is known.
          target.args.forEach((arg, i) => {
            if (own.has(arg)) own.add(fn.blocks[target.block]!.params[i]!);
          });
        }
      }
    }
    return sets > 0 && isConsistent(own, renamed) && [...flags].every(isSteady);
  }

  /** Whether all that comes into a version is one, the list itself goes round in its own place alone, and nothing else gets its name. */
  function isConsistent(own: ReadonlySet<ValueId>, renamed: ReadonlySet<ValueId>): boolean {
    for (const id of body) {
      for (const target of endOf(fn.blocks[id]!).targets) {
        if (target.args.some(arg => renamed.has(arg))) return false;
        if (!body.has(target.block)) continue;
        const { params } = fn.blocks[target.block]!;
        if (!target.args.every((arg, i) => own.has(arg) === own.has(params[i]!))) return false;
      }
    }
    return true;
  }

  /** Whether a truth value is true from the beginning of the loop on when it is true then. */
  function isSteady(flag: ValueId): boolean {
    const maker = definition(flag);
    if (maker?.op === 'const.bool') return maker.imm === true;
    if (!made.has(flag)) return true;
    const at = fn.blocks[head]!.params.indexOf(flag);
    if (at < 0) return false;
    return [...body].every(id =>
      endOf(fn.blocks[id]!).targets.every(({ block, args }) => {
        const next = definition(args[at]!);
        return block !== head || args[at] === flag || (next?.op === 'const.bool' && next.imm === true);
      }),
    );
  }
}

/** The values needed behind a loop that there are where it is left from a block. */
export function neededFrom(loop: FastLoop, from: BlockId, cfg: Cfg): readonly ValueId[] {
  return [...loop.needed].filter(value => dominates(cfg, loop.made.get(value)!, from));
}
