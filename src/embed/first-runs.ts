// A machine for programs that are often run once. `auto` gives what repeats to generated JavaScript, which takes milliseconds to make; most runs of
// a program that a service was just sent are over by then. So a function that only computes begins on the closure engine, with a small allowance of
// fuel. A run that uses it up is broken off and made again on the engine that `auto` chooses: it has touched nothing outside, and computes the
// same again, with the same fuel. What such runs have used is added up, so that a function that is called often leaves soon, too.
import type { CoreUnit } from '../core/core.ts';
import { type Meter, OUT_OF_ALLOWANCE } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import { chooseEngine } from '../runtime/auto.ts';
import { MACHINES } from '../runtime/program.ts';
import { onlyComputes } from '../runtime/reach.ts';
import { entryOf, type Machine, type RunServices } from '../vm/engine.ts';

/** Fuel for all first runs of a function together: about as much work as making code is. */
const ALLOWANCE = 20_000;

export function createFirstRunMachine(unit: CoreUnit, services: RunServices, meter: Meter): Machine {
  const auto = MACHINES.auto(unit, services);
  let closure: Machine | undefined;
  let current = auto;
  /** By function: what is left of its allowance. */
  const left = new Map<number, number>();
  /** Gives undefined when the allowance was not enough. */
  const tryFirst = (callee: number, args: readonly Value[], allowance: number): { value: Value } | undefined => {
    closure ??= MACHINES.closure(unit, services);
    current = closure;
    meter.allow(allowance);
    try {
      return { value: closure.run(callee, args) };
    } catch (error) {
      if (error !== OUT_OF_ALLOWANCE) throw error;
      return undefined;
    } finally {
      left.set(callee, allowance - meter.fuel);
      meter.allow(Number.POSITIVE_INFINITY);
    }
  };
  return {
    run: (callee, args) => {
      const allowance = left.get(callee) ?? allowanceOf(unit, callee);
      left.set(callee, allowance);
      if (allowance > 0) {
        const done = tryFirst(callee, args, allowance);
        if (done !== undefined) return done.value;
        meter.startAgain();
      }
      current = auto;
      return auto.run(callee, args);
    },
    callValue: (callee, args, fallback) => current.callValue(callee, args, fallback),
    entry: callee => {
      current = auto;
      return entryOf(auto, callee);
    },
  };
}

/** None for what is best run on another engine from the start, and for what must not be run twice. */
function allowanceOf(unit: CoreUnit, callee: number): number {
  return chooseEngine(unit, callee).engine === 'js' && onlyComputes(unit, callee) ? ALLOWANCE : 0;
}
