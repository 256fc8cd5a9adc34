// The rules of the IR, each stated once. Tests verify between all passes; a broken rule is a bug in ilo (or damage to a text that
// was handed in), so the problems come back as sentences, never as exceptions.
//
// Here: blocks, definitions and their uses, types. verify-immediates.ts: what instructions name. verify-meters.ts: what is charged. All of
// it takes time in proportion to the text, but for dominators, which are nearly that.
import type { Shape } from '../core/value/record.ts';
import { IR_OPS, type IrType, isAssignable } from '../spec/ir-ops.ts';
import { buildCfg, type Cfg, dominates } from './cfg.ts';
import type { BlockId, Instruction, IrFunction, IrUnit, ValueId } from './ir.ts';
import { findMaybeEmpty } from './passes/empty.ts';
import { immediateProblem } from './verify-immediates.ts';
import { checkMeters } from './verify-meters.ts';

/** Everything wrong with a unit, as sentences that name function, block and instruction; empty when it is well formed. */
export function verifyIr(unit: IrUnit): string[] {
  return unit.functions.flatMap(fn => new FunctionVerifier(fn, unit).verify());
}

interface Definition {
  readonly block: BlockId;
  /** The place in the block; -1 for a parameter. */
  readonly index: number;
}

class FunctionVerifier {
  private readonly fn: IrFunction;
  private readonly unit: IrUnit;
  private readonly problems: string[] = [];
  private readonly definitions = new Map<ValueId, Definition>();

  constructor(fn: IrFunction, unit: IrUnit) {
    this.fn = fn;
    this.unit = unit;
  }

  verify(): string[] {
    this.checkBlocks();
    if (this.problems.length > 0) return this.problems;
    const cfg = buildCfg(this.fn);
    const empty = findMaybeEmpty(this.fn, cfg);
    this.fn.blocks.forEach((block, id) => {
      block.code.forEach((instruction, index) => {
        this.checkUses(instruction, id, index, cfg);
        this.checkTypes(instruction, id);
        if (instruction.op !== 'check.set' && instruction.args.some(arg => empty.has(arg))) {
          this.problem(id, `${instruction.op} looks at a variable that may not be set`);
        }
        const problem = immediateProblem(instruction, this.unit);
        if (problem !== undefined) this.problem(id, problem);
        if (instruction.span.end < instruction.span.start) this.problem(id, `${instruction.op} ends before it begins`);
      });
    });
    checkMeters(
      this.fn,
      cfg,
      value => this.definitionOf(value),
      (block, text) => this.problem(block, text),
    );
    return this.problems;
  }

  private problem(block: BlockId, text: string): void {
    this.problems.push(`${this.fn.name} b${block}: ${text}`);
  }

  private checkBlocks(): void {
    const { fn } = this;
    if (fn.blocks.length === 0) {
      this.problems.push(`${fn.name}: has no block`);
      return;
    }
    fn.blocks.forEach((block, id) => {
      block.params.forEach(param => {
        this.define(param, id, -1);
      });
      block.code.forEach((instruction, index) => {
        const row = IR_OPS[instruction.op];
        const last = index === block.code.length - 1;
        if ((row.effect === 'end') !== last)
          this.problem(id, `${instruction.op} stands ${last ? 'last' : 'before the end'}`);
        if ((row.result === 'none') !== (instruction.result === undefined)) {
          this.problem(id, `${instruction.op} ${row.result === 'none' ? 'gives no result' : 'gives a result'}`);
        }
        if (instruction.result !== undefined) this.define(instruction.result, id, index);
        const { length } = instruction.targets;
        if (row.targets === 'many' ? length === 0 : length !== row.targets)
          this.problem(id, `${instruction.op} has ${row.targets} targets`);
        for (const target of instruction.targets) {
          if (fn.blocks[target.block] === undefined) this.problem(id, `b${target.block} does not exist`);
          else if (target.block === 0) this.problem(id, 'the entry is no target');
        }
      });
      if (block.code.length === 0) this.problem(id, 'is empty');
    });
    const entry = fn.blocks[0]!.params;
    if (fn.declared.length !== fn.params.length) this.problem(0, 'each parameter has a declared type');
    if (fn.of !== undefined) this.checkVersion(fn.of);
    if (entry.length !== fn.params.length || entry.some((param, i) => fn.types[param] !== fn.params[i])) {
      this.problem(0, 'the entry takes the parameters of the function');
    }
  }

  private checkVersion(of: number): void {
    const general = this.unit.functions[of];
    if (general === undefined || general.of !== undefined || general.params.length !== this.fn.params.length) {
      this.problems.push(`${this.fn.name}: is a version of no function like it`);
    }
  }

  private define(value: ValueId, block: BlockId, index: number): void {
    if (this.fn.types[value] === undefined) this.problem(block, `v${value} has no type`);
    if (this.definitions.has(value)) this.problem(block, `v${value} is defined twice`);
    this.definitions.set(value, { block, index });
  }

  private checkUses(instruction: Instruction, block: BlockId, index: number, cfg: Cfg): void {
    for (const value of [...instruction.args, ...instruction.targets.flatMap(target => target.args)]) {
      const definition = this.definitions.get(value);
      if (!definition) this.problem(block, `v${value} is used and never defined`);
      else if (cfg.place[block]! < 0) continue;
      else if (definition.block === block ? definition.index >= index : !dominates(cfg, definition.block, block)) {
        this.problem(block, `v${value} is used where its definition does not reach`);
      }
    }
  }

  /** The instruction that makes a value; undefined for a parameter. */
  private definitionOf(value: ValueId): Instruction | undefined {
    const definition = this.definitions.get(value);
    return definition && this.fn.blocks[definition.block]!.code[definition.index];
  }

  private typeOf(value: ValueId): IrType {
    return this.fn.types[value] ?? 'nil';
  }

  private checkTypes(instruction: Instruction, block: BlockId): void {
    const { op, args, result } = instruction;
    const row = IR_OPS[op];
    const expected = this.operandTypes(instruction);
    if (expected === undefined) {
      this.problem(block, `${op} calls a function that does not exist`);
      return;
    }
    if (expected.length !== args.length)
      this.problem(block, `${op} takes ${expected.length} operands, not ${args.length}`);
    expected.forEach((want, i) => {
      const value = args[i];
      if (value !== undefined && !isAssignable(this.typeOf(value), want)) {
        this.problem(block, `operand ${i} of ${op} is ${this.typeOf(value)}, not ${want}`);
      }
    });
    if (row.effect === 'end' && row.imm === 'function') {
      // A tail call: what it gives is what this function gives.
      const gives = this.unit.functions[Number(instruction.imm)]?.result;
      if (gives !== undefined && !isAssignable(gives, this.fn.result)) {
        this.problem(block, `${op} gives ${gives}, not ${this.fn.result}`);
      }
    }
    if (result !== undefined) {
      const gives = row.result === 'signature' ? this.unit.functions[Number(instruction.imm)]?.result : row.result;
      // A result may be declared less precisely than the op makes it, never more.
      if (gives !== undefined && gives !== 'none' && !isAssignable(gives as IrType, this.typeOf(result))) {
        this.problem(block, `${op} gives ${gives}, not ${this.typeOf(result)}`);
      }
    }
    for (const target of instruction.targets) {
      const params = this.fn.blocks[target.block]?.params ?? [];
      if (params.length !== target.args.length) {
        this.problem(block, `b${target.block} takes ${params.length} arguments, not ${target.args.length}`);
      }
      params.forEach((param, i) => {
        const arg = target.args[i];
        if (arg !== undefined && !isAssignable(this.typeOf(arg), this.typeOf(param))) {
          this.problem(block, `argument ${i} of b${target.block} is ${this.typeOf(arg)}, not ${this.typeOf(param)}`);
        }
      });
    }
  }

  /** The types that the operands must have; undefined when the callee is unknown. */
  private operandTypes(instruction: Instruction): readonly IrType[] | undefined {
    const { op, args } = instruction;
    const row = IR_OPS[op];
    if (op === 'return') return [this.fn.result];
    if (row.imm === 'function') return this.unit.functions[Number(instruction.imm)]?.params;
    if (op === 'call.tool' && this.unit.tools[Number(instruction.imm)] === undefined) return undefined;
    if (op === 'record.new') return (instruction.imm as Shape).names.map((): IrType => 'any');
    if (op === 'record.with') return ['any', ...(instruction.imm as readonly string[]).map((): IrType => 'any')];
    const fixed = row.args.filter((each): each is IrType => each !== 'any...');
    if (fixed.length === row.args.length) return fixed;
    return [...fixed, ...args.slice(fixed.length).map((): IrType => 'any')];
  }
}
