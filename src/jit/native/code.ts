// What is native of a unit: analysed, compiled and published when it is first asked for, kept with the unit, and given back when the
// unit is gone.
import { isMainThread } from 'node:worker_threads';
import { InternalError } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { inlineCalls } from '../../ir/passes/inline.ts';
import { markOwned } from '../../ir/passes/own.ts';
import { optimiseFunction } from '../../ir/passes/pipeline.ts';
import { irOf, type UnitIr } from '../../ir/unit.ts';
import { compileLanding, type LandingUnit } from '../../vm/register/landing.ts';
import { loadAddon } from './addon.ts';
import { type Analysis, analyse } from './analyse.ts';
import { type Published, publish, retire } from './arena.ts';
import { canCompileFor, compileNative, type ListedLine, type NativeCode, type NativeEntry } from './compile.ts';
import { hoistInvariants } from './hoist.ts';
import { isInlinable, leaveAtDivisions } from './inlinable.ts';
import { nativeHeap } from './memory.ts';
import { explainRefusal, type Refusal } from './refuse.ts';

/** A function that can be entered. */
export interface NativeFunction {
  readonly entry: NativeEntry;
  readonly code: NativeCode;
  readonly place: Published;
  /** Compiled without checks that may fail. */
  readonly careful: boolean;
  /** How often a call had to be made elsewhere, because something was not as expected. */
  readonly left: { times: number };
}

/** A function whose calls had to be made elsewhere so often is not called any more. */
const MOST_LEFT = 3;
/** Before, after so many, it is compiled carefully: perhaps it was a number that is not whole, or too large. */
const LEFT_BEFORE_CARE = 1;

/**
 * `regs`: as few registers as possible; `canary`: calls are watched; `strict`: a mistake of the compiler ends the run; `sse2`: batches use two
 * lanes whatever the processor has; `leave`: limited runs leave native code at every few points (slices.ts).
 */
type Stress = 'regs' | 'canary' | 'strict' | 'sse2' | 'leave';

/** Asked when code is compiled, so that tests may set it after everything was loaded. */
export function underStress(kind: Stress): boolean {
  return stressKinds().includes(kind);
}

/** To read the environment takes microseconds, so whoever asks for several kinds reads it once. */
function stressKinds(): readonly string[] {
  return process.env.ILO_STRESS?.split(',') ?? [];
}

/** All native code of a unit in one form. */
export class NativeUnit {
  private readonly unit: CoreUnit;
  private readonly metered: boolean;
  /** Whether runs may leave at points. */
  private readonly points: boolean;
  private readonly ir: UnitIr;
  private readonly optimised = new Map<number, IrFunction>();
  private readonly functions = new Map<number, NativeFunction>();
  /** Compiled carefully, for runs that come back from where checks may have failed. */
  private readonly careful = new Map<number, NativeFunction>();
  private knownLandings: LandingUnit | undefined;
  private readonly looked = new Set<number>();
  private readonly refusals = new Map<number, Refusal>();
  private readonly published: Published[] = [];
  /** Divisions of functions that stand in place of their calls. */
  private readonly leaving = new WeakSet<Span>();
  private whyNot: string | undefined;

  constructor(unit: CoreUnit, metered: boolean, points: boolean) {
    this.unit = unit;
    this.metered = metered;
    this.points = points;
    this.ir = irOf(unit);
    const { addon, ...rest } = loadAddon();
    if (addon === undefined) this.whyNot = 'why' in rest ? rest.why : '';
    else if (!canCompileFor(process.arch)) this.whyNot = `there is no back end for ${process.arch}`;
    else owners.register(this, this.published);
  }

  /** The native form of a function; undefined when another engine has to run it. */
  functionAt(index: number): NativeFunction | undefined {
    if (!this.looked.has(index)) this.prepare(index);
    let fn = this.functions.get(index);
    if (fn !== undefined && !fn.careful && fn.left.times > LEFT_BEFORE_CARE) {
      this.compileCarefully(index);
      fn = this.functions.get(index);
    }
    return fn === undefined || fn.left.times > MOST_LEFT ? undefined : fn;
  }

  /** The same without numbers that are whole only as long as checks hold: right wherever the program stands. */
  carefulAt(index: number): NativeFunction | undefined {
    const plain = this.functionAt(index);
    if (plain === undefined || plain.careful) return plain;
    if (!this.careful.has(index)) {
      const { analysis, members } = this.analyse([index]);
      this.compile(members, analysis, true, this.careful);
    }
    const fn = this.careful.get(index);
    return fn === undefined || fn.left.times > MOST_LEFT ? undefined : fn;
  }

  /** Where the register machine goes on with what has left. */
  get landings(): LandingUnit {
    const { built } = this.ir;
    this.knownLandings ??= compileLanding(
      built.functions.map((_, index) => this.irOf(index)),
      built.tools,
    );
    return this.knownLandings;
  }

  /** Why a function is not native; undefined when it is. */
  whyNotNative(index: number): string | undefined {
    if (this.functionAt(index) !== undefined) return undefined;
    const refusal = this.refusals.get(index);
    return this.whyNot ?? (refusal === undefined ? 'it was not compiled' : explainRefusal(refusal));
  }

  /** The machine code of all functions that have some, compiled together, and why the others have none. */
  list(): {
    readonly lines: readonly ListedLine[];
    readonly members: readonly number[];
    readonly refused: ReadonlyMap<number, string>;
  } {
    const { analysis, members } = this.analyse([...this.unit.functions.keys()]);
    const refused = new Map([...analysis.refused].map(([index, refusal]) => [index, explainRefusal(refusal)]));
    if (members.length === 0 || !canCompileFor(process.arch)) return { lines: [], members: [], refused };
    const options = { metered: this.metered, leavesAt: this.leavesAt, listing: true };
    const code = compileNative(this.unit, members, analysis, callee => this.irOf(callee), options);
    return { lines: code?.listing ?? [], members, refused };
  }

  /** Gives the memory back. Nothing of it may be used afterwards. */
  dispose(): void {
    // Whoever holds one looks here before it is entered.
    for (const { left } of [...this.functions.values(), ...this.careful.values()])
      left.times = Number.POSITIVE_INFINITY;
    this.functions.clear();
    this.careful.clear();
    for (const place of this.published.splice(0)) retire(place);
    this.whyNot = 'it was disposed of';
  }

  /** Compiles a function and all native ones that it can reach, unless that was done before. */
  private prepare(index: number): void {
    if (this.whyNot !== undefined) return;
    const { analysis, members } = this.analyse([index]);
    for (const [refused, refusal] of analysis.refused) {
      this.looked.add(refused);
      this.refusals.set(refused, refusal);
    }
    for (const member of members) this.looked.add(member);
    if (members.some(member => !this.functions.has(member))) this.compile(members, analysis, false);
  }

  private compileCarefully(index: number): void {
    const { analysis, members } = this.analyse([index]);
    for (const member of members) if (this.functions.get(member)?.careful === false) this.functions.delete(member);
    this.compile(members, analysis, true);
  }

  /** The functions that can be native, of some and all that they can reach. */
  private analyse(starts: readonly number[]): { readonly analysis: Analysis; readonly members: readonly number[] } {
    const analysis = analyse(
      this.unit,
      starts,
      callee => this.ir.built.functions[callee]!,
      callee => this.irOf(callee),
      () => nativeHeap() !== undefined,
    );
    return { analysis, members: [...analysis.shaped.keys()].filter(member => !analysis.refused.has(member)) };
  }

  private compile(
    members: readonly number[],
    analysis: Analysis,
    careful: boolean,
    into: Map<number, NativeFunction> = this.functions,
  ): void {
    const { metered, points, leavesAt } = this;
    const kinds = stressKinds();
    const [stress, canary] = [kinds.includes('regs'), kinds.includes('canary')];
    const options = { metered, points, leavesAt, careful, stress, canary };
    let code: NativeCode | undefined;
    try {
      code = compileNative(this.unit, members, analysis, callee => this.irOf(callee), options);
    } catch (error) {
      // A mistake in here is no reason to end anybody's run; the tests and the fuzzer want to see it.
      if (!(error instanceof InternalError) || underStress('strict')) throw error;
      for (const member of members) this.refusals.set(member, { reason: 'mistake', what: error.message });
      return;
    }
    if (code === undefined) {
      for (const member of members) this.refusals.set(member, { reason: 'large', what: '' });
      return;
    }
    const place = publish(code.bytes, why => {
      this.whyNot = why;
    });
    if (place === undefined) return;
    this.published.push(place);
    for (const [member, entry] of code.entries) {
      if (!into.has(member)) into.set(member, { entry, code, place, careful, left: { times: 0 } });
    }
  }

  private readonly leavesAt = (place: Span): boolean => this.leaving.has(place);

  /** The function with small ones in place of their calls, and invariants out of its loops. */
  private inlined(index: number): IrFunction {
    const plain = this.ir.plain(index);
    const filled = inlineCalls(plain, callee => {
      const body = callee === index ? undefined : this.ir.plain(callee);
      if (body === undefined || !isInlinable(body, this.unit.functions[callee]!)) return undefined;
      return leaveAtDivisions(body, place => this.leaving.add(place));
    });
    return hoistInvariants(markOwned(filled === plain ? plain : optimiseFunction(filled)));
  }

  /** The function that code is made of. */
  irOf(index: number): IrFunction {
    const known = this.optimised.get(index);
    if (known) return known;
    const made = this.metered ? markOwned(this.ir.plain(index)) : this.inlined(index);
    this.optimised.set(index, made);
    return made;
  }
}

const owners = new FinalizationRegistry<Published[]>(published => {
  for (const place of published) retire(place);
});

/** What native code is made for: runs without limits, with limits, or such that may leave it in between. */
type Form = 'plain' | 'limited' | 'pausing';

const units = new WeakMap<CoreUnit, Map<Form, NativeUnit>>();

/** The native code of a unit, with the charges of the limits or without. */
export function nativeUnitOf(unit: CoreUnit, limited: boolean): NativeUnit {
  // A thread that may be terminated has to be looked after now and then, and the place for that is where fuel is counted.
  return formOf(unit, limited || !isMainThread ? 'limited' : 'plain');
}

/** The native code of a unit that may be left at points. */
export function pausingUnitOf(unit: CoreUnit): NativeUnit {
  return formOf(unit, 'pausing');
}

function formOf(unit: CoreUnit, form: Form): NativeUnit {
  const forms = units.get(unit) ?? new Map<Form, NativeUnit>();
  units.set(unit, forms);
  const made = forms.get(form) ?? new NativeUnit(unit, form !== 'plain', form === 'pausing');
  forms.set(form, made);
  return made;
}

/** Gives back all native code of a unit. */
export function disposeNative(unit: CoreUnit): void {
  for (const native of units.get(unit)?.values() ?? []) native.dispose();
  units.delete(unit);
}
