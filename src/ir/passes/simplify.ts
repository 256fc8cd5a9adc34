// Simplification: one walk in dominance order that replaces each instruction by something smaller where the definitions of its
// operands allow it. Boxes cancel, checked operations on values of a known kind become bare ones, constants fold, branches on
// known conditions become jumps, and what a branch has found out of a value is not asked again behind it (branch-facts.ts). Nothing that
// is counted against a limit is touched, and a fault that would happen still happens at the same place.
import type { Span } from '../../base/span.ts';
import type { Shape } from '../../core/value/record.ts';
import { BARE_OPS, IR_OPS, type IrOp, type IrType } from '../../spec/ir-ops.ts';
import { buildCfg, type Cfg } from '../cfg.ts';
import {
  type Block,
  type BlockId,
  endOf,
  type Immediate,
  type Instruction,
  type IrFunction,
  type ValueId,
} from '../ir.ts';
import { rewrite } from '../trivial-params.ts';
import { BranchFacts } from './branch-facts.ts';
import { findMaybeEmpty } from './empty.ts';
import { foldBound, foldComparison, foldNumber, isNeutral } from './fold.ts';

/** What is known of a value: the kind of value of the language that it is. */
type Kind = Exclude<IrType, 'any' | 'int'> | 'unknown';

const KIND_TESTS: Readonly<Partial<Record<IrOp, Kind>>> = {
  'is.nil': 'nil',
  'is.num': 'num',
  'is.text': 'text',
  'is.bool': 'bool',
  'is.list': 'list',
};

/** Longer texts are not joined here, so that constants cannot grow without a charge. */
const MAX_FOLDED_TEXT = 256;

/** How many appended items are looked behind for what a list was made of. */
const MAX_APPENDED = 8;

/** The function with everything replaced that has a smaller equal. */
export function simplify(fn: IrFunction): IrFunction {
  return new Simplifier(fn).run();
}

/** The instruction with each operand replaced; itself when all stay what they are. */
function withOperands(instruction: Instruction, use: (value: ValueId) => ValueId): Instruction {
  const { args, targets } = instruction;
  const uses = (values: readonly ValueId[]): readonly ValueId[] => {
    const used = values.map(use);
    return used.every((value, i) => value === values[i]) ? values : used;
  };
  const newArgs = uses(args);
  const newTargets = targets.map(target => uses(target.args));
  if (newArgs === args && newTargets.every((each, i) => each === targets[i]!.args)) return instruction;
  return {
    ...instruction,
    args: newArgs,
    targets: targets.map((target, i) => ({ block: target.block, args: newTargets[i]! })),
  };
}

class Simplifier {
  private readonly fn: IrFunction;
  private readonly cfg: Cfg;
  private readonly types: IrType[];
  /** The instruction that defines a value, as rewritten; parameters have none. */
  private readonly definitions: (Instruction | undefined)[];
  private readonly replaced = new Map<ValueId, ValueId>();
  private readonly maybeEmpty: ReadonlySet<ValueId>;
  private readonly facts: BranchFacts;
  private block: BlockId = 0;
  private span: Span = { start: 0, end: 0 };
  /** `true` and `false` where they stand for a condition of which the outcome is known in this block. */
  private readonly outcomes = new Map<boolean, ValueId>();
  private code: Instruction[] = [];
  private changed = false;

  constructor(fn: IrFunction) {
    this.fn = fn;
    this.cfg = buildCfg(fn);
    this.types = [...fn.types];
    this.definitions = new Array(fn.types.length).fill(undefined);
    this.maybeEmpty = findMaybeEmpty(fn, this.cfg);
    this.facts = new BranchFacts(this.cfg);
  }

  run(): IrFunction {
    const blocks: Block[] = this.fn.blocks.map(block => block);
    for (const id of this.cfg.order) {
      const block = this.fn.blocks[id]!;
      this.code = [];
      this.block = id;
      this.outcomes.clear();
      this.learnOnEntry(id);
      for (const instruction of block.code) this.instruction(instruction);
      blocks[id] = { params: block.params, code: this.code };
    }
    if (!this.changed) return this.fn;
    const fn: IrFunction = { ...this.fn, types: this.types, blocks };
    // Arguments of back edges were resolved before what they name was looked at; resolving again completes them.
    return rewrite(fn, buildCfg(fn).order, () => false, this.resolve);
  }

  private readonly resolve = (value: ValueId): ValueId => {
    let at = value;
    for (let next = this.replaced.get(at); next !== undefined; next = this.replaced.get(at)) at = next;
    return at;
  };

  /** Where only one side of a branch leads to a block, the outcome of its condition is known there. */
  private learnOnEntry(id: BlockId): void {
    const [from, ...others] = this.cfg.predecessors[id]!;
    if (from === undefined || others.length > 0 || this.cfg.place[from]! >= this.cfg.place[id]!) return;
    const end = endOf(this.fn.blocks[from]!);
    if (end.op !== 'branch' || end.targets[0]!.block === end.targets[1]!.block) return;
    const test = this.resolve(end.args[0]!);
    const outcome = end.targets[0]!.block === id;
    const made = this.definitions[test];
    if (made?.op !== 'bool.not') this.facts.learn(id, test, made, outcome);
    else this.facts.learn(id, made.args[0]!, this.definitions[made.args[0]!], !outcome);
  }

  private readonly use = (value: ValueId): ValueId => {
    const real = this.resolve(value);
    if (this.facts.isEmpty) return real;
    const made = this.definitions[real];
    const isBox = made?.op === 'box.bool';
    const outcome = this.facts.outcome(isBox ? made.args[0]! : real, this.block);
    if (outcome === undefined) return real;
    const { span } = this;
    let constant = this.outcomes.get(outcome);
    if (constant === undefined) {
      constant = this.emit('const.bool', [], span, outcome);
      this.outcomes.set(outcome, constant);
    }
    return isBox ? this.emit('box.bool', [constant], span) : constant;
  };

  private instruction(original: Instruction): void {
    this.span = original.span;
    const instruction = withOperands(original, this.use);
    if (instruction !== original) this.changed = true;
    if (this.isFree(instruction)) {
      this.changed = true;
      return;
    }
    const equal = instruction.op === 'branch' ? this.branch(instruction) : this.equal(instruction);
    if (equal !== undefined) this.changed = true;
    if (typeof equal === 'number' && instruction.result !== undefined) {
      this.replaced.set(instruction.result, equal);
    } else {
      const made = typeof equal === 'object' ? equal : instruction;
      this.payAgain(made);
      this.push(made);
    }
  }

  /**
   * Puts back a charge that was left out when its operand was seen to cost nothing, where that cannot be seen any more: the operand was a box,
   * and turned out to hold what was taken out of a value. It still costs nothing.
   */
  private payAgain({ op, args, span }: Instruction): void {
    const { charge } = IR_OPS[op];
    if (charge !== 'charge.join' && charge !== 'charge.copy') return;
    const value = args[charge === 'charge.join' ? 1 : 0]!;
    const marked = this.definitions[value];
    const payment: Instruction = {
      op: charge,
      result: undefined,
      args: [marked?.op === 'owned' ? marked.args[0]! : value],
      imm: undefined,
      targets: [],
      span,
    };
    if (this.isFree(payment) || this.lastEffect()?.op === charge) return;
    this.changed = true;
    this.code.push(payment);
  }

  /** The last instruction that does more than give a result. */
  private lastEffect(): Instruction | undefined {
    return this.code.findLast(each => IR_OPS[each.op].effect !== 'pure');
  }

  /** Whether a charge is for a value that costs nothing. */
  private isFree({ op, args }: Instruction): boolean {
    if (op !== 'charge.join' && op !== 'charge.copy') return false;
    const kind = this.kindOf(args[0]!);
    if (kind === 'unknown') return false;
    return op === 'charge.copy' ? kind !== 'record' : kind !== 'text' && kind !== 'list';
  }

  private push(instruction: Instruction): void {
    this.code.push(instruction);
    if (instruction.result !== undefined) this.definitions[instruction.result] = instruction;
  }

  /** Adds an instruction of our own before the one that is being looked at. */
  private emit(op: IrOp, args: readonly ValueId[], span: Span, imm?: Immediate): ValueId {
    const result = this.types.length;
    this.types.push(IR_OPS[op].result as IrType);
    const instruction: Instruction = { op, result, args, imm, targets: [], span };
    this.definitions[result] = instruction;
    // Nothing may come between an allocation and its charge.
    const last = this.code[this.code.length - 1];
    const place = last !== undefined && IR_OPS[last.op].effect === 'meter' ? this.code.length - 1 : this.code.length;
    this.code.splice(place, 0, instruction);
    return result;
  }

  private branch(instruction: Instruction): Instruction | undefined {
    const [then, otherwise] = instruction.targets;
    const test = this.definitions[instruction.args[0]!];
    if (test?.op === 'const.bool') {
      return { ...instruction, op: 'jump', args: [], targets: [test.imm ? then! : otherwise!] };
    }
    if (test?.op === 'bool.not') return { ...instruction, args: test.args, targets: [otherwise!, then!] };
    const same = then!.block === otherwise!.block && then!.args.every((arg, i) => arg === otherwise!.args[i]);
    return same ? { ...instruction, op: 'jump', args: [], targets: [then!] } : undefined;
  }

  // ---- what an instruction is equal to: another value, another instruction with the same result, or nothing smaller

  private equal(instruction: Instruction): ValueId | Instruction | undefined {
    const { op, args } = instruction;
    const made = args[0] === undefined ? undefined : this.definitions[args[0]];
    switch (op) {
      case 'box.num':
        return made?.op === 'unbox.num' ? made.args[0] : undefined;
      case 'box.bool':
        return made?.op === 'unbox.bool' ? made.args[0] : undefined;
      case 'unbox.num':
        return made?.op === 'box.num' ? made.args[0] : undefined;
      case 'unbox.bool':
        return made?.op === 'box.bool' ? made.args[0] : undefined;
      case 'bool.not':
        if (made?.op === 'bool.not') return made.args[0];
        return made?.op === 'const.bool' ? this.boolean(instruction, made.imm !== true) : undefined;
      case 'any.truthy':
        return this.truthy(instruction);
      case 'check.set':
        return this.maybeEmpty.has(args[0]!) ? undefined : args[0];
      case 'text.concat':
        return this.concat(instruction);
      case 'range.start':
      case 'range.end': {
        const n = this.numberIn(args[0]!);
        return n === undefined ? undefined : this.number(instruction, foldBound(n));
      }
      default:
        if (op.startsWith('num.')) return this.arithmetic(instruction);
        if (op.startsWith('any.')) return this.checked(instruction);
        return op.startsWith('is.') ? this.kindTest(instruction) : this.structure(instruction);
    }
  }

  private number(instruction: Instruction, value: number): Instruction {
    return { ...instruction, op: 'const.num', args: [], imm: value };
  }

  private boolean(instruction: Instruction, value: boolean): Instruction {
    return { ...instruction, op: 'const.bool', args: [], imm: value };
  }

  private arithmetic(instruction: Instruction): ValueId | Instruction | undefined {
    const { op, args } = instruction;
    const a = this.constantNumber(args[0]!);
    const b = args[1] === undefined ? 0 : this.constantNumber(args[1]);
    if (a !== undefined && b !== undefined) {
      const n = foldNumber(op, a, b);
      if (n !== undefined) return this.number(instruction, n);
      const truth = foldComparison(op, a, b);
      if (truth !== undefined) return this.boolean(instruction, truth);
    }
    if (args[1] !== undefined && b !== undefined && isNeutral(op, b)) return args[0];
    const made = this.definitions[args[0]!];
    return op === 'num.neg' && made?.op === 'num.neg' ? made.args[0] : undefined;
  }

  /** A checked operation: bare when all operands are numbers. */
  private checked(instruction: Instruction): ValueId | Instruction | undefined {
    const { op, args, span } = instruction;
    const bareOp = BARE_OPS[op];
    if (bareOp === undefined) return undefined;
    const numbers = args.map(arg => this.bareNumber(arg));
    if (!numbers.includes(undefined)) {
      const bare: Instruction = { ...instruction, op: bareOp, args: numbers as ValueId[] };
      if (op !== 'any.add') return this.arithmetic(bare) ?? bare;
      const sum = this.arithmetic({ ...bare, result: undefined });
      if (typeof sum === 'number') return { ...instruction, op: 'box.num', args: [sum] };
      const folded = sum ?? bare;
      return { ...instruction, op: 'box.num', args: [this.emit(folded.op, folded.args, span, folded.imm)] };
    }
    if (op === 'any.add' && args.every(arg => this.kindOf(arg) === 'text')) {
      return this.concat({ ...instruction, op: 'text.concat' }) ?? { ...instruction, op: 'text.concat' };
    }
    if (op === 'any.eq') {
      const [left, right] = args.map(arg => this.kindOf(arg));
      if (left === 'nil' || right === 'nil') {
        const test: Instruction = { ...instruction, op: 'is.nil', args: [args[left === 'nil' ? 1 : 0]!] };
        return this.kindTest(test) ?? test;
      }
      if (left !== right && left !== 'unknown' && right !== 'unknown') return this.boolean(instruction, false);
    }
    return undefined;
  }

  private concat(instruction: Instruction): Instruction | undefined {
    const [left, right] = instruction.args.map(arg => this.definitions[arg]);
    if (left?.op !== 'const.text' || right?.op !== 'const.text') return undefined;
    const text = `${left.imm as string}${right.imm as string}`;
    return text.length > MAX_FOLDED_TEXT ? undefined : { ...instruction, op: 'const.text', args: [], imm: text };
  }

  private truthy(instruction: Instruction): ValueId | Instruction | undefined {
    const made = this.definitions[instruction.args[0]!];
    if (made?.op === 'box.bool') return made.args[0];
    if (made?.op === 'const.text') return this.boolean(instruction, made.imm !== '');
    const number = this.bareNumber(instruction.args[0]!);
    if (number !== undefined) {
      const test: Instruction = { ...instruction, op: 'num.truthy', args: [number] };
      return this.arithmetic(test) ?? test;
    }
    const kind = this.kindOf(instruction.args[0]!);
    if (kind === 'nil') return this.boolean(instruction, false);
    if (kind === 'record' || kind === 'result' || kind === 'fn') return this.boolean(instruction, true);
    return this.answered(instruction);
  }

  private kindTest(instruction: Instruction): Instruction | undefined {
    const { op, args } = instruction;
    const kind = this.kindOf(args[0]!);
    if (kind === 'unknown') return this.answered(instruction);
    const asked = KIND_TESTS[op];
    if (asked !== undefined) return this.boolean(instruction, kind === asked);
    if (kind !== 'result') return this.boolean(instruction, false);
    const made = this.definitions[args[0]!]?.op;
    if (made !== 'new.ok' && made !== 'new.err') return this.answered(instruction);
    return this.boolean(instruction, (op === 'is.ok') === (made === 'new.ok'));
  }

  /** A test that a branch before it has decided. */
  private answered(instruction: Instruction): Instruction | undefined {
    const answer = this.facts.answer(instruction.op, instruction.args[0]!, this.block);
    return answer === undefined ? undefined : this.boolean(instruction, answer);
  }

  /** Looking into something that was made in sight. */
  private structure(instruction: Instruction): ValueId | Instruction | undefined {
    const { op, args, imm } = instruction;
    const made = args[0] === undefined ? undefined : this.definitions[args[0]];
    const kind = args[0] === undefined ? 'unknown' : this.kindOf(args[0]);
    switch (op) {
      case 'payload':
        if (made?.op === 'new.ok' || made?.op === 'new.err') return made.args[0];
        return kind === 'unknown' || kind === 'result' ? undefined : args[0];
      case 'panic':
        if (made?.op === 'new.ok') return made.args[0];
        if (kind !== 'unknown' && kind !== 'result' && kind !== 'nil') return args[0];
        return this.isNone(args[0]!, ['is.nil', 'is.err']) ? { ...instruction, op: 'payload' } : undefined;
      case 'record.check':
        return this.types[args[0]!] === 'record' ? args[0] : undefined;
      case 'list.check':
        return this.types[args[0]!] === 'list' ? args[0] : undefined;
      case 'field':
      case 'field.safe': {
        if (made?.op !== 'record.new') return undefined;
        const index = (made.imm as Shape).indexOf(imm as string);
        return index === undefined ? undefined : made.args[index];
      }
      case 'list.index':
      case 'list.index.safe': {
        const items = this.itemsOf(args[0]!);
        if (items === undefined) return undefined;
        const index = imm as number;
        if (op === 'list.index.safe' && index >= items.length)
          return { ...instruction, op: 'const.nil', imm: undefined, args: [] };
        return items[index];
      }
      case 'list.length': {
        const items = this.itemsOf(args[0]!);
        return items === undefined ? undefined : this.number(instruction, items.length);
      }
      default:
        return undefined;
    }
  }

  // ---- what is known of values

  /** Whether branches have said that none of these tests is true of a value. */
  private isNone(value: ValueId, tests: readonly IrOp[]): boolean {
    return tests.every(test => this.facts.answer(test, value, this.block) === false);
  }

  /** The items of a list that was made in sight. */
  private itemsOf(list: ValueId): readonly ValueId[] | undefined {
    const added: ValueId[] = [];
    let made = this.definitions[list];
    while (made?.op === 'list.append' && added.length < MAX_APPENDED) {
      added.push(made.args[1]!);
      made = this.definitions[made.args[0]!];
    }
    if (made?.op !== 'list.new') return undefined;
    return added.length === 0 ? made.args : [...made.args, ...added.reverse()];
  }

  private constantNumber(value: ValueId): number | undefined {
    const made = this.definitions[value];
    return made?.op === 'const.num' ? (made.imm as number) : undefined;
  }

  private bareNumber(value: ValueId): ValueId | undefined {
    const made = this.definitions[value];
    return made?.op === 'box.num' ? made.args[0] : undefined;
  }

  /** The known number in a boxed value. */
  private numberIn(value: ValueId): number | undefined {
    const bare = this.bareNumber(value);
    return bare === undefined ? undefined : this.constantNumber(bare);
  }

  private kindOf(value: ValueId): Kind {
    const type = this.types[value]!;
    if (type !== 'any' && type !== 'int') return type;
    const made = this.definitions[value]?.op;
    if (made === 'box.num') return 'num';
    if (made === 'const.nil') return 'nil';
    return made === 'box.bool' ? 'bool' : 'unknown';
  }
}
