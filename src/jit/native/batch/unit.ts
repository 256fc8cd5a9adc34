// The batches of a unit: compiled and published when they are first asked for, kept with the unit, and given back when it is gone.
import { InternalError } from '../../../base/assert.ts';
import type { CoreUnit } from '../../../core/core.ts';
import type { IrFunction } from '../../../ir/ir.ts';
import { inlineCalls } from '../../../ir/passes/inline.ts';
import { optimiseFunction } from '../../../ir/passes/pipeline.ts';
import { fitsIr } from '../../../ir/size.ts';
import { irOf } from '../../../ir/unit.ts';
import { loadAddon } from '../addon.ts';
import { calleesOf } from '../analyse.ts';
import { type Published, publish, retire } from '../arena.ts';
import { underStress } from '../code.ts';
import { hoistInvariants } from '../hoist.ts';
import { NEON } from './arm64.ts';
import { type BatchCode, type BatchOptions, compileBatch, type NoBatch } from './compile.ts';
import type { LaneTarget } from './lane-target.ts';
import { AVX2, SSE2 } from './x64.ts';

/** A function that can be called on columns. */
export interface Batch extends BatchCode {
  readonly place: Published;
}

/** What this processor has, the best first. */
export function laneTargets(): readonly LaneTarget[] {
  const loaded = loadAddon();
  if (loaded.addon === undefined) return [];
  if (process.arch === 'arm64') return [NEON];
  if (process.arch !== 'x64') return [];
  return loaded.cpu.includes('AVX2') && !underStress('sse2') ? [AVX2, SSE2] : [SSE2];
}

let best: LaneTarget | NoBatch | undefined;

function bestTarget(): LaneTarget | NoBatch {
  if (best !== undefined) return best;
  const loaded = loadAddon();
  if (loaded.addon === undefined) best = { why: loaded.why };
  else best = laneTargets()[0] ?? { why: `there are no lanes for ${process.arch}` };
  return best;
}

class BatchUnit {
  private readonly unit: CoreUnit;
  private readonly metered: boolean;
  private readonly inlinedForms = new Map<number, IrFunction>();
  private readonly batches = new Map<LaneTarget, Map<number, Batch | NoBatch>>();
  private readonly published: Published[] = [];
  private disposed = false;

  constructor(unit: CoreUnit, metered: boolean) {
    this.unit = unit;
    this.metered = metered;
    owners.register(this, this.published);
  }

  batchOf(index: number, target: LaneTarget | NoBatch = bestTarget()): Batch | NoBatch {
    if (this.disposed) return { why: 'it was disposed of' };
    if ('why' in target) return target;
    const known = this.batches.get(target)?.get(index);
    if (known !== undefined) return known;
    const made = this.make(index, target);
    const ofTarget = this.batches.get(target) ?? new Map<number, Batch | NoBatch>();
    this.batches.set(target, ofTarget.set(index, made));
    return made;
  }

  dispose(): void {
    this.disposed = true;
    this.batches.clear();
    for (const place of this.published.splice(0)) retire(place);
  }

  /** The code of a function for the best lanes there are, with its text, which is compiled for nothing else. */
  list(index: number): BatchCode | NoBatch {
    const target = bestTarget();
    return 'why' in target ? target : this.compile(index, { target, listing: true, stress: false, canary: false });
  }

  private compile(index: number, options: Omit<BatchOptions, 'metered'>): BatchCode | NoBatch {
    if (!fitsIr(this.unit)) return { why: 'the program is too large' };
    const inlined = this.inlined(index);
    const fn = this.metered ? inlined : hoistInvariants(inlined);
    return compileBatch(this.unit, index, fn, { ...options, metered: this.metered });
  }

  private make(index: number, target: LaneTarget): Batch | NoBatch {
    let code: BatchCode | NoBatch;
    try {
      code = this.compile(index, { target, stress: underStress('regs'), canary: underStress('canary') });
    } catch (error) {
      // A mistake in here is no reason to end anybody's run; the tests want to see it.
      if (!(error instanceof InternalError) || underStress('strict')) throw error;
      return { why: `the compiler made a mistake, which is a bug: ${error.message}` };
    }
    if ('why' in code) return code;
    let refused = 'it was not published';
    const place = publish(code.bytes, why => {
      refused = why;
    });
    if (place === undefined) return { why: refused };
    this.published.push(place);
    return { ...code, place };
  }

  private plain(index: number): IrFunction {
    return irOf(this.unit).plain(index);
  }

  /** A function with all others in place of their calls, but for those that can come back to themselves. */
  private inlined(index: number): IrFunction {
    const known = this.inlinedForms.get(index);
    if (known !== undefined) return known;
    const plain = this.plain(index);
    const bodyOf = (callee: number): IrFunction | undefined =>
      this.unit.functions[callee]!.captures > 0 || this.isRecursive(callee) ? undefined : this.inlined(callee);
    const filled = this.isRecursive(index) ? plain : inlineCalls(plain, bodyOf, this.metered);
    const made = filled === plain ? plain : optimiseFunction(filled);
    this.inlinedForms.set(index, made);
    return made;
  }

  private isRecursive(index: number): boolean {
    const seen = new Set(calleesOf(this.plain(index)));
    for (const callee of seen) for (const next of calleesOf(this.plain(callee))) seen.add(next);
    return seen.has(index);
  }
}

const owners = new FinalizationRegistry<Published[]>(published => {
  for (const place of published) retire(place);
});

const units = new WeakMap<CoreUnit, Map<boolean, BatchUnit>>();

/** A function as code on columns, with the charges of the limits or without; or why there is none. */
export function batchOf(unit: CoreUnit, index: number, metered: boolean, target?: LaneTarget): Batch | NoBatch {
  return formOf(unit, metered).batchOf(index, target);
}

/** The text of that code, for people. */
export function listBatch(unit: CoreUnit, index: number, metered: boolean): BatchCode | NoBatch {
  return formOf(unit, metered).list(index);
}

function formOf(unit: CoreUnit, metered: boolean): BatchUnit {
  const forms = units.get(unit) ?? new Map<boolean, BatchUnit>();
  units.set(unit, forms);
  const made = forms.get(metered) ?? new BatchUnit(unit, metered);
  forms.set(metered, made);
  return made;
}

/** Gives back all batches of a unit. */
export function disposeBatches(unit: CoreUnit): void {
  for (const batches of units.get(unit)?.values() ?? []) batches.dispose();
  units.delete(unit);
}
