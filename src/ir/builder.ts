// Makes one IR function: blocks, values, and variables in SSA form while the code is being written. The construction is that of
// Braun and others, "Simple and Efficient Construction of Static Single Assignment Form" (2013): reading a variable looks
// for its definition in the block, then in the predecessors; a block whose predecessors are not all known yet gets a
// parameter that is completed when it is sealed; parameters that turn out to have one source only are taken out at the end.
import { assert } from '../base/assert.ts';
import type { Span } from '../base/span.ts';
import { IR_OPS, type IrOp, type IrType } from '../spec/ir-ops.ts';
import type { BlockId, Immediate, Instruction, IrFunction, ValueId } from './ir.ts';
import { removeTrivialParams } from './trivial-params.ts';

export interface OpenBlock {
  readonly id: BlockId;
  readonly params: ValueId[];
  readonly code: Instruction[];
  readonly predecessors: OpenBlock[];
  readonly definitions: Map<number, ValueId>;
  sealed: boolean;
}

export class FunctionBuilder {
  readonly types: IrType[] = [];
  readonly names = new Map<ValueId, string>();
  private readonly blocks: OpenBlock[] = [];
  /** The instruction that defines a value; parameters have none. */
  private readonly definedBy = new Map<ValueId, Instruction>();
  /** Parameters that wait for their arguments, in the order in which they were added. */
  private readonly incomplete: { readonly block: OpenBlock; readonly variable: number }[] = [];
  current: OpenBlock;

  constructor() {
    this.current = this.newBlock();
    this.seal(this.current);
  }

  newBlock(): OpenBlock {
    const block: OpenBlock = {
      id: this.blocks.length,
      params: [],
      code: [],
      predecessors: [],
      definitions: new Map(),
      sealed: false,
    };
    this.blocks.push(block);
    return block;
  }

  newValue(type: IrType, name = ''): ValueId {
    const value = this.types.length;
    this.types.push(type);
    if (name !== '') this.names.set(value, name);
    return value;
  }

  /** Adds a parameter of the function itself. */
  functionParam(type: IrType, name: string): ValueId {
    const value = this.newValue(type, name);
    this.current.params.push(value);
    return value;
  }

  /** Appends an instruction and gives its result; `type` replaces the table's where that says `signature`. */
  emit(op: IrOp, args: readonly ValueId[], span: Span, imm?: Immediate, type?: IrType): ValueId {
    const row = IR_OPS[op];
    assert(row.result !== 'none', `${op} has no result`);
    const result = this.newValue(type ?? (row.result as IrType));
    const instruction: Instruction = { op, result, args, imm, targets: [], span };
    this.current.code.push(instruction);
    this.definedBy.set(result, instruction);
    return result;
  }

  /** Appends an instruction without a result. */
  effect(op: IrOp, args: readonly ValueId[], span: Span, imm?: Immediate): void {
    this.current.code.push({ op, result: undefined, args, imm, targets: [], span });
  }

  /** The instruction that made a value, to look through boxing. */
  definition(value: ValueId): Instruction | undefined {
    return this.definedBy.get(value);
  }

  /** Whether the current block has ended, so that what follows cannot be reached. */
  get ended(): boolean {
    const last = this.current.code[this.current.code.length - 1];
    return last !== undefined && IR_OPS[last.op].effect === 'end';
  }

  jump(to: OpenBlock, span: Span): void {
    if (this.ended) return;
    to.predecessors.push(this.current);
    this.end('jump', [], [to], span);
  }

  branch(test: ValueId, then: OpenBlock, otherwise: OpenBlock, span: Span): void {
    if (this.ended) return;
    then.predecessors.push(this.current);
    otherwise.predecessors.push(this.current);
    this.end('branch', [test], [then, otherwise], span);
  }

  return(value: ValueId, span: Span): void {
    if (!this.ended) this.end('return', [value], [], span);
  }

  private end(op: IrOp, args: readonly ValueId[], targets: readonly OpenBlock[], span: Span): void {
    // The arguments of the targets are known only when all blocks are sealed; finish() fills them in.
    const ends = targets.map(target => ({ block: target.id, args: [] }));
    this.current.code.push({ op, result: undefined, args, imm: undefined, targets: ends, span });
  }

  /** Goes on writing in a block. */
  enter(block: OpenBlock): void {
    this.current = block;
  }

  write(variable: number, value: ValueId): void {
    this.current.definitions.set(variable, value);
  }

  read(variable: number): ValueId {
    return this.readIn(variable, this.current);
  }

  private readIn(variable: number, start: OpenBlock): ValueId {
    // A chain of blocks with one predecessor each may be as long as the program: it is followed without recursion.
    const passed: OpenBlock[] = [];
    let block = start;
    let value: ValueId | undefined;
    for (;;) {
      value = block.definitions.get(variable);
      if (value !== undefined) break;
      if (!block.sealed || block.predecessors.length !== 1) {
        value = this.addParam(variable, block);
        break;
      }
      passed.push(block);
      block = block.predecessors[0]!;
    }
    for (const each of passed) each.definitions.set(variable, value);
    return value;
  }

  private addParam(variable: number, block: OpenBlock): ValueId {
    assert(block.id !== 0, `variable ${variable} is read before it is set`);
    const value = this.newValue('any');
    block.params.push(value);
    this.incomplete.push({ block, variable });
    block.definitions.set(variable, value);
    return value;
  }

  /** Says that all predecessors of a block are known. */
  seal(block: OpenBlock): void {
    block.sealed = true;
  }

  /** Completes the arguments of all targets and gives the function. */
  finish(signature: Pick<IrFunction, 'name' | 'params' | 'result' | 'declared' | 'declaredResult'>): IrFunction {
    this.completeArguments();
    const blocks = this.blocks.map(block => ({ params: block.params, code: block.code }));
    const { types, names } = this;
    return removeTrivialParams({ ...signature, of: undefined, types, names, blocks });
  }

  /**
   * Gives each parameter its argument in every block that goes on to its block. Reading a variable there may add parameters
   * further up, which join the work list. Arguments are appended in the order of the parameters of their block, because
   * parameters of one block enter the list in that order and the list is taken from the front.
   */
  private completeArguments(): void {
    for (let i = 0; i < this.incomplete.length; i++) {
      const { block, variable } = this.incomplete[i]!;
      for (const before of new Set(block.predecessors)) {
        const value = this.readIn(variable, before);
        const end = before.code[before.code.length - 1]!;
        for (const target of end.targets) if (target.block === block.id) (target.args as ValueId[]).push(value);
      }
    }
  }
}
