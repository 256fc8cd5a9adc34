// The memory of a register machine: the register file, the frames and the table of heap values.
//
// A frame is a window of the register file: `base` is its first register, `top` the first behind it, where the next frame
// will begin. What a caller needs again when a frame ends (its base, and the place of the call) lies in `frames`, so calls
// nest as deeply as the limit says and not as JavaScript's stack allows.
//
// A heap value in a register is a handle. Registers below `top` are the only roots: whoever makes a handle puts it into a
// register at once, and a sweep may happen whenever one is made.
import { assert } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { type Fault, fault } from '../../core/fault.ts';
import { List } from '../../core/value/list.ts';
import { MapValue } from '../../core/value/map.ts';
import type { Value } from '../../core/value/value.ts';
import type { RunServices } from '../engine.ts';
import { argumentRegister, INFO_FRAME, INFO_SIZE, INFO_START, type RegisterUnit } from './code.ts';
import { canonical, HIGH, isNumberWord, LOW, TAG_BOOL, TAG_EMPTY, TAG_HANDLE, TAG_NIL } from './value-word.ts';

/** Numbers per frame in `frames`: the function, the place of the call (-1 when called from outside), the caller's base. */
export const FRAME_SIZE = 3;
export const FRAME_FUNCTION = 0;
export const FRAME_CALL = 1;
export const FRAME_BASE = 2;
/** The place of a call that does not stand in the code. */
export const FROM_OUTSIDE = -1;

const FIRST_REGISTERS = 64;
/** V8 keeps typed arrays of up to 64 bytes in its own heap, where making one is cheap. */
const FIRST_FRAMES = 5;
/** Registers at most: half a gigabyte. Only functions with very many variables meet it before the depth limit. */
const MAX_REGISTERS = 2 ** 26;
/** A reused register file that has grown beyond this is given back after the run. */
const KEPT_REGISTERS = 2 ** 16;
/** Handles are swept when so many units were made since the last time, or as many as were left then. */
const MIN_THRESHOLD = 4096;
/** A value counts one unit, and one more for each so many items or characters. */
const ITEMS_PER_UNIT = 4096;

export class RegisterState {
  readonly unit: RegisterUnit;
  readonly core: CoreUnit;
  services: RunServices;
  floats!: Float64Array;
  words!: Int32Array;
  frames = new Int32Array(FIRST_FRAMES * FRAME_SIZE);
  /** How many frames there are. */
  depth = 0;
  base = 0;
  top = 0;
  /** The instruction that runs, where it may need to be known. */
  pc = 0;
  /** How many steps the loop had left when the registers were moved under it. */
  stepsLeft = 0;
  /** The register with the result of the outermost frame that has just ended. */
  resultAt = 0;
  readonly heap: Value[];
  private readonly free: number[] = [];
  private readonly permanent: number;
  private made = 0;
  private threshold = MIN_THRESHOLD;
  /** Builtins by their index in the unit, once they were called. */
  readonly builtins: ((args: readonly Value[]) => Value)[] = [];

  constructor(unit: RegisterUnit, core: CoreUnit, services: RunServices) {
    this.unit = unit;
    this.core = core;
    this.services = services;
    this.allocateRegisters(FIRST_REGISTERS);
    this.heap = unit.texts.slice();
    this.permanent = this.heap.length;
  }

  private allocateRegisters(count: number): void {
    this.floats = new Float64Array(count);
    this.words = new Int32Array(this.floats.buffer);
  }

  /** Makes the state ready for a run. */
  reset(services: RunServices): void {
    if (services !== this.services) {
      this.services = services;
      this.builtins.length = 0;
    }
    this.depth = 0;
    this.base = 0;
    this.top = 0;
  }

  /** Gives back what a run has left behind. */
  release(): void {
    if (this.heap.length > this.permanent) {
      this.heap.length = this.permanent;
      this.free.length = 0;
    }
    this.made = 0;
    this.threshold = MIN_THRESHOLD;
    if (this.floats.length > KEPT_REGISTERS) {
      this.allocateRegisters(FIRST_REGISTERS);
      this.frames = new Int32Array(FIRST_FRAMES * FRAME_SIZE);
    }
  }

  // ---- registers

  /** The value in a register, by its place in the file. */
  read(at: number): Value {
    const high = this.words[2 * at + HIGH]!;
    if (isNumberWord(high)) return this.floats[at]!;
    const low = this.words[2 * at + LOW]!;
    switch (high) {
      case TAG_HANDLE:
        return this.heap[low] ?? null;
      case TAG_BOOL:
        return low !== 0;
      default:
        return null;
    }
  }

  /** Puts a value into a register. */
  write(at: number, value: Value): void {
    if (typeof value === 'number') {
      this.floats[at] = canonical(value);
    } else if (value === null || value === undefined) {
      this.words[2 * at + HIGH] = TAG_NIL;
      this.words[2 * at + LOW] = 0;
    } else if (typeof value === 'boolean') {
      this.writeBoolean(at, value);
    } else {
      const handle = this.allocate(value);
      this.words[2 * at + HIGH] = TAG_HANDLE;
      this.words[2 * at + LOW] = handle;
    }
  }

  writeBoolean(at: number, value: boolean): void {
    this.words[2 * at + HIGH] = TAG_BOOL;
    this.words[2 * at + LOW] = value ? 1 : 0;
  }

  /** Whether a register holds the content of a variable that was never set. */
  isEmpty(at: number): boolean {
    return this.words[2 * at + HIGH] === TAG_EMPTY;
  }

  copy(to: number, from: number): void {
    const { words } = this;
    words[2 * to] = words[2 * from]!;
    words[2 * to + 1] = words[2 * from + 1]!;
  }

  // ---- frames

  /** Opens a frame for a function; gives the place of its first instruction. The arguments are put into it afterwards. */
  open(callee: number, call: number): number {
    const { depth, unit } = this;
    const { maxDepth } = this.services;
    if (depth >= maxDepth) throw fault('ILO-R040', 'depth', { limit: maxDepth });
    const top = this.top + unit.info[callee * INFO_SIZE + INFO_FRAME]!;
    this.reserve(top);
    const at = depth * FRAME_SIZE;
    this.frames[at + FRAME_FUNCTION] = callee;
    this.frames[at + FRAME_CALL] = call;
    this.frames[at + FRAME_BASE] = this.base;
    this.depth = depth + 1;
    this.base = this.top;
    this.top = top;
    return unit.info[callee * INFO_SIZE + INFO_START]!;
  }

  /** Opens a frame with arguments. */
  enter(callee: number, args: readonly Value[], call: number): number {
    const pc = this.open(callee, call);
    const count = args.length;
    for (let i = 0; i < count; i++) this.write(this.base + argumentRegister(i, count), args[i]!);
    return pc;
  }

  /** Makes place for registers below `top` and for one more frame. */
  reserve(top: number): void {
    if (top > this.floats.length) {
      if (top > MAX_REGISTERS) throw this.stackFault();
      const { words } = this;
      this.allocateRegisters(Math.min(MAX_REGISTERS, Math.max(top, 2 * this.floats.length)));
      this.words.set(words);
    }
    if ((this.depth + 1) * FRAME_SIZE > this.frames.length) {
      const { frames } = this;
      this.frames = new Int32Array(2 * frames.length);
      this.frames.set(frames);
    }
  }

  stackFault(): Fault {
    return fault('ILO-R040', 'stack', { depth: this.depth });
  }

  /** The function of the innermost frame, -1 when there is none. */
  innermost(): number {
    return this.depth === 0 ? -1 : this.frames[(this.depth - 1) * FRAME_SIZE + FRAME_FUNCTION]!;
  }

  // ---- heap values

  private allocate(value: Value): number {
    this.made += unitsOf(value);
    if (this.made > this.threshold) this.sweep();
    const handle = this.free.pop();
    if (handle === undefined) return this.heap.push(value) - 1;
    this.heap[handle] = value;
    return handle;
  }

  /** Frees the handles that no register holds. */
  private sweep(): void {
    const { heap, words, free } = this;
    const marked = new Uint8Array(heap.length);
    const end = 2 * this.top;
    for (let i = 0; i < end; i += 2) {
      if (words[i + HIGH] === TAG_HANDLE) marked[words[i + LOW]!] = 1;
    }
    let units = 0;
    free.length = 0;
    while (heap.length > this.permanent && marked[heap.length - 1] === 0) heap.pop();
    for (let handle = this.permanent; handle < heap.length; handle++) {
      if (marked[handle] === 1) {
        units += unitsOf(heap[handle]!);
      } else {
        heap[handle] = null;
        free.push(handle);
      }
    }
    // Registers are looked through again only when as much was made as there was to look through.
    this.made = 0;
    this.threshold = Math.max(MIN_THRESHOLD, units, heap.length, this.top >> 1);
    assert(marked.length >= heap.length, 'sweeping makes nothing');
  }
}

function unitsOf(value: Value): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / ITEMS_PER_UNIT);
  if (value instanceof List) return 1 + Math.floor(value.length / ITEMS_PER_UNIT);
  if (value instanceof MapValue) return 1 + Math.floor(value.size / ITEMS_PER_UNIT);
  return 1;
}
