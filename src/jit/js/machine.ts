// The JavaScript engine: a function of the program becomes JavaScript source when it is first called, together with the functions it can
// reach, so that V8 sees direct calls. What was made of a unit is kept with it (unit-code.ts); a run only makes its own instances.
import { assert } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, at, callFunctionValue, isStackOverflow } from '../../vm/calls.ts';
import { DeepCalls, MOST_INDIRECT } from '../../vm/deep.ts';
import type { Entry, Machine, RunServices } from '../../vm/engine.ts';
import type { Natives } from '../natives.ts';
import { checkGenerated } from './check.ts';
import { FieldSite, makeHelpers } from './helpers.ts';
import { type Compiled, codeOf } from './unit-code.ts';

/** Makes a machine for one run of a unit, with calls to machine code where there is some. Ask canGenerateCode (available.ts) before. */
export function createJsMachine(unit: CoreUnit, services: RunServices, natives?: Natives): Machine {
  const code = codeOf(unit, { metered: services.meter !== undefined, maxDepth: services.maxDepth });
  const deep = new DeepCalls(unit, services);
  /** `indirect`: how many calls of function values nest. */
  const state = { depth: 0, indirect: 0 };
  const table: (Compiled | undefined)[] = [];
  let thrown: unknown;
  /** The functions that `thrown` came through so far, innermost first. */
  let chain: number[] = [];
  /** How deep calls were where `thrown` was first seen. */
  let thrownDepth = 0;

  // Where the stack ended this runs at its very end: it does next to nothing then, and `complete` does the rest at the outside.
  const trace = (error: unknown, callee: number, depth: number, place: number): unknown => {
    if (error !== thrown || chain.length === 0) {
      thrown = isStackOverflow(error) ? error : at(error, code.places[place]);
      thrownDepth = depth + 1;
      chain = [];
    }
    chain.push(callee);
    return thrown;
  };

  /** What was thrown, with the chain of calls and the file. */
  const complete = (error: unknown): unknown => {
    if (error !== thrown || chain.length === 0) return error;
    const calls = chain.reverse();
    thrown = undefined;
    chain = [];
    const innermost = unit.functions[calls[calls.length - 1]!]!;
    const faulted = isStackOverflow(error)
      ? at(fault('ILO-R040', 'stack', { depth: thrownDepth }), innermost.span)
      : error;
    state.indirect = 0;
    if (faulted instanceof Fault) {
      // Calls that went on in the stack machine are there already, and with them the file.
      if (faulted.calls.length === 0 && innermost.file !== undefined) faulted.file ??= innermost.file;
      faulted.calls = [...calls.map(index => unit.functions[index]!.name), ...faulted.calls];
    }
    return faulted;
  };

  const call = (index: number, depth: number, args: readonly Value[]): Value => {
    const fn = unit.functions[index]!;
    if (args.length !== fn.params.length) throw arityFault(fn, args.length);
    const chosen = code.choose(index, args);
    const compiled = table[chosen] ?? load(chosen);
    // Spreading an array costs more than a short function.
    switch (args.length) {
      case 0:
        return compiled(depth);
      case 1:
        return compiled(depth, args[0]!);
      case 2:
        return compiled(depth, args[0]!, args[1]!);
      case 3:
        return compiled(depth, args[0]!, args[1]!, args[2]!);
      default:
        return compiled(depth, ...args);
    }
  };

  /** Code that runs here may call the program again, from as deep as it was called itself. */
  const callInside = (index: number, args: readonly Value[]): Value => {
    const { depth } = state;
    const fn = unit.functions[index]!;
    if (args.length !== fn.params.length) throw arityFault(fn, args.length);
    if (state.indirect >= MOST_INDIRECT) return deep.call(index, depth, args);
    state.indirect++;
    const result = call(index, depth, args);
    state.indirect--;
    state.depth = depth;
    return result;
  };

  const callValue: Machine['callValue'] = (callee, args, fallback) =>
    callFunctionValue(callee, args, fallback, unit, services, callInside);

  const elsewhere: DeepCalls['call'] = (callee, depth, args) => deep.call(callee, depth, args);
  const given = Object.assign(makeHelpers(unit, services, callValue, trace, elsewhere), {
    state,
    table,
    meter: services.meter,
    builtin: (name: string) => services.builtin(name)!,
    site: (field: string) => new FieldSite(field),
  });

  /** Makes this machine's instance of a function and of the group it belongs to. */
  function load(index: number): Compiled {
    const native = code.nativeAt(index, natives);
    if (native !== undefined) {
      const enter: Compiled = (depth, ...args) => natives!.call(native, depth, args);
      table[index] = enter;
      return enter;
    }
    const { members, externals, instantiate } = code.groupOf(index, natives);
    const functions = instantiate(given);
    members.forEach((member, i) => {
      table[member] = functions[i]!;
    });
    for (const outside of externals) table[outside] ??= (...args) => load(outside)(...args);
    const loaded = table[index];
    assert(loaded, 'a group contains the function it was made for');
    return loaded;
  }

  const run: Machine['run'] = (callee, args) => {
    state.depth = 0;
    state.indirect = 0;
    thrown = undefined;
    chain = [];
    try {
      return call(callee, 0, args);
    } catch (error) {
      throw complete(error);
    }
  };

  return {
    run,
    callValue,
    entry: callee => {
      const slow: Entry = (...args) => run(callee, args);
      const prepared = code.entryOf(callee);
      if (prepared === undefined) return slow;
      checkGenerated(prepared.source);
      const make = new Function('X', 'C', prepared.source) as (given: object, version: Compiled) => Entry;
      return make({ slow, complete }, table[prepared.version] ?? load(prepared.version));
    },
  };
}
