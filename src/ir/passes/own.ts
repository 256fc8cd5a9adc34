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
import { type Block, type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import { Items, type ItemsOwner, mayOwnItems } from './own-items.ts';
import { CHANGED, type Given, type Gives, type Others, Ownership, type Owns } from './ownership.ts';
import { isChange } from './roles.ts';

const NOTHING_KNOWN: Others = {
  borrows: () => false,
  takes: () => [],
  gives: () => 'never',
  takesItems: () => [],
  givesItems: () => undefined,
  arity: () => -1,
};

/** A function in which ownership crosses calls. */
export interface OwnedFunction extends IrFunction {
  /** The parameters that have a truth value behind all others: whether the caller owned the argument and gives it up. */
  readonly taken: readonly number[];
  /** The parameters that have another one behind those: whether the caller owned the items of the list too. */
  readonly takenItems: readonly number[];
  /** Whether its calls have such arguments. */
  readonly handsOver: boolean;
}

/** The function with `owned` before each operation that may change its operand in place. Nothing is known of other functions. */
export function markOwned(fn: IrFunction): IrFunction {
  return mark(fn, NOTHING_KNOWN, () => 'never', undefined);
}

/** As markOwned, knowing other functions. Who calls it without the arguments for `taken` gives nothing up. */
export function markOwnedAmong(fn: IrFunction, others: Others): OwnedFunction {
  const handsOver = fn.blocks.every(block =>
    block.code.every(({ op, imm, args }) => op !== 'call' || args.length === others.arity(imm as number)),
  );
  const known = handsOver ? others : { ...NOTHING_KNOWN, borrows: others.borrows };
  const items = mayOwnItems(fn, known) ? findItems(fn, known) : undefined;
  const marked = mark(fn, known, () => 'sometimes', items);
  return { ...marked, taken: marked.taken ?? [], takenItems: marked.takenItems ?? [], handsOver };
}

/** Whether the items of what a function gives are owned by who called it. */
export function findGivenItems(fn: IrFunction, others: Others): ItemsOwner | undefined {
  return findItems(fn, others)?.returned();
}

function findItems(fn: IrFunction, others: Others): Items | undefined {
  const stored = new Set<ValueId>();
  for (const { code } of fn.blocks) {
    for (const each of code) {
      if (each.op === 'list.new') for (const arg of each.args) stored.add(arg);
      else if (isChange(each)) stored.add(each.args[each.args.length - 1]!);
    }
  }
  const ownership = new Ownership(fn, stored, others, () => 'never');
  if (!ownership.run()) return undefined;
  return new Items(fn, ownership.cfg, others, (value, block, index) => ownership.isGivenUp(value, block, index));
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

function mark(
  fn: IrFunction,
  others: Others,
  given: Given,
  items: Items | undefined,
): IrFunction & Partial<OwnedFunction> {
  const wanted = new Set<ValueId>();
  for (const block of fn.blocks) {
    for (const each of block.code) {
      if (isChange(each)) wanted.add(each.args[0]!);
      else if (each.op === 'call') for (const param of others.takes(each.imm as number)) wanted.add(each.args[param]!);
    }
  }
  if (wanted.size === 0 && items === undefined) return fn;
  const ownership = new Ownership(fn, wanted, others, given, items?.loans);
  if (!ownership.run()) return fn;
  return new Marker(fn, ownership, others, items).run();
}

/** Writes what was found into the function. */
class Marker {
  private readonly fn: IrFunction;
  private readonly ownership: Ownership;
  private readonly others: Others;
  private readonly types: IrType[];
  /** The truth value that goes with a parameter that is sometimes owned. */
  private readonly flags = new Map<ValueId, ValueId>();
  private readonly items: Items | undefined;
  /** The truth value that says of a parameter of the function whether its items are owned, in the order in which they are needed. */
  private readonly itemFlags = new Map<number, ValueId>();

  constructor(fn: IrFunction, ownership: Ownership, others: Others, items: Items | undefined) {
    this.fn = fn;
    this.items = items;
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
    const handsNothing = handed.every(block => block.every(each => each.length === 0));
    if (changesNothing && handsNothing && this.items === undefined) return fn;
    this.addFlags(marked, handed);
    const blocks = fn.blocks.map((block, id) => this.block(block, id, marked[id]!, handed[id]!));
    const taken = fn.blocks[0]!.params.flatMap((param, i) => (this.flags.has(param) ? [i] : []));
    const [{ params, code }, ...rest] = blocks as [Block, ...Block[]];
    const first = { params: [...params, ...this.itemFlags.values()], code };
    return { ...fn, types: this.types, blocks: [first, ...rest], taken, takenItems: [...this.itemFlags.keys()] };
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
      if (this.flags.has(value) || this.items?.loans.has(value)) continue;
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
        else code.push(each.op === 'call' ? this.call(each, handed[index]!, code) : each);
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
    const ofItems = this.others.takesItems(each.imm as number).map(param => {
      const owner = this.items?.handed(each, param);
      return typeof owner === 'number' ? this.itemFlag(owner) : this.constant(owner === 'always', each, code);
    });
    return flags.length + ofItems.length === 0 ? each : { ...each, args: [...each.args, ...flags, ...ofItems] };
  }

  private itemFlag(param: number): ValueId {
    const flag = this.itemFlags.get(param) ?? this.newFlag();
    this.itemFlags.set(param, flag);
    return flag;
  }

  /** The flag of a value that is handed on. */
  private flag(owns: Owns, value: ValueId, at: Instruction, code: Instruction[]): ValueId {
    if (owns !== 'sometimes') return this.constant(owns === 'always', at, code);
    const owner = this.items?.loans.get(value);
    return typeof owner === 'number' ? this.itemFlag(owner) : this.flags.get(value)!;
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
