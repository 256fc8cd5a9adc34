// What is done to the instructions of loops before they get registers, in code without charges (with them, machine code lands in it and knows
// only what is alive in the IR).
//
// A constant that an instruction of a loop uses is loaded once, before the outermost loop that has one way in. One that is only passed on to a
// block stays: it is loaded into the block's own register.
//
// What counts a loop goes behind the constants at the end of the round, so that the comparison that follows becomes part of it (encode.ts).
import type { ValueId } from '../../ir/ir.ts';
import type { RegisterOp } from '../../spec/register-ops.ts';
import { findLoopRanges, type LoopRanges } from './layout.ts';
import { successorsOf, type VirtualBlock, type VirtualFunction, type VirtualInstruction } from './virtual.ts';

const CONSTANTS: ReadonlySet<RegisterOp> = new Set(['load_i', 'load_k', 'load_bool', 'load_nil']);
const SUMS: ReadonlySet<RegisterOp> = new Set(['add_nn', 'add_ni']);

/** Each takes a register from there to its last use; functions with more values than this have none to spare. */
const MOST_VALUES = 1000;
const MOST_LOADED = 16;

export function arrangeLoops(fn: VirtualFunction): void {
  const { blocks } = fn;
  if (fn.values <= MOST_VALUES) loadBefore(blocks);
  for (const block of blocks) block.code = withSumLast(block.code);
}

function isConstant({ op }: VirtualInstruction): boolean {
  return CONSTANTS.has(op);
}

/** Puts the constants behind the sums at the end of a block in front of them. */
function withSumLast(code: readonly VirtualInstruction[]): readonly VirtualInstruction[] {
  let end = code.length;
  while (end > 0 && isConstant(code[end - 1]!)) end--;
  let start = end;
  while (start > 0 && SUMS.has(code[start - 1]!.op)) start--;
  if (start === end || end === code.length) return code;
  return [...code.slice(0, start), ...code.slice(end), ...code.slice(start, end)];
}

function loadBefore(blocks: readonly VirtualBlock[]): void {
  const places = new Map(blocks.map((block, place) => [block.id, place]));
  const successors = blocks.map(block => successorsOf(block).map(id => places.get(id)!));
  const loops = findLoopRanges(successors);
  if (loops.head.length === 0) return;
  const entries = findEntries(successors, loops);
  const used = usedByInstructions(blocks);
  let loaded = 0;
  blocks.forEach((block, place) => {
    const stays: VirtualInstruction[] = [];
    for (const each of block.code) {
      const entry = isConstant(each) && used.has(each.result!) ? entryOf(loops, entries, place) : -1;
      if (entry < 0 || loaded >= MOST_LOADED) {
        stays.push(each);
        continue;
      }
      loaded++;
      // It stands before the block: what has been gone through already.
      blocks[entry]!.code = [...blocks[entry]!.code, each];
    }
    block.code = stays;
  });
}

/** The block in front of the outermost loop around a place that has one way in, as have all loops in between; -1 where there is none. */
function entryOf({ innermost, parent }: LoopRanges, entries: readonly number[], place: number): number {
  let found = -1;
  for (let loop = innermost[place]!; loop >= 0 && entries[loop]! >= 0; loop = parent[loop]!) found = entries[loop]!;
  return found;
}

/** For each loop the one block from which it is entered, at its head; -1 where there are others. */
function findEntries(successors: readonly (readonly number[])[], { head, last }: LoopRanges): number[] {
  const predecessors: number[][] = successors.map(() => []);
  successors.forEach((next, place) => {
    for (const each of next) predecessors[each]!.push(place);
  });
  return head.map((first, loop) => {
    const end = last[loop]!;
    const isOutside = (place: number): boolean => place < first || place > end;
    for (let place = first + 1; place <= end; place++) if (predecessors[place]!.some(isOutside)) return -1;
    const [entry, other] = predecessors[first]!.filter(isOutside);
    return entry === undefined || other !== undefined || entry > first ? -1 : entry;
  });
}

function usedByInstructions(blocks: readonly VirtualBlock[]): ReadonlySet<ValueId> {
  const used = new Set<ValueId>();
  for (const { code, end } of blocks) {
    for (const { uses, list } of code) {
      for (const value of uses) used.add(value);
      for (const value of list ?? []) used.add(value);
    }
    if (end.kind === 'branch') for (const value of end.condition.uses) used.add(value);
  }
  return used;
}
