// Lists that a loop only reads. JavaScript reads an item of an array; a list has to be asked first whether it owns its items (core/value/list.ts), and
// V8 asks again on every round. Where nothing in a loop can change the storage of any list, the items of a list from outside the loop are brought into
// a variable before it, and so is an item at an index from outside (a row of a matrix), whose own items follow.
//
// All of this is a guess made early that nobody has to keep: a list that does not own its items, a value that is no list, and an index that is
// not there leave the variable empty, and then each access inside goes the long way, with its fault and its place, when it is really reached.
//
// Changing a record or a map in place leaves lists alone; asking an old version of a list copies its storage and changes none.
import type { Cfg } from '../../ir/cfg.ts';
import type { BlockId, Instruction, IrFunction, ValueId } from '../../ir/ir.ts';
import type { LoopNest } from '../../ir/loops.ts';
import { IR_OPS } from '../../spec/ir-ops.ts';

/** Something to be read before a loop. */
export interface Hoist {
  readonly list: ValueId;
  /** Brings the item at this index into a variable; undefined: all items. */
  readonly index: ValueId | undefined;
}

/** Whether a function of the program leaves the storage of all lists alone. */
export type IsQuiet = (callee: number) => boolean;

const QUIET_BUILTINS: ReadonlySet<string> = new Set(
  'at len hd has mget mset mhas str num abs flr cel rou min max mod clamp sqrt pow exp log sin cos tan'.split(' '),
);

/** More than this would only fill V8's registers. */
const MAX_HOISTS = 24;

/** Whether an instruction leaves the storage of all lists alone. */
export function isQuiet(
  { op, args, imm }: Instruction,
  isNumber: (value: ValueId) => boolean,
  callee: IsQuiet,
): boolean {
  switch (op) {
    case 'list.append':
      return false;
    case 'any.add':
      // Two lists would be joined.
      return args.some(isNumber);
    case 'call':
      return callee(imm as number);
    case 'call.builtin':
      return QUIET_BUILTINS.has(imm as string);
    default:
      return IR_OPS[op].effect !== 'call';
  }
}

/** Answers which functions leave lists alone. Recursive ones, and what lies deep inside others, count as not doing so. */
export function findQuiet(functionAt: (index: number) => IrFunction, maxNesting: number): IsQuiet {
  const known = new Map<number, boolean>();
  let nesting = 0;
  const ask: IsQuiet = callee => {
    const answer = known.get(callee);
    if (answer !== undefined) return answer;
    known.set(callee, false);
    if (nesting >= maxNesting) return false;
    nesting++;
    const fn = functionAt(callee);
    const isNumber = numbersOf(fn);
    const quiet = fn.blocks.every(block => block.code.every(each => isQuiet(each, isNumber, ask)));
    nesting--;
    known.set(callee, quiet);
    return quiet;
  };
  return ask;
}

/** Whether a value of a function is known to be a number, bare or boxed. */
function numbersOf(fn: IrFunction): (value: ValueId) => boolean {
  const boxes = new Set<ValueId>();
  for (const block of fn.blocks) for (const { op, result } of block.code) if (op === 'box.num') boxes.add(result!);
  return value => fn.types[value] === 'num' || boxes.has(value);
}

export class Views {
  private readonly loops: LoopNest;
  private readonly homes: Int32Array;
  private readonly definitions: (Instruction | undefined)[];
  private readonly quiet = new Map<BlockId, boolean>();
  private readonly isNumber: (value: ValueId) => boolean;
  /** What is read before each loop, in this order. */
  private readonly hoists = new Map<BlockId, Hoist[]>();
  /** Items that are there before a loop already, although they are made inside. */
  private readonly early = new Map<ValueId, { readonly head: BlockId; readonly hoist: Hoist }>();

  constructor(fn: IrFunction, cfg: Cfg, loops: LoopNest, callee: IsQuiet) {
    this.loops = loops;
    this.homes = new Int32Array(fn.types.length).fill(-1);
    this.definitions = new Array(fn.types.length).fill(undefined);
    this.isNumber = numbersOf(fn);
    if (this.loops.heads.size === 0) return;
    for (const id of cfg.order) {
      const block = fn.blocks[id]!;
      for (const param of block.params) this.homes[param] = id;
      for (const each of block.code) {
        if (each.result === undefined) continue;
        this.homes[each.result] = id;
        this.definitions[each.result] = each;
      }
    }
    for (const { head, body } of this.loops.heads.values()) {
      const blocks = [...body].map(id => fn.blocks[id]!);
      this.quiet.set(
        head,
        blocks.every(block => block.code.every(each => isQuiet(each, this.isNumber, callee))),
      );
    }
    for (const id of cfg.order) {
      if (this.loops.innermost[id] === undefined) continue;
      for (const each of fn.blocks[id]!.code) this.look(each, id);
    }
  }

  /** What is to be read before a loop. */
  before(head: BlockId): readonly Hoist[] {
    return this.hoists.get(head) ?? [];
  }

  /** What an access in a block finds in variables: an item, or all items when no index is given. */
  find(block: BlockId, list: ValueId, index: ValueId | undefined): Hoist | undefined {
    const bare = index === undefined ? undefined : this.bare(index);
    for (let head = this.loops.innermost[block]; head !== undefined; head = this.loops.outer.get(head)) {
      const found = this.before(head).find(hoist => hoist.list === list && hoist.index === bare);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The item that a value is, when it was read before a loop. */
  itemOf(value: ValueId): Hoist | undefined {
    return this.early.get(value)?.hoist;
  }

  /** A number without the box around it. */
  bare(value: ValueId): ValueId {
    const made = this.definitions[value];
    return made?.op === 'box.num' ? made.args[0]! : value;
  }

  private look({ op, args, imm, result }: Instruction, block: BlockId): void {
    const reads =
      op === 'list.item' || op === 'list.index' || (op === 'call.builtin' && (imm === 'at' || imm === 'len'));
    if (!reads) return;
    const list = args[0]!;
    const loop = this.outermost(block, [list]);
    if (loop === undefined || this.add(loop, list, undefined) === undefined) return;
    if (imm !== 'at' || args.length !== 2 || !this.isNumber(args[1]!)) return;
    const index = this.bare(args[1]!);
    const head = this.outermost(block, [list, index]);
    if (head === undefined) return;
    const hoist = this.add(head, list, index);
    if (hoist !== undefined) this.early.set(result!, { head, hoist });
  }

  /** The outermost quiet loop around a block that values come into from outside; all loops between are quiet too. */
  private outermost(block: BlockId, values: readonly ValueId[]): BlockId | undefined {
    let found: BlockId | undefined;
    for (let head = this.loops.innermost[block]; head !== undefined; head = this.loops.outer.get(head)) {
      if (this.quiet.get(head) !== true || values.some(value => this.isInside(value, head!))) break;
      found = head;
    }
    return found;
  }

  private isInside(value: ValueId, head: BlockId): boolean {
    const { body } = this.loops.heads.get(head)!;
    const early = this.early.get(value);
    if (early !== undefined) return early.head !== head && body.has(early.head);
    return this.definitions[value]?.op !== 'const.num' && body.has(this.homes[value]!);
  }

  /** What is read before a loop, with this added to it; undefined when that would be too much. */
  private add(head: BlockId, list: ValueId, index: ValueId | undefined): Hoist | undefined {
    const hoists = this.hoists.get(head) ?? [];
    this.hoists.set(head, hoists);
    const known = hoists.find(each => each.list === list && each.index === index);
    if (known !== undefined || hoists.length >= MAX_HOISTS) return known;
    const added = { list, index };
    hoists.push(added);
    return added;
  }
}
