// Limits of a run, and the one definition of what counts against them. Every engine charges the same amounts at the same
// places, so a limit strikes at the same point whatever runs the program:
//
//   fuel   1 on entering a function, 1 before each round of a loop, and what a builtin's cost rule says before it runs
//   bytes  16 for a list, record, `~v`, `^e` or function value, and 8 for each item, field or capture; for `+` on texts
//          2 per unit, on lists 8 per item, of the right operand (the left one's storage is shared); 8 for `+=`;
//          and what a builtin's cost rule says
//   depth  functions entered and not yet left
//   output UTF-16 units printed
//
// Bytes are charged before the value is made and never given back: they bound what a run allocates in all, and so what it
// can hold at once. A run without limits has no meter and pays nothing.
import { fault } from './fault.ts';

export interface Limits {
  /** Units of work. */
  readonly fuel?: number | undefined;
  /** Milliseconds of wall time. */
  readonly timeout?: number | undefined;
  /** Bytes allocated over the whole run. */
  readonly alloc?: number | undefined;
  /** UTF-16 units printed. */
  readonly output?: number | undefined;
}

export const BYTES_PER_OBJECT = 16;
export const BYTES_PER_ITEM = 8;
export const BYTES_PER_UNIT = 2;

/** The clock is looked at after so much fuel: often enough to stop within a millisecond or two, seldom enough to cost nothing. */
const FUEL_PER_LOOK = 4096;

/** Fuel is handed out in portions, so that what is left of one always fits in 31 bits. */
const LARGEST_PORTION = 2 ** 30 - 1;

/** Thrown instead of a Fault where a run has used more fuel than `allow` said: whoever called `allow` catches it. */
export const OUT_OF_ALLOWANCE: unique symbol = Symbol('out of allowance');

const ALWAYS = (): boolean => true;

export class Meter {
  private readonly limits: Limits;
  private readonly fuelLimit: number;
  readonly allocLimit: number;
  /** On the clock; negative while it was not looked at since `reset`. */
  private deadline: number;
  private nextLook: number;
  private readonly clock: () => number;
  /** A run that can be suspended lets others have their turn before it uses more fuel than this. */
  pauseAt = Number.POSITIVE_INFINITY;
  /** The fuel at which a run is broken off; see `allow`. */
  private allowance = Number.POSITIVE_INFINITY;
  private breaksOff = ALWAYS;
  /**
   * What is left of the portion of fuel that may be used before anything has to be looked at; below 0, `stop` has to be called.
   * Generated code counts it down by itself.
   */
  left = 0;
  /** The fuel used when nothing is left of the portion. */
  private portionEnd = 0;
  /** The portion that a run begins with. */
  private readonly firstPortion: number;
  /** Used so far. */
  bytes = 0;
  output = 0;

  /** `clock` gives milliseconds; only differences count. */
  constructor(limits: Limits, clock: () => number) {
    this.limits = limits;
    this.fuelLimit = limits.fuel ?? Number.POSITIVE_INFINITY;
    this.allocLimit = limits.alloc ?? Number.POSITIVE_INFINITY;
    this.clock = clock;
    this.deadline = limits.timeout === undefined ? Number.POSITIVE_INFINITY : clock() + limits.timeout;
    this.nextLook = limits.timeout === undefined ? Number.POSITIVE_INFINITY : FUEL_PER_LOOK;
    this.fuel = 0;
    this.firstPortion = this.left;
  }

  /** Used so far. */
  get fuel(): number {
    return this.portionEnd - this.left;
  }

  set fuel(used: number) {
    this.beginPortion(used);
  }

  private beginPortion(used: number): void {
    // A limit that was passed before anything was done strikes at the first charge.
    const portion = this.bytes > this.allocLimit ? 0 : LARGEST_PORTION;
    this.portionEnd = Math.min(this.fuelLimit, this.nextLook - 1, this.allowance, used + portion);
    this.left = this.portionEnd - used;
  }

  /** Counts from zero again. The clock starts when it is first looked at, so that a short run does not pay for it. */
  reset(): void {
    this.bytes = 0;
    this.output = 0;
    if (this.limits.timeout !== undefined) {
      this.deadline = -1;
      this.nextLook = FUEL_PER_LOOK;
    }
    // What `beginPortion` comes to when nothing is used, known beforehand: a prepared call of a short function pays for each step here.
    this.portionEnd = this.firstPortion;
    this.left = this.firstPortion;
  }

  /**
   * Has the run broken off with OUT_OF_ALLOWANCE when it uses more fuel than this, unless a limit comes first. `breaksOff` is asked then: when it
   * says no, the run goes on without end.
   */
  allow(fuel: number, breaksOff: () => boolean = ALWAYS): void {
    this.allowance = fuel;
    this.breaksOff = breaksOff;
    this.beginPortion(this.fuel);
  }

  /** Counts from zero again for a run that was broken off. Its clock goes on. */
  startAgain(): void {
    this.bytes = 0;
    this.output = 0;
    if (this.limits.timeout !== undefined) this.nextLook = FUEL_PER_LOOK;
    this.fuel = 0;
  }

  /** Starts the clock unless it runs: whoever is about to wait for the outside calls this. */
  startClock(): void {
    if (this.deadline < 0) this.deadline = this.clock() + this.limits.timeout!;
  }

  /** Milliseconds until the time limit; starts the clock. */
  timeLeft(): number {
    if (this.limits.timeout === undefined) return Number.POSITIVE_INFINITY;
    this.startClock();
    return Math.max(0, this.deadline - this.clock());
  }

  /** Looks at the clock now. Throws ILO-R044. */
  checkClock(): void {
    if (this.limits.timeout !== undefined) this.look();
  }

  /**
   * Looks at the clock and changes no count, so that it may be called in the middle of code that keeps count by itself. For what takes long and is
   * charged little. Throws ILO-R044.
   */
  checkTime(): void {
    if (this.limits.timeout === undefined) return;
    this.startClock();
    if (this.clock() > this.deadline) throw fault('ILO-R044', 'time', { limit: this.limits.timeout });
  }

  /** Counts work and memory before they are spent. Throws ILO-R043, ILO-R044 or ILO-R045 when a limit is passed. */
  charge(fuel: number, bytes: number): void {
    this.left -= fuel;
    this.bytes += bytes;
    if (this.left < 0 || this.bytes > this.allocLimit) this.stop();
  }

  /** Looks what it is that the end of the portion or the bytes have reached, and begins a new portion. Throws like `charge`. */
  stop(): void {
    const { fuel } = this;
    if (fuel > this.fuelLimit) throw fault('ILO-R043', 'fuel', { limit: this.fuelLimit });
    if (this.bytes > this.allocLimit) throw fault('ILO-R045', 'alloc', { limit: this.allocLimit });
    if (fuel > this.allowance) {
      if (this.breaksOff()) throw OUT_OF_ALLOWANCE;
      this.allowance = Number.POSITIVE_INFINITY;
    }
    if (fuel >= this.nextLook) this.look();
    this.fuel = fuel;
  }

  /** How much fuel may be charged at once or bit by bit before `charge` has to be called again. */
  fuelUntilLook(): number {
    if (this.bytes > this.allocLimit) return 0;
    return Math.min(this.fuelLimit, this.nextLook - 1, this.allowance) - this.fuel;
  }

  /** How much fuel may be charged before the limit is passed. */
  fuelLeft(): number {
    return this.bytes > this.allocLimit ? 0 : Math.max(0, this.fuelLimit - this.fuel);
  }

  /** How much memory may be charged before a limit is passed. */
  bytesLeft(): number {
    return Math.max(0, this.allocLimit - this.bytes);
  }

  /** Counts output before it is printed. Throws ILO-R046. */
  chargeOutput(units: number): void {
    this.output += units;
    const limit = this.limits.output;
    if (limit !== undefined && this.output > limit) throw fault('ILO-R046', 'output', { limit });
  }

  private look(): void {
    const { fuel } = this;
    this.nextLook = fuel + FUEL_PER_LOOK;
    this.fuel = fuel;
    this.startClock();
    if (this.clock() > this.deadline) throw fault('ILO-R044', 'time', { limit: this.limits.timeout ?? 0 });
  }
}

/** True when at least one limit is set, so that a meter is needed. */
export function hasLimits(limits: Limits | undefined): limits is Limits {
  if (limits === undefined) return false;
  const { fuel, timeout, alloc, output } = limits;
  return fuel !== undefined || timeout !== undefined || alloc !== undefined || output !== undefined;
}
