// Items that nobody but their list holds: `b=xs.j;…;xs=lst xs j (b with …)` may change the record where it lies. own.ts knows when a list itself is owned;
// here it is found out when its items are too, and for how long an item that is read may be changed before it is put back.
//
// A *family* is a list and all later versions of it in one function. It begins with a list that is made of owned items, with what a call gives that says so,
// or with a parameter, whose caller then says at run time whether it owns the items (a truth value, as for the list). It goes on through changes that store
// owned items, block parameters and calls that hand it over. In a family every item is in one place only as long as
//   - nothing else keeps a version of the list when it is changed, and no version is used behind what gives one away, and
//   - no item is kept by anything but its own place.
//
// An item that is read (a *loan*) may be changed in place when from each change on, until it is put back where it was, nobody looks at that place of the
// list, and no other name of an item that is still needed can be the same item. Places differ when both are constants, or when one counts up from the
// other. Rejected: comparing the records themselves at run time, which helps against other names, not against a look into the list.
import { type Cfg, dominates } from '../cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../ir.ts';
import { type Borrows, isChange, roleOf } from './roles.ts';
import { findUses, isLiveAfter, type Use, type Uses } from './uses.ts';

/** Who says whether the items are owned: they always are, or the caller of a function says it of a parameter. */
export type ItemsOwner = 'always' | number;

/** What is known of the functions that a function calls. */
export interface ItemOthers {
  readonly borrows: Borrows;
  /** The parameters whose items a function changes in place when it is told that they are owned. */
  readonly takesItems: (callee: number) => readonly number[];
  /** Whether the items of what a function gives are owned: always, or when those of a parameter were. */
  readonly givesItems: (callee: number) => ItemsOwner | undefined;
}

/** Whether a value that is stored at an instruction is owned and given up there. */
export type GivesUp = (value: ValueId, block: BlockId, index: number) => boolean;

/** A place in a list. */
type Index = { readonly constant: number } | { readonly value: ValueId };

interface Loan {
  readonly item: ValueId;
  readonly index: Index;
  /** The item and what it becomes by changes. */
  readonly names: ReadonlySet<ValueId>;
}

interface Family {
  readonly owner: ItemsOwner;
  readonly versions: ReadonlySet<ValueId>;
  /** All values that may be an item. */
  readonly items: ReadonlySet<ValueId>;
  readonly loans: readonly Loan[];
}

/** Larger families are not followed. */
const MAX_NAMES = 200;
/** Nor are more names in all of them: what is done for each may take time in proportion to the function. */
const MAX_FOLLOWED = 1000;

/** Operations on a list that do not look into it. */
const MEASURES: ReadonlySet<string> = new Set('list.length is.nil is.list charge.join charge.copy len'.split(' '));
/** Operations that look into a list and give none of its items. */
const PEEKS: ReadonlySet<string> = new Set('any.truthy any.eq sum cat jdmp'.split(' '));
const READS: ReadonlySet<string> = new Set(['list.item', 'list.index', 'list.index.safe', 'at']);
/** Operations on numbers, which keep nothing. */
const COMPUTES: ReadonlySet<string> = new Set(
  'any.sub any.mul any.div any.neg any.lt any.le any.gt any.ge unbox.num unbox.bool'.split(' '),
);

const nameOf = ({ op, imm }: Instruction): string => (op === 'call.builtin' ? (imm as string) : op);

/** Whether it may pay to look for families in a function. */
export function mayOwnItems(fn: IrFunction, others: ItemOthers): boolean {
  const made = new Set<ValueId>();
  for (const { code } of fn.blocks) for (const each of code) if (each.result !== undefined) made.add(each.result);
  let reads = false;
  let changes = false;
  for (const { code } of fn.blocks) {
    for (const each of code) {
      if (each.op === 'call' && others.takesItems(each.imm as number).length > 0) return true;
      if (READS.has(nameOf(each))) reads = true;
      else if (isChange(each)) changes = true;
    }
  }
  return reads && changes;
}

/** The families of a function. */
export class Items {
  /** The items that may be changed in place, and who says so. */
  readonly loans = new Map<ValueId, ItemsOwner>();
  private readonly fn: IrFunction;
  private readonly cfg: Cfg;
  private readonly others: ItemOthers;
  private readonly givesUp: GivesUp;
  private readonly uses: Uses;
  private readonly families: readonly Family[];
  /** The calls that hand over items. */
  private readonly handing = new Set<Instruction>();
  private followed = 0;

  constructor(fn: IrFunction, cfg: Cfg, others: ItemOthers, givesUp: GivesUp) {
    this.fn = fn;
    this.cfg = cfg;
    this.others = others;
    this.givesUp = givesUp;
    this.uses = findUses(fn, cfg);
    this.families = this.roots().flatMap(([root, owner]) => this.family(root, owner) ?? []);
    for (const family of this.families) {
      for (const loan of family.loans) if (this.mayChange(loan, family)) this.loans.set(loan.item, family.owner);
    }
  }

  /** Who says that a call is handed over the items of an argument with it. */
  handed(call: Instruction, param: number): ItemsOwner | undefined {
    return this.handing.has(call) ? this.familyOf(call.args[param]!)?.owner : undefined;
  }

  /** Who says that whoever called the function owns the items of what it gives. */
  returned(): ItemsOwner | undefined {
    const owners = new Set<ItemsOwner | undefined>();
    for (const id of this.cfg.order) {
      const end = endOf(this.fn.blocks[id]!);
      if (end.op === 'return') owners.add(this.familyOf(end.args[0]!)?.owner);
    }
    return owners.size === 1 ? [...owners][0] : undefined;
  }

  private familyOf(list: ValueId): Family | undefined {
    return this.families.find(each => each.versions.has(list));
  }

  // ---- families

  private roots(): [ValueId, ItemsOwner][] {
    const roots: [ValueId, ItemsOwner][] = this.fn.params.map((_, i) => [this.fn.blocks[0]!.params[i]!, i]);
    for (const id of this.cfg.order) {
      this.fn.blocks[id]!.code.forEach((each, index) => {
        if (each.result === undefined) return;
        const isFresh =
          each.op === 'list.new'
            ? each.args.every(arg => this.givesUp(arg, id, index))
            : each.op === 'call' && this.others.givesItems(each.imm as number) === 'always';
        if (isFresh) roots.push([each.result, 'always']);
      });
    }
    return roots;
  }

  private family(root: ValueId, owner: ItemsOwner): Family | undefined {
    const versions = this.grow(root, use => {
      const { instruction, operand } = use;
      if (instruction.op === 'list.check') return instruction.result;
      if (isListChange(instruction) && operand === 0) return instruction.result;
      return this.handsOver(use) && this.others.givesItems(instruction.imm as number) === operand
        ? instruction.result
        : undefined;
    });
    if (versions === undefined) return undefined;
    const loans = this.loansOf(versions);
    const items = this.itemsOf(versions);
    if (loans === undefined || items === undefined) return undefined;
    const family = { owner, versions, items, loans };
    const usesOf = (values: ReadonlySet<ValueId>): Use[] => [...values].flatMap(value => this.uses.of(value));
    const isKept =
      usesOf(versions).every(use => this.keepsFamily(use, family)) &&
      usesOf(items).every(use => this.keepsItem(use, family));
    return isKept ? family : undefined;
  }

  /** A value, what `next` says it becomes, and the block parameters that stand for nothing else. Undefined when that is too much. */
  private grow(root: ValueId, next: (use: Use) => ValueId | undefined): ReadonlySet<ValueId> | undefined {
    const others = new Set<ValueId>();
    for (;;) {
      const found = new Set([root]);
      for (const value of found) {
        if (found.size > MAX_NAMES || ++this.followed > MAX_FOLLOWED) return undefined;
        for (const use of this.uses.of(value)) {
          const into = use.param ?? next(use);
          if (into !== undefined && !others.has(into)) found.add(into);
        }
      }
      const strangers = [...found].filter(
        value => value !== root && this.uses.incoming(value).some(arg => !found.has(arg)),
      );
      if (strangers.length === 0) return found;
      for (const value of strangers) others.add(value);
    }
  }

  private loansOf(versions: ReadonlySet<ValueId>): readonly Loan[] | undefined {
    const loans: Loan[] = [];
    for (const list of versions) {
      for (const { instruction, operand } of this.uses.of(list)) {
        if (!READS.has(nameOf(instruction)) || operand !== 0) continue;
        const item = instruction.result!;
        const names = this.grow(item, use =>
          isChange(use.instruction) && use.operand === 0 ? use.instruction.result : undefined,
        );
        if (names === undefined) return undefined;
        loans.push({ item, index: this.indexOf(instruction), names });
      }
    }
    return loans;
  }

  private itemsOf(versions: ReadonlySet<ValueId>): ReadonlySet<ValueId> | undefined {
    const items = new Set<ValueId>();
    for (const list of versions) {
      for (const { instruction, operand } of this.uses.of(list)) {
        if (READS.has(nameOf(instruction)) && operand === 0) items.add(instruction.result!);
      }
    }
    for (const item of items) {
      if (items.size > MAX_NAMES) return undefined;
      for (const { instruction, operand, param } of this.uses.of(item)) {
        const isName = operand === 0 && (isChange(instruction) || isCheck(instruction));
        const name = param ?? (isName ? instruction.result : undefined);
        if (name !== undefined) items.add(name);
      }
    }
    return items;
  }

  private handsOver({ instruction, operand }: Use): boolean {
    return instruction.op === 'call' && this.others.takesItems(instruction.imm as number).includes(operand);
  }

  /** Whether behind a use of a version of a list every item is still in one place, or no version is needed any more. */
  private keepsFamily(use: Use, family: Family): boolean {
    const { instruction, operand, block, index, param } = use;
    const { versions } = family;
    const name = nameOf(instruction);
    if (param !== undefined && versions.has(param)) return true;
    if (operand === 0 && (MEASURES.has(name) || PEEKS.has(name) || READS.has(name))) return true;
    if (instruction.op === 'list.check' || instruction.op === 'return') return true;
    const isAlone = (after: ValueId | undefined): boolean =>
      instruction.args.filter(arg => versions.has(arg)).length === 1 &&
      [...versions].every(version => version === after || !isLiveAfter(this.uses, this.cfg, version, block, index));
    if (isListChange(instruction) && operand === 0) return isAlone(instruction.result) && this.stores(use, family);
    // Who is handed the list may change its items; whoever else gets it keeps them, and nothing may be changed afterwards.
    if (this.handsOver(use)) this.handing.add(instruction);
    return param === undefined && isAlone(instruction.result) && this.isWithoutItems(use, family);
  }

  /** Whether an instruction gets no item beside the list, and none is needed behind it. */
  private isWithoutItems({ instruction, block, index }: Use, { items }: Family): boolean {
    if (instruction.args.some(arg => items.has(arg))) return false;
    return [...items].every(item => !isLiveAfter(this.uses, this.cfg, item, block, index));
  }

  /** Whether what a change of the list stores is an owned item, or one that is put back where it was. */
  private stores({ instruction, block, index }: Use, { loans }: Family): boolean {
    const value = instruction.args[instruction.args.length - 1]!;
    return this.givesUp(value, block, index) || loans.some(loan => this.putsBack(instruction, loan));
  }

  private putsBack(each: Instruction, loan: Loan): boolean {
    if (nameOf(each) !== 'lst' || !loan.names.has(each.args[2]!)) return false;
    const index = this.bare(each.args[1]!);
    return 'constant' in index
      ? 'constant' in loan.index && index.constant === loan.index.constant
      : 'value' in loan.index && index.value === loan.index.value;
  }

  /** Whether a use of an item keeps it nowhere but in its place. */
  private keepsItem({ instruction, operand, param }: Use, { versions, loans }: Family): boolean {
    if (param !== undefined) return true;
    if (operand === 0 && (isChange(instruction) || isCheck(instruction))) return true;
    if (COMPUTES.has(instruction.op)) return true;
    if (instruction.op === 'any.add')
      return this.fn.types[instruction.args[1 - operand]!] === 'num' || this.isBoxed(instruction.args[1 - operand]!);
    if (versions.has(instruction.args[0]!) && loans.some(loan => this.putsBack(instruction, loan))) return true;
    return roleOf(instruction, operand, this.others.borrows) === 'look';
  }

  private isBoxed(value: ValueId): boolean {
    return this.uses.definition(value)?.op === 'box.num';
  }

  // ---- loans

  /** Whether an item that is read may be changed in place until it is put back. */
  private mayChange(loan: Loan, family: Family): boolean {
    // A function that is called would not know where to put it back.
    const isOwnName = (name: ValueId): boolean =>
      this.uses
        .of(name)
        .every(({ param, instruction }) => instruction.op !== 'call' && (param === undefined || loan.names.has(param)));
    if (![...loan.names].every(isOwnName)) return false;
    let changes = 0;
    for (const name of loan.names) {
      for (const { instruction, operand, block, index } of this.uses.of(name)) {
        if (!isChange(instruction) || operand !== 0) continue;
        changes++;
        if (!this.isOnlyName(loan, family, block, index) || !this.isUnseen(loan, family, block, index)) return false;
      }
    }
    return changes > 0;
  }

  /** Whether all other names of items that are needed behind a change are those of other items. */
  private isOnlyName(loan: Loan, { items, loans }: Family, block: BlockId, index: number): boolean {
    return [...items].every(item => {
      if (loan.names.has(item) || !isLiveAfter(this.uses, this.cfg, item, block, index)) return true;
      const other = loans.find(({ names }) => names.has(item));
      return other !== undefined && (this.isAbove(other.index, loan.index) || this.isAbove(loan.index, other.index));
    });
  }

  /** Whether nobody looks at the place of an item from a change of it on until it is put back. */
  private isUnseen(loan: Loan, { versions }: Family, block: BlockId, index: number): boolean {
    const home = 'value' in loan.index ? this.uses.home(loan.index.value) : -1;
    const seen = new Set<BlockId>();
    const work: { readonly id: BlockId; readonly from: number }[] = [{ id: block, from: index + 1 }];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { id, from } = next;
      let isBack = false;
      for (const each of this.fn.blocks[id]!.code.slice(from)) {
        isBack = versions.has(each.args[0]!) && this.putsBack(each, loan);
        if (isBack) break;
        if (!this.looksElsewhere(each, loan, versions)) return false;
      }
      if (isBack) continue;
      for (const successor of this.cfg.successors[id]!) {
        // There the place gets another number.
        if (successor === home) return false;
        if (seen.has(successor)) continue;
        seen.add(successor);
        work.push({ id: successor, from: 0 });
      }
    }
    return true;
  }

  private looksElsewhere(each: Instruction, loan: Loan, versions: ReadonlySet<ValueId>): boolean {
    const passes = each.targets.every(({ block, args }) =>
      args.every((arg, i) => !versions.has(arg) || versions.has(this.fn.blocks[block]!.params[i]!)),
    );
    const operands = each.args.flatMap((arg, operand) => (versions.has(arg) ? [operand] : []));
    if (!passes || operands.some(operand => operand !== 0)) return false;
    if (operands.length === 0) return true;
    const name = nameOf(each);
    if (MEASURES.has(name) || name === 'list.check' || name === 'list.append') return true;
    return (READS.has(name) || name === 'lst') && this.isAbove(this.indexOf(each), loan.index);
  }

  // ---- places

  /** The place that a read or a change is for. */
  private indexOf(each: Instruction): Index {
    return each.op.startsWith('list.index') ? { constant: each.imm as number } : this.bare(each.args[1]!);
  }

  private bare(value: ValueId): Index {
    let at = value;
    for (let made = this.uses.definition(at); made !== undefined; made = this.uses.definition(at)) {
      if (made.op === 'const.num') return { constant: made.imm as number };
      if (made.op !== 'box.num' && made.op !== 'unbox.num') break;
      at = made.args[0]!;
    }
    return { value: at };
  }

  /** Whether a place lies behind another one, which is one, at every point that both values reach. Places that are constants differ in both directions. */
  private isAbove(index: Index, below: Index): boolean {
    if ('constant' in index)
      return 'constant' in below && index.constant !== below.constant && isPlace(index) && isPlace(below);
    if (!('value' in below) || !this.isFromZero(below.value)) return false;
    return this.isMore(index.value, below.value, new Set());
  }

  private isMore(value: ValueId, below: ValueId, open: Set<ValueId>): boolean {
    if (open.has(value)) return true;
    const made = this.uses.definition(value);
    if (made !== undefined) {
      const [first, second] = made.args;
      if (made.op === 'range.start' || made.op === 'box.num' || made.op === 'unbox.num')
        return this.isMore(first!, below, open);
      if (made.op !== 'num.add') return false;
      const step = this.bare(second!);
      if (!('constant' in step) || !Number.isInteger(step.constant)) return false;
      const from = this.bare(first!);
      if ('value' in from && from.value === below) return step.constant > 0;
      return step.constant >= 0 && this.isMore(first!, below, open);
    }
    // The number below must be the same all the time that this one is carried on.
    const home = this.uses.home(value);
    const start = this.uses.home(below);
    if (home === 0 || home === start || !dominates(this.cfg, start, home)) return false;
    open.add(value);
    return this.uses.incoming(value).every(arg => this.isMore(arg, below, open));
  }

  /** Whether a number is whole and begins at nothing less than zero and only counts up. */
  private isFromZero(value: ValueId, open = new Set<ValueId>()): boolean {
    if (open.has(value)) return true;
    open.add(value);
    const made = this.uses.definition(value);
    if (made === undefined) {
      const incoming = this.uses.incoming(value);
      return incoming.length > 0 && incoming.every(arg => this.isFromZero(arg, open));
    }
    if (made.op === 'const.num') return isPlace({ constant: made.imm as number });
    if (made.op === 'num.add' || made.op === 'range.start' || made.op === 'box.num' || made.op === 'unbox.num') {
      return made.args.every(arg => this.isFromZero(arg, open));
    }
    return false;
  }
}

const isPlace = ({ constant }: { readonly constant: number }): boolean => Number.isInteger(constant) && constant >= 0;

const isListChange = (each: Instruction): boolean => each.op === 'list.append' || nameOf(each) === 'lst';

const isCheck = ({ op }: Instruction): boolean => op === 'list.check' || op === 'record.check';
