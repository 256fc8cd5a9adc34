// Last-use marking: where a list, map or record is changed (`xs=+=xs v`, `xs=lst xs i v`, `m=mset m k v`, `r with …`), whether the old one
// may be changed in place, because the value that is changed is the only way to it and is not used again. `owned v, flag` before the
// operation says so; the flag is a constant, or a truth value that goes round a loop beside the list, when the list came from elsewhere at
// first and was made here in later rounds.
//
// A value owns what it stands for when the operation that made it makes something new, and nothing but the value itself has been
// given away: every use that may keep it (an argument of a call, an item of a list) is the last one on its way. What a block parameter stands
// for is owned when what comes in is owned and comes in nowhere else. Older versions that were made before are the concern of the
// operation (core/value/list.ts), which has to notice them.

import { IR_OPS, type IrOp, type IrType } from '../../spec/ir-ops.ts';
import { buildCfg, type Cfg } from '../cfg.ts';
import { type Block, type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';

/** Operations that change their first operand. */
const CHANGES: ReadonlySet<IrOp> = new Set(['list.append', 'record.with']);
const CHANGING_BUILTINS: ReadonlySet<string> = new Set(['lst', 'mset']);

/** Operations that give something new, which nobody else has. */
const MAKES: ReadonlySet<IrOp> = new Set(['list.new', 'list.append', 'record.new', 'record.with']);
const MAKING_BUILTINS: ReadonlySet<string> = new Set(['lst', 'mset', 'mmap', 'range', 'map', 'flt']);

/** Operations that only look. What they give is another value, even when it was inside. */
const LOOKS: ReadonlySet<IrOp> = new Set([
  'list.length',
  'list.item',
  'list.index',
  'list.index.safe',
  'field',
  'field.safe',
  'any.truthy',
  'any.eq',
  'is.nil',
  'is.ok',
  'is.err',
  'is.num',
  'is.text',
  'is.bool',
  'is.list',
  'charge.join',
  'charge.copy',
]);
/** Builtins that hand the items of their second operand, never the operand itself, to a function. */
const WALKING_BUILTINS: ReadonlySet<string> = new Set(['map', 'flt', 'ct', 'fld']);
const LOOKING_BUILTINS: ReadonlySet<string> = new Set([
  'at',
  'len',
  'has',
  'hd',
  'sum',
  'mget',
  'mhas',
  'mkeys',
  'mvals',
  'jdmp',
  'cat',
]);

/** More values than this are not followed: the work is their number times the size of the function. */
const MAX_FOLLOWED = 200;
/** A value with more uses than this counts as given away: each use is compared with the others. */
const MAX_USES = 1000;

/** Whether a value owns what it stands for: always, never, or as a truth value says at run time. */
type Owns = 'always' | 'never' | 'sometimes';

interface Use {
  readonly block: BlockId;
  readonly index: number;
  readonly role: 'look' | 'change' | 'keep' | 'pass';
  /** For `pass`: the target of the block's end. */
  readonly target: number;
}

/** Whether a function only looks at one of its arguments, so that it is not given away by a call. */
export type Borrows = (callee: number, param: number) => boolean;

/** The function with `owned` before each operation that may change its operand in place. Nothing is known of other functions. */
export function markOwned(fn: IrFunction): IrFunction {
  return markOwnedAmong(fn, () => false);
}

/** As markOwned, knowing what other functions do with their arguments. */
export function markOwnedAmong(fn: IrFunction, borrows: Borrows): IrFunction {
  const changes = fn.blocks.flatMap((block, id) =>
    block.code.flatMap((each, index) => (isChange(each) ? [{ block: id, index, value: each.args[0]! }] : [])),
  );
  if (changes.length === 0) return fn;
  const ownership = new Ownership(fn, new Set(changes.map(change => change.value)), borrows);
  if (!ownership.run()) return fn;
  return new Marker(fn, ownership).run();
}

function isChange({ op, imm }: Instruction): boolean {
  return CHANGES.has(op) || (op === 'call.builtin' && CHANGING_BUILTINS.has(imm as string));
}

function isMaking({ op, imm }: Instruction): boolean {
  return MAKES.has(op) || (op === 'call.builtin' && MAKING_BUILTINS.has(imm as string));
}

function roleOf(each: Instruction, operand: number, borrows: Borrows): Use['role'] {
  if (isChange(each) && operand === 0) return 'change';
  if (LOOKS.has(each.op)) return 'look';
  if (each.op === 'call') return borrows(each.imm as number, operand) ? 'look' : 'keep';
  return each.op === 'call.builtin' && looks(each.imm as string, operand) ? 'look' : 'keep';
}

function looks(builtin: string, operand: number): boolean {
  return LOOKING_BUILTINS.has(builtin) || (WALKING_BUILTINS.has(builtin) && operand === 1);
}

/**
 * The parameters of a function that it only looks at, or changes, which makes something new. What it gives back or hands on to others is
 * kept.
 */
export function findBorrowed(fn: IrFunction, borrows: Borrows): readonly boolean[] {
  // Names of one value: itself, parameters it flows into, and what `list.check` gives.
  const names: (ValueId[] | undefined)[] = new Array(fn.types.length).fill(undefined);
  const kept: ValueId[] = [];
  const alias = (of: ValueId, name: ValueId): void => {
    const known = names[name];
    if (known === undefined) names[name] = [of];
    else known.push(of);
  };
  for (const block of fn.blocks) {
    for (const each of block.code) {
      each.args.forEach((arg, operand) => {
        if (each.op === 'list.check' || each.op === 'record.check') alias(arg, each.result!);
        else if (roleOf(each, operand, borrows) === 'keep') kept.push(arg);
      });
      for (const target of each.targets) {
        target.args.forEach((arg, i) => {
          alias(arg, fn.blocks[target.block]!.params[i]!);
        });
      }
    }
  }
  const keeps = new Set<ValueId>();
  for (let value = kept.pop(); value !== undefined; value = kept.pop()) {
    if (keeps.has(value)) continue;
    keeps.add(value);
    for (const of of names[value] ?? []) kept.push(of);
  }
  return fn.blocks[0]!.params.map(param => !keeps.has(param));
}

class Ownership {
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
  private readonly borrows: Borrows;

  constructor(fn: IrFunction, wanted: ReadonlySet<ValueId>, borrows: Borrows) {
    this.fn = fn;
    this.borrows = borrows;
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

  /** Whether a value is not needed any more behind an instruction. */
  isLastAt(value: ValueId, block: BlockId, index: number): boolean {
    return this.isLast(value, { block, index, role: 'change', target: -1 });
  }

  private follow(): boolean {
    const work = [...this.wanted];
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      if (this.uses.has(value)) continue;
      if (this.uses.size >= MAX_FOLLOWED) return false;
      this.uses.set(value, []);
      for (const { arg } of this.incoming(value)) work.push(arg);
    }
    return true;
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
          this.uses.get(arg)?.push({ block: id, index, role: roleOf(each, operand, this.borrows), target: -1 });
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
      const { made, block } = this.definitions.get(value)!;
      if (made !== undefined || block === 0 || this.clean.get(value) !== true) {
        const owns = made !== undefined && isMaking(made) && this.clean.get(value) === true;
        this.owns.set(value, owns ? 'always' : 'never');
        continue;
      }
      work.push(value);
      for (const { arg } of this.incoming(value)) receivers.set(arg, [...(receivers.get(arg) ?? []), value]);
    }
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      const before = this.owns.get(value);
      let after: Owns | undefined;
      for (const { from, target, arg } of this.incoming(value)) {
        // What is not known yet comes round a loop, and says nothing before it is.
        if (!this.owns.has(arg)) continue;
        const owns = this.passed(from, target, arg);
        after = after === undefined || after === owns ? owns : 'sometimes';
      }
      if (after === undefined || after === before) continue;
      this.owns.set(value, after);
      for (const receiver of receivers.get(value) ?? []) work.push(receiver);
    }
  }
}

/** Writes what was found into the function. */
class Marker {
  private readonly fn: IrFunction;
  private readonly ownership: Ownership;
  private readonly types: IrType[];
  /** The truth value that goes with a parameter that is sometimes owned. */
  private readonly flags = new Map<ValueId, ValueId>();

  constructor(fn: IrFunction, ownership: Ownership) {
    this.fn = fn;
    this.ownership = ownership;
    this.types = [...fn.types];
  }

  run(): IrFunction {
    const { fn, ownership } = this;
    const marked = fn.blocks.map((block, id) =>
      block.code.map((each, index) => {
        if (!isChange(each) || ownership.cfg.place[id]! < 0) return 'never';
        const [value] = each.args as [ValueId];
        const owns = ownership.of(value);
        return owns === 'never' || ownership.isLastAt(value, id, index) ? owns : 'never';
      }),
    );
    if (marked.every(block => block.every(owns => owns === 'never'))) return fn;
    this.addFlags(marked);
    const blocks = fn.blocks.map((block, id) => this.block(block, id, marked[id]!));
    return { ...fn, types: this.types, blocks };
  }

  /** Gives a flag to every parameter that a marked operand may come from. */
  private addFlags(marked: readonly (readonly Owns[])[]): void {
    const { fn } = this;
    const params = new Map<ValueId, { readonly block: BlockId; readonly index: number }>();
    fn.blocks.forEach((block, id) => {
      block.params.forEach((param, index) => {
        params.set(param, { block: id, index });
      });
    });
    const work: ValueId[] = [];
    fn.blocks.forEach((block, id) => {
      block.code.forEach((each, index) => {
        if (marked[id]![index] === 'sometimes') work.push(each.args[0]!);
      });
    });
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      if (this.flags.has(value)) continue;
      this.flags.set(value, this.newFlag());
      const { block, index } = params.get(value)!;
      for (const from of this.ownership.cfg.predecessors[block]!) {
        endOf(fn.blocks[from]!).targets.forEach((target, at) => {
          if (target.block !== block) return;
          const arg = target.args[index]!;
          if (this.ownership.passed(from, at, arg) === 'sometimes') work.push(arg);
        });
      }
    }
  }

  private newFlag(): ValueId {
    this.types.push('bool');
    return this.types.length - 1;
  }

  private block(block: Block, id: BlockId, marked: readonly Owns[]): Block {
    const code: Instruction[] = [];
    block.code.forEach((each, index) => {
      const owns = marked[index]!;
      const span = each.span;
      if (owns === 'never') {
        if (each.targets.length > 0) code.push(this.end(each, id, code));
        else code.push(each);
        return;
      }
      const [value, ...rest] = each.args as [ValueId, ...ValueId[]];
      const flag = owns === 'always' ? this.constant(true, each, code) : this.flags.get(value)!;
      const owned = this.types.length;
      this.types.push(IR_OPS.owned.result as IrType);
      code.push({ op: 'owned', result: owned, args: [value, flag], imm: undefined, targets: [], span });
      code.push({ ...each, args: [owned, ...rest] });
    });
    const flags = block.params.flatMap(param => this.flags.get(param) ?? []);
    return { params: flags.length === 0 ? block.params : [...block.params, ...flags], code };
  }

  /** The end of a block, with the flags that its targets take. */
  private end(end: Instruction, id: BlockId, code: Instruction[]): Instruction {
    const targets = end.targets.map((target, at) => {
      const flags: ValueId[] = [];
      this.fn.blocks[target.block]!.params.forEach((param, index) => {
        if (!this.flags.has(param)) return;
        const arg = target.args[index]!;
        const owns = this.ownership.passed(id, at, arg);
        flags.push(owns === 'sometimes' ? this.flags.get(arg)! : this.constant(owns === 'always', end, code));
      });
      return flags.length === 0 ? target : { block: target.block, args: [...target.args, ...flags] };
    });
    return { ...end, targets };
  }

  private constant(value: boolean, at: Instruction, code: Instruction[]): ValueId {
    const flag = this.newFlag();
    code.push({ op: 'const.bool', result: flag, args: [], imm: value, targets: [], span: at.span });
    return flag;
  }
}
