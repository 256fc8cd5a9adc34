// Where values are alive: for each value the parts of the code from where it is made to where it is used for the last time, whatever way
// leads there. Found value by value, from each use upwards to the definition (Boissinot and others, 2011), which on SSA form needs no
// fixed point.
//
// Places: two for each instruction, for reading and for writing, two for the start of each block, and two for its end. A part goes from
// its first place to before its last. An argument of a jump is read at the end of its block, and the parameter is there from the start
// of the other.
import type { BlockId, ValueId } from '../../ir/ir.ts';
import { successorsOf, usesOfEnd, type VirtualFunction } from './virtual.ts';

/** Parts as pairs of places, ascending and apart. */
export type Parts = readonly number[];

/** The parts of each value by number; empty for one that nothing makes. Undefined when finding them would take too long. */
export function findParts(fn: VirtualFunction, mostSteps: number): Parts[] | undefined {
  const { blocks } = fn;
  const placeOf = new Map<BlockId, number>(blocks.map((block, index) => [block.id, index]));
  const predecessors: number[][] = blocks.map(() => []);
  blocks.forEach((block, index) => {
    for (const next of successorsOf(block)) predecessors[placeOf.get(next)!]!.push(index);
  });
  const starts: number[] = [];
  let end = 0;
  for (const block of blocks) {
    starts.push(end);
    end += 4 + 2 * block.code.length;
  }
  starts.push(end);
  const madeIn = new Int32Array(fn.values).fill(-1);
  const madeAt = new Int32Array(fn.values);
  const found: number[][] = Array.from({ length: fn.values }, () => []);
  const define = (value: ValueId, block: number, at: number): void => {
    madeIn[value] = block;
    madeAt[value] = at;
    found[value]!.push(at, at + 1);
  };
  blocks.forEach((block, index) => {
    for (const param of block.params) define(param, index, starts[index]!);
    block.code.forEach(({ result }, i) => {
      if (result !== undefined) define(result, index, starts[index]! + 2 + 2 * i + 1);
    });
  });
  let steps = 0;
  /** The last value for which each block was found to be alive at its end. */
  const reached = new Int32Array(blocks.length).fill(-1);
  const use = (value: ValueId, block: number, at: number): void => {
    const parts = found[value]!;
    if (madeIn[value] === block) {
      parts.push(madeAt[value]!, at + 1);
      return;
    }
    parts.push(starts[block]!, at + 1);
    const work = [block];
    for (let each = work.pop(); each !== undefined; each = work.pop()) {
      for (const before of predecessors[each]!) {
        steps++;
        if (reached[before] === value) continue;
        reached[before] = value;
        if (madeIn[value] === before) {
          parts.push(madeAt[value]!, starts[before + 1]!);
        } else {
          parts.push(starts[before]!, starts[before + 1]!);
          work.push(before);
        }
      }
    }
  };
  const uses = collectUses(fn, starts);
  for (let value = 0; value < fn.values; value++) {
    const places = uses[value];
    if (places === undefined) continue;
    for (let i = 0; i < places.length; i += 2) use(value, places[i]!, places[i + 1]!);
    if (steps > mostSteps) return undefined;
  }
  return found.map(merge);
}

/** For each value its uses, as pairs of a block and a place. */
function collectUses(fn: VirtualFunction, starts: readonly number[]): (number[] | undefined)[] {
  const uses: (number[] | undefined)[] = [];
  const note = (value: ValueId, block: number, at: number): void => {
    const known = uses[value];
    if (known === undefined) uses[value] = [block, at];
    else known.push(block, at);
  };
  fn.blocks.forEach((block, index) => {
    block.code.forEach((instruction, i) => {
      const at = starts[index]! + 2 + 2 * i;
      for (const value of instruction.uses) note(value, index, at);
      for (const value of instruction.list ?? []) note(value, index, at);
    });
    const at = starts[index]! + 2 + 2 * block.code.length;
    for (const value of usesOfEnd(block.end)) note(value, index, at);
  });
  return uses;
}

/** Sorts parts and joins those that touch. */
function merge(parts: number[]): Parts {
  if (parts.length <= 2) return parts;
  const order = Array.from({ length: parts.length / 2 }, (_, i) => 2 * i).sort((a, b) => parts[a]! - parts[b]!);
  const merged: number[] = [];
  for (const at of order) {
    const start = parts[at]!;
    const end = parts[at + 1]!;
    const last = merged.length - 1;
    if (last >= 0 && start <= merged[last]!) merged[last] = Math.max(merged[last]!, end);
    else merged.push(start, end);
  }
  return merged;
}

/** Whether two values are ever alive together. */
export function overlap(a: Parts, b: Parts): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1]! <= b[j]!) i += 2;
    else if (b[j + 1]! <= a[i]!) j += 2;
    else return true;
  }
  return false;
}

/** The parts of two values that are never alive together. */
export function unite(a: Parts, b: Parts): Parts {
  return merge([...a, ...b]);
}
