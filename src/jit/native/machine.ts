// The engine `jit`: functions whose values fit in registers run as machine code, all others on the engine that is given for the rest. A call
// from there to a native function goes through its entry where that is worth it, in a function that loops or calls itself; entering costs
// more than a few operations do, and the other engine runs the rest as well as it runs its own.
import type { CoreUnit } from '../../core/core.ts';
import type { Value } from '../../core/value/value.ts';
import { DeepCalls } from '../../vm/deep.ts';
import type { Machine, RunServices } from '../../vm/engine.ts';
import type { Natives } from '../natives.ts';
import { NativeCalls, type Pause } from './call.ts';
import { type NativeFunction, type NativeUnit, nativeUnitOf, underStress } from './code.ts';
import { isBare } from './shapes.ts';
import { SlicedCalls } from './slices.ts';

/** Makes a machine for one run of a unit. `rest` makes the machine for what is not native, with the natives that it may call. */
export function createJitMachine(
  unit: CoreUnit,
  services: RunServices,
  rest: (natives: Natives | undefined) => Machine,
): Machine {
  const native = nativeUnitOf(unit, services.meter !== undefined);
  const calls = NativeCalls.create(unit, services);
  if (calls === undefined) return rest(undefined);
  const deep = new DeepCalls(unit, services);
  const others = once(() =>
    rest(
      nativesOf(
        unit,
        native,
        (index, depth, args, fn) => everyFew?.(index, depth, args) ?? calls.call(index, fn, depth, args),
        (index, depth, args) => deep.call(index, depth, args),
      ),
    ),
  );
  // Where a call goes that native code could not finish: not back into the same code.
  const plain = once(() => rest(undefined));
  const everyFew = underStress('leave') ? leavingEveryFew(unit, services) : undefined;
  const run: Machine['run'] = (callee, args) => {
    const stressed = everyFew?.(callee, 0, args);
    if (stressed !== undefined) return stressed;
    const fn = native.functionAt(callee);
    if (fn === undefined || !calls.fits(fn, args)) return others().run(callee, args);
    return calls.call(callee, fn, 0, args, () => plain().run(callee, args));
  };
  return {
    run,
    callValue: (callee, args, fallback) => others().callValue(callee, args, fallback),
    entry: callee => {
      if (everyFew !== undefined) return (...args) => run(callee, args);
      const fn = native.functionAt(callee);
      if (fn === undefined) return others().entry?.(callee) ?? ((...args) => run(callee, args));
      return (...args) => {
        const usable = fn.left.times === 0 ? fn : native.functionAt(callee);
        if (usable === undefined || !calls.fits(usable, args)) return others().run(callee, args);
        return calls.call(callee, usable, 0, args, () => plain().run(callee, args));
      };
    },
  };
}

/** For tests: calls that leave at every few points. Gives undefined where a call cannot be left. */
function leavingEveryFew(unit: CoreUnit, services: RunServices) {
  const { meter } = services;
  const sliced = SlicedCalls.create(unit, services);
  let few = 0;
  let next = 0;
  const pause: Pause = {
    isDue: () => meter!.fuel >= next,
    untilDue: () => Math.max(0, next - meter!.fuel),
    staysOut: () => nextFew() % 3 === 0,
  };
  const nextFew = (): number => {
    few = (few * 5 + 3) % 16;
    return few;
  };
  return (index: number, depth: number, args: readonly Value[]): Value | undefined => {
    const fn = sliced?.fitting(index, args);
    if (sliced === undefined || fn === undefined) return undefined;
    const call = sliced.begin(index, fn, depth, args, pause);
    for (;;) {
      next = meter!.fuel + nextFew();
      const end = call.goOn();
      if (end.done) return end.value;
    }
  };
}

function nativesOf(
  unit: CoreUnit,
  native: NativeUnit,
  enter: (index: number, depth: number, args: readonly Value[], fn: NativeFunction) => Value,
  elsewhere: Natives['call'],
): Natives {
  return {
    has: index => {
      const entry = native.functionAt(index)?.entry;
      // Copying a list costs as much as going through it once.
      return (
        entry?.repeats === true &&
        unit.functions[index]!.params.every((_, i) => isBare(entry.params[i]!)) &&
        isBare(entry.result)
      );
    },
    call: (index: number, depth: number, args: readonly Value[]) => {
      const fn = native.functionAt(index);
      return fn === undefined ? elsewhere(index, depth, args) : enter(index, depth, args, fn);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
