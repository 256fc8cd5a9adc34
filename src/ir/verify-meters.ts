// Limits by construction: no function and no loop without fuel, nothing that takes memory without its charge.
//
// `fuel` is the safepoint as well: where a loop has none, nobody could stop it. So the rule asks for a loop's fuel on every way round, and a way
// round is any cycle of blocks, with one entry or with several: when the blocks with fuel are taken out, no cycle may be left.
//
// A charge pays for one thing, the next that asks for one, and between the two there is nothing that could end the program or charge: a limit
// strikes before anything is made, at the place of what would have been made.
import { IR_OPS, type IrCharge } from '../spec/ir-ops.ts';
import type { Cfg } from './cfg.ts';
import type { BlockId, Instruction, IrFunction, ValueId } from './ir.ts';

type Definition = (value: ValueId) => Instruction | undefined;
type Report = (block: BlockId, problem: string) => void;

export function checkMeters(fn: IrFunction, cfg: Cfg, definition: Definition, report: Report): void {
  if (fn.blocks[0]!.code[0]?.op !== 'fuel') report(0, 'a function charges fuel first');
  for (const block of cycleHeads(fn, cfg)) report(block, 'a loop charges fuel on every round');
  const charges = new ChargeCheck(fn, definition);
  fn.blocks.forEach((block, id) => {
    for (const each of charges.unpaid(block.code)) report(id, `${each.op} is charged right before it`);
  });
}

/** Blocks at which a cycle without fuel begins, at least one of each. */
function cycleHeads(fn: IrFunction, cfg: Cfg): ReadonlySet<BlockId> {
  const heads = new Set<BlockId>();
  const state: ('new' | 'open' | 'done')[] = fn.blocks.map(({ code }) =>
    code.some(each => each.op === 'fuel') ? 'done' : 'new',
  );
  // Blocks that can be reached first, in their order, so that the head of a loop is what is named. No block may hide a loop behind it.
  for (const start of [...cfg.order, ...fn.blocks.keys()]) {
    if (state[start] !== 'new') continue;
    const path = [{ block: start, next: 0 }];
    state[start] = 'open';
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const following = cfg.successors[top.block]![top.next++];
      if (following === undefined) {
        state[top.block] = 'done';
        path.pop();
      } else if (state[following] === 'open') {
        heads.add(following);
      } else if (state[following] === 'new') {
        state[following] = 'open';
        path.push({ block: following, next: 0 });
      }
    }
  }
  return heads;
}

class ChargeCheck {
  private readonly fn: IrFunction;
  private readonly definition: Definition;

  constructor(fn: IrFunction, definition: Definition) {
    this.fn = fn;
    this.definition = definition;
  }

  /** What a block makes without its charge. */
  unpaid(code: readonly Instruction[]): readonly Instruction[] {
    const found: Instruction[] = [];
    let paid: Instruction | undefined;
    for (const each of code) {
      const { charge, effect } = IR_OPS[each.op];
      if (effect === 'meter') {
        paid = each;
      } else if (charge !== undefined) {
        if (!(paid?.op === charge && this.isFor(paid, charge, each)) && !this.isFree(charge, each)) found.push(each);
        paid = undefined;
      } else if (effect !== 'pure') {
        paid = undefined;
      }
    }
    return found;
  }

  private isFor(paid: Instruction, charge: IrCharge, { args }: Instruction): boolean {
    switch (charge) {
      case 'charge.items':
        return paid.imm === args.length;
      case 'charge.join':
        return paid.args[0] === args[1];
      case 'charge.copy':
        return paid.args[0] === this.unmarked(args[0]!);
      case 'charge.append':
        return true;
    }
  }

  /** Whether there is nothing to pay, so that the charge may be missing (passes/simplify.ts takes it out). */
  private isFree(charge: IrCharge, { args }: Instruction): boolean {
    switch (charge) {
      case 'charge.join':
        return !this.mayBe(args[1]!, ['text', 'list']);
      case 'charge.copy':
        return !this.mayBe(this.unmarked(args[0]!), ['record']);
      default:
        return false;
    }
  }

  private mayBe(value: ValueId, kinds: readonly string[]): boolean {
    const made = this.definition(value)?.op;
    if (made === 'box.num' || made === 'box.bool') return false;
    const type = this.fn.types[value]!;
    return type === 'any' || kinds.includes(type);
  }

  /** The value before it was marked for a change in place. */
  private unmarked(value: ValueId): ValueId {
    const made = this.definition(value);
    return made?.op === 'owned' ? made.args[0]! : value;
  }
}
