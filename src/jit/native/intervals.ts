// Where each virtual register is alive, as ranges of positions with holes between them. Instruction n of the laid out code reads at position
// 2n and writes at 2n+1, so a result may take the register of an operand that is not needed any more.
import { type LirFunction, lirSuccessors, lirUses, type VirtualRegister } from './lir.ts';

export interface Interval {
  readonly register: VirtualRegister;
  /** Pairs: from, to (exclusive); ascending, apart from each other. */
  readonly ranges: number[];
  /** How much it would cost to keep it in memory. */
  weight: number;
}

/** What a use counts, by how many loops lie around it. */
const COSTS: readonly number[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

export interface Positions {
  /** The position where each block begins (its parameters are written there) and where it ends, by block. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** Calls, by position: between reading and writing, the callee's registers are lost. */
  readonly calls: readonly { readonly at: number; readonly callee: number }[];
}

/** Finds positions and intervals. Constants have none. Linear in the size of the function and of what is alive at its borders. */
export function findIntervals(
  fn: LirFunction,
  order: readonly number[],
): { readonly positions: Positions; readonly intervals: readonly (Interval | undefined)[] } {
  const positions = number(fn, order);
  const liveOut = findLiveOut(fn, order);
  const intervals: (Interval | undefined)[] = new Array(fn.classes.length).fill(undefined);
  const intervalOf = (register: VirtualRegister): Interval => {
    intervals[register] ??= { register, ranges: [], weight: 0 };
    return intervals[register]!;
  };
  // Backwards, so ranges come in descending order: they are kept reversed until the end.
  const extend = (register: VirtualRegister, from: number, to: number): void => {
    const { ranges } = intervalOf(register);
    const last = ranges.length;
    if (last > 0 && ranges[last - 1]! <= to) {
      ranges[last - 1] = Math.min(ranges[last - 1]!, from);
      if (ranges[last - 2]! < to) ranges[last - 2] = to;
    } else {
      ranges.push(to, from);
    }
  };
  for (let i = order.length - 1; i >= 0; i--) {
    const id = order[i]!;
    const block = fn.blocks[id]!;
    const begin = positions.begin[id]!;
    const end = positions.end[id]!;
    const cost = COSTS[Math.min(COSTS.length - 1, block.loopDepth)]!;
    for (const register of liveOut[id]!) extend(register, begin, end);
    for (let n = block.code.length - 1, at = end - 2; n >= 0; n--, at -= 2) {
      const each = block.code[n]!;
      if (each.result >= 0) {
        const interval = intervalOf(each.result);
        const { ranges } = interval;
        interval.weight += cost;
        if (ranges.length === 0 || ranges[ranges.length - 1]! > at + 1) extend(each.result, at + 1, at + 2);
        else ranges[ranges.length - 1] = at + 1;
      }
      // What is written down at a point is no reason to hold it in a register.
      const isState = each.op === 'fuel';
      for (const register of each.op === 'call' ? each.args : lirUses(each)) {
        if (fn.constants.has(register)) continue;
        extend(register, begin, at + 1);
        if (!isState) intervalOf(register).weight += cost;
      }
      if (each.op !== 'call' || each.state === undefined) continue;
      for (const register of each.state) if (!fn.constants.has(register)) extend(register, begin, at + 2);
    }
    for (const param of block.params) {
      if (intervals[param] === undefined) extend(param, begin, begin + 1);
      intervalOf(param).weight += cost;
    }
  }
  for (const interval of intervals) interval?.ranges.reverse();
  return { positions, intervals };
}

function number(fn: LirFunction, order: readonly number[]): Positions {
  const begin = new Int32Array(fn.blocks.length);
  const end = new Int32Array(fn.blocks.length);
  const calls: { readonly at: number; readonly callee: number }[] = [];
  let at = 0;
  for (const id of order) {
    begin[id] = at;
    at += 2;
    for (const each of fn.blocks[id]!.code) {
      if (each.op === 'call') calls.push({ at, callee: each.callee });
      at += 2;
    }
    end[id] = at;
  }
  return { begin, end, calls };
}

/** What is alive at the end of each block, found use by use: from a use upwards to the definition. */
function findLiveOut(fn: LirFunction, order: readonly number[]): readonly (readonly VirtualRegister[])[] {
  const predecessors: number[][] = fn.blocks.map(() => []);
  for (const id of order) for (const next of lirSuccessors(fn.blocks[id]!)) predecessors[next]!.push(id);
  const definedIn = new Int32Array(fn.classes.length).fill(-1);
  const usedIn: (number[] | undefined)[] = new Array(fn.classes.length).fill(undefined);
  for (const id of order) {
    const block = fn.blocks[id]!;
    for (const param of block.params) definedIn[param] = id;
    for (const each of block.code) {
      for (const register of lirUses(each)) {
        if (fn.constants.has(register)) continue;
        const blocks = usedIn[register];
        if (blocks === undefined) usedIn[register] = [id];
        else if (blocks[blocks.length - 1] !== id) blocks.push(id);
      }
      if (each.result >= 0) definedIn[each.result] = id;
    }
  }
  const liveOut: VirtualRegister[][] = fn.blocks.map(() => []);
  const seenFor = new Int32Array(fn.blocks.length).fill(-1);
  usedIn.forEach((blocks, register) => {
    const work = (blocks ?? []).filter(id => id !== definedIn[register]);
    while (work.length > 0) {
      for (const before of predecessors[work.pop()!]!) {
        if (seenFor[before] === register) continue;
        seenFor[before] = register;
        liveOut[before]!.push(register);
        if (before !== definedIn[register]) work.push(before);
      }
    }
  });
  return liveOut;
}

/** Whether two intervals are alive at the same position somewhere. */
export function overlap(a: readonly number[], b: readonly number[]): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1]! <= b[j]!) i += 2;
    else if (b[j + 1]! <= a[i]!) j += 2;
    else return true;
  }
  return false;
}

/** Whether an interval is alive just behind the reading of the call at `at`, and was before: its register would be lost. */
export function crosses(ranges: readonly number[], at: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (ranges[i]! <= at && ranges[i + 1]! > at + 1) return true;
  return false;
}
