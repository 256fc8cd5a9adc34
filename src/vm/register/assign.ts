// Gives every value of a function a register. Values that are moved to each other on a jump share one where they can: classes of values
// that are never alive together are formed along the moves, innermost loops first, and then each class takes the lowest register
// that is free wherever the class is alive (linear scan with holes; Wimmer and Franz, "Linear Scan Register Allocation on SSA Form", 2010).
// Registers are many, so nothing is ever spilled here: what lies beyond the registers that an instruction can name is reached by copies
// (encode.ts).
import type { ValueId } from '../../ir/ir.ts';
import { assignLarge } from './assign-large.ts';
import { argumentRegister, argumentRegisters, DIRECT_REGISTERS } from './code.ts';
import { findLoopRanges } from './layout.ts';
import { findParts, overlap, type Parts, unite } from './liveness.ts';
import { successorsOf, targetsOf, type VirtualFunction } from './virtual.ts';

export interface Assignment {
  /** The register of each value; -1 for one that has none because nothing makes or uses it. */
  readonly registers: Int32Array;
  /** How many registers there are, without any for resolving cycles of moves. */
  readonly count: number;
}

/** In functions with more values the search for free registers would take too long. */
const LARGE = 4000;
const MOST_STEPS = 400_000;

export function assignRegisters(fn: VirtualFunction): Assignment {
  if (fn.values > LARGE) return assignLarge(fn);
  const parts = findParts(fn, MOST_STEPS);
  if (parts === undefined) return assignLarge(fn);
  const entry = fn.blocks[0]!.params;
  const fixed = new Map<ValueId, number>(entry.map((value, i) => [value, argumentRegister(i, entry.length)]));
  const classes = new Classes(parts, fixed);
  for (const [param, arg] of movesInOrder(fn)) classes.join(param, arg);
  return takeRegisters(classes, fn.values, argumentRegisters(entry.length));
}

/** Each parameter with each of its arguments; those in innermost loops first. */
function movesInOrder(fn: VirtualFunction): (readonly [param: ValueId, arg: ValueId])[] {
  const places = new Map(fn.blocks.map((block, place) => [block.id, place]));
  const loops = findLoopRanges(fn.blocks.map(block => successorsOf(block).map(id => places.get(id)!)));
  const depths = loops.parent.map(() => 0);
  loops.parent.forEach((parent, loop) => {
    depths[loop] = parent < 0 ? 1 : depths[parent]! + 1;
  });
  const moves = fn.blocks.flatMap((block, place) => {
    const loop = loops.innermost[place]!;
    const depth = loop < 0 ? 0 : depths[loop]!;
    return targetsOf(block).flatMap(target => {
      const { params } = fn.blocks[places.get(target.block)!]!;
      return target.args.map((arg, i) => ({ depth, param: params[i]!, arg }));
    });
  });
  moves.sort((a, b) => b.depth - a.depth);
  return moves.map(({ param, arg }) => [param, arg] as const);
}

/** Classes of values that share a register: disjoint sets with path halving. */
class Classes {
  private readonly parent: Int32Array;
  /** By the value that stands for a class: where the class is alive, and its register when that is given. */
  readonly parts: Parts[];
  readonly fixed: Map<ValueId, number>;

  constructor(parts: readonly Parts[], fixed: ReadonlyMap<ValueId, number>) {
    this.parent = Int32Array.from(parts, (_, value) => value);
    this.parts = [...parts];
    this.fixed = new Map(fixed);
  }

  find(value: ValueId): ValueId {
    const { parent } = this;
    let at = value;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  /** Makes one class of two when nothing speaks against it. */
  join(a: ValueId, b: ValueId): void {
    const first = this.find(a);
    const second = this.find(b);
    if (first === second || (this.fixed.has(first) && this.fixed.has(second))) return;
    if (overlap(this.parts[first]!, this.parts[second]!)) return;
    this.parts[first] = unite(this.parts[first]!, this.parts[second]!);
    const register = this.fixed.get(second);
    if (register !== undefined) this.fixed.set(first, register);
    this.parent[second] = first;
  }
}

function takeRegisters(classes: Classes, values: number, reserved: number): Assignment {
  const members = Array.from({ length: values }, (_, value) => value);
  const heads = members.filter(value => classes.find(value) === value && classes.parts[value]!.length > 0);
  // Given registers are taken before anybody looks for a free one.
  const rank = (head: ValueId): number => (classes.fixed.has(head) ? -1 : classes.parts[head]![0]!);
  heads.sort((a, b) => rank(a) - rank(b));
  const taken: Parts[] = Array.from({ length: reserved }, () => []);
  const registerOf = new Map<ValueId, number>();
  for (const head of heads) {
    const parts = classes.parts[head]!;
    let register = classes.fixed.get(head) ?? taken.findIndex(other => !overlap(other, parts));
    if (register < 0) register = taken.push([]) - 1;
    taken[register] = unite(taken[register]!, parts);
    registerOf.set(head, register);
  }
  const registers = Int32Array.from(members, value => registerOf.get(classes.find(value)) ?? -1);
  return { registers, count: taken.length };
}

/** The register numbers of a function that needs more than instructions can name leave out those kept for copies. */
export function spreadRegisters(assignment: Assignment): Assignment {
  const registers = assignment.registers.map(register =>
    register >= DIRECT_REGISTERS ? argumentRegister(register, Number.POSITIVE_INFINITY) : register,
  );
  return { registers, count: argumentRegisters(assignment.count) };
}
