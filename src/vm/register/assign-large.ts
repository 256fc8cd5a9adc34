// Gives every value of a very large function a register: linear scan over live ranges that have no holes (Poletto and Sarkar, "Linear
// Scan Register Allocation", 1999), on SSA form, so that a value lives from its one definition to its last use; where it was made
// before a loop and is used in it, to the end of the loop. Registers are many, so nothing is ever spilled here: what lies beyond
// the registers that an instruction can name is reached by copies (encode.ts).
//
// The parameters of a block take, where they can, the register of an argument that ends there, and a value that is passed on to
// a parameter takes the parameter's register: then the move between them disappears.
import type { ValueId } from '../../ir/ir.ts';
import type { Assignment } from './assign.ts';
import { argumentRegister, argumentRegisters } from './code.ts';
import { findLoopRanges } from './layout.ts';
import { successorsOf, targetsOf, usesOfEnd, type VirtualFunction } from './virtual.ts';

/** Positions: two for each instruction, for reading and for writing, and two for the start of each block. */
interface Ranges {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Values in the order in which they begin. */
  readonly begin: readonly ValueId[];
}

export function assignLarge(fn: VirtualFunction): Assignment {
  const ranges = computeRanges(fn);
  const groups = groupByMoves(fn);
  const { starts, ends, begin } = ranges;
  const registers = new Int32Array(fn.values).fill(-1);
  const preferred = new Map<ValueId, number>();
  const free = new FreeRegisters();
  const isParam = new Uint8Array(fn.values);
  for (const block of fn.blocks) for (const param of block.params) isParam[param] = 1;
  const entry = fn.blocks[0]!.params;
  entry.forEach((value, i) => {
    registers[value] = argumentRegister(i, entry.length);
  });
  free.reserve(argumentRegisters(entry.length));
  const active = new EndQueue(ends);
  for (const value of begin) {
    const start = starts[value]!;
    // A value that is read for the last time by the instruction that writes this one makes place for it.
    for (let done = active.takeBefore(start); done >= 0; done = active.takeBefore(start)) free.give(registers[done]!);
    const group = groups.find(value);
    if (registers[value]! < 0) registers[value] = free.take(preferred.get(group) ?? -1);
    if (isParam[value] === 1 || !preferred.has(group)) preferred.set(group, registers[value]!);
    active.add(value);
  }
  return { registers, count: free.used };
}

function computeRanges(fn: VirtualFunction): Ranges {
  const { blocks } = fn;
  const places = new Map(blocks.map((block, place) => [block.id, place]));
  const loops = findLoopRanges(blocks.map(block => successorsOf(block).map(id => places.get(id)!)));
  const starts = new Int32Array(fn.values).fill(-1);
  const ends = new Int32Array(fn.values).fill(-1);
  const madeIn = new Int32Array(fn.values);
  const begin: ValueId[] = [];
  const lastOfBlock = new Int32Array(blocks.length);
  let position = 0;
  for (let place = 0; place < blocks.length; place++) {
    position += 2 + 2 * blocks[place]!.code.length + 2;
    lastOfBlock[place] = position - 1;
  }
  const define = (value: ValueId, at: number, place: number): void => {
    starts[value] = at;
    ends[value] = Math.max(ends[value]!, at);
    madeIn[value] = place;
    begin.push(value);
  };
  const use = (value: ValueId, at: number, place: number): void => {
    let end = at;
    for (let loop = loops.innermost[place]!; loop >= 0 && loops.head[loop]! > madeIn[value]!; ) {
      end = lastOfBlock[loops.last[loop]!]!;
      loop = loops.parent[loop]!;
    }
    if (end > ends[value]!) ends[value] = end;
  };
  position = 0;
  blocks.forEach((block, place) => {
    for (const param of block.params) define(param, position + 1, place);
    position += 2;
    for (const { uses, list, result } of block.code) {
      for (const value of uses) use(value, position, place);
      if (list !== undefined) for (const value of list) use(value, position, place);
      if (result !== undefined) define(result, position + 1, place);
      position += 2;
    }
    for (const value of usesOfEnd(block.end)) use(value, position, place);
    position += 2;
  });
  return { starts, ends, begin };
}

/** Puts each parameter of a block and its arguments into one group. */
function groupByMoves(fn: VirtualFunction): Groups {
  const groups = new Groups(fn.values);
  const params = new Map(fn.blocks.map(block => [block.id, block.params]));
  for (const block of fn.blocks) {
    for (const target of targetsOf(block)) {
      target.args.forEach((arg, i) => {
        groups.join(params.get(target.block)![i]!, arg);
      });
    }
  }
  return groups;
}

/** Disjoint sets with path halving. */
class Groups {
  private readonly parent: Int32Array;

  constructor(count: number) {
    this.parent = Int32Array.from({ length: count }, (_, i) => i);
  }

  find(value: number): number {
    const { parent } = this;
    let at = value;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    this.parent[this.find(b)] = this.find(a);
  }
}

/** A binary heap of numbers, smallest first by a key. */
class Heap {
  private readonly items: number[] = [];
  private readonly key: (item: number) => number;

  constructor(key: (item: number) => number) {
    this.key = key;
  }

  get first(): number | undefined {
    return this.items[0];
  }

  add(item: number): void {
    const { items, key } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (key(items[up]!) <= key(item)) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  take(): number {
    const { items, key } = this;
    const first = items[0]!;
    const item = items.pop()!;
    const count = items.length;
    let at = 0;
    while (2 * at + 1 < count) {
      let down = 2 * at + 1;
      if (down + 1 < count && key(items[down + 1]!) < key(items[down]!)) down++;
      if (key(item) <= key(items[down]!)) break;
      items[at] = items[down]!;
      at = down;
    }
    if (count > 0) items[at] = item;
    return first;
  }
}

/** The values that are alive, by where they end. */
class EndQueue {
  private readonly heap: Heap;
  private readonly ends: Int32Array;

  constructor(ends: Int32Array) {
    this.ends = ends;
    this.heap = new Heap(value => ends[value]!);
  }

  add(value: ValueId): void {
    this.heap.add(value);
  }

  /** Takes a value that ends before a position, or gives -1. */
  takeBefore(position: number): ValueId {
    const { first } = this.heap;
    return first !== undefined && this.ends[first]! < position ? this.heap.take() : -1;
  }
}

class FreeRegisters {
  /** Registers that were given back; some may have been taken again since. */
  private readonly heap = new Heap(register => register);
  private readonly isFree: boolean[] = [];
  used = 0;

  /** Takes the first registers out of use for good, until they are given back. */
  reserve(count: number): void {
    for (let register = 0; register < count; register++) this.isFree[register] = false;
    this.used = count;
  }

  give(register: number): void {
    this.isFree[register] = true;
    this.heap.add(register);
  }

  /** Takes the preferred register when it is free, else the lowest. */
  take(preferred: number): number {
    if (preferred >= 0 && this.isFree[preferred] === true) {
      this.isFree[preferred] = false;
      return preferred;
    }
    while (this.heap.first !== undefined) {
      const register = this.heap.take();
      if (!this.isFree[register]) continue;
      this.isFree[register] = false;
      return register;
    }
    return this.used++;
  }
}
