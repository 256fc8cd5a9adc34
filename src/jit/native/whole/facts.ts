// What is known of whole numbers in parts of a function: behind a comparison, on the way that it sends them; behind an access to a list, which
// leaves when the index is not one of the list; behind a remainder that was zero. And which lists are surely as long as which others.
import { dominates } from '../../../ir/cfg.ts';
import type { FloatCondition, LirCondition, LirFunction, LirInstruction, VirtualRegister } from '../lir.ts';
import type { LirGraph } from './graph.ts';
import { MOST_ITEMS, meet, NOTHING, type Range } from './range.ts';

interface Fact {
  readonly block: number;
  /** It holds behind this instruction of the block, and in all blocks behind. */
  readonly behind: number;
}

interface Bound extends Fact {
  readonly range: () => Range;
}

interface Divides extends Fact {
  readonly divisor: number;
}

interface BelowLength extends Fact {
  /** The representative of the lists that are so long. */
  readonly list: VirtualRegister;
}

/** More facts about one register are not kept: each question looks at all of them. */
const MOST_FACTS = 32;

const MIRRORED = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' } as const;
const NEGATED = { lt: 'ge', le: 'gt', gt: 'le', ge: 'lt', eq: 'ne', ne: 'eq' } as const;

/** As whole numbers are compared. */
export function wholeCondition(condition: LirCondition): FloatCondition {
  return condition === 'near' ? 'eq' : condition === 'far' ? 'ne' : condition;
}

export interface FactSource {
  readonly isWhole: (register: VirtualRegister) => boolean;
  /** Its range wherever it is alive. */
  readonly rangeOf: (register: VirtualRegister) => Range;
}

export class Facts {
  private readonly fn: LirFunction;
  private readonly graph: LirGraph;
  private readonly source: FactSource;
  private readonly bounds = new Map<VirtualRegister, Bound[]>();
  private readonly divides = new Map<VirtualRegister, Divides[]>();
  private readonly below = new Map<VirtualRegister, BelowLength[]>();
  private readonly lengths: ReadonlyMap<VirtualRegister, VirtualRegister>;

  constructor(fn: LirFunction, graph: LirGraph, source: FactSource) {
    this.fn = fn;
    this.graph = graph;
    this.source = source;
    this.lengths = findLengths(fn, graph);
    for (const id of graph.cfg.order) {
      fn.blocks[id]!.code.forEach((each, index) => {
        if (each.op === 'branch') this.atBranch(each);
        else if ((each.op === 'list.get' || each.op === 'list.set') && !each.known) this.atAccess(each, id, index);
      });
    }
  }

  /** The range of a register at an instruction. */
  rangeAt(register: VirtualRegister, block: number, index: number): Range {
    let range = this.source.rangeOf(register);
    for (const each of this.bounds.get(register) ?? []) {
      if (this.holds(each, block, index)) range = meet(range, each.range());
    }
    return range.low > range.high ? NOTHING : range;
  }

  /** Whether the register is a whole number that is known to be above zero at an instruction. */
  isPositive(register: VirtualRegister, block: number, index: number): boolean {
    return this.source.isWhole(register) && this.rangeAt(register, block, index).low >= 1;
  }

  /** Whether the register is known to be a multiple of the divisor at an instruction. */
  isDivisible(register: VirtualRegister, divisor: number, block: number, index: number): boolean {
    const known = this.divides.get(register) ?? [];
    return known.some(each => each.divisor % divisor === 0 && this.holds(each, block, index));
  }

  /** Whether an index is known to be below the length of a list; it may still be negative. */
  isBelowLength(index: VirtualRegister, list: VirtualRegister, block: number, at: number): boolean {
    const known = this.below.get(index) ?? [];
    const wanted = this.lengths.get(list) ?? list;
    return known.some(each => each.list === wanted && this.holds(each, block, at));
  }

  private holds(fact: Fact, block: number, index: number): boolean {
    return fact.block === block ? fact.behind < index : dominates(this.graph.cfg, fact.block, block);
  }

  private atAccess({ args: [list, index], op }: LirInstruction, block: number, behind: number): void {
    if (!this.source.isWhole(index!)) return;
    // Reading counts from the end below zero.
    const range = { low: op === 'list.set' ? 0 : -MOST_ITEMS, high: MOST_ITEMS - 1 };
    add(this.bounds, index!, { block, behind, range: () => range });
    add(this.below, index!, { block, behind, list: this.lengths.get(list!) ?? list! });
  }

  private atBranch(each: Extract<LirInstruction, { op: 'branch' }>): void {
    if (each.condition === 'true' || each.then === each.otherwise) return;
    const [a, b] = each.args as [VirtualRegister, VirtualRegister];
    if (!this.source.isWhole(a) || !this.source.isWhole(b)) return;
    const condition = wholeCondition(each.condition);
    for (const [target, holding] of [
      [each.then, condition],
      [each.otherwise, NEGATED[condition]],
    ] as const) {
      if (this.graph.cfg.predecessors[target]!.length !== 1) continue;
      this.learn(a, holding, b, target);
      this.learn(b, MIRRORED[holding], a, target);
      if (holding === 'eq') this.learnDivisor(a, b, target);
    }
  }

  private learn(a: VirtualRegister, condition: FloatCondition, b: VirtualRegister, block: number): void {
    if (this.fn.constants.has(a)) return;
    const { rangeOf } = this.source;
    const at = { block, behind: -1 };
    if (condition === 'lt') {
      add(this.bounds, a, { ...at, range: () => ({ low: Number.NEGATIVE_INFINITY, high: rangeOf(b).high - 1 }) });
      const length = this.graph.made[b];
      if (length?.op === 'list.length') {
        add(this.below, a, { ...at, list: this.lengths.get(length.args[0]!) ?? length.args[0]! });
      }
    } else if (condition === 'le') {
      add(this.bounds, a, { ...at, range: () => ({ low: Number.NEGATIVE_INFINITY, high: rangeOf(b).high }) });
    } else if (condition === 'gt') {
      add(this.bounds, a, { ...at, range: () => ({ low: rangeOf(b).low + 1, high: Number.POSITIVE_INFINITY }) });
    } else if (condition === 'ge') {
      add(this.bounds, a, { ...at, range: () => ({ low: rangeOf(b).low, high: Number.POSITIVE_INFINITY }) });
    } else if (condition === 'eq') {
      add(this.bounds, a, { ...at, range: () => rangeOf(b) });
    }
  }

  private learnDivisor(a: VirtualRegister, b: VirtualRegister, block: number): void {
    const made = this.graph.made[a];
    const divisor = made?.op === 'remainder' ? this.fn.constants.get(made.args[1]!) : undefined;
    if (divisor === undefined || this.fn.constants.get(b) !== 0) return;
    add(this.divides, made!.args[0]!, { block, behind: -1, divisor });
  }
}

function add<T>(facts: Map<VirtualRegister, T[]>, register: VirtualRegister, fact: T): void {
  const known = facts.get(register);
  if (known === undefined) facts.set(register, [fact]);
  else if (known.length < MOST_FACTS) known.push(fact);
}

/**
 * For lists, another one that is as long: what one becomes by changing an item, and what goes round a loop when nothing else is done to it.
 * Found optimistically. Lists without an entry stand for themselves.
 */
function findLengths(fn: LirFunction, { cfg, incoming }: LirGraph): ReadonlyMap<VirtualRegister, VirtualRegister> {
  const lengths = new Map<VirtualRegister, VirtualRegister>();
  // A parameter that nothing has come to yet says nothing.
  const known = (list: VirtualRegister): VirtualRegister | undefined =>
    lengths.get(list) ?? (incoming.has(list) ? undefined : list);
  for (let changed = true; changed; ) {
    changed = false;
    const settle = (list: VirtualRegister, length: VirtualRegister | undefined): void => {
      if (length === undefined || lengths.get(list) === length) return;
      lengths.set(list, length);
      changed = true;
    };
    for (const id of cfg.order) {
      for (const param of fn.blocks[id]!.params) {
        if (fn.classes[param] !== 'i' || lengths.get(param) === param) continue;
        const all = new Set((incoming.get(param) ?? []).map(({ value }) => known(value)));
        all.delete(undefined);
        const [only] = all;
        settle(param, all.size === 1 ? only : all.size === 0 ? undefined : param);
      }
      for (const each of fn.blocks[id]!.code) if (each.op === 'list.set') settle(each.result, known(each.args[0]!));
    }
  }
  return lengths;
}
