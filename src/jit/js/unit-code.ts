// All JavaScript that is made of a unit, for machines that run it (machine.ts) and for people who want to see it (list.ts). A function becomes
// source together with the functions it can reach, so that V8 sees direct calls: such a group is one text. Which functions a group has
// depends on what was asked for before, because no function is in two.
//
// Two forms exist side by side: with the charges of the limits, and without. How deeply calls may nest stands in the source as a number.
// The text depends on nothing else, least of all on who asks.
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
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
import { isBuiltinName } from '../../spec/builtin-names.ts';
import type { Natives } from '../natives.ts';
import { checkGenerated } from './check.ts';
import { emitGroup } from './emit.ts';
import { emitEntry, mayThrow } from './entry.ts';
import { findShapes } from './shapes.ts';
import { findQuiet } from './views.ts';

export type Compiled = (depth: number, ...args: Value[]) => Value;

/** Functions that stand in one text. */
export interface CodeGroup {
  readonly members: readonly number[];
  /** The body of a function of X and C: see emit.ts. It has passed the check. */
  readonly source: string;
  /** Functions outside the group that it calls. */
  readonly externals: ReadonlySet<number>;
  /** A machine's instances of the members, in order; `given` is what the source calls X. Ask canGenerateCode (available.ts) before. */
  readonly instantiate: (given: object) => readonly Compiled[];
}

/** What a text depends on, besides the unit. */
export interface Form {
  /** With the charges of the limits. */
  readonly metered: boolean;
  /** How deeply calls may nest. */
  readonly maxDepth: number;
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
export class UnitCode {
  private readonly ir: UnitIr;
  private readonly metered: boolean;
  private readonly maxDepth: number;
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
  private readonly groups = { natives: new Map<number, CodeGroup>(), alone: new Map<number, CodeGroup>() };
  /** Places in the source by their number; 0 is none. */
  readonly places: (Span | undefined)[] = [undefined];

  constructor(unit: CoreUnit, { metered, maxDepth }: Form) {
    this.metered = metered;
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
  groupOf(index: number, natives: Natives | undefined): CodeGroup {
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

  /** The groups that are made when these functions are called one after the other, and all that their groups lead to. */
  groupsFrom(starts: readonly number[]): ReadonlySet<CodeGroup> {
    const groups = new Set<CodeGroup>();
    for (const start of starts) {
      const waiting = [start];
      for (const index of waiting) {
        const group = this.groupOf(index, undefined);
        if (!groups.has(group)) waiting.push(...group.externals);
        groups.add(group);
      }
    }
    return groups;
  }

  private calleesOf(member: number): readonly number[] {
    const { plan } = this.ir.versions;
    return calleesOf(this.functionAt(member), value => plan.get(value) ?? value);
  }

  private compile(index: number, calling: Calling, isHere: (callee: number) => boolean): CodeGroup {
    const groups = this.groups[calling];
    const { versions } = this.ir;
    const members = closure(index, member =>
      this.calleesOf(member).filter(callee => !groups.has(callee) && isHere(callee)),
    );
    const inside = new Set(members);
    const { source, constants, externals } = emitGroup(members, callee => this.functionAt(callee), {
      metered: this.metered,
      maxDepth: this.maxDepth,
      isInGroup: callee => inside.has(callee),
      arity: this.others.arity,
      handsOver: member => this.functionAt(member).handsOver,
      place: span => this.places.push(span) - 1,
      shapeWith: this.shapeWith,
      isBuiltin: isBuiltinName,
      isQuiet: this.isQuiet,
      versionOf: callee => {
        const version = versions.plan.get(callee);
        return version === undefined ? undefined : { index: version, ...versions.at(version) };
      },
    });
    checkGenerated(source);
    let make: ((given: object, constants: readonly unknown[]) => readonly Compiled[]) | undefined;
    const instantiate: CodeGroup['instantiate'] = given => {
      make ??= new Function('X', 'C', source) as NonNullable<typeof make>;
      return make(given, constants);
    };
    const group: CodeGroup = { members, source, externals, instantiate };
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
export function calleesOf(fn: IrFunction, called: (value: number) => number): readonly number[] {
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

/** All that was made of a unit in one form, for all machines that run it. */
export function codeOf(unit: CoreUnit, form: Form): UnitCode {
  const forms = unitCodes.get(unit) ?? new Map<string, UnitCode>();
  unitCodes.set(unit, forms);
  const key = `${form.metered} ${form.maxDepth}`;
  const code = forms.get(key) ?? new UnitCode(unit, form);
  forms.set(key, code);
  return code;
}
