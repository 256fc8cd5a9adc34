// What tests say of values where control goes on: behind `is.nil v` with the answer no, v is not nil. A test is a branch, so what it says holds on
// an edge, and in a block as far as all ways into it agree. No instruction stands for that: a value has its registers either way, and only what
// is known of it differs from block to block. (An instruction that gives the refined value would have to be known to the register machine,
// which runs the same IR.)
import { buildCfg, type Cfg } from '../../ir/cfg.ts';
import { type BlockId, endOf, type Instruction, type IrFunction, type ValueId } from '../../ir/ir.ts';
import { ANY_ALTERNATIVE, ONLY } from './shapes.ts';

/** The alternatives that a value may be, as bits; any for one that is not named. */
export type Facts = ReadonlyMap<ValueId, number>;

export interface Refinements {
  readonly at: (block: BlockId) => Facts;
  /** On the way to a target of the block's end, by its place. */
  readonly onEdge: (block: BlockId, target: number) => Facts;
  /** What the block's end tests, if it does; what is known of it when the answer is yes and when it is no. */
  readonly testAt: (block: BlockId) => Test | undefined;
}

export interface Test {
  readonly value: ValueId;
  readonly yes: number;
  readonly no: number;
}

const NOTHING: Facts = new Map();

/** Of functions with more tests nothing is known: each block would have a long list of them. */
const MOST_TESTS = 500;

const known = new WeakMap<IrFunction, Refinements>();

export function refine(fn: IrFunction): Refinements {
  let made = known.get(fn);
  if (made === undefined) {
    made = build(fn, buildCfg(fn));
    known.set(fn, made);
  }
  return made;
}

function build(fn: IrFunction, cfg: Cfg): Refinements {
  const tests = findTests(fn, cfg);
  const testAt = (block: BlockId): Test | undefined => tests.get(block);
  if (tests.size === 0 || tests.size > MOST_TESTS) return { at: () => NOTHING, onEdge: () => NOTHING, testAt };
  const homes = homesOf(fn, cfg, new Set([...tests.values()].map(({ value }) => value)));
  const facts = new Map<BlockId, Facts>([[0, NOTHING]]);
  const onEdge = (block: BlockId, target: number): Facts => {
    const before = facts.get(block) ?? NOTHING;
    const test = tests.get(block);
    if (test === undefined) return before;
    const after = (before.get(test.value) ?? ANY_ALTERNATIVE) & (target === 0 ? test.yes : test.no);
    return new Map(before).set(test.value, after);
  };
  const arriving = (id: BlockId): Facts => {
    let all: Map<ValueId, number> | undefined;
    for (const from of cfg.predecessors[id]!) {
      // Ways that were not looked at yet may bring anything; they are looked at later.
      if (!facts.has(from)) continue;
      endOf(fn.blocks[from]!).targets.forEach(({ block }, target) => {
        if (block === id) all = meet(all, onEdge(from, target));
      });
    }
    // What was known of a value in an earlier round of a loop says nothing of it in this one.
    return new Map([...(all ?? NOTHING)].filter(([value]) => homes.get(value) !== id));
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of cfg.order) {
      if (id === 0) continue;
      const now = arriving(id);
      if (isSame(now, facts.get(id))) continue;
      facts.set(id, now);
      changed = true;
    }
  }
  return { at: block => facts.get(block) ?? NOTHING, onEdge, testAt };
}

function homesOf(fn: IrFunction, cfg: Cfg, values: ReadonlySet<ValueId>): ReadonlyMap<ValueId, BlockId> {
  const homes = new Map<ValueId, BlockId>();
  for (const id of cfg.order) {
    const { params, code } = fn.blocks[id]!;
    for (const param of params) if (values.has(param)) homes.set(param, id);
    for (const { result } of code) if (result !== undefined && values.has(result)) homes.set(result, id);
  }
  return homes;
}

/** What is known on both ways. */
function meet(a: Map<ValueId, number> | undefined, b: Facts): Map<ValueId, number> {
  if (a === undefined) return new Map(b);
  for (const [value, alternatives] of a) {
    const both = alternatives | (b.get(value) ?? ANY_ALTERNATIVE);
    if (both === ANY_ALTERNATIVE) a.delete(value);
    else a.set(value, both);
  }
  return a;
}

function isSame(a: Facts, b: Facts | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every(([value, alternatives]) => b.get(value) === alternatives);
}

/** By the blocks that end in them. */
function findTests(fn: IrFunction, cfg: Cfg): ReadonlyMap<BlockId, Test> {
  const made = new Map<ValueId, Instruction>();
  for (const id of cfg.order)
    for (const each of fn.blocks[id]!.code) if (each.result !== undefined) made.set(each.result, each);
  const tests = new Map<BlockId, Test>();
  for (const id of cfg.order) {
    const end = endOf(fn.blocks[id]!);
    const test = end.op === 'branch' ? testOf(end.args[0]!, made) : undefined;
    if (test !== undefined) tests.set(id, test);
  }
  return tests;
}

/** What a condition tests. */
function testOf(condition: ValueId, made: ReadonlyMap<ValueId, Instruction>): Test | undefined {
  let opposite = false;
  for (let at = made.get(condition); at !== undefined; at = made.get(at.args[0]!)) {
    const value = at.args[0]!;
    const is = (alternative: number): Test =>
      opposite
        ? { value, yes: ANY_ALTERNATIVE & ~alternative, no: alternative }
        : { value, yes: alternative, no: ANY_ALTERNATIVE & ~alternative };
    switch (at.op) {
      case 'is.nil':
        return is(ONLY.nil);
      case 'is.ok':
        return is(ONLY.ok);
      case 'is.err':
        return is(ONLY.err);
      case 'is.num':
      case 'is.bool':
      case 'is.text':
      case 'is.list':
        return { value, yes: opposite ? ANY_ALTERNATIVE : ONLY.plain, no: opposite ? ONLY.plain : ANY_ALTERNATIVE };
      case 'any.truthy': {
        const inside = made.get(value);
        if (inside?.op === 'box.bool') break;
        // Nil is false.
        const yes = ANY_ALTERNATIVE & ~ONLY.nil;
        return { value, yes: opposite ? ANY_ALTERNATIVE : yes, no: opposite ? yes : ANY_ALTERNATIVE };
      }
      case 'bool.not':
        opposite = !opposite;
        break;
      case 'box.bool':
      case 'unbox.bool':
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}
