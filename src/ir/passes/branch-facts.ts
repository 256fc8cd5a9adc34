// What branches say of values where they lead: behind `is.nil v` with the answer no, v is not nil, and a condition that was true is true. That holds
// in a block that only one side of a branch leads to, and in all blocks that it dominates. Values never change, so it holds for good.
//
// No instruction stands for what is known (an engine would have to know of it); whoever looks at an instruction asks.
import type { IrOp } from '../../spec/ir-ops.ts';
import { type Cfg, dominates } from '../cfg.ts';
import type { BlockId, Instruction, ValueId } from '../ir.ts';

interface Fact {
  readonly block: BlockId;
  /** What was asked of the value; undefined where the value is the condition itself. */
  readonly test: IrOp | undefined;
  readonly outcome: boolean;
}

/** What is looked at for one question: a value that is tested again and again has many that do not hold here. */
const MOST_LOOKED_AT = 8;

/** Tests of which at most one is true of a value. */
const ALTERNATIVES: ReadonlySet<IrOp> = new Set([
  'is.nil',
  'is.ok',
  'is.err',
  'is.num',
  'is.text',
  'is.bool',
  'is.list',
]);

export class BranchFacts {
  private readonly cfg: Cfg;
  private readonly facts = new Map<ValueId, Fact[]>();

  constructor(cfg: Cfg) {
    this.cfg = cfg;
  }

  /** Notes the outcome of a condition in a block; `made` is what makes the condition. Blocks come in dominance order. */
  learn(block: BlockId, condition: ValueId, made: Instruction | undefined, outcome: boolean): void {
    this.add(condition, { block, test: undefined, outcome });
    if (made !== undefined && (made.op === 'any.truthy' || ALTERNATIVES.has(made.op))) {
      this.add(made.args[0]!, { block, test: made.op, outcome });
    }
  }

  private add(value: ValueId, fact: Fact): void {
    const known = this.facts.get(value);
    if (known === undefined) this.facts.set(value, [fact]);
    else known.push(fact);
  }

  get isEmpty(): boolean {
    return this.facts.size === 0;
  }

  /** The outcome of a condition in a block, if it is known. */
  outcome(condition: ValueId, block: BlockId): boolean | undefined {
    return this.find(condition, block, ({ test, outcome }) => (test === undefined ? outcome : undefined));
  }

  /** What a test of a value gives in a block, if it is known. */
  answer(test: IrOp, value: ValueId, block: BlockId): boolean | undefined {
    return this.find(value, block, fact => {
      if (fact.test === test) return fact.outcome;
      if (fact.test === undefined || !fact.outcome) return undefined;
      if (test === 'any.truthy') {
        if (fact.test === 'is.nil') return false;
        return fact.test === 'is.ok' || fact.test === 'is.err' ? true : undefined;
      }
      return fact.test !== 'any.truthy' || test === 'is.nil' ? false : undefined;
    });
  }

  private find(value: ValueId, block: BlockId, says: (fact: Fact) => boolean | undefined): boolean | undefined {
    const known = this.facts.get(value);
    if (known === undefined) return undefined;
    const last = Math.max(0, known.length - MOST_LOOKED_AT);
    for (let i = known.length - 1; i >= last; i--) {
      const said = dominates(this.cfg, known[i]!.block, block) ? says(known[i]!) : undefined;
      if (said !== undefined) return said;
    }
    return undefined;
  }
}
