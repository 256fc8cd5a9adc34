// The memory of a register machine: the register file, the frames in it and the table of heap values.
//
// A frame is a window of the register file that begins at `base`. The register below it is its link: the place of the call and
// the caller's base, as two integers that look like a number. So a call writes nothing but its arguments and its link, and
// calls nest as deeply as the limit says and not as JavaScript's stack allows. Which function a frame belongs to follows from the
// place of the instruction that runs in it.
//
// Registers need not be cleared: checked code writes each before it reads it.
import type { CoreUnit } from '../../core/core.ts';
import { type Fault, fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import type { RunServices } from '../engine.ts';
import { type FieldSite, functionAt, INFO_FRAME, INFO_SIZE, INFO_START, type RegisterUnit } from './code.ts';
import { Handles, ITEMS_PER_UNIT, unitsOf } from './handles.ts';
import type { Memory, Tenant } from './memory.ts';
import { canonical, HIGH, isNumberWord, LOW, TAG_BOOL, TAG_EMPTY, TAG_HANDLE, TAG_NIL } from './value-word.ts';

/** Of a file of its own. */
const FIRST_REGISTERS = 64;
/** Registers at most: half a gigabyte. Only functions with very many variables meet it before the depth limit. */
const MAX_REGISTERS = 2 ** 26;

/** The place of the call of a frame below which nothing runs. */
export const FROM_OUTSIDE = -1;

/** Stands for the table of a state that has made no handle yet; a sweep is always due. */
const NO_HANDLES = new Handles(0);

/** A loop over a register file and an array of code; dispatch.ts says what it does. */
export type Loop = (state: RegisterState) => Status;

/** Why a loop ended (dispatch.ts). */
export type Status = typeof DONE | typeof SUSPENDED | typeof MOVED;
export const DONE = 0;
/** The watcher has said no: the instruction at `state.pc` has not run. */
export const SUSPENDED = 1;
/** The registers were moved to a larger file: the loop, which holds on to the file, has to be entered again. */
export const MOVED = 2;

/** What all states of a machine have in common. */
export interface Setting {
  readonly unit: RegisterUnit;
  readonly memory: Memory;
  readonly core: CoreUnit;
  readonly services: RunServices;
  readonly maxDepth: number;
  /** How many registers the largest function needs, with the link of a call. */
  readonly largest: number;
  /** Builtins by their index in the unit, once they were called. */
  readonly builtins: ((args: readonly Value[]) => Value)[];
  /** The state that has called other code last, for that code to call back; another one may run when its depth is 0. */
  caller: RegisterState | undefined;
  /** Of the state whose code is watched. */
  watcher: Watcher | undefined;
}

/** Is asked before an instruction runs; the run is suspended when it says no. */
export type Watcher = (state: RegisterState) => boolean;

export class RegisterState {
  readonly setting: Setting;
  /** Where the unit's code is, from `origin` on, or a copy in which some instructions are watched (watch.ts). */
  code: Int32Array;
  origin = 0;
  floats: Float64Array;
  words: Int32Array;
  heap: Handles = NO_HANDLES;
  /** Those of the unit. */
  readonly sites: readonly FieldSite[];
  /** Whether its arrays are its own: it may be suspended. */
  readonly isApart: boolean;
  /** Where this state's registers begin in the file: with the link of the first frame. */
  bottom = 0;
  /** What ran when this state began to. */
  private below: Tenant | undefined;
  /** How many frames there are. */
  depth = 0;
  /** The first register of the innermost frame. Current whenever other code than the loop runs, and so is `pc`. */
  base = 0;
  /** The highest base at which a frame has room, whatever function it is for. */
  lastBase: number;
  /** The instruction that runs. */
  pc = 0;
  /** The place of the register with the result of a frame that was opened from outside and has just ended. */
  resultAt = 0;
  /** Whether a run that ends well leaves something to give back. */
  isUsed = false;

  constructor(setting: Setting, isApart: boolean) {
    const { memory, unit } = setting;
    this.setting = setting;
    this.isApart = isApart;
    this.sites = unit.sites;
    this.code = isApart ? unit.code : memory.code;
    this.floats = isApart ? new Float64Array(Math.max(FIRST_REGISTERS, 2 * setting.largest)) : memory.floats;
    this.words = isApart ? new Int32Array(this.floats.buffer) : memory.words;
    this.lastBase = this.floats.length - setting.largest;
    if (isApart) this.link();
  }

  /** Takes the shared memory over. Where it has no room for the code, this run has arrays of its own. */
  private begin(): void {
    const { memory, unit, largest } = this.setting;
    const { user } = memory;
    const origin = memory.load(unit);
    this.bottom = memory.bottom();
    this.below = user !== undefined && user.depth > 0 ? user : undefined;
    if (origin === undefined) {
      this.bottom = 0;
      this.code = unit.code;
      this.origin = 0;
      this.moveRegisters(2 * largest);
      return;
    }
    this.code = memory.code;
    this.origin = origin;
    this.floats = memory.floats;
    this.words = memory.words;
    this.lastBase = memory.floats.length - largest;
    this.isUsed = this.isUsed || this.below !== undefined;
    this.link();
    memory.user = this;
  }

  /** Whether frames can be opened above the innermost one: not where another state uses the memory there. */
  get isOnTop(): boolean {
    const { memory } = this.setting;
    return memory.user === this || this.floats !== memory.floats;
  }

  /** The link below the first frame. */
  private link(): void {
    this.words[2 * this.bottom] = FROM_OUTSIDE;
    this.words[2 * this.bottom + 1] = 0;
  }

  /** Forgets what runs and gives back what it has left behind. */
  release(): void {
    const { memory } = this.setting;
    this.depth = 0;
    this.base = 0;
    this.pc = 0;
    if (this.heap !== NO_HANDLES) this.heap.clear();
    this.isUsed = this.heap !== NO_HANDLES;
    if (memory.user === this && (this.below !== undefined || this.floats !== memory.floats)) memory.user = this.below;
    this.below = undefined;
  }

  // ---- registers

  /** The value in a register, by its place in the file. */
  read(at: number): Value {
    const high = this.words[2 * at + HIGH]!;
    if (isNumberWord(high)) return this.floats[at]!;
    const low = this.words[2 * at + LOW]!;
    switch (high) {
      case TAG_HANDLE:
        return (low < 0 ? this.setting.unit.texts[~low] : this.heap.values[low]) ?? null;
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
      this.writeHandle(at, value);
    }
  }

  /** Puts a text or an object into a register. */
  writeHandle(at: number, value: Value): void {
    const { words } = this;
    if (this.heap.isDue) this.sweep();
    if (typeof value === 'string' && value.length >= ITEMS_PER_UNIT) this.heap.count(value.length / ITEMS_PER_UNIT);
    const handle = this.heap.add(value);
    words[2 * at + HIGH] = TAG_HANDLE;
    words[2 * at + LOW] = handle;
  }

  writeBoolean(at: number, value: boolean): void {
    this.words[2 * at + HIGH] = TAG_BOOL;
    this.words[2 * at + LOW] = value ? 1 : 0;
  }

  copy(to: number, from: number): void {
    const { words } = this;
    words[2 * to] = words[2 * from]!;
    words[2 * to + 1] = words[2 * from + 1]!;
  }

  /** Whether a register holds the content of a variable that was never set. */
  isEmpty(at: number): boolean {
    return this.words[2 * at + HIGH] === TAG_EMPTY;
  }

  // ---- frames

  /** The first register above the innermost frame. */
  top(): number {
    return this.depth === 0 ? this.bottom : this.base + this.sizeAt(this.pc) - 1;
  }

  /** How far above its base the next frame begins, for the function that the instruction at `pc` belongs to. */
  sizeAt(pc: number): number {
    const { unit } = this.setting;
    return unit.info[functionAt(unit, pc) * INFO_SIZE + INFO_FRAME]! + 1;
  }

  /**
   * Opens a frame for a function above the innermost one; the arguments are put into it afterwards. `call` is the place of the call in
   * the code, or negative when the call does not stand there.
   */
  open(callee: number, call: number): void {
    if (this.depth === 0 && !this.isApart && this.setting.memory.user !== this) this.begin();
    const base = this.top() + 1;
    this.makeRoom(base);
    this.words[2 * base - 2] = call;
    this.words[2 * base - 1] = this.base;
    this.depth++;
    this.base = base;
    this.pc = this.setting.unit.info[callee * INFO_SIZE + INFO_START]!;
  }

  /** The same on the shared memory where no frame is open: there is always room. */
  openFirst(start: number): void {
    if (this.setting.memory.user !== this) this.begin();
    this.depth = 1;
    this.base = this.bottom + 1;
    this.pc = start;
  }

  /** Leaves the innermost frame without a result. */
  close(): void {
    const { words, base } = this;
    const call = words[2 * base - 2]!;
    this.depth--;
    this.base = words[2 * base - 1]!;
    this.pc = call < 0 ? ~call : call;
  }

  /** Makes sure that a frame may be opened at `base`, whatever function it is for. Throws a Fault. */
  makeRoom(base: number): void {
    const { depth } = this;
    const { maxDepth } = this.setting;
    if (depth >= maxDepth) throw fault('ILO-R040', 'depth', { limit: maxDepth });
    if (base <= this.lastBase) return;
    const needed = base + this.setting.largest;
    if (needed > MAX_REGISTERS) throw this.stackFault();
    const used = this.words.subarray(0, 2 * this.top());
    this.moveRegisters(Math.min(MAX_REGISTERS, Math.max(needed, 2 * this.floats.length)));
    this.words.set(used);
    this.isUsed = true;
  }

  private moveRegisters(count: number): void {
    this.floats = new Float64Array(count);
    this.words = new Int32Array(this.floats.buffer);
    this.lastBase = count - this.setting.largest;
    this.link();
  }

  stackFault(): Fault {
    return fault('ILO-R040', 'stack', { depth: this.depth });
  }

  /** The functions that run, outermost first, as the program knows them. */
  running(): number[] {
    const { words } = this;
    const { unit } = this.setting;
    const functions: number[] = [];
    let { base, pc } = this;
    for (let depth = this.depth; depth > 0; depth--) {
      const fn = functionAt(unit, pc);
      functions.push(unit.functions[fn]!.of ?? fn);
      const call = words[2 * base - 2]!;
      pc = call < 0 ? ~call : call;
      base = words[2 * base - 1]!;
    }
    return functions.reverse();
  }

  // ---- heap values

  private sweep(): void {
    this.isUsed = true;
    if (this.heap === NO_HANDLES) this.heap = new Handles();
    else this.heap.sweep(this.words, this.bottom, this.top());
  }

  /** Counts a value that other code has made, which may be large. */
  count(value: Value): void {
    this.heap.count(unitsOf(value));
  }
}
