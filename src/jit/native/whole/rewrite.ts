// The low-level form with whole numbers in general registers, where it was found that they are worth it (solve.ts), and with what is `near` and
// `far` made plain. Where a whole number meets a double it is made one: before the loop when it does not change in there, else once in a
// block.
import type {
  FloatCondition,
  LirBlock,
  LirFunction,
  LirInstruction,
  LirTarget,
  RegisterClass,
  VirtualRegister,
} from '../lir.ts';
import { wholeCondition } from './facts.ts';
import type { LirGraph } from './graph.ts';
import { isBeyond } from './range.ts';
import { divisorOf, isLimit, isWholeConstant, mayBeMinusZero, powerOf, type Solution, unchecked } from './solve.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type What = DistributiveOmit<LirInstruction, 'result' | 'args' | 'position'>;
type Only<Op extends LirInstruction['op']> = Extract<LirInstruction, { op: Op }>;

export function rewrite(fn: LirFunction, graph: LirGraph, solution: Solution | undefined): LirFunction {
  return new Rewriter(fn, graph, solution).run();
}

class Rewriter {
  private readonly fn: LirFunction;
  private readonly graph: LirGraph;
  private readonly solution: Solution | undefined;
  private readonly classes: RegisterClass[];
  private readonly constants: Map<VirtualRegister, number>;
  private readonly byConstant = new Map<string, VirtualRegister>();
  /** What is made where a register is made, for the loops behind. */
  private readonly behind = new Map<VirtualRegister, LirInstruction[]>();
  private readonly madeBehind = new Map<string, VirtualRegister>();
  /** Conversions that were made in this block. */
  private madeHere = new Map<string, VirtualRegister>();
  private code: LirInstruction[] = [];
  private block = 0;
  private index = 0;
  private position = 0;

  constructor(fn: LirFunction, graph: LirGraph, solution: Solution | undefined) {
    this.fn = fn;
    this.graph = graph;
    this.solution = solution;
    this.classes = [...fn.classes];
    this.constants = new Map(fn.constants);
    solution?.whole.forEach((flag, register) => {
      if (flag === 1) this.classes[register] = 'i';
    });
  }

  run(): LirFunction {
    const { fn, graph } = this;
    // What cannot be reached is not looked at by anybody.
    const blocks = fn.blocks.map(
      ({ code, params }, id): LirBlock => ({ params, code: graph.cfg.place[id]! < 0 ? code : [], loopDepth: 0 }),
    );
    for (const id of graph.cfg.order) {
      this.block = id;
      this.madeHere = new Map();
      this.code = blocks[id]!.code;
      blocks[id]!.loopDepth = graph.depth[id]!;
      fn.blocks[id]!.code.forEach((each, index) => {
        this.index = index;
        this.position = each.position;
        this.instruction(each);
      });
    }
    return {
      name: fn.name,
      blocks: this.behind.size === 0 ? blocks : blocks.map(block => this.withConversions(block)),
      classes: this.classes,
      constants: this.constants,
      result: fn.result,
    };
  }

  private withConversions({ params, code, loopDepth }: LirBlock): LirBlock {
    const made = (register: VirtualRegister): readonly LirInstruction[] => this.behind.get(register) ?? [];
    return {
      params,
      code: [...params.flatMap(made), ...code.flatMap(each => [each, ...made(each.result)])],
      loopDepth,
    };
  }

  // ---- registers

  private isWhole(register: VirtualRegister): boolean {
    return this.solution?.whole[register] === 1;
  }

  private isCandidate(register: VirtualRegister): boolean {
    return this.isWhole(register) || isWholeConstant(this.fn, register);
  }

  private fresh(kind: RegisterClass): VirtualRegister {
    return this.classes.push(kind) - 1;
  }

  private constant(kind: RegisterClass, value: number): VirtualRegister {
    const key = `${kind}${value}`;
    const known = this.byConstant.get(key);
    if (known !== undefined) return known;
    const register = this.fresh(kind);
    this.constants.set(register, value);
    this.byConstant.set(key, register);
    return register;
  }

  private emit(kind: RegisterClass | undefined, what: What, args: readonly VirtualRegister[]): VirtualRegister {
    const result = kind === undefined ? -1 : this.fresh(kind);
    this.code.push({ ...what, result, args, position: this.position } as LirInstruction);
    return result;
  }

  /** Converts a register: where it is made, when that is outside a loop around this block, else here. */
  private convert(kind: RegisterClass, what: What, register: VirtualRegister, key: string): VirtualRegister {
    const { depth, home } = this.graph;
    const name = `${key} ${register}`;
    const isOutside = depth[home[register]!]! < depth[this.block]!;
    const known = (isOutside ? this.madeBehind : this.madeHere).get(name);
    if (known !== undefined) return known;
    if (!isOutside) {
      const result = this.emit(kind, what, [register]);
      this.madeHere.set(name, result);
      return result;
    }
    const result = this.fresh(kind);
    const instruction = { ...what, result, args: [register], position: this.position } as LirInstruction;
    const others = this.behind.get(register);
    if (others === undefined) this.behind.set(register, [instruction]);
    else others.push(instruction);
    this.madeBehind.set(name, result);
    return result;
  }

  private double(register: VirtualRegister): VirtualRegister {
    return this.isWhole(register) ? this.convert('f', { op: 'whole.value' }, register, 'value') : register;
  }

  private whole(register: VirtualRegister): VirtualRegister {
    if (this.isWhole(register)) return register;
    const known = this.fn.constants.get(register);
    if (known !== undefined) return this.constant('i', known);
    return this.convert('i', { op: 'whole.of' }, register, 'of');
  }

  // ---- instructions

  private instruction(each: LirInstruction): void {
    if (each.result >= 0 && this.isWhole(each.result)) {
      this.code.push({ ...this.narrowed(each), result: each.result, position: each.position } as LirInstruction);
      return;
    }
    switch (each.op) {
      case 'jump': {
        const { params } = this.fn.blocks[each.target.block]!;
        const args = each.target.args.map((arg, i) => (this.isWhole(params[i]!) ? this.whole(arg) : this.double(arg)));
        this.code.push({ ...each, target: { block: each.target.block, args } satisfies LirTarget });
        return;
      }
      case 'list.get':
        this.code.push({ ...each, ...this.indexed(each) });
        return;
      case 'list.set': {
        const [list, index, item, owned] = each.args as [number, number, number, number];
        const { args, known, short } = this.indexed({ ...each, args: [list, index] });
        this.code.push({ ...each, known, short, args: [...args, this.double(item), owned] });
        return;
      }
      case 'check.zero':
        if (this.isWhole(each.args[0]!) && this.solution!.facts.isPositive(each.args[0]!, this.block, this.index))
          return;
        this.code.push({ ...each, args: [this.double(each.args[0]!)] });
        return;
      case 'fuel':
        // What is written down at a point is taken as it is.
        this.code.push(each);
        return;
      case 'compare':
        this.compare(each);
        return;
      case 'branch':
        this.branch(each);
        return;
      case 'div': {
        const [a, divisor] = each.args as [VirtualRegister, VirtualRegister];
        const inverse = exactInverse(this.fn.constants.get(divisor));
        const args = [this.double(a), inverse === undefined ? this.double(divisor) : this.constant('f', inverse)];
        this.code.push({ ...each, op: inverse === undefined ? 'div' : 'mul', args });
        return;
      }
      default:
        this.code.push({ ...each, args: each.args.map(arg => this.double(arg)) });
    }
  }

  private narrowed(each: LirInstruction): { readonly args: readonly VirtualRegister[] } & What {
    const { fn } = this;
    const { facts } = this.solution!;
    const [a, b] = each.args as [VirtualRegister, VirtualRegister];
    const rangeOf = (register: VirtualRegister) => facts.rangeAt(register, this.block, this.index);
    switch (each.op) {
      case 'add':
      case 'sub':
      case 'mul': {
        const range = unchecked(fn, facts, each, this.block, this.index);
        const checked = !isBeyond(range) ? 'no' : range.low >= 0 ? 'above' : 'beyond';
        const args = [this.whole(a), this.whole(b)];
        if (each.op !== 'mul') return { op: `whole.${each.op}`, checked, args };
        return { op: 'whole.mul', checked, zero: mayBeMinusZero(rangeOf(a), rangeOf(b)), args };
      }
      case 'remainder': {
        if (divisorOf(fn, each) === undefined) return { op: 'whole.modulo', args: [this.whole(a), this.whole(b)] };
        return {
          op: 'whole.remainder',
          divisor: divisorOf(fn, each)!,
          bits: bitsOf(rangeOf(a).high),
          args: [this.whole(a)],
        };
      }
      case 'div':
        return { op: 'whole.divide', shift: 31 - Math.clz32(powerOf(fn, each)!), args: [this.whole(a)] };
      case 'bound':
        if (this.isWhole(a)) return { op: 'whole.add', checked: 'no', args: [a, this.constant('i', 0)] };
        return { op: 'whole.bound', args: [this.double(a)] };
      default:
        return each;
    }
  }

  /** List and index of an access, and what is known of the index. */
  private indexed(each: Pick<Only<'list.get'>, 'args' | 'known' | 'short'>): {
    readonly args: readonly [VirtualRegister, VirtualRegister];
    readonly known: boolean;
    readonly short: boolean;
  } {
    const [list, index] = each.args as [VirtualRegister, VirtualRegister];
    if (!this.isWhole(index)) return { args: [list, index], known: each.known, short: each.short };
    const { facts } = this.solution!;
    const range = facts.rangeAt(index, this.block, this.index);
    const known = each.known || (range.low >= 0 && facts.isBelowLength(index, list, this.block, this.index));
    return { args: [list, index], known, short: range.low >= -(2 ** 31) && range.high < 2 ** 31 };
  }

  /** Both operands as whole numbers, where that can be. */
  private asWholes(condition: string, a: VirtualRegister, b: VirtualRegister): [number, number] | undefined {
    if (!this.isWhole(a) && !this.isWhole(b)) return undefined;
    if (this.isCandidate(a) && this.isCandidate(b)) return [this.whole(a), this.whole(b)];
    const other = this.isWhole(a) ? b : a;
    if (!isLimit(this.fn, this.graph, condition, other, this.block)) return undefined;
    // A whole number is below x when it is below x rounded up, and above x when it is above x rounded down.
    const below = (condition === 'lt' || condition === 'le') === (other === b);
    const strict = condition === 'lt' || condition === 'gt';
    const limit = this.limit(other, strict === below ? 'ceil' : 'floor', below ? 'low' : 'high');
    return other === b ? [a, limit] : [limit, b];
  }

  private limit(register: VirtualRegister, rounding: 'floor' | 'ceil', missing: 'low' | 'high'): VirtualRegister {
    const known = this.fn.constants.get(register);
    if (known === undefined) {
      return this.convert('i', { op: 'whole.limit', rounding, missing }, register, `${rounding} ${missing}`);
    }
    const rounded = rounding === 'floor' ? Math.floor(known) : Math.ceil(known);
    return this.constant('i', Math.max(-(2 ** 53), Math.min(2 ** 53, rounded)) + 0);
  }

  private compare(each: Only<'compare'>): void {
    const [a, b] = each.args as [VirtualRegister, VirtualRegister];
    const wholes = this.asWholes(each.condition, a, b);
    if (wholes !== undefined) {
      this.code.push({ ...each, condition: wholeCondition(each.condition), args: wholes });
    } else if (each.condition === 'far') {
      const { condition, args } = this.near(a, b);
      const isNear = this.emit('i', { op: 'compare', condition }, args);
      this.code.push({ op: 'not', args: [isNear], result: each.result, position: each.position });
    } else {
      this.code.push({ ...each, ...this.plain(each.condition, a, b) });
    }
  }

  private branch(each: Only<'branch'>): void {
    const [a, b] = each.args as [VirtualRegister, VirtualRegister];
    const wholes = each.condition === 'true' ? undefined : this.asWholes(each.condition, a, b);
    if (each.condition === 'true') this.code.push(each);
    else if (wholes !== undefined) {
      this.code.push({ ...each, condition: wholeCondition(each.condition), args: wholes });
    } else if (each.condition === 'far') {
      this.code.push({ ...each, ...this.near(a, b), then: each.otherwise, otherwise: each.then });
    } else this.code.push({ ...each, ...this.plain(each.condition, a, b) });
  }

  private plain(condition: FloatCondition | 'near', a: VirtualRegister, b: VirtualRegister) {
    return condition === 'near' ? this.near(a, b) : { condition, args: [this.double(a), this.double(b)] };
  }

  private near(a: VirtualRegister, b: VirtualRegister) {
    const distance = this.emit('f', { op: 'abs' }, [this.emit('f', { op: 'sub' }, [this.double(a), this.double(b)])]);
    return { condition: 'lt', args: [distance, this.constant('f', Number.EPSILON)] } as const;
  }
}

/** How many bits a number takes that is not negative. */
function bitsOf(value: number): number {
  let bits = 1;
  for (let most = 2; most <= value; most *= 2) bits++;
  return bits;
}

/** What a product with is the same as a quotient by the number, bit for bit, and several times faster: for powers of two. */
function exactInverse(divisor: number | undefined): number | undefined {
  if (divisor === undefined) return undefined;
  const words = new Uint32Array(Float64Array.of(divisor).buffer);
  const isPower = words[0] === 0 && (words[1]! & FRACTION) === 0;
  return isPower && isNormal(divisor) && isNormal(1 / divisor) ? 1 / divisor : undefined;
}

/** Of the upper half of a double. */
const FRACTION = 0xfffff;

function isNormal(value: number): boolean {
  return Math.abs(value) >= 2 ** -1022 && Math.abs(value) < Number.POSITIVE_INFINITY;
}
