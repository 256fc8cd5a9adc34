// Calls of native functions: puts arguments into memory, enters, and makes a value or a fault of what stands there afterwards.
//
// A native function has no effect but its result and its fuel. So where it cannot go on (the thread's stack ends before the program's limit of
// depth), the call is forgotten and made again from the beginning by an engine that can.
import { InternalError } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import type { Meter } from '../../core/meter.ts';
import type { Value } from '../../core/value/value.ts';
import { at, depthFault } from '../../vm/calls.ts';
import { DeepCalls } from '../../vm/deep.ts';
import type { RunServices } from '../../vm/engine.ts';
import { canonical, Exporter, Importer, mayBe } from './border.ts';
import type { NativeFunction } from './code.ts';
import type { CodePoint, NativeCode } from './compile.ts';
import { AT, FAULT, type Heap, type Memory, memoryFor, nativeHeap, STATUS, setLook, trimHeap } from './memory.ts';
import { type Left, readRecords, writeState } from './records.ts';
import { partsOf, type Shape } from './shapes.ts';

/** Between two looks when nothing is limited: a few milliseconds. */
const FUEL_WITHOUT_LIMIT = 2 ** 22;
const MOST_GRANTED = 2 ** 48;

/** What is asked when fuel was used up whether the run is to be left at the next point. */
export interface Pause {
  readonly isDue: () => boolean;
  /** Units of fuel until it is asked again. */
  readonly untilDue: () => number;
  /** For tests: whether the register machine goes on at a point although native code could. */
  readonly staysOut?: () => boolean;
}

/** How a call went that may leave: it gave a value, it left, or it has to be made elsewhere and nothing has happened. */
export type Attempt =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'left'; readonly records: readonly Left[] }
  | { readonly kind: 'failed' };

/** For values that have no list and no record in them. */
const NO_HEAP: Heap = { numbers: new Float64Array(0), words: new Int32Array(0) };

const FAILED: Attempt = { kind: 'failed' };

/** Enters native functions for one machine. */
export class NativeCalls {
  private readonly unit: CoreUnit;
  private readonly maxDepth: number;
  private readonly meter: Meter | undefined;
  private readonly deep: DeepCalls;
  private readonly memory: Memory;
  private granted = 0;
  private grantedBytes = 0;
  /** What the meter threw while native code ran. */
  private stopped: unknown;
  private pause: Pause | undefined;
  /** Bytes of lists and records that were copied for the last attempt. */
  copied = 0;
  /** Bytes that what leaves may write down at most. */
  private recordBytes = 0;

  /** Undefined when there is no memory for it. */
  static create(unit: CoreUnit, services: RunServices): NativeCalls | undefined {
    const memory = memoryFor(services.maxDepth);
    return memory === undefined ? undefined : new NativeCalls(unit, services, memory);
  }

  private constructor(unit: CoreUnit, services: RunServices, memory: Memory) {
    this.unit = unit;
    this.maxDepth = services.maxDepth;
    this.meter = services.meter;
    this.deep = new DeepCalls(unit, services);
    this.memory = memory;
  }

  /** Whether the arguments are of the shapes that the function was compiled for, as far as that can be seen at once. */
  fits({ entry: { params, enterable }, code }: NativeFunction, args: readonly Value[]): boolean {
    if (!enterable || args.length !== params.length) return false;
    for (let i = 0; i < params.length; i++) {
      const shape = params[i]!;
      if (shape === 'num' ? typeof args[i] !== 'number' : !mayBe(args[i]!, shape, code.texts)) return false;
    }
    return true;
  }

  /**
   * Calls a function that has `depth` calls around it, with arguments that fit. Throws a Fault, whose chain of calls begins with this
   * call. What cannot be done in machine code, `elsewhere` does from the beginning.
   */
  call(
    index: number,
    native: NativeFunction,
    depth: number,
    args: readonly Value[],
    elsewhere: () => Value = () => this.deep.call(index, depth, args),
  ): Value {
    if (depth >= this.maxDepth) throw depthFault(this.maxDepth, undefined);
    const { words, numbers } = this.memory;
    const { meter } = this;
    const fuelBefore = meter?.fuel ?? 0;
    const bytesBefore = meter?.bytes ?? 0;
    this.prepare(native, native.entry.offset, depth);
    for (let i = 0; i < args.length; i++) {
      const shape = native.entry.params[i];
      if (shape === 'num') numbers[(AT.args >> 3) + i] = args[i] as number;
      else if (shape === 'bool') words[(AT.args >> 2) + 2 * i] = args[i] === true ? 1 : 0;
      else return this.callWithLists(native, args, elsewhere, fuelBefore, bytesBefore, depth);
    }
    return this.enter(native, elsewhere, fuelBefore, bytesBefore, depth);
  }

  private prepare({ place, code }: NativeFunction, offset: number, depth: number): void {
    const { words, chainRoom } = this.memory;
    words[AT.arena >> 2] = place.arena;
    words[AT.offset >> 2] = place.offset;
    words[AT.entry >> 2] = offset;
    words[AT.maxDepth >> 2] = Math.min(this.maxDepth - depth, chainRoom);
    words[AT.frameBytes >> 2] = code.frameBytes;
    words[AT.site >> 2] = 0;
    words[AT.kind >> 2] = FAULT.atSite;
    words[AT.chainLength >> 2] = 0;
    words[AT.heapUsed >> 2] = 0;
  }

  /** Calls a function whose arguments fit, as `call` does, until it ends or the pause is due. Throws a Fault. */
  attempt(native: NativeFunction, depth: number, args: readonly Value[], pause: Pause): Attempt {
    if (depth >= this.maxDepth) throw depthFault(this.maxDepth, undefined);
    return this.attemptAt(native, native.entry.offset, depth, pause, importer =>
      this.placeArguments(native, args, importer),
    );
  }

  /** Goes on behind a point of the function, which has `depth` calls around it. Throws a Fault. */
  attemptAtPoint(
    native: NativeFunction,
    point: CodePoint,
    depth: number,
    held: (value: number) => Value | undefined,
    pause: Pause,
  ): Attempt {
    if (point.offset === undefined) return FAILED;
    return this.attemptAt(native, point.offset, depth, pause, (importer, heap) =>
      writeState(point, held, importer, heap),
    );
  }

  private attemptAt(
    native: NativeFunction,
    offset: number,
    depth: number,
    pause: Pause,
    place: (importer: Importer, heap: Heap) => boolean,
  ): Attempt {
    const heap = nativeHeap();
    if (heap === undefined) return FAILED;
    this.prepare(native, offset, depth);
    const importer = new Importer(heap, this.memory, native.code);
    if (!place(importer, heap)) return FAILED;
    this.memory.words[AT.heapUsed >> 2] = importer.used;
    this.copied = importer.used;
    const { meter } = this;
    const fuelBefore = meter?.fuel ?? 0;
    const bytesBefore = meter?.bytes ?? 0;
    const largest = native.code.points.reduce((most, point) => Math.max(most, point?.size ?? 0), 0);
    this.recordBytes = (8 + 8 * largest) * this.memory.words[AT.maxDepth >> 2]!;
    this.pause = pause;
    try {
      const value = this.enter(native, () => undefined, fuelBefore, bytesBefore, depth);
      if (value !== undefined) return { kind: 'value', value };
      if (this.memory.words[AT.kind >> 2] !== FAULT.pause) return FAILED;
      const records = readRecords(native.code, heap, this.memory);
      trimHeap(this.memory);
      return { kind: 'left', records };
    } finally {
      this.pause = undefined;
    }
  }

  private callWithLists(
    native: NativeFunction,
    args: readonly Value[],
    elsewhere: () => Value,
    fuelBefore: number,
    bytesBefore: number,
    depth: number,
  ): Value {
    const heap = nativeHeap();
    if (heap === undefined) return elsewhere();
    const importer = new Importer(heap, this.memory, native.code);
    if (!this.placeArguments(native, args, importer)) return elsewhere();
    this.memory.words[AT.heapUsed >> 2] = importer.used;
    return this.enter(native, elsewhere, fuelBefore, bytesBefore, depth);
  }

  private placeArguments({ entry }: NativeFunction, args: readonly Value[], importer: Importer): boolean {
    const { words, numbers } = this.memory;
    let at = AT.args;
    for (let i = 0; i < args.length; i++) {
      const shape = entry.params[i]!;
      const contents = importer.split(args[i]!, shape);
      if (contents === undefined) return false;
      for (const [part, { kind }] of partsOf(shape).entries()) {
        if (kind === 'f') numbers[at >> 3] = contents[part]!;
        else words[at >> 2] = contents[part]!;
        at += 8;
      }
    }
    return true;
  }

  private enter<Elsewhere>(
    native: NativeFunction,
    elsewhere: () => Elsewhere,
    fuelBefore: number,
    bytesBefore: number,
    depth: number,
  ): Value | Elsewhere {
    const { words, numbers } = this.memory;
    const { entry, code } = native;
    const { meter } = this;
    this.grant(this.pause?.untilDue());
    setLook(this.look);
    this.memory.enter();
    const status = words[AT.status >> 2];
    if (status === STATUS.ok) {
      this.settle();
      if (entry.result === 'bool') return words[AT.result >> 2] !== 0;
      if (entry.result === 'num' || entry.result === 'never') return canonical(numbers[AT.result >> 3]!);
      const value = this.readResult(entry.result, code);
      trimHeap(this.memory);
      return value;
    }
    if (status === STATUS.canary)
      throw new InternalError(`native code did not keep what it had to: ${words[AT.site >> 2]!.toString(2)}`);
    // What leaves at a point has charged for all that it did.
    if (words[AT.kind >> 2] === FAULT.pause) return elsewhere();
    if (status === STATUS.fault && !this.endedEarly(depth)) throw this.faultOf(native, status);
    if (status === STATUS.outOfRange) throw new InternalError('native code was entered where there is none');
    if (words[AT.kind >> 2] === FAULT.leave) native.left.times++;
    trimHeap(this.memory);
    if (meter !== undefined) {
      meter.fuel = fuelBefore;
      meter.bytes = bytesBefore;
    }
    return elsewhere();
  }

  /** A result that is no bare value: the first part was returned, the others lie behind each other. */
  private readResult(result: Shape, code: NativeCode): Value {
    const { words, numbers } = this.memory;
    const parts = partsOf(result);
    const exporter = new Exporter(nativeHeap() ?? NO_HEAP, this.memory, code);
    return exporter.join(result, part => {
      const at = part === 0 ? AT.result : AT.parts + 8 * (part - 1);
      const { kind } = parts[part]!;
      if (kind === 'f') return numbers[at >> 3]!;
      return kind === 'pointer' && part > 0 ? exporter.placeAt(at >> 2, this.memory) : words[at >> 2]!;
    });
  }

  /** Whether the call is to be made elsewhere: the stack, the room for the chain or the heap ended, or there is a fault to be told. */
  private endedEarly(depth: number): boolean {
    const { words } = this.memory;
    if (words[AT.kind >> 2] === FAULT.leave) return true;
    return words[AT.kind >> 2] === FAULT.depth && words[AT.depth >> 2]! < this.maxDepth - depth;
  }

  private grant(most = MOST_GRANTED): void {
    const { meter } = this;
    const { numbers, words } = this.memory;
    // Code counts whole units, so a limit with a fraction grants what is whole of it.
    this.granted =
      meter === undefined ? FUEL_WITHOUT_LIMIT : Math.floor(Math.min(meter.fuelUntilLook(), most, MOST_GRANTED));
    this.grantedBytes = meter === undefined ? MOST_GRANTED : Math.min(meter.bytesLeft(), MOST_GRANTED);
    numbers[AT.fuel >> 3] = this.granted;
    words[AT.bytes >> 2] = this.grantedBytes;
    words[(AT.bytes >> 2) + 1] = this.grantedBytes / 2 ** 32;
  }

  /** Charges the meter for what was used since it was granted. */
  private settle(): void {
    const { meter } = this;
    if (meter === undefined) return;
    const { numbers, words } = this.memory;
    const bytes = (words[AT.bytes >> 2]! >>> 0) + words[(AT.bytes >> 2) + 1]! * 2 ** 32;
    meter.charge(this.granted - numbers[AT.fuel >> 3]!, this.grantedBytes - bytes);
  }

  /** Called by native code that has used up what it was granted; the charge that was too much is in what was used. */
  private readonly look = (): number => {
    try {
      this.settle();
      if (this.pause?.isDue() === true && this.hasRoomForRecords()) {
        // Where there is no point it goes on, and looks again at the next charge.
        this.grant(0);
        this.memory.words[AT.kind >> 2] = FAULT.pause;
        return 1;
      }
      this.grant(this.pause?.untilDue());
      return 0;
    } catch (thrown) {
      this.stopped = thrown;
      this.memory.words[AT.kind >> 2] = FAULT.look;
      return 1;
    }
  };

  private hasRoomForRecords(): boolean {
    const { words } = this.memory;
    // Differences of addresses in one heap fit 32 bits.
    return ((words[AT.heapEnd >> 2]! - words[AT.heapNext >> 2]!) | 0) > this.recordBytes;
  }

  private faultOf({ code: { sites } }: NativeFunction, status: number): unknown {
    const { words } = this.memory;
    const kind = words[AT.kind >> 2];
    const site = sites[words[AT.site >> 2]!];
    if (kind !== FAULT.look) this.settle();
    const thrown = kind === FAULT.look ? this.stopped : this.madeFault(kind, site?.kind, status);
    const error = at(thrown, site?.span);
    if (error instanceof Fault) {
      const calls = this.chain();
      error.calls = calls.map(index => this.unit.functions[index]!.name);
      const innermost = this.unit.functions[calls[calls.length - 1] ?? -1];
      if (innermost?.file !== undefined) error.file ??= innermost.file;
    }
    return error;
  }

  private madeFault(kind: number | undefined, site: string | undefined, status: number): unknown {
    if (kind === FAULT.depth) return depthFault(this.maxDepth, undefined);
    if (site === 'division') return fault('ILO-R003', 'division', {});
    if (site === 'modulo') return fault('ILO-R003', 'modulo', {});
    return new InternalError(`native code ended with status ${status}, kind ${kind}, at ${site}`);
  }

  /** The functions that the fault came through, outermost first. */
  private chain(): readonly number[] {
    const { words } = this.memory;
    const length = words[AT.chainLength >> 2]!;
    return Array.from(words.subarray(AT.chain >> 2, (AT.chain >> 2) + length)).reverse();
  }
}
