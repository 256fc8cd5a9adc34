// Operations on numbers that are more than one instruction on lanes: the language says something about NaN, zeros or halves that the
// processor does not. They are taken apart into operations that each processor has, before registers are given out.
//
// Truth values are masks. What a row computes that is not there (it has left the loop, or takes the other branch) means nothing and
// faults nobody: no operation here traps.
import type { FloatCondition, LirInstruction, Rounding, VirtualRegister } from '../lir.ts';
import type { LaneFeatures } from './lane-target.ts';

type WithoutCommon<T> = T extends unknown ? Omit<T, 'result' | 'args' | 'position'> : never;
export type LaneOperation = WithoutCommon<LirInstruction>;

export interface LaneWriter {
  /** Writes an operation that gives something. */
  readonly write: (what: LaneOperation, args: readonly VirtualRegister[]) => VirtualRegister;
  readonly constant: (value: number) => VirtualRegister;
  /** The constant that a register stands for. */
  readonly known: (register: VirtualRegister) => number | undefined;
  readonly select: (mask: VirtualRegister, yes: VirtualRegister, no: VirtualRegister) => VirtualRegister;
}

/** From here on every double is a whole number. */
const WHOLE_FROM = 2 ** 52;

export class LaneNumbers {
  private readonly writer: LaneWriter;
  private readonly features: LaneFeatures;

  constructor(writer: LaneWriter, features: LaneFeatures) {
    this.writer = writer;
    this.features = features;
  }

  compare(condition: FloatCondition, a: VirtualRegister, b: VirtualRegister): VirtualRegister {
    return this.writer.write({ op: 'compare', condition }, [a, b]);
  }

  /** A number with one sign for all NaN: what is given out. */
  canonical(a: VirtualRegister): VirtualRegister {
    return this.writer.select(this.compare('eq', a, a), a, this.writer.constant(Number.NaN));
  }

  negative(a: VirtualRegister): VirtualRegister {
    return this.writer.write({ op: 'lane.xor' }, [a, this.writer.constant(-0)]);
  }

  absolute(a: VirtualRegister): VirtualRegister {
    return this.writer.write({ op: 'lane.without' }, [this.writer.constant(-0), a]);
  }

  private binary(op: 'add' | 'sub' | 'mul' | 'div', a: VirtualRegister, b: VirtualRegister): VirtualRegister {
    return this.writer.write({ op }, [a, b]);
  }

  private bits(op: 'lane.and' | 'lane.or' | 'lane.xor' | 'lane.without', a: VirtualRegister, b: VirtualRegister) {
    return this.writer.write({ op }, [a, b]);
  }

  /** NaN counts as missing, and -0 is smaller than 0. */
  extreme(op: 'min' | 'max', a: VirtualRegister, b: VirtualRegister): VirtualRegister {
    const { writer } = this;
    const raw = op === 'min' ? 'lane.least' : 'lane.most';
    // The instruction gives its second operand when the two are equal or one is NaN. With these constants that is right.
    const settles = (register: VirtualRegister): boolean => {
      const known = writer.known(register);
      return known !== undefined && !Number.isNaN(known) && (known !== 0 || Object.is(known, op === 'min' ? -0 : 0));
    };
    if (settles(b)) return writer.write({ op: raw }, [a, b]);
    if (settles(a)) return writer.write({ op: raw }, [b, a]);
    const chosen = writer.write({ op: raw }, [a, b]);
    const ofEqual = this.bits(op === 'min' ? 'lane.or' : 'lane.and', a, b);
    const ordered = writer.select(this.compare('eq', a, b), ofEqual, chosen);
    return writer.select(this.compare('eq', b, b), ordered, a);
  }

  round(rounding: Rounding, a: VirtualRegister): VirtualRegister {
    const { writer } = this;
    if (rounding === 'even') {
      const near = this.features.rounds ? writer.write({ op: 'round', rounding }, [a]) : this.nearest(a);
      // What is rounded up to zero becomes 0 and not -0; a -0 stays one.
      const positive = this.binary('add', near, writer.constant(0));
      return writer.select(this.compare('eq', near, a), a, positive);
    }
    if (this.features.rounds) return writer.write({ op: 'round', rounding }, [a]);
    const near = this.nearest(a);
    const one = writer.constant(1);
    if (rounding === 'floor') return this.withSignOf(a, this.stepWhere('gt', near, a, 'sub', one), near);
    if (rounding === 'ceil') return this.withSignOf(a, this.stepWhere('lt', near, a, 'add', one), near);
    const [magnitude, nearMagnitude] = [this.absolute(a), this.absolute(near)];
    return this.withSignOf(a, this.stepWhere('gt', nearMagnitude, magnitude, 'sub', one), near);
  }

  /** The nearest whole number, halfway the even one: adding 2^52 pushes the fraction out. Its sign is that of the number. */
  private nearest(a: VirtualRegister): VirtualRegister {
    const { writer } = this;
    const large = writer.constant(WHOLE_FROM);
    const magnitude = this.absolute(a);
    const pushed = this.binary('sub', this.binary('add', magnitude, large), large);
    const signed = this.bits('lane.or', pushed, this.bits('lane.and', a, writer.constant(-0)));
    return writer.select(this.compare('lt', magnitude, large), signed, a);
  }

  /** The first operand with a step, where it is beyond the second one. */
  private stepWhere(
    condition: 'lt' | 'gt',
    from: VirtualRegister,
    than: VirtualRegister,
    op: 'add' | 'sub',
    one: VirtualRegister,
  ): VirtualRegister {
    return this.binary(op, from, this.bits('lane.and', this.compare(condition, from, than), one));
  }

  /** A magnitude or a number with the sign of another: a zero keeps the sign of what was rounded. Where that is NaN, `otherwise`. */
  private withSignOf(sign: VirtualRegister, value: VirtualRegister, otherwise: VirtualRegister): VirtualRegister {
    const { writer } = this;
    const minus = writer.constant(-0);
    const signed = this.bits('lane.or', this.absolute(value), this.bits('lane.and', sign, minus));
    return writer.select(this.compare('eq', sign, sign), signed, otherwise);
  }

  /** A bound of a range: cut to an integer, NaN is 0, within ±2^63. */
  bound(a: VirtualRegister): VirtualRegister {
    const { writer } = this;
    const cut = this.round('trunc', a);
    const there = this.bits('lane.and', cut, this.compare('eq', cut, cut));
    const below = writer.write({ op: 'lane.least' }, [there, writer.constant(2 ** 63)]);
    return writer.write({ op: 'lane.most' }, [below, writer.constant(-(2 ** 63))]);
  }

  /**
   * The remainder, with the sign of the dividend, where it is exact as dividend minus divisor times quotient: the divisor a whole number,
   * both below 2^52. `odd` gives the rows where that is not so.
   */
  remainder(
    a: VirtualRegister,
    b: VirtualRegister,
  ): { readonly value: VirtualRegister; readonly odd: VirtualRegister } {
    const { writer } = this;
    const quotient = this.round('trunc', this.binary('div', a, b));
    const rest = this.binary('sub', a, this.binary('mul', b, quotient));
    const sign = this.bits('lane.and', a, writer.constant(-0));
    // The quotient may be one too large; then the rest is below zero, seen from the dividend's side.
    const turned = this.bits('lane.xor', rest, sign);
    const large = writer.constant(WHOLE_FROM);
    const fine = [
      this.compare('ge', turned, writer.constant(0)),
      this.compare('lt', this.absolute(a), large),
      ...this.wholeDivisor(b, large),
    ].reduce((all, each) => this.bits('lane.and', all, each));
    const odd = this.bits('lane.without', fine, writer.write({ op: 'lane.ones' }, []));
    return { value: this.bits('lane.or', this.absolute(turned), sign), odd };
  }

  private wholeDivisor(b: VirtualRegister, large: VirtualRegister): readonly VirtualRegister[] {
    const known = this.writer.known(b);
    if (known !== undefined && Number.isInteger(known) && Math.abs(known) < WHOLE_FROM) return [];
    return [this.compare('eq', this.round('trunc', b), b), this.compare('lt', this.absolute(b), large)];
  }
}
