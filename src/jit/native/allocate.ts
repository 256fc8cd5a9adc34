// Registers for virtual registers: linear scan over intervals with holes (Poletto and Sarkar, 1999; Wimmer and Mössenböck, 2005), where an
// interval gets a register for all of its life or a place in the frame. What must give way is what costs least there, uses counted ten
// times for each loop around them. A call loses the registers that its function may write, which is known when that function was compiled
// before; whatever lives across it has another register or a place in the frame.
//
// A register is asked for first where a move would be saved: by the parameter that a value is passed to, by the result of the first operand,
// by the convention of calls. check-allocation.ts proves the outcome for every function that is compiled.
import { crosses, findIntervals, type Interval, overlap, type Positions } from './intervals.ts';
import type { LirFunction, RegisterClass, VirtualRegister } from './lir.ts';

/** Where a value is: a register of its class, or a place in the frame. A constant is nowhere. */
export interface Location {
  readonly kind: 'register' | 'slot';
  readonly index: number;
}

/** What the allocator must know of a processor. */
export interface RegisterFile {
  /** The registers that may be given out, most wanted first. */
  readonly allocatable: Readonly<Record<RegisterClass, readonly number[]>>;
  /** Where arguments come in, in order, and where results are given. */
  readonly arguments: Readonly<Record<RegisterClass, readonly number[]>>;
  readonly result: Readonly<Record<RegisterClass, number>>;
  /** Registers that any instruction may write. */
  readonly scratch: Readonly<Record<RegisterClass, readonly number[]>>;
}

/** The registers that a function may write, by class, as bits. */
export type Clobbers = Readonly<Record<RegisterClass, number>>;

/** What is known of functions that were not compiled before: nothing. */
export const ALL_CLOBBERED: Clobbers = { f: -1, i: -1 };

export interface Allocation {
  /** What a call of the function may write. */
  readonly clobbers: Clobbers;
  /** By virtual register; undefined for constants, and for what is never alive. */
  readonly locations: readonly (Location | undefined)[];
  /** Places in the frame, 8 bytes each. */
  readonly slots: number;
}

/** Places in the frame that are looked at for one that is free; more than that, and a new one is cheaper. */
const SLOTS_TRIED = 32;

/**
 * Gives every virtual register a place. `clobbersOf` says what calls may write; `stress` makes it use as few registers as it can, to
 * test spilling.
 */
export function allocate(
  fn: LirFunction,
  order: readonly number[],
  file: RegisterFile,
  clobbersOf: (callee: number) => Clobbers,
  stress = false,
): Allocation {
  const { positions, intervals } = findIntervals(fn, order);
  const locations: (Location | undefined)[] = new Array(fn.classes.length).fill(undefined);
  const hints = findHints(fn, order, file);
  const spilled: Interval[] = [];
  const taken: Readonly<Record<RegisterClass, Map<number, Interval[]>>> = { f: new Map(), i: new Map() };
  const sorted = intervals.filter(each => each !== undefined).sort((a, b) => a.ranges[0]! - b.ranges[0]!);
  let callsBehind = 0;
  for (const current of sorted) {
    const start = current.ranges[0]!;
    while (callsBehind < positions.calls.length && positions.calls[callsBehind]!.at + 1 < start) callsBehind++;
    const kind = fn.classes[current.register]!;
    const lost = lostAcross(current, kind, positions.calls, callsBehind, clobbersOf);
    const given = stress ? file.allocatable[kind].slice(0, 2) : file.allocatable[kind];
    const allocatable = lost === 0 ? given : given.filter(register => ((lost >> register) & 1) === 0);
    const held = taken[kind];
    const isAlive = ({ ranges }: Interval): boolean => ranges[ranges.length - 1]! > start;
    for (const [register, owners] of held) if (!owners.every(isAlive)) held.set(register, owners.filter(isAlive));
    const conflicts = (register: number): Interval[] =>
      (held.get(register) ?? []).filter(owner => overlap(owner.ranges, current.ranges));
    const wanted = wantedRegisters(hints[current.register], locations);
    const isFree = (register: number): boolean =>
      held.get(register)?.some(owner => overlap(owner.ranges, current.ranges)) !== true;
    let chosen =
      wanted.find(register => allocatable.includes(register) && isFree(register)) ?? allocatable.find(isFree);
    if (chosen === undefined) chosen = makeRoom(current, allocatable, conflicts, owner => evict(owner));
    if (chosen === undefined) {
      spilled.push(current);
      continue;
    }
    locations[current.register] = { kind: 'register', index: chosen };
    const owners = held.get(chosen);
    if (owners === undefined) held.set(chosen, [current]);
    else owners.push(current);

    function evict(owner: Interval): void {
      const { index } = locations[owner.register]!;
      held.set(
        index,
        held.get(index)!.filter(other => other !== owner),
      );
      locations[owner.register] = undefined;
      spilled.push(owner);
    }
  }
  return {
    clobbers: clobbersBy(fn, order, locations, file, clobbersOf),
    locations,
    slots: placeSpilled(spilled, locations),
  };
}

/** The registers that calls write while the interval is alive around them, as bits. */
function lostAcross(
  { ranges }: Interval,
  kind: RegisterClass,
  calls: Positions['calls'],
  from: number,
  clobbersOf: (callee: number) => Clobbers,
): number {
  const end = ranges[ranges.length - 1]!;
  let lost = 0;
  for (let i = from; i < calls.length && calls[i]!.at < end; i++) {
    if (crosses(ranges, calls[i]!.at)) lost |= clobbersOf(calls[i]!.callee)[kind];
  }
  return lost;
}

function clobbersBy(
  fn: LirFunction,
  order: readonly number[],
  locations: readonly (Location | undefined)[],
  file: RegisterFile,
  clobbersOf: (callee: number) => Clobbers,
): Clobbers {
  const clobbers = { f: 0, i: 0 };
  locations.forEach((location, register) => {
    if (location?.kind === 'register') clobbers[fn.classes[register]!] |= 1 << location.index;
  });
  for (const kind of ['f', 'i'] as const) {
    clobbers[kind] |= 1 << file.result[kind];
    for (const register of file.scratch[kind]) clobbers[kind] |= 1 << register;
  }
  for (const id of order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.op !== 'call') continue;
      argumentRegisters(fn, each.args, file).forEach((register, i) => {
        clobbers[fn.classes[each.args[i]!]!] |= 1 << register;
      });
      const callee = clobbersOf(each.callee);
      clobbers.f |= callee.f;
      clobbers.i |= callee.i;
    }
  }
  return clobbers;
}

/** The register whose owners weigh least, freed of them, when they weigh less than the current interval. */
function makeRoom(
  current: Interval,
  allocatable: readonly number[],
  conflicts: (register: number) => readonly Interval[],
  evict: (owner: Interval) => void,
): number | undefined {
  let best: number | undefined;
  let least = costOf(current);
  for (const register of allocatable) {
    const weight = conflicts(register).reduce((sum, owner) => sum + costOf(owner), 0);
    if (weight < least) {
      least = weight;
      best = register;
    }
  }
  if (best !== undefined) for (const owner of conflicts(best)) evict(owner);
  return best;
}

/** Uses for the time a register would be held. */
function costOf({ ranges, weight }: Interval): number {
  let length = 0;
  for (let i = 0; i < ranges.length; i += 2) length += ranges[i + 1]! - ranges[i]!;
  return weight / (length + 4);
}

/** More hints of one kind are not looked at. */
const MOST_HINTS = 8;

interface Hint {
  /** Virtual registers that a move would be saved to. */
  readonly near: VirtualRegister[];
  readonly fixed: number[];
}

function findHints(fn: LirFunction, order: readonly number[], file: RegisterFile): (Hint | undefined)[] {
  const hints: (Hint | undefined)[] = new Array(fn.classes.length).fill(undefined);
  const hintOf = (register: VirtualRegister): Hint => (hints[register] ??= { near: [], fixed: [] });
  const near = (a: VirtualRegister, b: VirtualRegister): void => {
    if (fn.constants.has(a) || fn.constants.has(b) || fn.classes[a] !== fn.classes[b]) return;
    hintOf(a).near.push(b);
    hintOf(b).near.push(a);
  };
  argumentRegisters(fn, fn.blocks[0]!.params, file).forEach((register, i) => {
    hintOf(fn.blocks[0]!.params[i]!).fixed.push(register);
  });
  for (const id of order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.op === 'jump') {
        fn.blocks[each.target.block]!.params.forEach((param, i) => {
          near(param, each.target.args[i]!);
        });
      } else if (each.op === 'call') {
        argumentRegisters(fn, each.args, file).forEach((register, i) => {
          if (!fn.constants.has(each.args[i]!)) hintOf(each.args[i]!).fixed.push(register);
        });
        if (each.result >= 0) hintOf(each.result).fixed.push(file.result[fn.classes[each.result]!]);
      } else if (each.op === 'return') {
        if (!fn.constants.has(each.args[0]!)) hintOf(each.args[0]!).fixed.push(file.result[fn.classes[each.args[0]!]!]);
      } else if (each.result >= 0 && each.args.length > 0) {
        near(each.result, each.args[0]!);
      }
    }
  }
  return hints;
}

function wantedRegisters(hint: Hint | undefined, locations: readonly (Location | undefined)[]): readonly number[] {
  if (hint === undefined) return [];
  const wanted: number[] = [];
  for (let i = 0; i < hint.near.length && i < MOST_HINTS; i++) {
    const location = locations[hint.near[i]!];
    if (location?.kind === 'register') wanted.push(location.index);
  }
  for (let i = 0; i < hint.fixed.length && i < MOST_HINTS; i++) wanted.push(hint.fixed[i]!);
  return wanted;
}

/** The registers that arguments of these classes are passed in, in order. */
export function argumentRegisters(
  fn: LirFunction,
  args: readonly VirtualRegister[],
  file: RegisterFile,
): readonly number[] {
  const used = { f: 0, i: 0 };
  return args.map(arg => {
    const kind = fn.classes[arg]!;
    return file.arguments[kind][used[kind]++]!;
  });
}

/** Gives each spilled interval a place in the frame, one for several that are never alive together. Gives how many. */
function placeSpilled(spilled: readonly Interval[], locations: (Location | undefined)[]): number {
  const slots: number[][] = [];
  for (const { register, ranges } of spilled) {
    let index = slots.slice(0, SLOTS_TRIED).findIndex(owner => !overlap(owner, ranges));
    if (index < 0) index = slots.push([]) - 1;
    slots[index] = mergeRanges(slots[index]!, ranges);
    locations[register] = { kind: 'slot', index };
  }
  return slots.length;
}

function mergeRanges(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const from = j >= b.length || (i < a.length && a[i]! < b[j]!) ? a : b;
    const at = from === a ? i : j;
    merged.push(from[at]!, from[at + 1]!);
    if (from === a) i += 2;
    else j += 2;
  }
  return merged;
}
