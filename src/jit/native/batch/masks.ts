// Masks: in which rows control comes to a place. They are kept as terms until somebody needs their bits, because most of the time nobody
// does: what is true in a row or false there meets again, and the place behind it has the mask that was there before.
import type { VirtualRegister } from '../lir.ts';

export type Mask =
  /** Every row. */
  | { readonly kind: 'all' }
  | { readonly kind: 'register'; readonly register: VirtualRegister }
  /** The rows of `within` where a condition is as `sense` says. */
  | { readonly kind: 'part'; readonly within: Mask; readonly condition: VirtualRegister; readonly sense: boolean };

export const ALL: Mask = { kind: 'all' };

/** One way to a place: the rows that take it and what they bring along. */
export interface Way {
  readonly mask: Mask;
  readonly args: readonly VirtualRegister[];
}

export interface MaskWriter {
  /** Writes an operation on masks, and gives its register. */
  readonly write: (op: 'lane.and' | 'lane.or' | 'lane.without', args: readonly VirtualRegister[]) => VirtualRegister;
  readonly ones: () => VirtualRegister;
  readonly select: (mask: VirtualRegister, yes: VirtualRegister, no: VirtualRegister) => VirtualRegister;
}

export class Masks {
  private readonly writer: MaskWriter;
  private readonly registers = new Map<Mask, VirtualRegister>();

  constructor(writer: MaskWriter) {
    this.writer = writer;
  }

  /** The bits of a mask. */
  bits(mask: Mask): VirtualRegister {
    if (mask.kind === 'register') return mask.register;
    const known = this.registers.get(mask);
    if (known !== undefined) return known;
    const made = mask.kind === 'all' ? this.writer.ones() : this.partBits(mask);
    this.registers.set(mask, made);
    return made;
  }

  private partBits({ within, condition, sense }: Mask & { readonly kind: 'part' }): VirtualRegister {
    if (!sense) return this.writer.write('lane.without', [condition, this.bits(within)]);
    return within.kind === 'all' ? condition : this.writer.write('lane.and', [condition, this.bits(within)]);
  }

  /** The rows of a mask where a condition holds. */
  both(mask: Mask, condition: VirtualRegister): VirtualRegister {
    return mask.kind === 'all' ? condition : this.writer.write('lane.and', [condition, this.bits(mask)]);
  }

  /** The ways to a place as one. What is brought along in rows that take none of them means nothing. */
  join(ways: readonly Way[]): Way {
    const open = [...ways];
    while (open.length > 1) {
      const [first, second] = findPair(open) ?? [0, 1];
      const joined = this.joinTwo(open[first]!, open[second]!);
      open.splice(second, 1);
      open.splice(first, 1, joined);
    }
    return open[0]!;
  }

  private joinTwo(a: Way, b: Way): Way {
    const decides = areOpposite(a.mask, b.mask);
    const { condition, sense } = decides ? (a.mask as Part) : { condition: this.bits(a.mask), sense: true };
    const args = a.args.map((yes, i) => {
      const no = b.args[i]!;
      if (yes === no) return yes;
      return sense ? this.writer.select(condition, yes, no) : this.writer.select(condition, no, yes);
    });
    if (decides) return { mask: (a.mask as Part).within, args };
    return { mask: { kind: 'register', register: this.writer.write('lane.or', [condition, this.bits(b.mask)]) }, args };
  }
}

type Part = Mask & { readonly kind: 'part' };

/** Two ways that a condition decided between. */
function findPair(ways: readonly Way[]): readonly [first: number, second: number] | undefined {
  for (let a = 0; a < ways.length; a++) {
    for (let b = a + 1; b < ways.length; b++) if (areOpposite(ways[a]!.mask, ways[b]!.mask)) return [a, b];
  }
  return undefined;
}

/** Whether a condition decides between two masks, which together are the mask it was looked at in. */
function areOpposite(a: Mask, b: Mask): boolean {
  if (a.kind !== 'part' || b.kind !== 'part') return false;
  return a.within === b.within && a.condition === b.condition && a.sense !== b.sense;
}
