// Runs that go on in slices: native code leaves at a point when a pause is due, the frames that it had become frames of the register machine,
// and the innermost one is entered again later, behind the point at which it was left.
//
// When a callee gives its result, its caller goes on in the register machine, until it calls something or comes to the head of a loop: there it
// is entered again. And where native code cannot go on (an index is out of range, a number is not whole, the heap is full, the thread's stack
// ends), what it did since it was entered is forgotten, and the register machine goes on from there: it redoes a slice at most, not the run.
//
// What is entered right behind where it was left has the very values that it had, so whatever the compiler has proven of them still holds. A frame
// in which the register machine has run may have gone past a check that failed; it is entered in code that rests on no checks
// (NativeUnit.carefulAt). The entry of a function rests on its arguments alone.
//
// Rejected: entering each frame behind its call, without the register machine, which takes a way in for each call and would still need the register
// machine where a check fails; writing records at each check, which keeps more values alive and makes all code slower.
import type { CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import type { RunServices } from '../../vm/engine.ts';
import { LandedRun } from '../../vm/register/landed.ts';
import type { Landing, LandingUnit } from '../../vm/register/landing.ts';
import { crosses } from './border.ts';
import { type Attempt, NativeCalls, type Pause } from './call.ts';
import { type NativeFunction, type NativeUnit, pausingUnitOf } from './code.ts';
import type { CodePoint, NativeCode } from './compile.ts';
import type { Left } from './records.ts';

/** How far a run has come. */
export type SliceEnd = { readonly done: true; readonly value: Value } | { readonly done: false };

/** Where so many bytes have to be copied for a slice, the register machine does the rest: it copies nothing. */
const MOST_COPIED = 2 ** 19;

const PAUSED: SliceEnd = { done: false };

/** Makes runs of the functions of a unit that can be left at all their points. One for each machine. */
export class SlicedCalls {
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private readonly native: NativeUnit;
  private readonly calls: NativeCalls;
  private readonly worthwhile = new Map<number, boolean>();

  /** Undefined where there is no native code. */
  static create(unit: CoreUnit, services: RunServices): SlicedCalls | undefined {
    const calls = services.meter === undefined ? undefined : NativeCalls.create(unit, services);
    return calls === undefined ? undefined : new SlicedCalls(unit, services, calls);
  }

  private constructor(unit: CoreUnit, services: RunServices, calls: NativeCalls) {
    this.unit = unit;
    this.services = services;
    this.native = pausingUnitOf(unit);
    this.calls = calls;
  }

  /** Whether a function has machine code that goes on for more than a few instructions and can be left at all its points. */
  isWorthwhile(index: number): boolean {
    const known = this.worthwhile.get(index);
    if (known !== undefined) return known;
    const fn = this.native.functionAt(index);
    const is = fn?.entry.repeats === true && whyNotLeft(fn.code, this.native.landings) === undefined;
    this.worthwhile.set(index, is);
    return is;
  }

  /** The native form of a function, when it can be left at all its points and takes the arguments. */
  fitting(index: number, args: readonly Value[]): NativeFunction | undefined {
    const fn = this.native.functionAt(index);
    if (fn === undefined || !this.calls.fits(fn, args)) return undefined;
    return whyNotLeft(fn.code, this.native.landings) === undefined ? fn : undefined;
  }

  /** A call of a function that has `depth` calls around it. */
  begin(index: number, fn: NativeFunction, depth: number, args: readonly Value[], pause: Pause): SlicedCall {
    return new SlicedCall(this.unit, this.services, this.native, this.calls, { index, fn, depth, args, pause });
  }
}

interface Start {
  readonly index: number;
  readonly fn: NativeFunction;
  readonly depth: number;
  readonly args: readonly Value[];
  readonly pause: Pause;
}

export class SlicedCall {
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private readonly native: NativeUnit;
  private readonly calls: NativeCalls;
  private readonly start: Start;
  private landed: LandedRun | undefined;
  /** The innermost frame, when nothing has run in it since it was left. */
  private fresh: { readonly fn: NativeFunction; readonly left: Left } | undefined;
  private copiesTooMuch = false;

  constructor(unit: CoreUnit, services: RunServices, native: NativeUnit, calls: NativeCalls, start: Start) {
    this.unit = unit;
    this.services = services;
    this.native = native;
    this.calls = calls;
    this.start = start;
  }

  /** Runs to the end or the next pause. Throws a Fault, whose chain of calls begins with this call. */
  goOn(): SliceEnd {
    try {
      return this.landed === undefined ? this.begin() : this.goOnIn(this.landed);
    } catch (error) {
      throw this.withLimit(error);
    }
  }

  private begin(): SliceEnd {
    const { fn, depth, args, index, pause } = this.start;
    const attempt = this.calls.attempt(fn, depth, args, pause);
    if (attempt.kind === 'value') return { done: true, value: attempt.value };
    const { services, unit, native } = this;
    const room = { ...services, maxDepth: services.maxDepth - depth };
    const landed = new LandedRun(unit, room, native.landings);
    this.landed = landed;
    if (attempt.kind === 'left') {
      this.leave(landed, fn, attempt.records, 'new');
      return PAUSED;
    }
    landed.begin(index, args);
    return this.run(landed);
  }

  private goOnIn(landed: LandedRun): SliceEnd {
    const { fresh } = this;
    this.fresh = undefined;
    if (fresh === undefined || this.staysOut()) return this.run(landed);
    const { fn, left } = fresh;
    const end = this.take(
      landed,
      fn,
      this.attempt(landed, fn, left.point, value => left.values.get(value)),
    );
    return end ?? this.run(landed);
  }

  /** Runs in the register machine, and in native code from each point on at which that is possible. */
  private run(landed: LandedRun): SliceEnd {
    for (;;) {
      let paused = false;
      const ended = landed.run(landing => {
        paused = this.start.pause.isDue();
        return paused || (!this.staysOut() && this.enterable(landing) !== undefined);
      });
      if ('value' in ended) return { done: true, value: ended.value };
      if (paused) return PAUSED;
      const { fn, point } = this.enterable(ended.at)!;
      landed.step(ended.at);
      const registers = new Map(ended.at.live);
      const end = this.take(
        landed,
        fn,
        this.attempt(landed, fn, point, value => {
          const register = registers.get(value);
          return register === undefined ? undefined : landed.read(register);
        }),
      );
      if (end !== undefined) return end;
    }
  }

  private staysOut(): boolean {
    return this.copiesTooMuch || this.start.pause.staysOut?.() === true;
  }

  /** The code that the innermost frame may be entered in at a point. */
  private enterable(landing: Landing): { readonly fn: NativeFunction; readonly point: CodePoint } | undefined {
    const isEntry = landing.pc === this.native.landings.unit.functions[landing.fn]!.start;
    const fn = isEntry ? this.native.functionAt(landing.fn) : this.native.carefulAt(landing.fn);
    const point = fn === undefined ? undefined : pointsOf(fn.code).get(landing.instruction);
    return fn === undefined || point?.offset === undefined || !canBeEntered(point, landing) ? undefined : { fn, point };
  }

  private attempt(
    landed: LandedRun,
    fn: NativeFunction,
    point: CodePoint,
    held: (value: number) => Value | undefined,
  ): Attempt {
    const { depth, pause } = this.start;
    try {
      return this.calls.attemptAtPoint(fn, point, depth + landed.depth - 1, held, pause);
    } catch (error) {
      throw landed.completed(error);
    }
  }

  /** What comes of an attempt to go on with the innermost frame; undefined when the register machine has to go on. */
  private take(landed: LandedRun, fn: NativeFunction, attempt: Attempt): SliceEnd | undefined {
    if (attempt.kind === 'failed') return undefined;
    if (attempt.kind === 'value') {
      return landed.giveBack(attempt.value) ? { done: true, value: attempt.value } : undefined;
    }
    this.leave(landed, fn, attempt.records, 'known');
    return PAUSED;
  }

  /** Puts the frames that native code has left into the register machine; the outermost one stands there already when it is `known`. */
  private leave(landed: LandedRun, fn: NativeFunction, records: readonly Left[], outermost: 'new' | 'known'): void {
    const { byInstruction } = this.native.landings;
    records.forEach(({ point, values }, i) => {
      const frame = { landing: byInstruction.get(point.instruction)!, held: (value: number) => values.get(value)! };
      if (i === 0 && outermost === 'known') landed.set(frame);
      else landed.push(frame);
    });
    const left = records[records.length - 1]!;
    // What is entered again is the function that was left innermost, which gives something of its own shape.
    this.fresh = { fn: { ...fn, entry: fn.code.entries.get(left.point.fn)! }, left };
    this.copiesTooMuch = this.calls.copied > MOST_COPIED;
  }

  /** The register machine counts from this call on; the limit is that of the whole run. */
  private withLimit(error: unknown): unknown {
    const { maxDepth } = this.services;
    const { depth } = this.start;
    if (
      !(error instanceof Fault) ||
      error.message !== fault('ILO-R040', 'depth', { limit: maxDepth - depth }).message
    ) {
      return error;
    }
    const whole = fault('ILO-R040', 'depth', { limit: maxDepth });
    whole.span = error.span;
    whole.calls = error.calls;
    whole.file = error.file;
    return whole;
  }
}

/** Whether all values that are written into a frame of native code are in registers at the landing. */
function canBeEntered(point: CodePoint, landing: Landing): boolean {
  let known = enterable.get(point);
  if (known === undefined) {
    const there = new Set(landing.live.map(([value]) => value));
    const filled = new Set(
      point.values.filter(({ value }) => there.has(value)).flatMap(({ parts }) => parts.map(({ at }) => at)),
    );
    known = Array.from({ length: point.size }, (_, i) => filled.has(i)).every(is => is);
    enterable.set(point, known);
  }
  return known;
}

const enterable = new WeakMap<CodePoint, boolean>();

function pointsOf(code: NativeCode): ReadonlyMap<unknown, CodePoint> {
  let known = points.get(code);
  if (known === undefined) {
    known = new Map(code.points.flatMap(point => (point === undefined ? [] : [[point.instruction, point] as const])));
    points.set(code, known);
  }
  return known;
}

const points = new WeakMap<NativeCode, ReadonlyMap<unknown, CodePoint>>();

/** Why code cannot be left at all its points; undefined when it can. */
export function whyNotLeft(code: NativeCode, { byInstruction }: LandingUnit): string | undefined {
  if (leavable.has(code)) return leavable.get(code);
  let why: string | undefined;
  for (const point of code.points) {
    if (point === undefined) continue;
    const landing = byInstruction.get(point.instruction);
    const known = new Set(point.values.map(({ value }) => value));
    if (landing === undefined) why ??= 'the register machine does not know one of its points';
    else if (!landing.live.every(([value]) => known.has(value)))
      why ??= 'the register machine needs more at one of its points';
    else if (!point.values.every(({ shape }) => crosses(shape, code.records))) {
      why ??= 'a value at one of its points does not cross the border';
    }
  }
  leavable.set(code, why);
  return why;
}

const leavable = new WeakMap<NativeCode, string | undefined>();
