// The meters of runs, and what they say while a run goes on. An isolated program that is ended with force can say nothing afterwards, so its side
// reports what was used as it goes. A meter looks at its clock after some thousands of units of fuel: that is where it is asked, and it costs
// nothing where nobody listens.
import { hasLimits, Meter } from '../core/meter.ts';
import type { Limited } from './options.ts';

export type Used = Pick<Meter, 'fuel' | 'bytes' | 'output'>;

/** Milliseconds between two reports of a run. */
const REPORT_EVERY = 20;

let report: ((used: Used) => void) | undefined;
let looked: (() => void) | undefined;
let lastReport = 0;

/**
 * Has what runs use reported from time to time, in this thread, and `onLook` called whenever one looks at its clock; runs without a time limit
 * have no clock and report nothing.
 */
export function reportUse(listener: (used: Used) => void, onLook: () => void): void {
  report = listener;
  looked = onLook;
}

/** What counts for a run. */
export function makeMeter({ fuel, timeout, alloc, output }: Limited): Meter {
  // A meter reads the clock once before it is there.
  let meter: Meter | undefined;
  const clock = report === undefined ? () => performance.now() : () => reporting(meter);
  meter = new Meter(
    { fuel: finite(fuel), timeout: finite(timeout), alloc: finite(alloc), output: finite(output) },
    clock,
  );
  return meter;
}

/** What counts for a run; undefined when all limits but the depth are off. */
export function meterOf(limits: Limited): Meter | undefined {
  const { fuel, timeout, alloc, output } = limits;
  const counted = { fuel: finite(fuel), timeout: finite(timeout), alloc: finite(alloc), output: finite(output) };
  return hasLimits(counted) ? makeMeter(limits) : undefined;
}

function finite(limit: number): number | undefined {
  return Number.isFinite(limit) ? limit : undefined;
}

function reporting(meter: Meter | undefined): number {
  looked?.();
  const now = performance.now();
  if (meter !== undefined && now - lastReport >= REPORT_EVERY) {
    lastReport = now;
    const { fuel, bytes, output } = meter;
    report?.({ fuel, bytes, output });
  }
  return now;
}
