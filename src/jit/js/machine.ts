// The JavaScript engine: a function of the program becomes JavaScript source when it is first called, together with the functions it can
// reach, so that V8 sees direct calls. What was made of a unit is kept with it; a run only makes its own instances.
//
// Two forms exist side by side: with the charges of the limits, and without. How deeply calls may nest stands in the source as a number.
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import type { Shape } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import type { CalleeImmediate, IrFunction } from '../../ir/ir.ts';
import { inlineCalls, isInlinable, isWorthInlining } from '../../ir/passes/inline.ts';
import { findGiven, findGivenItems, markOwnedAmong, type OwnedFunction } from '../../ir/passes/own.ts';
import type { ItemsOwner } from '../../ir/passes/own-items.ts';
import type { Gives, Others } from '../../ir/passes/ownership.ts';
import { optimiseFunction } from '../../ir/passes/pipeline.ts';
import { findBorrowed } from '../../ir/passes/roles.ts';
import { irOf, type UnitIr } from '../../ir/unit.ts';
import { arityFault, at, callFunctionValue, isStackOverflow } from '../../vm/calls.ts';
import { DeepCalls, MOST_INDIRECT } from '../../vm/deep.ts';
import type { Entry, Machine, RunServices } from '../../vm/engine.ts';
import type { Natives } from '../natives.ts';
import { checkGenerated } from './check.ts';
import { type Emitted, emitGroup } from './emit.ts';
import { emitEntry, mayThrow } from './entry.ts';
import { FieldSite, makeHelpers } from './helpers.ts';
import { findShapes } from './shapes.ts';
import { findQuiet } from './views.ts';

type Compiled = (depth: number, ...args: Value[]) => Value;

interface CompiledGroup {
  readonly members: readonly number[];
  readonly emitted: Emitted;
  readonly make: (given: object, constants: readonly unknown[]) => readonly Compiled[];
}

/** More functions than this are not compiled at once: what else is called is compiled when it is. */
const MAX_GROUP = 128;
/** How deep calls are inlined into each other. */
const MAX_INLINED = 20;
/** How deep calls are followed to see what becomes of an argument, and of lists. */
const MAX_FOLLOWED = 50;

/** The two ways in which functions of a unit call each other: some of them natively, or none. */
type Calling = 'natives' | 'alone';

/** All that was made of a unit for one form of the code. Functions are known by their index in the IR: versions have their own. */
class UnitCode {
  private readonly ir: UnitIr;
  private readonly metered: boolean;
  private readonly maxDepth: number;
  private readonly isBuiltin: (name: string) => boolean;
  private readonly shapeWith: (fields: readonly string[]) => Shape | undefined;
  private readonly optimised = new Map<number, IrFunction>();
  private readonly finished = new Map<number, OwnedFunction>();
  private readonly borrowed = new Map<number, readonly boolean[]>();
  private readonly given = new Map<number, Gives>();
  private readonly givenItems = new Map<number, ItemsOwner | undefined>();
  /** Functions that are being finished. */
  private readonly open = new Set<number>();
  private borrowing = 0;
  private giving = 0;
  private readonly groups = { natives: new Map<number, CompiledGroup>(), alone: new Map<number, CompiledGroup>() };
  /** Places in the source by their number; 0 is none. */
  readonly places: (Span | undefined)[] = [undefined];

  constructor(unit: CoreUnit, { meter, maxDepth, builtin }: RunServices) {
    this.isBuiltin = name => builtin(name) !== undefined;
    this.metered = meter !== undefined;
    this.maxDepth = maxDepth;
    this.ir = irOf(unit);
    this.shapeWith = findShapes(this.ir.built.functions);
  }

  /** The version of a function that these arguments fit, or the function itself. */
  choose(index: number, args: readonly Value[]): number {
    const version = this.ir.versions.plan.get(index);
    if (version === undefined) return index;
    const { declared } = this.ir.built.functions[index]!;
    for (let i = 0; i < declared.length; i++) {
      const type = typeof args[i];
      if (declared[i] === 'num' ? type !== 'number' : declared[i] === 'bool' && type !== 'boolean') return index;
    }
    return version;
  }

  /** The source of a prepared call; undefined when the function has no version. */
  entryOf(index: number): { readonly source: string; readonly version: number } | undefined {
    const version = this.ir.versions.plan.get(index);
    if (version === undefined) return undefined;
    const canThrow = this.metered || mayThrow(this.functionAt(version));
    return { source: emitEntry(this.ir.built.functions[index]!.declared, canThrow), version };
  }

  private functionAt(index: number): OwnedFunction {
    const known = this.finished.get(index);
    if (known) return known;
    this.open.add(index);
    const made = markOwnedAmong(this.optimisedAt(index, 0), this.others);
    this.open.delete(index);
    this.finished.set(index, made);
    return made;
  }

  /** A function with its marks, when it is not one that waits for this to be known. */
  private finishedAt(index: number): OwnedFunction | undefined {
    const known = this.finished.get(index);
    if (known === undefined && (this.open.has(index) || this.open.size >= MAX_FOLLOWED)) return undefined;
    return known ?? this.functionAt(index);
  }

  /** Whether a function only looks at an argument. Recursive functions, and what lies deep inside others, count as keeping theirs. */
  private readonly borrows = (callee: number, param: number): boolean => {
    const known = this.borrowed.get(callee);
    if (known !== undefined) return known[param] === true;
    this.borrowed.set(callee, []);
    if (this.borrowing >= MAX_FOLLOWED) return false;
    this.borrowing++;
    const found = findBorrowed(this.optimisedAt(callee, 0), this.borrows);
    this.borrowing--;
    this.borrowed.set(callee, found);
    return found[param] === true;
  };

  /** What is not known yet of functions that call each other, and of what lies deep inside others, is taken for nothing. */
  private readonly others: Others = {
    borrows: this.borrows,
    takes: callee => this.finishedAt(callee)?.taken ?? [],
    takesItems: callee => this.finishedAt(callee)?.takenItems ?? [],
    givesItems: callee => {
      if (this.givenItems.has(callee)) return this.givenItems.get(callee);
      this.givenItems.set(callee, undefined);
      if (this.giving >= MAX_FOLLOWED) return undefined;
      this.giving++;
      const found = findGivenItems(this.optimisedAt(callee, 0), this.others);
      this.giving--;
      this.givenItems.set(callee, found);
      return found;
    },
    gives: callee => {
      const known = this.given.get(callee);
      if (known !== undefined) return known;
      this.given.set(callee, 'never');
      if (this.giving >= MAX_FOLLOWED) return 'never';
      this.giving++;
      const found = findGiven(this.optimisedAt(callee, 0), this.others, this.others.takes(callee));
      this.giving--;
      this.given.set(callee, found);
      return found;
    },
    arity: callee => this.ir.versions.at(callee).params.length,
  };

  private readonly isQuiet = findQuiet(callee => this.ir.versions.at(callee), MAX_FOLLOWED);

  /** A function after the passes. `inside`: how many functions wait for it to be inlined into them. */
  private optimisedAt(index: number, inside: number): IrFunction {
    if (this.metered) return this.ir.typed(index);
    const known = this.optimised.get(index);
    if (known) return known;
    const typed = this.ir.versions.at(index);
    // What is entered again while it is being made is not inlined.
    this.optimised.set(index, typed);
    const filled = inlineCalls(typed, callee => {
      if (inside >= MAX_INLINED || !isWorthInlining(this.ir.versions.at(callee))) return undefined;
      const body = this.optimisedAt(callee, inside + 1);
      return isInlinable(body) ? body : undefined;
    });
    const made = filled === typed ? this.ir.typed(index) : optimiseFunction(filled);
    this.optimised.set(index, made);
    return made;
  }

  /** The function that a version is one of, when calls of it go to machine code. */
  nativeAt(version: number, natives: Natives | undefined): number | undefined {
    if (natives === undefined) return undefined;
    const origin = this.ir.versions.originOf(version);
    return origin !== version && natives.has(origin) ? origin : undefined;
  }

  /** The group that a function belongs to, compiled. Where nothing can be called natively, it is the same with natives and without. */
  groupOf(index: number, natives: Natives | undefined): CompiledGroup {
    const known = this.groups[natives === undefined ? 'alone' : 'natives'].get(index);
    if (known) return known;
    if (natives === undefined) return this.compile(index, 'alone', () => true);
    let meetsNatives = false;
    const isHere = (callee: number): boolean => {
      const native = this.nativeAt(callee, natives) !== undefined;
      meetsNatives ||= native;
      return !native;
    };
    const reached = closure(index, member => this.calleesOf(member).filter(isHere));
    if (meetsNatives || reached.length >= MAX_GROUP) return this.compile(index, 'natives', isHere);
    const group = this.groupOf(index, undefined);
    const isAlone = group.members.every(member => this.calleesOf(member).every(isHere));
    if (!isAlone) return this.compile(index, 'natives', isHere);
    for (const member of group.members) this.groups.natives.set(member, group);
    return group;
  }

  private calleesOf(member: number): readonly number[] {
    const { plan } = this.ir.versions;
    return calleesOf(this.functionAt(member), value => plan.get(value) ?? value);
  }

  private compile(index: number, calling: Calling, isHere: (callee: number) => boolean): CompiledGroup {
    const groups = this.groups[calling];
    const { versions } = this.ir;
    const members = closure(index, member =>
      this.calleesOf(member).filter(callee => !groups.has(callee) && isHere(callee)),
    );
    const inside = new Set(members);
    const emitted = emitGroup(members, callee => this.functionAt(callee), {
      metered: this.metered,
      maxDepth: this.maxDepth,
      isInGroup: callee => inside.has(callee),
      arity: this.others.arity,
      handsOver: member => this.functionAt(member).handsOver,
      place: span => this.places.push(span) - 1,
      shapeWith: this.shapeWith,
      isBuiltin: this.isBuiltin,
      isQuiet: this.isQuiet,
      versionOf: callee => {
        const version = versions.plan.get(callee);
        return version === undefined ? undefined : { index: version, ...versions.at(version) };
      },
    });
    checkGenerated(emitted.source);
    const make = new Function('X', 'C', emitted.source) as CompiledGroup['make'];
    const group: CompiledGroup = { members, emitted, make };
    for (const member of members) groups.set(member, group);
    return group;
  }
}

/** A function and what can be reached from it, nearest first, as far as that makes a group. */
function closure(start: number, next: (index: number) => readonly number[]): readonly number[] {
  const members = [start];
  const seen = new Set(members);
  for (let i = 0; i < members.length; i++) {
    for (const callee of next(members[i]!)) {
      if (seen.has(callee)) continue;
      if (members.length >= MAX_GROUP) return members;
      seen.add(callee);
      members.push(callee);
    }
  }
  return members;
}

/** What a function calls or makes a value of; `called` says what is called when such a value is. */
function calleesOf(fn: IrFunction, called: (value: number) => number): readonly number[] {
  const callees: number[] = [];
  for (const block of fn.blocks) {
    for (const { op, imm } of block.code) {
      if (op === 'call') callees.push(imm as number);
      if (op !== 'fn.new') continue;
      const { callee } = imm as CalleeImmediate;
      if (callee >= 0) callees.push(called(callee));
    }
  }
  return callees;
}

const unitCodes = new WeakMap<CoreUnit, Map<string, UnitCode>>();

function codeOf(unit: CoreUnit, services: RunServices): UnitCode {
  const forms = unitCodes.get(unit) ?? new Map<string, UnitCode>();
  unitCodes.set(unit, forms);
  const key = `${services.meter !== undefined} ${services.maxDepth}`;
  const code = forms.get(key) ?? new UnitCode(unit, services);
  forms.set(key, code);
  return code;
}

/** Makes a machine for one run of a unit, with calls to machine code where there is some. Ask canGenerateCode (available.ts) before. */
export function createJsMachine(unit: CoreUnit, services: RunServices, natives?: Natives): Machine {
  const code = codeOf(unit, services);
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
    const { members, emitted, make } = code.groupOf(index, natives);
    const functions = make(given, emitted.constants);
    members.forEach((member, i) => {
      table[member] = functions[i]!;
    });
    for (const outside of emitted.externals) table[outside] ??= (...args) => load(outside)(...args);
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
