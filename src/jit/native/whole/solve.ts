// Which doubles of a function are kept as whole numbers in general registers, and between which bounds they lie.
//
// All are candidates at first (found optimistically, like ir/integers.ts); what cannot be one is struck, and what depends on it. Then ranges
// rise from nothing until they hold, and whatever needs a range that it has not is struck as well: the dividend of a remainder that may be
// negative, so that the result may be -0. At last candidates that are joined by arithmetic are weighed together: each saves something where
// it is an index or compared, and costs something where a double is wanted.
//
// A sum that may leave ±2^52 is *checked*: going on elsewhere is always possible (call.ts), so a check may fail. Where that happens
// again and again, the function is compiled `careful`, which makes no checks and so keeps fewer whole numbers.
import { dominates } from '../../../ir/cfg.ts';
import type { LirFunction, LirInstruction, VirtualRegister } from '../lir.ts';
import { Facts } from './facts.ts';
import type { LirGraph } from './graph.ts';
import {
  ANYTHING,
  arithmetic,
  holdsZero,
  isBeyond,
  isNothing,
  join,
  MOST,
  MOST_ITEMS,
  meet,
  NOTHING,
  type Range,
  widen,
} from './range.ts';

/** Ranges that grow after so many rounds are widened; after so many in all nothing is kept. */
const ROUNDS_BEFORE_WIDENING = 3;
const MOST_ROUNDS = 40;
const MOST_TRIES = 24;
/** After they hold, ranges are computed so many times more, without widening: what a comparison bounds comes back down. */
const ROUNDS_BACK = 2;

/** A product whose bounds are so far is better left a double. */
const SURELY_FAR = 2 ** 56;

export interface Solution {
  readonly whole: Uint8Array;
  readonly facts: Facts;
  readonly careful: boolean;
}

/** Undefined when nothing is worth to be kept as a whole number. */
export function solve(fn: LirFunction, graph: LirGraph, careful: boolean): Solution | undefined {
  const solver = new Solver(fn, graph, careful);
  return solver.run() ? { whole: solver.whole, facts: solver.facts, careful } : undefined;
}

export function isWholeConstant(fn: LirFunction, register: VirtualRegister): boolean {
  const known = fn.constants.get(register);
  return known !== undefined && Number.isInteger(known) && Math.abs(known) <= MOST && !Object.is(known, -0);
}

/** The divisor of a remainder, when it is one that whole numbers are divided by. */
export function divisorOf(fn: LirFunction, { op, args }: LirInstruction): number | undefined {
  const divisor = op === 'remainder' ? fn.constants.get(args[1]!) : undefined;
  return divisor !== undefined && Number.isInteger(divisor) && divisor > 0 && divisor < 2 ** 31 ? divisor : undefined;
}

/** The divisor of a division, when it is a power of two. */
export function powerOf(fn: LirFunction, { op, args }: LirInstruction): number | undefined {
  const divisor = op === 'div' ? fn.constants.get(args[1]!) : undefined;
  if (divisor === undefined || divisor < 2 || divisor > 2 ** 30 || !Number.isInteger(divisor)) return undefined;
  return (divisor & (divisor - 1)) === 0 ? divisor : undefined;
}

/** What a use counts, by how many loops lie around it. */
const WEIGHTS: readonly number[] = [1, 8, 64, 512, 4096, 32768, 262144];

class Solver {
  readonly whole: Uint8Array;
  facts: Facts;
  private readonly fn: LirFunction;
  private readonly graph: LirGraph;
  private readonly careful: boolean;
  private readonly dependents = new Map<VirtualRegister, VirtualRegister[]>();
  /** What an index is made of. */
  private readonly wanted = new Set<VirtualRegister>();
  private ranges: Range[] = [];

  constructor(fn: LirFunction, graph: LirGraph, careful: boolean) {
    this.fn = fn;
    this.graph = graph;
    this.careful = careful;
    this.whole = new Uint8Array(fn.classes.length);
    this.facts = this.newFacts();
  }

  run(): boolean {
    this.findWanted();
    this.findCandidates();
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (this.whole.every(flag => flag === 0)) return false;
      if (!this.findRanges()) return false;
      const struck = this.unprovable();
      if (struck.length === 0) struck.push(...this.unprofitable());
      if (struck.length === 0) return true;
      this.strike(struck);
    }
    return false;
  }

  // ---- candidates

  private isCandidate(register: VirtualRegister): boolean {
    return this.whole[register] === 1 || isWholeConstant(this.fn, register);
  }

  private findWanted(): void {
    const { made, incoming } = this.graph;
    const work: VirtualRegister[] = [];
    for (const id of this.graph.cfg.order) {
      for (const { op, args } of this.fn.blocks[id]!.code)
        if (op === 'list.get' || op === 'list.set') work.push(args[1]!);
    }
    for (let register = work.pop(); register !== undefined; register = work.pop()) {
      if (this.wanted.has(register)) continue;
      this.wanted.add(register);
      const { op, args } = made[register] ?? { op: undefined, args: [] };
      if (op === 'add' || op === 'sub' || op === 'mul') work.push(...args);
      for (const { value } of incoming.get(register) ?? []) work.push(value);
    }
  }

  private findCandidates(): void {
    const { fn, graph } = this;
    const struck: VirtualRegister[] = [];
    for (const id of graph.cfg.order) {
      const { code, params } = fn.blocks[id]!;
      for (const param of params) {
        if (fn.classes[param] !== 'f') continue;
        this.whole[param] = 1;
        if (id === 0) struck.push(param);
        for (const { from, value } of graph.incoming.get(param) ?? []) {
          if (this.mayConvert(param, value, from, id)) continue;
          this.depend(param, value);
        }
      }
      for (const each of code) {
        if (each.result < 0 || fn.classes[each.result] !== 'f') continue;
        this.whole[each.result] = 1;
        const needs = this.needs(each, id);
        if (needs === undefined) struck.push(each.result);
        else for (const need of needs) this.depend(each.result, need);
      }
    }
    for (const [register] of this.dependents) {
      if (this.whole[register] !== 1 && !isWholeConstant(fn, register)) {
        struck.push(...this.dependents.get(register)!);
      }
    }
    this.strike(struck);
  }

  private depend(register: VirtualRegister, on: VirtualRegister): void {
    const known = this.dependents.get(on);
    if (known === undefined) this.dependents.set(on, [register]);
    else known.push(register);
  }

  /** Whether what enters a loop may be looked at before it, when it becomes an index in there. */
  private mayConvert(param: VirtualRegister, value: VirtualRegister, from: number, head: number): boolean {
    if (this.careful || !this.wanted.has(param) || this.fn.constants.has(value)) return false;
    return this.fn.classes[value] === 'f' && this.isLoopHead(head) && !dominates(this.graph.cfg, head, from);
  }

  private isLoopHead(block: number): boolean {
    return this.graph.cfg.predecessors[block]!.some(from => dominates(this.graph.cfg, block, from));
  }

  /** What has to be whole for the result to be; undefined when nothing makes it so. */
  private needs(each: LirInstruction, block: number): readonly VirtualRegister[] | undefined {
    switch (each.op) {
      case 'list.length':
        return [];
      case 'bound':
        // Of a whole number it is that number: there is nothing to check.
        return this.careful ? each.args : [];
      case 'add':
      case 'sub':
      case 'mul':
        return each.args.filter(arg => !this.mayHoist(each.result, arg, block));
      case 'remainder':
        return divisorOf(this.fn, each) === undefined ? each.args : [each.args[0]!];
      case 'div':
        return powerOf(this.fn, each) === undefined ? undefined : [each.args[0]!];
      default:
        return undefined;
    }
  }

  /** Whether an operand of an index may be looked at before the loop. */
  private mayHoist(result: VirtualRegister, arg: VirtualRegister, block: number): boolean {
    if (this.careful || !this.wanted.has(result) || this.fn.constants.has(arg)) return false;
    return this.graph.depth[this.graph.home[arg]!]! < this.graph.depth[block]!;
  }

  private strike(struck: VirtualRegister[]): void {
    for (let register = struck.pop(); register !== undefined; register = struck.pop()) {
      if (this.whole[register] === 0) continue;
      this.whole[register] = 0;
      struck.push(...(this.dependents.get(register) ?? []));
    }
  }

  // ---- ranges

  private newFacts(): Facts {
    return new Facts(this.fn, this.graph, {
      isWhole: register => this.isCandidate(register),
      rangeOf: register => this.rangeOf(register),
    });
  }

  private rangeOf(register: VirtualRegister): Range {
    const known = this.fn.constants.get(register);
    if (known !== undefined) return { low: known, high: known };
    return this.whole[register] === 1 ? this.ranges[register]! : ANYTHING;
  }

  private findRanges(): boolean {
    const { fn, graph } = this;
    this.facts = this.newFacts();
    this.ranges = new Array(fn.classes.length).fill(NOTHING);
    let backwards = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let changed = false;
      const set = (register: VirtualRegister, range: Range): void => {
        const before = this.ranges[register]!;
        if (range.low === before.low && range.high === before.high) return;
        this.ranges[register] = range;
        changed = true;
      };
      for (const id of graph.cfg.order) {
        const { code, params } = fn.blocks[id]!;
        for (const param of params) {
          if (this.whole[param] === 0) continue;
          const comes = this.comesTo(param);
          const before = this.ranges[param]!;
          if (backwards > 0) set(param, comes);
          else
            set(
              param,
              round < ROUNDS_BEFORE_WIDENING || isNothing(before) ? join(before, comes) : widen(before, comes),
            );
        }
        code.forEach((each, index) => {
          if (each.result >= 0 && this.whole[each.result] === 1) {
            set(each.result, clamp(this.resultOf(each, id, index)));
          }
        });
      }
      if (backwards > 0) {
        if (++backwards > ROUNDS_BACK) return true;
      } else if (!changed) backwards = 1;
    }
    return false;
  }

  private comesTo(param: VirtualRegister): Range {
    const { fn, graph } = this;
    let range = NOTHING;
    for (const { from, value } of graph.incoming.get(param)!) {
      range = join(range, this.facts.rangeAt(value, from, fn.blocks[from]!.code.length));
    }
    return range;
  }

  /** What an instruction gives, before it is checked. */
  private resultOf(each: LirInstruction, block: number, index: number): Range {
    return unchecked(this.fn, this.facts, each, block, index);
  }

  // ---- what is not kept

  /** Results that need a range that is not there. */
  private unprovable(): VirtualRegister[] {
    const { fn, graph, facts } = this;
    const struck: VirtualRegister[] = [];
    for (const id of graph.cfg.order) {
      fn.blocks[id]!.code.forEach((each, index) => {
        if (each.result < 0 || this.whole[each.result] === 0) return;
        const [a, b] = each.args.map(arg => facts.rangeAt(arg, id, index)) as [Range, Range];
        const result = this.resultOf(each, id, index);
        if (each.op === 'remainder' && (a.low < 0 || b.low < 1)) struck.push(each.result);
        if (each.op === 'div' && !facts.isDivisible(each.args[0]!, powerOf(fn, each)!, id, index)) {
          struck.push(each.result);
        }
        // A zero of the dividend's sign: there is no -0 among whole numbers.
        if (each.op === 'mul') {
          const zero = mayBeMinusZero(a, b);
          // What comes of known bounds and is that far will be: a generator of random numbers, say.
          const far = farthest(result) >= SURELY_FAR && Math.max(farthest(a), farthest(b)) < MOST;
          if (far || (this.careful && zero)) struck.push(each.result);
        }
        if (this.careful && isBeyond(result)) struck.push(each.result);
      });
    }
    return struck;
  }

  /** What costs more than it saves, all together that is joined by arithmetic. */
  private unprofitable(): VirtualRegister[] {
    const { fn, graph, whole } = this;
    const groups = new Groups(whole.length);
    const gains = new Map<VirtualRegister, number>();
    const weighed: (readonly [VirtualRegister, number])[] = [];
    const gain = (register: VirtualRegister, amount: number, block: number): void => {
      if (whole[register] === 1)
        weighed.push([register, amount * WEIGHTS[Math.min(WEIGHTS.length - 1, graph.depth[block]!)]!]);
    };
    const wantDouble = (register: VirtualRegister, block: number): void => {
      if (whole[register] === 0) return;
      const home = graph.home[register]!;
      gain(register, -2, graph.depth[home]! < graph.depth[block]! ? home : block);
    };
    for (const id of graph.cfg.order) {
      for (const [index, each] of fn.blocks[id]!.code.entries()) {
        const { args, op, result } = each;
        if (op === 'jump') {
          fn.blocks[each.target.block]!.params.forEach((param, i) => {
            const arg = each.target.args[i]!;
            if (whole[param] === 0) wantDouble(arg, id);
            else if (whole[arg] === 1) groups.unite(param, arg);
            else if (!fn.constants.has(arg)) gain(param, -3, id);
          });
        } else if (result >= 0 && whole[result] === 1) {
          for (const arg of args) if (whole[arg] === 1) groups.unite(result, arg);
          gain(result, op === 'remainder' ? 4 : op === 'div' ? 2 : op === 'bound' ? 0 : 1, id);
        } else if (op === 'list.get' || op === 'list.set') {
          gain(args[1]!, 3, id);
          if (op === 'list.set') wantDouble(args[2]!, id);
        } else if (op === 'compare' || op === 'branch') {
          if (args.every(arg => this.isCandidate(arg))) for (const arg of args) gain(arg, 1, id);
          else if (args.every(arg => this.isCandidate(arg) || isLimit(fn, graph, each.condition, arg, id))) {
            for (const arg of args) gain(arg, 1, id);
          } else for (const arg of args) wantDouble(arg, id);
        } else if (op !== 'fuel' && !(op === 'check.zero' && this.facts.isPositive(args[0]!, id, index))) {
          for (const arg of args) wantDouble(arg, id);
        }
      }
    }
    for (const [register, amount] of weighed) {
      const group = groups.of(register);
      gains.set(group, (gains.get(group) ?? 0) + amount);
    }
    const struck: VirtualRegister[] = [];
    whole.forEach((flag, register) => {
      if (flag === 1 && (gains.get(groups.of(register)) ?? 0) <= 0) struck.push(register);
    });
    return struck;
  }
}

const farthest = ({ low, high }: Range): number => Math.max(-low, high);

/** Whether a product may be a zero with the sign of a negative operand. */
export function mayBeMinusZero(a: Range, b: Range): boolean {
  return (a.low < 0 && holdsZero(b)) || (b.low < 0 && holdsZero(a));
}

/** Whether whole numbers are compared with a double that is the same all through a loop: then it is rounded before it. */
export function isLimit(
  fn: LirFunction,
  { depth, home }: LirGraph,
  condition: string,
  register: VirtualRegister,
  block: number,
): boolean {
  if (!['lt', 'le', 'gt', 'ge'].includes(condition)) return false;
  const known = fn.constants.get(register);
  return known !== undefined ? !Number.isNaN(known) : depth[home[register]!]! < depth[block]!;
}

/** What arithmetic on whole numbers gives before it is checked. */
export function unchecked(fn: LirFunction, facts: Facts, each: LirInstruction, block: number, index: number): Range {
  const at = (operand: number): Range => facts.rangeAt(each.args[operand]!, block, index);
  switch (each.op) {
    case 'list.length':
      return { low: 0, high: MOST_ITEMS - 1 };
    case 'bound':
      return fn.constants.has(each.args[0]!) ? ANYTHING : at(0);
    case 'add':
    case 'sub':
    case 'mul':
      return arithmetic(each.op, at(0), at(1));
    case 'remainder': {
      const [dividend, divisor] = [at(0), at(1)];
      if (isNothing(dividend) || isNothing(divisor)) return NOTHING;
      return { low: 0, high: Math.max(0, Math.min(divisor.high - 1, dividend.high)) };
    }
    case 'div': {
      const dividend = at(0);
      const by = powerOf(fn, each)!;
      return isNothing(dividend)
        ? NOTHING
        : { low: Math.ceil(dividend.low / by) + 0, high: Math.floor(dividend.high / by) };
    }
    default:
      return ANYTHING;
  }
}

function clamp(range: Range): Range {
  return isNothing(range) ? NOTHING : meet(range, ANYTHING);
}

/** Sets that are united: each is known by one of its members. */
class Groups {
  private readonly above: Int32Array;

  constructor(count: number) {
    this.above = Int32Array.from({ length: count }, (_, i) => i);
  }

  of(register: number): number {
    const { above } = this;
    let at = register;
    while (above[at] !== at) {
      above[at] = above[above[at]!]!;
      at = above[at]!;
    }
    return at;
  }

  unite(a: number, b: number): void {
    this.above[this.of(a)] = this.of(b);
  }
}
