// From the low-level form of a function to code on lanes: one group of rows at once, every register holding a value for each of them.
//
// The problem: rows take different ways. The idea (if-conversion; Allen et al., 1983, and Karrenberg and Hack, 2011, for loops): all ways are
// computed one after the other, masks say which rows are on them, and where ways meet the values are selected. A loop goes on as
// long as any row is in it; what a row has when it leaves is captured in that round.
//
// Invariants:
// * Everything is computed in all rows; a row that is not there computes something that nobody reads. No operation traps.
// * Code is one line of blocks, with jumps back for loops, which are entered always: so whatever was written before is there.
// * What can fault (a zero divisor) or takes too long leaves the group, and another engine computes its rows from the beginning. Nothing
//   is written before the end of the group.
// * Fuel is exact: what every row uses is a constant; what depends on the way is summed in a register, for each row.
//
// Rejected: ways with branches around them where no row takes them. That pays where ways are long and rows agree; it is a branch for each
// of the many short ones.
import type { Loop } from '../../../ir/cfg.ts';
import { type LirFunction, type LirInstruction, lirUses, settled, type VirtualRegister } from '../lir.ts';
import { LaneNumbers, type LaneOperation } from './lane-numbers.ts';
import type { LaneFeatures } from './lane-target.ts';
import { ALL, type Mask, Masks, type Way } from './masks.ts';
import { Nest } from './nest.ts';

export interface Widened {
  readonly fn: LirFunction;
  /** What every row uses. Where `variesFuel`, the second value that is returned is what rows have used besides. */
  readonly fuel: number;
  readonly variesFuel: boolean;
  /** So many calls have to be able to nest. */
  readonly depth: number;
}

/** What the parameters and the result of a function are. */
export type LaneKind = 'num' | 'bool';

/** Where control can go from a block that is no block: the function returns. */
const RETURN = -1;

interface LoopState {
  readonly loop: Loop | undefined;
  readonly back: Way[];
  readonly exits: { readonly target: number; readonly way: Way }[];
}

/** Why a function cannot be widened: an op that works on no lanes, or a graph of blocks that no loops explain. */
export type Obstacle = { readonly obstacle: string };

export function widen(
  fn: LirFunction,
  params: readonly LaneKind[],
  result: LaneKind,
  features: LaneFeatures,
): Widened | Obstacle {
  const nest = new Nest(fn);
  if (nest.isTangled) return { obstacle: 'a loop that is entered in two places' };
  for (const id of nest.cfg.order) {
    for (const each of fn.blocks[id]!.code) {
      if (each.op === 'call') return { obstacle: 'a call' };
      if (/^(list|record|bytes)/.test(each.op)) return { obstacle: `a list or a record (${each.op})` };
    }
  }
  return new Widening(fn, nest, features).run(params, result);
}

class Widening {
  private readonly fn: LirFunction;
  private readonly nest: Nest;
  private readonly out: LirFunction;
  private readonly numbers: LaneNumbers;
  private readonly masks: Masks;
  /** What stands for each register of the function. */
  private readonly wide: VirtualRegister[];
  private readonly byConstant = new Map<string, VirtualRegister>();
  private readonly arriving: (Way[] | undefined)[];
  private ones = -1;
  private code: LirInstruction[] = [];
  private position = 0;
  private fixedFuel = 0;
  /** What rows have used besides, up to here. */
  private fuel: VirtualRegister | undefined;
  private depth = 0;

  constructor(fn: LirFunction, nest: Nest, features: LaneFeatures) {
    this.fn = fn;
    this.nest = nest;
    this.out = { name: fn.name, blocks: [], classes: [], constants: new Map(), result: 'f' };
    this.wide = new Array(fn.classes.length).fill(-1);
    this.arriving = new Array(fn.blocks.length).fill(undefined);
    const select = (mask: VirtualRegister, yes: VirtualRegister, no: VirtualRegister): VirtualRegister =>
      this.write({ op: 'lane.select' }, [mask, yes, no]);
    this.masks = new Masks({ write: (op, args) => this.write({ op }, args), ones: () => this.ones, select });
    this.numbers = new LaneNumbers(
      {
        write: (what, args) => this.write(what, args),
        constant: value => this.constant(value),
        known: register => this.out.constants.get(register),
        select,
      },
      features,
    );
  }

  run(params: readonly LaneKind[], result: LaneKind): Widened | Obstacle {
    this.begin([], 0);
    this.ones = this.write({ op: 'lane.ones' }, []);
    this.fn.blocks[0]!.params.forEach((param, column) => {
      const loaded = this.write({ op: 'lane.load', column }, []);
      this.wide[param] = params[column] === 'num' ? loaded : this.numbers.compare('ne', loaded, this.constant(0));
    });
    const root: LoopState = { loop: undefined, back: [], exits: [] };
    this.arriving[0] = [{ mask: ALL, args: [] }];
    this.region(root);
    if (root.exits.length === 0) return { obstacle: 'a loop without an end' };
    const { args } = this.masks.join(root.exits.map(({ way }) => way));
    const value =
      result === 'num'
        ? this.numbers.canonical(args[0]!)
        : this.write({ op: 'lane.and' }, [args[0]!, this.constant(1)]);
    const returned = this.fuel === undefined ? [value] : [value, this.fuel];
    this.code.push({ op: 'return', result: -1, args: returned, position: this.position });
    return { fn: this.out, fuel: this.fixedFuel, variesFuel: this.fuel !== undefined, depth: this.depth };
  }

  // ---- writing

  private fresh(): VirtualRegister {
    return this.out.classes.push('f') - 1;
  }

  private write(what: LaneOperation, args: readonly VirtualRegister[]): VirtualRegister {
    const result = this.fresh();
    this.code.push({ ...what, result, args, position: this.position } as LirInstruction);
    return result;
  }

  private effect(what: LaneOperation, args: readonly VirtualRegister[]): void {
    this.code.push({ ...what, result: -1, args, position: this.position } as LirInstruction);
  }

  private constant(value: number): VirtualRegister {
    const key = Object.is(value, -0) ? '-0' : String(value);
    const known = this.byConstant.get(key);
    if (known !== undefined) return known;
    const register = this.fresh();
    this.out.constants.set(register, value);
    this.byConstant.set(key, register);
    return register;
  }

  /** Begins a block, in which writing goes on. */
  private begin(params: VirtualRegister[], loopDepth: number): number {
    this.code = [];
    return this.out.blocks.push({ params, code: this.code, loopDepth }) - 1;
  }

  /** What stands for a register of the function. */
  private use(register: VirtualRegister): VirtualRegister {
    const known = this.fn.constants.get(register);
    if (known === undefined) return this.wide[register]!;
    if (this.fn.classes[register] === 'f') return this.constant(known);
    return known === 0 ? this.constant(0) : this.ones;
  }

  // ---- regions

  /** The blocks of a loop, or all that lie in none, in an order in which ways lead forward. Inner loops count as one. */
  private region(state: LoopState): void {
    for (const id of this.nest.itemsOf(state.loop)) {
      const ways = this.arriving[id];
      if (ways === undefined) continue;
      const inner = this.nest.loopAt(id);
      if (inner !== undefined && inner !== state.loop) this.loop(inner, ways, state);
      else this.block(id, this.masks.join(ways), state);
    }
  }

  private block(id: number, { mask, args }: Way, state: LoopState): void {
    const block = this.fn.blocks[id]!;
    if (id !== 0) {
      block.params.forEach((param, i) => {
        this.wide[param] = args[i]!;
      });
    }
    let fuel = 0;
    for (const each of block.code) {
      if (each.position >= 0) this.position = each.position;
      if (each.op === 'fuel') fuel += each.amount;
    }
    this.count(fuel, mask);
    for (const each of block.code) this.instruction(each, mask, state);
  }

  private count(amount: number, mask: Mask): void {
    if (amount === 0) return;
    if (mask.kind === 'all') {
      this.fixedFuel += amount;
      return;
    }
    const used = this.write({ op: 'lane.and' }, [this.masks.bits(mask), this.constant(amount)]);
    this.fuel = this.write({ op: 'add' }, [this.fuel ?? this.constant(0), used]);
  }

  private go(target: number, way: Way, state: LoopState): void {
    if (target !== RETURN && target === state.loop?.head) state.back.push(way);
    else if (target === RETURN || (state.loop !== undefined && !state.loop.body.has(target))) {
      state.exits.push({ target, way });
    } else {
      this.arriving[target] ??= [];
      this.arriving[target]!.push(way);
    }
  }

  private loop(loop: Loop, ways: readonly Way[], outer: LoopState): void {
    const { mask: entered, args: initial } = this.masks.join(ways);
    const entry = this.masks.bits(entered);
    const firstInside = this.out.classes.length;
    // What goes round: the parameters, which rows are in it, what they used, and what those had that left.
    const round: { readonly param: VirtualRegister; readonly first: VirtualRegister; next: VirtualRegister }[] = [];
    const carry = (first: VirtualRegister): (typeof round)[number] => {
      const carried = { param: this.fresh(), first, next: -1 };
      round.push(carried);
      return carried;
    };
    const params = initial.map(carry);
    const inside = carry(entry);
    const usesFuel = this.nest.usesFuel(loop);
    const fuel = usesFuel ? carry(this.fuel ?? this.constant(0)) : undefined;
    if (fuel !== undefined) this.fuel = fuel.param;
    const before = this.code;
    const depth = this.nest.depthOf(loop);
    const headParams: VirtualRegister[] = [];
    const again = this.begin(headParams, depth);
    const state: LoopState = { loop, back: [], exits: [] };
    this.arriving[loop.head] = [
      { mask: { kind: 'register', register: inside.param }, args: params.map(({ param }) => param) },
    ];
    this.region(state);
    // The next round: only those that come back are in it.
    const back = this.masks.join(state.back);
    inside.next = this.masks.bits(back.mask);
    params.forEach((param, i) => {
      param.next = back.args[i]!;
    });
    if (fuel !== undefined) fuel.next = this.fuel!;
    const capture = (mask: VirtualRegister, value: VirtualRegister): VirtualRegister => {
      if (value < firstInside || this.out.constants.has(value)) return value;
      const carried = carry(this.constant(0));
      carried.next = this.write({ op: 'lane.select' }, [mask, value, carried.param]);
      return carried.next;
    };
    let rest = entered;
    const exits = state.exits.map(({ target, way }, i): { target: number; way: Way } => {
      const args = way.args.map(arg => capture(this.masks.bits(way.mask), arg));
      // Whoever has not left by one of the others has left by the last one.
      if (i === state.exits.length - 1) return { target, way: { mask: rest, args } };
      const carried = carry(this.constant(0));
      carried.next = this.write({ op: 'lane.or' }, [carried.param, this.masks.bits(way.mask)]);
      const mask: Mask = { kind: 'part', within: rest, condition: carried.next, sense: true };
      rest = { kind: 'part', within: rest, condition: carried.next, sense: false };
      return { target, way: { mask, args } };
    });
    const gone = this.write({ op: 'lane.without' }, [inside.next, inside.param]);
    for (const value of this.nest.usedOutside(loop)) this.wide[value] = capture(gone, this.wide[value]!);
    this.effect({ op: 'lane.round' }, []);
    this.close(again, depth, before, headParams, round, inside.next);
    for (const { target, way } of exits) this.go(target, way, outer);
  }

  /** Writes the jumps into a loop and back, and begins the block behind it. */
  private close(
    again: number,
    depth: number,
    before: LirInstruction[],
    headParams: VirtualRegister[],
    round: readonly {
      readonly param: VirtualRegister;
      readonly first: VirtualRegister;
      readonly next: VirtualRegister;
    }[],
    goesOn: VirtualRegister,
  ): void {
    const jump = (args: VirtualRegister[]): LirInstruction => ({
      op: 'jump',
      target: { block: again, args },
      result: -1,
      args: [],
      position: this.position,
    });
    for (const { param } of round) headParams.push(param);
    before.push(jump(round.map(({ first }) => first)));
    const end = this.code;
    const turn = this.begin([], depth);
    this.code.push(jump(round.map(({ next }) => next)));
    const behind = this.begin([], depth - 1);
    end.push({
      op: 'branch',
      condition: 'true',
      then: turn,
      otherwise: behind,
      result: -1,
      args: [goesOn],
      position: this.position,
    });
  }

  // ---- instructions

  private instruction(each: LirInstruction, mask: Mask, state: LoopState): void {
    if (each.position >= 0) this.position = each.position;
    switch (each.op) {
      case 'fuel':
        return;
      case 'depth':
        this.depth = Math.max(this.depth, each.amount);
        return;
      case 'check.zero': {
        const isZero = this.numbers.compare('eq', this.use(each.args[0]!), this.constant(0));
        this.effect({ op: 'lane.leave' }, [this.masks.both(mask, isZero)]);
        return;
      }
      case 'leave.if':
        this.effect({ op: 'lane.leave' }, [this.masks.both(mask, this.use(each.args[0]!))]);
        return;
      case 'remainder': {
        const { value, odd } = this.numbers.remainder(this.use(each.args[0]!), this.use(each.args[1]!));
        this.effect({ op: 'lane.leave' }, [this.masks.both(mask, odd)]);
        this.wide[each.result] = value;
        return;
      }
      case 'jump':
        this.go(each.target.block, { mask, args: each.target.args.map(arg => this.use(arg)) }, state);
        return;
      case 'branch': {
        const [a, b] = each.args.map(arg => this.use(arg));
        const condition = each.condition === 'true' ? a! : this.numbers.compare(settled(each.condition), a!, b!);
        this.go(each.then, { mask: { kind: 'part', within: mask, condition, sense: true }, args: [] }, state);
        this.go(each.otherwise, { mask: { kind: 'part', within: mask, condition, sense: false }, args: [] }, state);
        return;
      }
      case 'return':
        this.go(RETURN, { mask, args: [this.use(each.args[0]!)] }, state);
        return;
      default:
        this.wide[each.result] = this.compute(
          each,
          lirUses(each).map(arg => this.use(arg)),
        );
    }
  }

  private compute(each: LirInstruction, args: readonly VirtualRegister[]): VirtualRegister {
    const { numbers } = this;
    const [a, b] = args as readonly [VirtualRegister, VirtualRegister];
    switch (each.op) {
      case 'neg':
        return numbers.negative(a);
      case 'abs':
        return numbers.absolute(a);
      case 'min':
      case 'max':
        return numbers.extreme(each.op, a, b);
      case 'round':
        return numbers.round(each.rounding, a);
      case 'bound':
        return numbers.bound(a);
      case 'compare':
        return numbers.compare(settled(each.condition), a, b);
      case 'not':
        return this.write({ op: 'lane.without' }, [a, this.ones]);
      case 'same': {
        const differs = this.write({ op: 'lane.xor' }, [a, b]);
        return this.write({ op: 'lane.without' }, [differs, this.ones]);
      }
      default:
        return this.write({ op: each.op as 'add' | 'sub' | 'mul' | 'div' | 'sqrt' }, args);
    }
  }
}
