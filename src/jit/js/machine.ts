// The JavaScript engine: a function of the program becomes JavaScript source when it is first called, together with the functions it can
// reach, so that V8 sees direct calls. What was made of a unit is kept with it; a run only makes its own instances.
//
// Two forms exist side by side: with the charges of the limits, and without. How deeply calls may nest stands in the source as a number.
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import { buildIr } from '../../ir/build.ts';
import type { CalleeImmediate, IrFunction, IrUnit } from '../../ir/ir.ts';
import { optimiseFunction } from '../../ir/passes/pipeline.ts';
import { arityFault, at, callFunctionValue, isStackOverflow } from '../../vm/calls.ts';
import type { Machine, RunServices } from '../../vm/engine.ts';
import { checkGenerated } from './check.ts';
import { type Emitted, emitGroup } from './emit.ts';
import { FieldSite, makeHelpers } from './helpers.ts';

type Compiled = (depth: number, ...args: Value[]) => Value;

interface CompiledGroup {
  readonly members: readonly number[];
  readonly emitted: Emitted;
  readonly make: (given: object, constants: readonly unknown[]) => readonly Compiled[];
}

/** More functions than this are not compiled at once: what else is called is compiled when it is. */
const MAX_GROUP = 128;

/** All that was made of a unit for one form of the code. */
class UnitCode {
  private readonly ir: IrUnit;
  private readonly unit: CoreUnit;
  private readonly metered: boolean;
  private readonly maxDepth: number;
  private readonly optimised = new Map<number, IrFunction>();
  private readonly groups = new Map<number, CompiledGroup>();
  /** Places in the source by their number; 0 is none. */
  readonly places: (Span | undefined)[] = [undefined];

  constructor(unit: CoreUnit, metered: boolean, maxDepth: number) {
    this.unit = unit;
    this.metered = metered;
    this.maxDepth = maxDepth;
    this.ir = buildIr(unit);
  }

  private functionAt(index: number): IrFunction {
    const known = this.optimised.get(index);
    if (known) return known;
    const made = optimiseFunction(this.ir.functions[index]!);
    this.optimised.set(index, made);
    return made;
  }

  /** The group that a function belongs to, compiled. */
  groupOf(index: number): CompiledGroup {
    const known = this.groups.get(index);
    if (known) return known;
    const members = this.reach(index);
    const inside = new Set(members);
    const emitted = emitGroup(members, callee => this.functionAt(callee), {
      metered: this.metered,
      maxDepth: this.maxDepth,
      isInGroup: callee => inside.has(callee),
      arity: callee => this.unit.functions[callee]!.params.length,
      place: span => this.places.push(span) - 1,
    });
    checkGenerated(emitted.source);
    const make = new Function('X', 'C', emitted.source) as CompiledGroup['make'];
    const group: CompiledGroup = { members, emitted, make };
    for (const member of members) this.groups.set(member, group);
    return group;
  }

  /** The function and what it can reach by calls, as far as that is in no group yet. */
  private reach(index: number): readonly number[] {
    const members = [index];
    const seen = new Set(members);
    for (let i = 0; i < members.length && members.length < MAX_GROUP; i++) {
      for (const block of this.ir.functions[members[i]!]!.blocks) {
        for (const { op, imm } of block.code) {
          const callee = op === 'call' ? (imm as number) : op === 'fn.new' ? (imm as CalleeImmediate).callee : -1;
          if (callee < 0 || seen.has(callee) || this.groups.has(callee) || members.length >= MAX_GROUP) continue;
          seen.add(callee);
          members.push(callee);
        }
      }
    }
    return members;
  }
}

const unitCodes = new WeakMap<CoreUnit, Map<string, UnitCode>>();

function codeOf(unit: CoreUnit, metered: boolean, maxDepth: number): UnitCode {
  const forms = unitCodes.get(unit) ?? new Map<string, UnitCode>();
  unitCodes.set(unit, forms);
  const key = `${metered} ${maxDepth}`;
  const code = forms.get(key) ?? new UnitCode(unit, metered, maxDepth);
  forms.set(key, code);
  return code;
}

/** Makes a machine for one run of a unit. Ask canGenerateCode (available.ts) before. */
export function createJsMachine(unit: CoreUnit, services: RunServices): Machine {
  const code = codeOf(unit, services.meter !== undefined, services.maxDepth);
  const state = { depth: 0 };
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
    const innermost = unit.functions[chain[0]!]!;
    const faulted = isStackOverflow(error)
      ? at(fault('ILO-R040', 'stack', { depth: thrownDepth }), innermost.span)
      : error;
    if (faulted instanceof Fault) {
      if (faulted.calls.length === 0) faulted.calls = chain.reverse().map(index => unit.functions[index]!.name);
      if (faulted.file === undefined && innermost.file !== undefined) faulted.file = innermost.file;
    }
    return faulted;
  };

  const call = (index: number, depth: number, args: readonly Value[]): Value => {
    const fn = unit.functions[index]!;
    if (args.length !== fn.params.length) throw arityFault(fn, args.length);
    const compiled = table[index] ?? load(index);
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
    const result = call(index, depth, args);
    state.depth = depth;
    return result;
  };

  const callValue: Machine['callValue'] = (callee, args, fallback) =>
    callFunctionValue(callee, args, fallback, unit, services, callInside);

  const given = {
    ...makeHelpers(unit, services, callValue, trace),
    state,
    table,
    builtin: (name: string) => services.builtin(name)!,
    site: (field: string) => new FieldSite(field),
  };

  /** Makes this machine's instance of a function and of the group it belongs to. */
  function load(index: number): Compiled {
    const { members, emitted, make } = code.groupOf(index);
    const functions = make(given, emitted.constants);
    members.forEach((member, i) => {
      table[member] = functions[i]!;
    });
    for (const outside of emitted.externals) table[outside] ??= (...args) => load(outside)(...args);
    const loaded = table[index];
    assert(loaded, 'a group contains the function it was made for');
    return loaded;
  }

  return {
    run: (callee, args) => {
      state.depth = 0;
      thrown = undefined;
      chain = [];
      try {
        return call(callee, 0, args);
      } catch (error) {
        throw complete(error);
      }
    },
    callValue,
  };
}
