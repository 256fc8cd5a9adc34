// Chooses register instructions for the IR of one function. Operands are still SSA values; assign.ts gives them registers.
//
// A bare number and a boxed one are the same word here, so boxing and unboxing disappear: their results are other names for
// their operands, and so are those of instructions that only check. A comparison that is used by one branch alone becomes part
// of it, and small integer constants become part of the arithmetic on them.
import { assert, unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import { Shape } from '../../core/value/record.ts';
import {
  type BlockId,
  type CalleeImmediate,
  endOf,
  type Instruction,
  type IrFunction,
  type Target,
  type ValueId,
} from '../../ir/ir.ts';
import { IR_OPS, type IrOp } from '../../spec/ir-ops.ts';
import type { RegisterOp } from '../../spec/register-ops.ts';
import { AT_ONCE, FUSED, FUSED_CHECKED, isSimple, SIMPLE, WITH_INTEGER } from './select-tables.ts';
import type { UnitTables } from './tables.ts';
import {
  type Condition,
  countUses,
  removeUnused,
  type VirtualBlock,
  type VirtualEnd,
  type VirtualFunction,
  type VirtualInstruction,
} from './virtual.ts';

export interface SelectOptions {
  readonly tables: UnitTables;
  /** Whether a run counts against limits; if not, nothing is charged. */
  readonly metered: boolean;
}

/** Lowers one function. `order` lists the blocks that can be reached, the entry first. */
export function select(fn: IrFunction, order: readonly BlockId[], options: SelectOptions): VirtualFunction {
  return new Selector(fn, options).select(order);
}

const MIN_BYTE = -128;
const MAX_BYTE = 127;
const MIN_HALF = -32768;
const MAX_HALF = 32767;

function isIntegerIn(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max && !Object.is(value, -0);
}

class Selector {
  private readonly fn: IrFunction;
  private readonly tables: UnitTables;
  private readonly metered: boolean;
  /** The value that another value is a name for. */
  private readonly alias: Int32Array;
  private readonly definitions: (Instruction | undefined)[] = [];
  private readonly isNumber: boolean[] = [];
  /** How often the IR uses each value. */
  private readonly useCounts: Int32Array;
  private code: VirtualInstruction[] = [];

  constructor(fn: IrFunction, options: SelectOptions) {
    this.fn = fn;
    this.tables = options.tables;
    this.metered = options.metered;
    this.alias = Int32Array.from(fn.types, (_, value) => value);
    this.useCounts = countUses(fn);
  }

  select(order: readonly BlockId[]): VirtualFunction {
    const { fn } = this;
    fn.types.forEach((type, value) => {
      this.isNumber[value] = type === 'num';
    });
    const blocks = order.map((id): VirtualBlock => {
      const block = fn.blocks[id]!;
      this.code = [];
      for (let i = 0; i < block.code.length - 1; i++) this.instruction(block.code[i]!);
      const end = this.end(endOf(block));
      return { id, params: block.params, code: this.code, end };
    });
    removeUnused(blocks, fn.types.length, value => this.isPure(value));
    return { name: fn.name, blocks, isNumber: value => this.isNumber[value]!, values: fn.types.length };
  }

  private isPure(value: ValueId): boolean {
    const made = this.definitions[value];
    return made !== undefined && IR_OPS[made.op].effect === 'pure';
  }

  private resolve(value: ValueId): ValueId {
    return this.alias[value]!;
  }

  private all(values: readonly ValueId[]): ValueId[] {
    return values.map(value => this.alias[value]!);
  }

  private target(target: Target): Target {
    return { block: target.block, args: this.all(target.args) };
  }

  private emit(
    op: RegisterOp,
    source: Instruction,
    uses: readonly ValueId[],
    immediates: readonly number[] = [],
    list?: readonly ValueId[],
  ): void {
    this.code.push({ op, result: source.result, uses, list, immediates, span: source.span, source });
  }

  /** Makes the result another name of the first operand. */
  private rename(instruction: Instruction): void {
    const { result, args } = instruction;
    this.alias[result!] = this.resolve(args[0]!);
  }

  private constantNumber(value: ValueId): number | undefined {
    const made = this.definitions[value];
    return made?.op === 'const.num' ? (made.imm as number) : undefined;
  }

  private smallConstant(value: ValueId): number | undefined {
    const n = this.constantNumber(value);
    return n !== undefined && isIntegerIn(n, MIN_BYTE, MAX_BYTE) ? n : undefined;
  }

  private instruction(instruction: Instruction): void {
    const { op, result, imm } = instruction;
    if (result !== undefined) this.definitions[result] = instruction;
    const args = this.all(instruction.args);
    if (isSimple(op)) {
      this.simple(SIMPLE[op], instruction, args);
      return;
    }
    switch (op) {
      case 'const.num': {
        const n = imm as number;
        if (isIntegerIn(n, MIN_HALF, MAX_HALF)) this.emit('load_i', instruction, [], [n]);
        else this.loadConstant(instruction, n);
        return;
      }
      case 'const.text':
        this.loadConstant(instruction, imm as string);
        return;
      case 'const.bool':
        this.emit('load_bool', instruction, [], [imm === true ? 1 : 0]);
        return;
      case 'const.nil':
        this.emit('load_nil', instruction, []);
        return;
      case 'const.empty':
        this.emit('load_empty', instruction, []);
        return;
      case 'box.num':
      case 'box.bool':
      case 'unbox.num':
      case 'unbox.bool':
      case 'owned':
        this.rename(instruction);
        return;
      case 'num.gt':
        this.emit('lt_nn', instruction, [args[1]!, args[0]!]);
        return;
      case 'num.ge':
        this.emit('le_nn', instruction, [args[1]!, args[0]!]);
        return;
      case 'list.check':
      case 'record.check':
        this.code.push(check(op === 'list.check' ? 'list_check' : 'record_check', args[0]!, [], instruction.span));
        this.rename(instruction);
        return;
      case 'check.set':
        this.code.push(check('check_set', args[0]!, [this.tables.names.indexOf(imm as string)], instruction.span));
        this.rename(instruction);
        return;
      case 'list.append': {
        const owned = this.ownership(instruction);
        if (owned === undefined) this.emit('list_append', instruction, args);
        else if (owned.always) this.emit('list_append_own', instruction, args);
        else this.emit('list_append_own_if', instruction, [...args, owned.flag]);
        return;
      }
      case 'list.new':
        this.emit('list_new', instruction, [], [], args);
        return;
      case 'list.index':
      case 'list.index.safe':
        this.emit(op === 'list.index' ? 'list_index' : 'list_index_safe', instruction, args, [
          this.tables.constant(imm as number),
        ]);
        return;
      case 'field':
      case 'field.safe':
        if (op === 'field')
          this.emit('field', instruction, args, [this.tables.names.indexOf(imm as string), this.tables.site()]);
        else this.emit('field_safe', instruction, args, [this.tables.names.indexOf(imm as string)]);
        return;
      case 'record.new': {
        assert(imm instanceof Shape, 'a record has a shape');
        this.emit('record_new', instruction, [], [this.tables.shapes.indexOf(imm)], args);
        return;
      }
      case 'record.with': {
        const owned = this.ownership(instruction);
        const names = [this.tables.fieldList(imm as readonly string[]), this.tables.site()];
        if (owned === undefined) this.emit('record_with', instruction, [], names, args);
        else this.emit('record_with_own_if', instruction, [owned.flag], names, args);
        return;
      }
      case 'fn.new':
        this.emit('fn_new', instruction, [], [this.tables.closures.indexOf((imm as CalleeImmediate).name)], args);
        return;
      case 'call':
        this.call(instruction, args);
        return;
      case 'call.value':
        this.emit('call_value', instruction, [], [this.tables.names.indexOf(imm as string)], args);
        return;
      case 'call.builtin':
        this.builtin(instruction, args);
        return;
      case 'call.tool':
        this.emit('call_tool', instruction, [], [Number(imm)], args);
        return;
      case 'fuel':
      case 'charge.items':
      case 'charge.join':
      case 'charge.append':
      case 'charge.copy':
        this.meter(op, instruction, args);
        return;
      case 'depth':
      case 'jump':
      case 'branch':
      case 'return':
        assert(false, `${op} has no place here`);
        break;
      default:
        unreachable(op);
    }
  }

  private call(instruction: Instruction, args: readonly ValueId[]): void {
    const callee = Number(instruction.imm);
    if (args.length === 1) this.emit('call_1', instruction, args, [callee]);
    else if (args.length === 2) this.emit('call_2', instruction, args, [callee]);
    else this.emit('call', instruction, [], [callee], args);
  }

  private builtin(instruction: Instruction, args: readonly ValueId[]): void {
    const name = instruction.imm as string;
    const index = this.tables.builtins.indexOf(name);
    const op = this.metered ? undefined : AT_ONCE[name];
    if (op === undefined || op.params !== args.length) {
      this.emit('call_builtin', instruction, [], [index], args);
      return;
    }
    const right = name === 'mod' ? this.smallConstant(args[1]!) : undefined;
    if (right !== undefined && right > 0) {
      this.emit('mod_i', instruction, [args[0]!], [right, index]);
      return;
    }
    const owned = this.ownership(instruction);
    if (owned?.always && op.own !== undefined) this.emit(op.own, instruction, args, [index]);
    else if (owned !== undefined && op.ownIf !== undefined)
      this.emit(op.ownIf, instruction, [...args, owned.flag], [index]);
    else this.emit(op.op, instruction, args, [index]);
  }

  /** Whether the first operand may be changed in place: never when undefined, else when the flag is true. */
  private ownership({ args }: Instruction): { readonly always: boolean; readonly flag: ValueId } | undefined {
    const made = this.definitions[args[0]!];
    if (made?.op !== 'owned') return undefined;
    const flag = this.resolve(made.args[1]!);
    const constant = this.definitions[flag];
    return { always: constant?.op === 'const.bool' && constant.imm === true, flag };
  }

  private loadConstant(instruction: Instruction, value: number | string): void {
    const index = this.tables.constant(value);
    this.emit(index <= 65535 ? 'load_k' : 'load_kx', instruction, [], [index]);
  }

  private simple(op: RegisterOp, instruction: Instruction, args: readonly ValueId[]): void {
    const withInteger = WITH_INTEGER[instruction.op];
    if (withInteger !== undefined) {
      const right = this.smallConstant(args[1]!);
      if (right !== undefined && !(right === 0 && instruction.op === 'num.div')) {
        this.emit(withInteger, instruction, [args[0]!], [right]);
        return;
      }
      const left = this.smallConstant(args[0]!);
      if (left !== undefined && (instruction.op === 'num.add' || instruction.op === 'num.mul')) {
        this.emit(withInteger, instruction, [args[1]!], [left]);
        return;
      }
    }
    this.emit(op, instruction, args);
  }

  private meter(op: IrOp, instruction: Instruction, args: readonly ValueId[]): void {
    if (!this.metered) return;
    switch (op) {
      case 'fuel':
        this.emit('fuel', instruction, [], [instruction.imm as number]);
        return;
      case 'charge.items':
        this.emit('charge_items', instruction, [], [instruction.imm as number]);
        return;
      case 'charge.join':
        this.emit('charge_join', instruction, args);
        return;
      case 'charge.append':
        this.emit('charge_append', instruction, []);
        return;
      default:
        this.emit('charge_copy', instruction, args);
    }
  }

  private checkedCondition(relation: 'lt' | 'le' | 'gt' | 'ge' | 'eq', [left, right]: [ValueId, ValueId]): Condition {
    const integer = this.smallConstant(right);
    if (integer !== undefined) {
      return { when: undefined, unless: `unless_${relation}_vi`, uses: [left], immediates: [integer] };
    }
    const when = relation === 'eq' ? undefined : (`if_${relation}_vv` as const);
    return { when, unless: `unless_${relation}_vv`, uses: [left, right], immediates: [] };
  }

  /** Takes out the last instruction of the block when it makes a value that only the branch behind it uses. */
  private takeLast(value: ValueId): boolean {
    const last = this.code[this.code.length - 1];
    if (last?.result !== value || this.useCounts[value] !== 1) return false;
    this.code.pop();
    return true;
  }

  private end(instruction: Instruction): VirtualEnd {
    const { op, args, targets, span } = instruction;
    switch (op) {
      case 'return':
        return { kind: 'return', value: this.resolve(args[0]!), span };
      case 'jump':
        return { kind: 'jump', target: this.target(targets[0]!), span };
      case 'branch': {
        let test = this.resolve(args[0]!);
        let [then, otherwise] = [this.target(targets[0]!), this.target(targets[1]!)];
        for (;;) {
          const made = this.definitions[test];
          if (made?.op !== 'bool.not') break;
          test = this.resolve(made.args[0]!);
          [then, otherwise] = [otherwise, then];
        }
        // Where the comparison becomes part of the branch, it is the comparison that can fault.
        const place = this.definitions[test]?.span ?? span;
        return { kind: 'branch', condition: this.condition(test), then, otherwise, span: place };
      }
      default:
        return unreachable(op as never, 'the end of a block');
    }
  }

  /** Comparing at the branch instead of where the IR compares changes nothing: both are pure, and values do not change. */
  private condition(test: ValueId): Condition {
    const made = this.definitions[test];
    if (made?.op === 'any.truthy' || made?.op === 'num.truthy') {
      return { when: 'if_v', unless: 'unless_v', uses: this.all(made.args), immediates: [] };
    }
    const checked = made === undefined ? undefined : FUSED_CHECKED[made.op];
    // What may fault stays where it is, unless the branch is the next thing that happens.
    if (made !== undefined && checked !== undefined && this.takeLast(test)) {
      return this.checkedCondition(checked, this.all(made.args) as [ValueId, ValueId]);
    }
    const fused = made === undefined ? undefined : FUSED[made.op];
    if (made === undefined || fused === undefined) {
      return { when: 'if_b', unless: 'unless_b', uses: [test], immediates: [] };
    }
    const [left, right] = this.all(made.args) as [ValueId, ValueId];
    const rightConstant = this.smallConstant(right);
    if (rightConstant !== undefined) return integerCondition(fused.right, left, rightConstant);
    const leftConstant = this.smallConstant(left);
    if (leftConstant !== undefined) return integerCondition(fused.left, right, leftConstant);
    const uses = fused.swapped ? [right, left] : [left, right];
    return { when: `if_${fused.nn}_nn`, unless: `unless_${fused.nn}_nn`, uses, immediates: [] };
  }
}

function integerCondition(relation: string, value: ValueId, integer: number): Condition {
  return {
    when: `if_${relation}_ni` as RegisterOp,
    unless: `unless_${relation}_ni` as RegisterOp,
    uses: [value],
    immediates: [integer],
  };
}

function check(op: RegisterOp, value: ValueId, immediates: readonly number[], span: Span): VirtualInstruction {
  return { op, result: undefined, uses: [value], list: undefined, immediates, span };
}
