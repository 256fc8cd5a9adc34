// A machine for programs that are often run once. `auto` gives what repeats to generated JavaScript, which takes milliseconds to make; most runs of
// a program that a service was just sent are over by then. So a function that only computes begins on the closure engine, with a small allowance of
// fuel. A run that uses it up is broken off and made again on the engine that `auto` chooses: it has touched nothing outside, and computes the
// same again, with the same fuel. What such runs have used is added up, so that a function that is called often leaves soon, too.
//
// Choosing means going through all that can be reached. Where the whole program touches nothing, nobody asks before the allowance is used up.
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
  /** Whether calls are prepared: then `auto` has settled on one engine, and has to see all of them. */
  let settled = false;
  /** By function: what is left of its allowance. */
  const left = new Map<number, number>();
  /** Gives undefined when the allowance was not enough. */
  const tryFirst = (callee: number, args: readonly Value[], allowance: number): { value: Value } | undefined => {
    closure ??= MACHINES.closure(unit, services);
    current = closure;
    let stays = false;
    const breaksOff = (): boolean => {
      stays = chooseEngine(unit, callee).engine === 'closure';
      return !stays;
    };
    meter.allow(allowance, breaksOff);
    try {
      return { value: closure.run(callee, args) };
    } catch (error) {
      if (error !== OUT_OF_ALLOWANCE) throw error;
      return undefined;
    } finally {
      left.set(callee, stays ? Number.POSITIVE_INFINITY : allowance - meter.fuel);
      meter.allow(Number.POSITIVE_INFINITY);
    }
  };
  return {
    run: (callee, args) => {
      const allowance = settled ? 0 : (left.get(callee) ?? allowanceOf(unit, callee));
      if (allowance > 0) {
        const done = tryFirst(callee, args, allowance);
        if (done !== undefined) return done.value;
        meter.startAgain();
      } else left.set(callee, 0);
      current = auto;
      return auto.run(callee, args);
    },
    callValue: (callee, args, fallback) => current.callValue(callee, args, fallback),
    entry: callee => {
      current = auto;
      settled = true;
      return entryOf(auto, callee);
    },
  };
}

/** None for what is best run on another engine from the start because it must not be run twice. */
function allowanceOf(unit: CoreUnit, callee: number): number {
  if (unit.onlyComputes === true) return ALLOWANCE;
  const { engine } = chooseEngine(unit, callee);
  if (engine === 'closure') return Number.POSITIVE_INFINITY;
  return engine === 'js' && onlyComputes(unit, callee) ? ALLOWANCE : 0;
}
