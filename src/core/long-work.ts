// Work on long texts that no charge tells of. Comparing two texts costs nothing and looking into one costs as much as a step, because texts are mostly
// short; but two texts of 2^26 units take 0.1 s to compare, and one that has just grown is copied by V8 before it can be looked into. Between two looks
// at the clock a program could do that thousands of times. So whoever is about to work on a long text has the clock looked at first.
//
// Operators know no meter: the run that is under way in this thread says which one is its own. The charge stays what it is, and so do fuel and stops
// on all engines; only how soon the time limit strikes depends on this.
import type { Meter } from './meter.ts';

/** Units of a text that is long: so much work, done as often as there are steps between two looks at the clock, takes a fraction of a second. */
export const LONG_TEXT = 16_384;

let current: Meter | undefined;

/** Makes a meter the one of the run that is under way; undefined where none is. Gives the one before, to be put back. */
export function setRunning(meter: Meter | undefined): Meter | undefined {
  const before = current;
  current = meter;
  return before;
}

/** Looks at the clock where both texts are long. Throws ILO-R044. */
export function beforeComparing(a: string, b: string): void {
  if (a.length >= LONG_TEXT && b.length >= LONG_TEXT) current?.checkTime();
}
