// Last-use marking: where a list, map or record is changed (`xs=+=xs v`, `xs=lst xs i v`, `m=mset m k v`, `r with …`), whether the old one
// may be changed in place, because the value that is changed is the only way to it and is not used again. `owned v, flag` before the
// operation says so; the flag is a constant, or a truth value that goes round a loop beside the list, when the list came from elsewhere at
// first and was made here in later rounds.
//
// A value owns what it stands for when the operation that made it makes something new, and nothing but the value itself has been
// given away: every use that may keep it (an argument of a call, an item of a list) is the last one on its way. What a block parameter stands
// for is owned when what comes in is owned and comes in nowhere else. Older versions that were made before are the concern of the
// operation (core/value/list.ts), which has to notice them.
//
// Ownership crosses calls where an engine says what it knows of other functions: a parameter that is changed has a truth value behind all
// parameters, which a caller sets that gives up what it owns, and what a call gives is owned when the function made it or was handed it over.

import { IR_OPS, type IrType } from '../../spec/ir-ops.ts';
import { buildCfg, type Cfg } from '../cfg.ts';
import { type Block, type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import { type Borrows, isChange, isMaking, type Role, roleOf } from './roles.ts';

/** The types of what can be changed. */
const CHANGED: ReadonlySet<IrType> = new Set(['any', 'list', 'record']);

/** More values than this are not followed: the work is their number times the size of the function. */
const MAX_FOLLOWED = 200;
/** A value with more uses than this counts as given away: each use is compared with the others. */
const MAX_USES = 1000;

/** Whether a function owns a parameter. */
type Given = (param: number) => Owns;

/** Whether a value owns what it stands for: always, never, or as a truth value says at run time. */
type Owns = 'always' | 'never' | 'sometimes';

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
export interface Others {
  readonly borrows: Borrows;
  /** The parameters that a function changes in place when it is told that it owns them: one truth value for each, behind its arguments. */
  readonly takes: (callee: number) => readonly number[];
  readonly gives: (callee: number) => Gives;
  readonly arity: (callee: number) => number;
}

const NOTHING_KNOWN: Others = { borrows: () => false, takes: () => [], gives: () => 'never', arity: () => -1 };

/** A function in which ownership crosses calls. */
export interface OwnedFunction extends IrFunction {
  /** The parameters that have a truth value behind all others: whether the caller owned the argument and gives it up. */
  readonly taken: readonly number[];
  /** Whether its calls have such arguments. */
  readonly handsOver: boolean;
}

/** The function with `owned` before each operation that may change its operand in place. Nothing is known of other functions. */
export function markOwned(fn: IrFunction): IrFunction {
  return mark(fn, NOTHING_KNOWN, () => 'never');
}

/** As markOwned, knowing other functions. Who calls it without the arguments for `taken` gives nothing up. */
export function markOwnedAmong(fn: IrFunction, others: Others): OwnedFunction {
  const handsOver = fn.blocks.every(block =>
    block.code.every(({ op, imm, args }) => op !== 'call' || args.length === others.arity(imm as number)),
  );
  const marked = mark(fn, handsOver ? others : { ...NOTHING_KNOWN, borrows: others.borrows }, () => 'sometimes');
  return { ...marked, taken: marked.taken ?? [], handsOver };
}

/** Whether what a function gives is owned by who called it; `taken` are the parameters that may be handed over to it. */
export function findGiven(fn: IrFunction, others: Others, taken: readonly number[]): Gives {
  const returned = new Set(fn.blocks.map(endOf).flatMap(end => (end.op === 'return' ? end.args : [])));
  if (returned.size === 0 || [...returned].some(value => !CHANGED.has(fn.types[value]!))) return 'never';
  const areOwned = (given: Given): boolean => {
    const ownership = new Ownership(fn, returned, others, given);
    return ownership.run() && [...returned].every(value => ownership.of(value) === 'always');
  };
  if (areOwned(() => 'never')) return 'always';
  const handed: Given = param => (taken.includes(param) ? 'always' : 'never');
  return taken.length > 0 && areOwned(handed) ? 'for what it takes' : 'never';
}

function mark(fn: IrFunction, others: Others, given: Given): IrFunction & Partial<OwnedFunction> {
  const wanted = new Set<ValueId>();
  for (const block of fn.blocks) {
    for (const each of block.code) {
      if (isChange(each)) wanted.add(each.args[0]!);
      else if (each.op === 'call') for (const param of others.takes(each.imm as number)) wanted.add(each.args[param]!);
    }
  }
  if (wanted.size === 0) return fn;
  const ownership = new Ownership(fn, wanted, others, given);
  if (!ownership.run()) return fn;
  return new Marker(fn, ownership, others).run();
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
  private readonly others: Others;
  private readonly given: Given;

  constructor(fn: IrFunction, wanted: ReadonlySet<ValueId>, others: Others, given: Given) {
    this.fn = fn;
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

/** Writes what was found into the function. */
class Marker {
  private readonly fn: IrFunction;
  private readonly ownership: Ownership;
  private readonly others: Others;
  private readonly types: IrType[];
  /** The truth value that goes with a parameter that is sometimes owned. */
  private readonly flags = new Map<ValueId, ValueId>();

  constructor(fn: IrFunction, ownership: Ownership, others: Others) {
    this.fn = fn;
    this.ownership = ownership;
    this.others = others;
    this.types = [...fn.types];
  }

  run(): IrFunction & Partial<OwnedFunction> {
    const { fn, ownership } = this;
    const reached = (id: BlockId): boolean => ownership.cfg.place[id]! >= 0;
    const marked = fn.blocks.map((block, id) =>
      block.code.map((each, index) => {
        if (!isChange(each) || !reached(id)) return 'never';
        const [value] = each.args as [ValueId];
        const owns = ownership.of(value);
        return owns === 'never' || ownership.isLastAt(value, id, index) ? owns : 'never';
      }),
    );
    const handed = fn.blocks.map((block, id) =>
      block.code.map((each, index) => {
        const params = each.op === 'call' && reached(id) ? this.others.takes(each.imm as number) : [];
        return params.map(param => ownership.handedOver(each, param, id, index));
      }),
    );
    const changesNothing = marked.every(block => block.every(owns => owns === 'never'));
    if (changesNothing && handed.every(block => block.every(each => each.length === 0))) return fn;
    this.addFlags(marked, handed);
    const blocks = fn.blocks.map((block, id) => this.block(block, id, marked[id]!, handed[id]!));
    const taken = fn.blocks[0]!.params.flatMap((param, i) => (this.flags.has(param) ? [i] : []));
    return { ...fn, types: this.types, blocks, taken };
  }

  /** Gives a flag to every parameter that a marked operand may come from. */
  private addFlags(marked: readonly (readonly Owns[])[], handed: readonly (readonly (readonly Owns[])[])[]): void {
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
        handed[id]![index]!.forEach((owns, i) => {
          if (owns === 'sometimes') work.push(each.args[this.others.takes(each.imm as number)[i]!]!);
        });
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

  private block(block: Block, id: BlockId, marked: readonly Owns[], handed: readonly (readonly Owns[])[]): Block {
    const code: Instruction[] = [];
    block.code.forEach((each, index) => {
      const owns = marked[index]!;
      const span = each.span;
      if (owns === 'never') {
        if (each.targets.length > 0) code.push(this.end(each, id, code));
        else code.push(handed[index]!.length > 0 ? this.call(each, handed[index]!, code) : each);
        return;
      }
      const [value, ...rest] = each.args as [ValueId, ...ValueId[]];
      const flag = this.flag(owns, value, each, code);
      const owned = this.types.length;
      this.types.push(IR_OPS.owned.result as IrType);
      code.push({ op: 'owned', result: owned, args: [value, flag], imm: undefined, targets: [], span });
      code.push({ ...each, args: [owned, ...rest] });
    });
    const flags = block.params.flatMap(param => this.flags.get(param) ?? []);
    return { params: flags.length === 0 ? block.params : [...block.params, ...flags], code };
  }

  /** A call with the flags that the function takes. */
  private call(each: Instruction, handed: readonly Owns[], code: Instruction[]): Instruction {
    const params = this.others.takes(each.imm as number);
    const flags = handed.map((owns, i) => this.flag(owns, each.args[params[i]!]!, each, code));
    return { ...each, args: [...each.args, ...flags] };
  }

  /** The flag of a value that is handed on. */
  private flag(owns: Owns, value: ValueId, at: Instruction, code: Instruction[]): ValueId {
    return owns === 'sometimes' ? this.flags.get(value)! : this.constant(owns === 'always', at, code);
  }

  /** The end of a block, with the flags that its targets take. */
  private end(end: Instruction, id: BlockId, code: Instruction[]): Instruction {
    const targets = end.targets.map((target, at) => {
      const flags: ValueId[] = [];
      this.fn.blocks[target.block]!.params.forEach((param, index) => {
        if (!this.flags.has(param)) return;
        const arg = target.args[index]!;
        const owns = this.ownership.passed(id, at, arg);
        flags.push(this.flag(owns, arg, end, code));
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
