// Machine code for some functions that are compiled together, so that calls among them are direct. The way in stands first, then an entry for
// each function, the functions, and behind them what seldom runs: faults, fuel that has run out, subroutines, constants.
//
// The code has no absolute addresses: it runs wherever it is published.
import { InternalError } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { ALL_CLOBBERED, allocate, type Clobbers } from './allocate.ts';
import { type Analysis, calleesOf } from './analyse.ts';
import { ARM64 } from './arm64/target.ts';
import { crosses } from './border.ts';
import { CodeBuffer, type FinishedCode, type Label, NOWHERE, positionAt } from './buffer.ts';
import { checkAllocation } from './check-allocation.ts';
import { layOut } from './layout.ts';
import type { LirFunction } from './lir.ts';
import { lowerFunction, type SiteKind } from './lower.ts';
import { closePoint, type OpenPoint, type Point } from './points.ts';
import { type PartKind, partsOf, type RecordLayout, type Shape, shapeOfType } from './shapes.ts';
import type { Target, TargetWriter } from './target.ts';
import { Texts } from './texts.ts';
import { narrowWholes } from './whole/narrow.ts';
import { X64 } from './x64/target.ts';

/** A place where something can go wrong. */
export interface Site {
  readonly kind: SiteKind;
  readonly span: Span;
}

export interface NativeEntry {
  /** Where the entry is, from the beginning of the code. */
  readonly offset: number;
  readonly params: readonly Shape[];
  readonly result: Shape;
  /** Whether the function loops or calls itself, directly or not: only then is it worth entering from other engines. */
  readonly repeats: boolean;
  /** Whether what it takes and gives can be copied across the border. */
  readonly enterable: boolean;
}

export interface CodePoint extends Point {
  /** Where it is entered, from the beginning of the code; undefined inside a call. */
  readonly offset: number | undefined;
}

export interface NativeCode {
  readonly bytes: Uint8Array;
  /** The constant texts, by number. */
  readonly texts: Texts;
  readonly records: ReadonlyMap<string, RecordLayout>;
  readonly entries: ReadonlyMap<number, NativeEntry>;
  /** By number; 0 is none. */
  readonly sites: readonly (Site | undefined)[];
  /** Where a run may leave, by number; 0 is none. Empty when it was not asked for. */
  readonly points: readonly (CodePoint | undefined)[];
  /** Bytes of the stack that a call of any of the functions takes at most. */
  readonly frameBytes: number;
  /** Undefined unless it was asked for. */
  readonly listing: readonly ListedLine[] | undefined;
}

/** An instruction with the place in the source that it belongs to. */
export interface ListedLine {
  readonly offset: number;
  readonly text: string;
  readonly position: number | undefined;
  /** What begins here. */
  readonly heading: string | undefined;
}

export interface CompileOptions {
  readonly metered: boolean;
  /** Whether a fault at this place, compared as an object, is to be made by another engine. */
  readonly leavesAt?: (place: Span) => boolean;
  readonly listing?: boolean;
  /** For which processor, by Node's name for it; the one that this runs on unless said otherwise. */
  readonly arch?: string;
  /** Without whole numbers that rest on checks: for functions whose checks have failed. */
  readonly careful?: boolean;
  /** Whether a run may leave at points, and go on there. */
  readonly points?: boolean;
  /** As few registers as possible: to test spilling. */
  readonly stress?: boolean;
  /** Whether the convention of calls is watched: for tests. */
  readonly canary?: boolean;
}

/** By the name that Node has for them. */
const TARGETS: Readonly<Record<string, Target>> = { x64: X64, arm64: ARM64 };

/** Whether there is a back end for a processor. */
export function canCompileFor(arch: string): boolean {
  return Object.hasOwn(TARGETS, arch);
}

/** Compiles functions. Gives undefined when there is too much of it. Throws an InternalError for a bug in here. */
export function compileNative(
  unit: CoreUnit,
  members: readonly number[],
  { shaped, records }: Analysis,
  functionAt: (index: number) => IrFunction,
  options: CompileOptions,
): NativeCode | undefined {
  const { registers, writer } = TARGETS[options.arch ?? process.arch]!;
  const buffer = new CodeBuffer();
  const sites: (Site | undefined)[] = [undefined];
  const texts = new Texts();
  const labels = new Map<number, Label>(members.map(index => [index, buffer.label()]));
  const openPoints: OpenPoint[] = [];
  const pointLabels = new Map<number, Label>();
  const write = writer(buffer, {
    listing: options.listing === true,
    canary: options.canary === true,
    labelOf: callee => labels.get(callee)!,
    pointOf:
      options.points !== true
        ? undefined
        : point => {
            const label = buffer.label();
            pointLabels.set(point, label);
            return { label, result: primaryOf(shaped.get(openPoints[point - 1]!.fn)!.result) };
          },
  });
  const headings: { readonly label: Label; readonly text: string }[] = [];
  const head = (text: string): void => {
    const label = buffer.label();
    buffer.bind(label);
    buffer.mark(NOWHERE);
    headings.push({ label, text });
  };
  head('the way in');
  write.wayIn();
  const lowered = new Map<number, LirFunction>();
  for (const index of members) {
    const low = lowerFunction(functionAt(index), shaped.get(index)!, {
      metered: options.metered,
      span: unit.functions[index]!.span,
      paramsOf: callee => paramsOf(unit, callee),
      resultOf: callee => shaped.get(callee)!.result,
      layoutOf: record => records.get(record.slice('record '.length))!,
      ...(options.leavesAt !== undefined && { leavesAt: options.leavesAt }),
      text: value => texts.numberOf(value),
      site: (kind, span) => sites.push({ kind, span }) - 1,
      point:
        options.points !== true
          ? undefined
          : point => openPoints.push({ ...point, fn: index, number: openPoints.length + 1 }),
    });
    lowered.set(index, narrowWholes(low, options.careful === true));
  }
  const entryLabels = new Map<number, Label>();
  for (const [index, fn] of lowered) {
    head(`entry of ${fn.name}`);
    const params = paramsOf(unit, index).flatMap(shape => partsOf(shape).map(({ kind }) => kind));
    entryLabels.set(index, write.entry(params, primaryOf(shaped.get(index)!.result), labels.get(index)!));
  }
  let largestFrame = 0;
  // Who is called comes before who calls, so that the caller knows which registers a call leaves alone.
  const clobbers = new Map<number, Clobbers>();
  const clobbersOf = (callee: number): Clobbers => clobbers.get(callee) ?? ALL_CLOBBERED;
  for (const index of calleesFirst(members, functionAt)) {
    const fn = lowered.get(index)!;
    const order = layOut(fn);
    const allocation = allocate(fn, order, registers, clobbersOf, options.stress);
    const problem = checkAllocation(fn, order, allocation, registers, clobbersOf);
    clobbers.set(index, allocation.clobbers);
    if (problem !== undefined) throw new InternalError(`wrong register allocation: ${problem}`);
    head(fn.name);
    write.function(fn, order, allocation, index);
    largestFrame = Math.max(largestFrame, 8 * allocation.slots);
    if (buffer.full) return undefined;
  }
  head('what seldom runs');
  write.seldom();
  const code = buffer.finish();
  if (code.kind === 'too-large') return undefined;
  const recursive = findRecursive(members, functionAt);
  const entries = new Map<number, NativeEntry>();
  for (const [index, fn] of lowered) {
    entries.set(index, {
      offset: code.offsetOf(entryLabels.get(index)!),
      params: paramsOf(unit, index),
      result: shaped.get(index)!.result,
      enterable: [...paramsOf(unit, index), shaped.get(index)!.result].every(shape => crosses(shape, records)),
      repeats: recursive.has(index) || fn.blocks.some(block => block.loopDepth > 0),
    });
  }
  return {
    bytes: code.bytes,
    texts,
    records,
    entries,
    sites,
    points: [
      undefined,
      ...openPoints.map((point): CodePoint => {
        const label = pointLabels.get(point.number);
        return {
          ...closePoint(point, lowered.get(point.fn)!),
          offset: label === undefined ? undefined : code.offsetOf(label),
        };
      }),
    ],
    // The return address, and what a subroutine takes.
    frameBytes: largestFrame + 64,
    listing: options.listing === true ? listOf(write, code, headings) : undefined,
  };
}

function listOf(
  write: TargetWriter,
  code: FinishedCode,
  headings: readonly { readonly label: Label; readonly text: string }[],
): readonly ListedLine[] {
  const starts = new Map<number, string>();
  for (const { label, text } of headings) starts.set(code.offsetOf(label), text);
  const marks = code.marks();
  let heading: string | undefined;
  let from = 0;
  return write.listing(code).map(({ offset, text }) => {
    heading = undefined;
    // Padding may stand between a heading and the first instruction behind it.
    for (; from <= offset; from++) heading = starts.get(from) ?? heading;
    const position = positionAt(marks, offset);
    return { offset, text, heading, position: position === NOWHERE ? undefined : position };
  });
}

function paramsOf(unit: CoreUnit, index: number): readonly Shape[] {
  return unit.functions[index]!.params.map(({ type }) => shapeOfType(type));
}

/** How the first part of a result is passed; the others lie in memory. */
function primaryOf(result: Shape): PartKind {
  return partsOf(result)[0]?.kind ?? 'f';
}

/** The functions such that most come after those that they call. */
function calleesFirst(members: readonly number[], functionAt: (index: number) => IrFunction): readonly number[] {
  const done = new Set<number>();
  const entered = new Set<number>();
  const stack = [...members].reverse();
  while (stack.length > 0) {
    const index = stack[stack.length - 1]!;
    if (!entered.has(index)) {
      entered.add(index);
      for (const callee of calleesOf(functionAt(index))) if (!entered.has(callee)) stack.push(callee);
    } else {
      stack.pop();
      done.add(index);
    }
  }
  return [...done];
}

/** The functions that can come back to themselves, or call one that loops: entering them leads to more than a few instructions. */
function findRecursive(members: readonly number[], functionAt: (index: number) => IrFunction): ReadonlySet<number> {
  const callees = new Map(members.map(index => [index, calleesOf(functionAt(index))]));
  const recursive = new Set<number>();
  for (const index of members) {
    const seen = new Set(callees.get(index));
    for (const callee of seen) for (const next of callees.get(callee) ?? []) seen.add(next);
    if (seen.has(index)) recursive.add(index);
  }
  return recursive;
}
