// Which values of a function own what they stand for, by their uses: own.ts says what that means.
import type { IrType } from '../../spec/ir-ops.ts';
import { buildCfg, type Cfg } from '../cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import type { ItemOthers, ItemsOwner } from './own-items.ts';
import { isMaking, type Role, roleOf } from './roles.ts';

/** The types of what can be changed. */
export const CHANGED: ReadonlySet<IrType> = new Set(['any', 'list', 'record']);

/** More values than this are not followed: the work is their number times the size of the function. */
const MAX_FOLLOWED = 200;
/** A value with more uses than this counts as given away: each use is compared with the others. */
const MAX_USES = 1000;

/** Whether a function owns a parameter. */
export type Given = (param: number) => Owns;

/** Whether a value owns what it stands for: always, never, or as a truth value says at run time. */
export type Owns = 'always' | 'never' | 'sometimes';

interface Use {
  readonly block: BlockId;
  readonly index: number;
  readonly role: Role;
  /** For `pass`: the target of the block's end. */
  readonly target: number;
}

/** Whether what a function gives is owned by who called it: always, where all that it takes was handed over with it, or never. */
export type Gives = 'always' | 'for what it takes' | 'never';

/** What is known of the functions that a function calls. */
export interface Others extends ItemOthers {
  /** The parameters that a function changes in place when it is told that it owns them: one truth value for each, behind its arguments. */
  readonly takes: (callee: number) => readonly number[];
  readonly gives: (callee: number) => Gives;
  readonly arity: (callee: number) => number;
}

export class Ownership {
  readonly cfg: Cfg;
  private readonly fn: IrFunction;
  private readonly definitions = new Map<
    ValueId,
    { readonly block: BlockId; readonly made: Instruction | undefined }
  >();
  /** The values that are followed, and their uses. */
  private readonly uses = new Map<ValueId, Use[]>();
  /** For each followed value the blocks at whose beginning it is still needed. */
  private readonly liveIn = new Map<ValueId, ReadonlySet<BlockId>>();
  private readonly clean = new Map<ValueId, boolean>();
  private readonly owns = new Map<ValueId, Owns>();
  private readonly wanted: ReadonlySet<ValueId>;
  private readonly others: Others;
  private readonly given: Given;
  /** Items of lists that may be changed where they lie. */
  private readonly loans: ReadonlyMap<ValueId, ItemsOwner>;

  constructor(
    fn: IrFunction,
    wanted: ReadonlySet<ValueId>,
    others: Others,
    given: Given,
    loans: ReadonlyMap<ValueId, ItemsOwner> = new Map(),
  ) {
    this.fn = fn;
    this.loans = loans;
    this.others = others;
    this.given = given;
    this.wanted = wanted;
    this.cfg = buildCfg(fn);
  }

  /** Finds out everything; false when that would take too long. */
  run(): boolean {
    const { fn } = this;
    for (const id of this.cfg.order) {
      const block = fn.blocks[id]!;
      for (const param of block.params) this.definitions.set(param, { block: id, made: undefined });
      for (const made of block.code)
        if (made.result !== undefined) this.definitions.set(made.result, { block: id, made });
    }
    if (!this.follow()) return false;
    this.collectUses();
    for (const value of this.uses.keys()) this.liveIn.set(value, this.findLive(value));
    for (const value of this.uses.keys()) this.clean.set(value, this.isClean(value));
    this.solve();
    return true;
  }

  /** Whether the value owns what it stands for. */
  of(value: ValueId): Owns {
    return this.owns.get(value) ?? 'never';
  }

  /** Whether what is passed along an edge is owned by who receives it. */
  passed(from: BlockId, target: number, arg: ValueId): Owns {
    return this.clean.get(arg) === true && this.isLast(arg, { block: from, index: -1, role: 'pass', target })
      ? this.of(arg)
      : 'never';
  }

  /** Whether what a call is given is owned by the function that is called. */
  handedOver(call: Instruction, param: number, block: BlockId, index: number): Owns {
    const value = call.args[param]!;
    return this.clean.get(value) === true && this.isLastAt(value, block, index) ? this.of(value) : 'never';
  }

  /** Whether a value is not needed any more behind an instruction. */
  isLastAt(value: ValueId, block: BlockId, index: number): boolean {
    return this.isLast(value, { block, index, role: 'change', target: -1 });
  }

  /** Whether a value is owned and not needed behind an instruction that keeps it; what cannot be changed counts as owned. */
  isGivenUp(value: ValueId, block: BlockId, index: number): boolean {
    const made = this.definitions.get(value)?.made?.op;
    if (!CHANGED.has(this.fn.types[value]!) || made === 'box.num' || made === 'box.bool') return true;
    return this.of(value) === 'always' && this.isLastAt(value, block, index);
  }

  private follow(): boolean {
    const work = [...this.wanted];
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      if (this.uses.has(value)) continue;
      if (this.uses.size >= MAX_FOLLOWED) return false;
      this.uses.set(value, []);
      for (const { arg } of this.incoming(value)) work.push(arg);
      for (const arg of this.handedTo(value)) work.push(arg);
    }
    return true;
  }

  /** What the call that gives a value has to be handed over for the value to be owned; nothing for other values. */
  private handedTo(value: ValueId): readonly ValueId[] {
    const { made } = this.definitions.get(value)!;
    if (made?.op !== 'call' || this.others.gives(made.imm as number) !== 'for what it takes') return [];
    return this.others.takes(made.imm as number).map(param => made.args[param]!);
  }

  /** What comes in for a block parameter; nothing for other values. */
  private incoming(value: ValueId): { readonly from: BlockId; readonly target: number; readonly arg: ValueId }[] {
    const { block, made } = this.definitions.get(value)!;
    if (made !== undefined || block === 0) return [];
    const index = this.fn.blocks[block]!.params.indexOf(value);
    return this.cfg.predecessors[block]!.filter(from => this.cfg.place[from]! >= 0).flatMap(from =>
      endOf(this.fn.blocks[from]!).targets.flatMap((each, target) =>
        each.block === block ? [{ from, target, arg: each.args[index]! }] : [],
      ),
    );
  }

  private collectUses(): void {
    for (const id of this.cfg.order) {
      this.fn.blocks[id]!.code.forEach((each, index) => {
        each.args.forEach((arg, operand) => {
          this.uses.get(arg)?.push({ block: id, index, role: roleOf(each, operand, this.others.borrows), target: -1 });
        });
        each.targets.forEach((target, at) => {
          for (const arg of target.args) this.uses.get(arg)?.push({ block: id, index, role: 'pass', target: at });
        });
      });
    }
  }

  private findLive(value: ValueId): ReadonlySet<BlockId> {
    const home = this.definitions.get(value)!.block;
    const live = new Set<BlockId>();
    const work = this.uses.get(value)!.map(use => use.block);
    for (let id = work.pop(); id !== undefined; id = work.pop()) {
      if (id === home || live.has(id)) continue;
      live.add(id);
      for (const from of this.cfg.predecessors[id]!) if (this.cfg.place[from]! >= 0) work.push(from);
    }
    return live;
  }

  private isClean(value: ValueId): boolean {
    if (this.uses.get(value)!.length > MAX_USES) return false;
    return this.uses.get(value)!.every(use => {
      if (use.role === 'keep' || use.role === 'pass') return this.isLast(value, use);
      // What is changed and handed over in one instruction would be changed in two places.
      return use.role === 'look' || this.timesIn(value, use) === 1;
    });
  }

  private isLast(value: ValueId, use: Use): boolean {
    const block = this.fn.blocks[use.block]!;
    const live = this.liveIn.get(value)!;
    if (use.role === 'pass') {
      const target = endOf(block).targets[use.target]!;
      return !live.has(target.block) && target.args.indexOf(value) === target.args.lastIndexOf(value);
    }
    if (this.timesIn(value, use) > 1) return false;
    const later = this.uses.get(value)!.some(each => each.block === use.block && each.index > use.index);
    return !later && !this.cfg.successors[use.block]!.some(next => live.has(next));
  }

  private timesIn(value: ValueId, use: Use): number {
    return this.uses.get(value)!.filter(each => each.block === use.block && each.index === use.index).length;
  }

  private solve(): void {
    const receivers = new Map<ValueId, ValueId[]>();
    const work: ValueId[] = [];
    for (const value of this.uses.keys()) {
      const known = this.ownsAtOnce(value);
      if (known !== undefined) {
        this.owns.set(value, known);
        continue;
      }
      work.push(value);
      const from = [...this.incoming(value).map(({ arg }) => arg), ...this.handedTo(value)];
      for (const arg of from) receivers.set(arg, [...(receivers.get(arg) ?? []), value]);
    }
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      const before = this.owns.get(value);
      const { made, block } = this.definitions.get(value)!;
      const after = made === undefined ? this.joined(value) : this.givenBack(made, block);
      if (after === undefined || after === before) continue;
      this.owns.set(value, after);
      for (const receiver of receivers.get(value) ?? []) work.push(receiver);
    }
  }

  /** Whether a value owns what it stands for, when that depends on no other value. */
  private ownsAtOnce(value: ValueId): Owns | undefined {
    const { made, block } = this.definitions.get(value)!;
    if (this.clean.get(value) !== true) return 'never';
    if (made === undefined) return block === 0 ? this.given(this.fn.blocks[0]!.params.indexOf(value)) : undefined;
    const owner = this.loans.get(value);
    if (owner !== undefined) return owner === 'always' ? 'always' : 'sometimes';
    if (isMaking(made)) return 'always';
    const gives = made.op === 'call' ? this.others.gives(made.imm as number) : 'never';
    return gives === 'for what it takes' ? undefined : gives;
  }

  /** What is not known yet comes round a loop, and says nothing before it is. */
  private joined(value: ValueId): Owns | undefined {
    let after: Owns | undefined;
    for (const { from, target, arg } of this.incoming(value)) {
      if (!this.owns.has(arg)) continue;
      const owns = this.passed(from, target, arg);
      after = after === undefined || after === owns ? owns : 'sometimes';
    }
    return after;
  }

  private givenBack(call: Instruction, block: BlockId): Owns | undefined {
    const index = this.fn.blocks[block]!.code.indexOf(call);
    const params = this.others.takes(call.imm as number).filter(param => this.owns.has(call.args[param]!));
    if (params.length === 0) return undefined;
    return params.every(param => this.handedOver(call, param, block, index) === 'always') ? 'always' : 'never';
  }
}
