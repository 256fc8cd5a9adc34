// Turns the IR of a unit into the code of the register machine: selects instructions, assigns registers, writes words.
//
// A branch falls through to the block that stands next; moves for the other way stand behind the function's last block.
// Registers that an instruction cannot name are copied to and from one of three that are kept free for it.
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { BlockId, IrFunction, IrUnit, Target, ValueId } from '../../ir/ir.ts';
import type { IrType } from '../../spec/ir-ops.ts';
import { OPCODE_OF, placeBits, REGISTER_OPS, type RegisterOp } from '../../spec/register-ops.ts';
import { type Assignment, assignRegisters, spreadRegisters } from './assign.ts';
import {
  argumentRegister,
  argumentRegisters,
  DIRECT_REGISTERS,
  encodeConstants,
  INFO_FRAME,
  INFO_PARAMS,
  INFO_SIZE,
  INFO_START,
  MAX_DIRECT,
  type RegisterFunction,
  type RegisterUnit,
  SCRATCH,
} from './code.ts';
import { layoutBlocks } from './layout.ts';
import { arrangeLoops } from './loop-code.ts';
import { type Move, orderMoves } from './moves.ts';
import { select } from './select.ts';
import { UnitTables } from './tables.ts';
import {
  countVirtualUses,
  type VirtualBlock,
  type VirtualEnd,
  type VirtualFunction,
  type VirtualInstruction,
} from './virtual.ts';

export interface EncodeOptions {
  readonly metered: boolean;
  /** Is told where each instruction stands, with the register of each value. */
  readonly note?: (fn: VirtualFunction, instruction: VirtualInstruction, pc: number, registers: Int32Array) => void;
}

/** Lowers a unit. Without a meter the code does not charge. */
export function encodeUnit(unit: IrUnit, options: EncodeOptions): RegisterUnit {
  const tables = new UnitTables();
  const code: number[] = [];
  const lists: number[] = [];
  const calls: number[] = [];
  const functions = unit.functions.map(fn => {
    const selected = select(fn, layoutBlocks(fn), { tables, metered: options.metered });
    if (!options.metered) arrangeLoops(selected);
    return new FunctionEncoder(selected, fn, unit, code, lists, calls, options.note).encode();
  });
  for (const at of calls) code[at] = functions[code[at]!]!.start;
  const info = new Int32Array(functions.length * INFO_SIZE);
  functions.forEach((fn, i) => {
    info[i * INFO_SIZE + INFO_START] = fn.start;
    info[i * INFO_SIZE + INFO_PARAMS] = fn.params;
    info[i * INFO_SIZE + INFO_FRAME] = fn.frame;
  });
  return {
    metered: options.metered,
    code: Int32Array.from(code),
    functions,
    info,
    lists: Int32Array.from(lists),
    ...encodeConstants(tables.constants.items),
    names: tables.names.items,
    fieldLists: tables.fieldLists.items,
    shapes: tables.shapes.items,
    closures: tables.closures.items,
    builtins: tables.builtins.items,
    tools: unit.tools,
    sites: tables.sites,
    loaded: undefined,
  };
}

const MAX_HALF_WORD = 65535;

/** A way from a branch that needs moves of its own. */
interface Stub {
  /** The word that holds the target. */
  readonly at: number;
  readonly target: Target;
}

class FunctionEncoder {
  private readonly fn: VirtualFunction;
  private readonly source: IrFunction;
  private readonly unit: IrUnit;
  private readonly note: EncodeOptions['note'];
  private readonly code: number[];
  private readonly lists: number[];
  private readonly registers: Int32Array;
  /** How often each value is used. */
  private readonly useCounts: Int32Array;
  private readonly blocks = new Map<BlockId, VirtualBlock>();
  private readonly starts = new Map<BlockId, number>();
  private readonly jumps: { readonly at: number; readonly block: BlockId }[] = [];
  private readonly stubs: Stub[] = [];
  /** The words that hold the index of a function instead of its start. */
  private readonly calls: number[];
  /** Calls whose frame's size is not written yet. */
  private readonly sizes: number[] = [];
  /** Where the last instruction begins, and the one before it. */
  private lastAt = -1;
  private beforeLastAt = -1;
  /** Where the block that is written begins. */
  private blockStart = 0;
  private readonly spanPcs: number[] = [];
  private readonly spans: Span[] = [];
  /** The register for cycles of moves, behind all others. */
  private readonly spare: number;
  private frame: number;

  constructor(
    fn: VirtualFunction,
    source: IrFunction,
    unit: IrUnit,
    code: number[],
    lists: number[],
    calls: number[],
    note: EncodeOptions['note'],
  ) {
    this.note = note;
    this.fn = fn;
    this.source = source;
    this.unit = unit;
    this.code = code;
    this.lists = lists;
    this.calls = calls;
    const assignment = directRegisters(assignRegisters(fn), source.params.length);
    this.registers = assignment.registers;
    this.useCounts = countVirtualUses(fn);
    this.spare = assignment.count;
    this.frame = assignment.count;
  }

  encode(): RegisterFunction {
    const { fn, code, source, unit } = this;
    const start = code.length;
    for (const block of fn.blocks) this.blocks.set(block.id, block);
    fn.blocks.forEach((block, i) => {
      this.starts.set(block.id, code.length);
      this.blockStart = code.length;
      block.code.forEach((instruction, at) => {
        this.tryBoth(instruction, block.code[at + 1]);
        this.instruction(instruction);
      });
      this.end(block, fn.blocks[i + 1]?.id);
    });
    for (const { at, target } of this.stubs) {
      code[at] = code.length;
      this.moves(target);
      this.jump(target.block);
    }
    for (const { at, block } of this.jumps) code[at] = this.starts.get(block)!;
    const frame = Math.max(this.frame, argumentRegisters(source.params.length));
    for (const at of this.sizes) this.writeSize(at, frame + 1);
    return {
      name: source.name,
      start,
      end: code.length,
      params: source.params.length,
      frame,
      of: source.of,
      version: versionOf(unit, source),
      wants: source.declared.map(wanted),
      spanPcs: this.spanPcs,
      spans: this.spans,
    };
  }

  /** How far above the base the next frame begins; in half a word, 0 stands for what does not fit. */
  private writeSize(at: number, size: number): void {
    if ((this.code[at]! & 255) !== OPCODE_OF.call) this.code[at + 2] = size;
    else if (size <= MAX_HALF_WORD) this.code[at]! |= placeBits('bx', size);
  }

  private register(value: ValueId): number {
    const register = this.registers[value]!;
    assert(register >= 0, `v${value} of ${this.fn.name} has no register`);
    return register;
  }

  private instruction(instruction: VirtualInstruction): void {
    const { op, result, uses, immediates, list, span } = instruction;
    this.place(span);
    const registers = list?.map(value => this.register(value));
    this.write(op, {
      result: result === undefined ? undefined : this.register(result),
      uses: uses.map(value => this.register(value)),
      immediates,
      list: op === 'call' ? this.spreadArguments(immediates[0]!, registers!) : registers,
    });
    // A result that an instruction cannot name is stored by another one behind it.
    const isLast = (this.code[this.lastAt]! & 255) === OPCODE_OF[op];
    if (isLast) this.note?.(this.fn, instruction, this.lastAt, this.registers);
  }

  /** Writes the instruction that looks up an item of an item at once, before the two that it stands for. */
  private tryBoth(outer: VirtualInstruction, inner: VirtualInstruction | undefined): void {
    const isPair = outer.op === 'at' && inner?.op === 'at' && inner.uses[0] === outer.result;
    if (!isPair || this.useCounts[outer.result!] !== 1) return;
    const registers = [inner.result!, ...outer.uses, inner.uses[1]!].map(value => this.register(value));
    if (registers.some(register => register >= DIRECT_REGISTERS)) return;
    this.write('at_at', { uses: registers.slice(1), immediates: [registers[0]!] });
  }

  /** The arguments of a function with very many leave out its scratch registers; any register stands there instead. */
  private spreadArguments(callee: number, registers: readonly number[]): readonly number[] {
    const count = registers.length;
    assert(this.unit.functions[callee]?.params.length === count, 'a call gives as many arguments as are taken');
    if (count <= DIRECT_REGISTERS) return registers;
    const spread = new Array<number>(argumentRegisters(count)).fill(registers[0]!);
    registers.forEach((register, i) => {
      spread[argumentRegister(i, count)] = register;
    });
    return spread;
  }

  /** Notes where the following instructions come from. */
  private place(span: Span): void {
    const last = this.spans[this.spans.length - 1];
    if (last !== undefined && last.start === span.start && last.end === span.end) return;
    this.spanPcs.push(this.code.length);
    this.spans.push(span);
  }

  /** Writes an instruction; gives the place of its word for a jump target, if it has one. */
  private write(
    op: RegisterOp,
    operands: {
      readonly result?: number | undefined;
      readonly uses?: readonly number[];
      readonly immediates?: readonly number[];
      readonly list?: readonly number[] | undefined;
    },
  ): number {
    const { code } = this;
    const row = REGISTER_OPS[OPCODE_OF[op]]!;
    // A whole word names any register, a byte of one does not: at most three operands of an instruction are bytes.
    const places = row.operands.filter(({ role }) => role === 'use').map(({ place }) => place);
    let scratch = 0;
    const uses = (operands.uses ?? []).map((register, i) => {
      if (register < MAX_DIRECT || places[i]!.startsWith('w')) return register;
      const direct = SCRATCH[scratch++]!;
      assert(direct !== undefined, `${op} names more registers in bytes than are kept free`);
      this.write('load_x', { result: direct, immediates: [register] });
      return direct;
    });
    const { result } = operands;
    const far = result !== undefined && result >= MAX_DIRECT;
    const target = far ? SCRATCH[2] : result;
    const at = code.length;
    this.beforeLastAt = this.lastAt;
    this.lastAt = at;
    let first = OPCODE_OF[op];
    let use = 0;
    let immediate = 0;
    let targetAt = -1;
    for (let i = 1; i < row.width; i++) code[at + i] = 0;
    for (const { place, role } of row.operands) {
      let value: number;
      if (role === 'entry') this.calls.push(at + 1);
      if (role === 'size') this.sizes.push(at);
      if (role === 'def') value = target!;
      else if (role === 'use') value = uses[use++]!;
      else if (role === 'list') value = this.list(operands.list!);
      else if (role === 'target' || role === 'size') value = 0;
      else value = operands.immediates![immediate++]!;
      if (place === 'w1') code[at + 1] = value;
      else if (place === 'w2') code[at + 2] = value;
      else if (place === 'w3') code[at + 3] = value;
      else first |= placeBits(place, value);
      if (role === 'target') targetAt = place === 'w2' ? at + 2 : at + 1;
    }
    code[at] = first;
    if (far) this.write('store_x', { uses: [target!], immediates: [result] });
    return targetAt;
  }

  private list(registers: readonly number[]): number {
    const { lists } = this;
    const at = lists.length;
    lists.push(registers.length);
    for (const register of registers) lists.push(register);
    return at;
  }

  private jump(block: BlockId): void {
    this.jumps.push({ at: this.write('jump', {}), block });
  }

  /** The moves that pass arguments to a block. */
  private moves(target: Target): void {
    const moves = target.args.map((arg, i): Move => {
      const param = this.blocks.get(target.block)!.params[i]!;
      const isNumber = this.fn.isNumber(arg) || this.fn.isNumber(param);
      return { to: this.register(param), from: this.register(arg), isNumber };
    });
    const ordered = orderMoves(moves, () => {
      this.frame = this.spare + 1;
      return this.spare;
    });
    for (const { to, from, isNumber } of ordered) {
      this.write(isNumber ? 'move_n' : 'move', { result: to, uses: [from] });
    }
  }

  private needsMoves(target: Target): boolean {
    const { params } = this.blocks.get(target.block)!;
    return target.args.some((arg, i) => this.register(arg) !== this.register(params[i]!));
  }

  private end(block: VirtualBlock, next: BlockId | undefined): void {
    const { end } = block;
    this.place(end.span);
    if (end.kind === 'return') {
      this.write('return', { uses: [this.register(end.value)] });
      return;
    }
    if (end.kind === 'jump') {
      this.moves(end.target);
      if (end.target.block !== next) this.goTo(end.target.block, next);
      return;
    }
    this.branch(end, next);
  }

  /** Goes to a block. One that does nothing but return is repeated here, and so is the head of a loop: it stands above and branches. */
  private goTo(block: BlockId, next: BlockId | undefined): void {
    const { code, end } = this.blocks.get(block)!;
    if (code.length === 0 && end.kind === 'return') {
      this.write('return', { uses: [this.register(end.value)] });
      return;
    }
    const isHead = this.starts.has(block) && code.length === 0 && end.kind === 'branch';
    if (isHead && end.condition.when !== undefined && end.then.block !== end.otherwise.block) {
      this.place(end.span);
      this.branch(end, end.otherwise.block);
      if (end.otherwise.block !== next) this.jump(end.otherwise.block);
    } else {
      this.jump(block);
    }
  }

  /** Writes the condition of a branch. Where a loop has just counted what it compares, both become one instruction. */
  private writeCondition(op: RegisterOp, uses: readonly number[], immediates: readonly number[]): number {
    const { code } = this;
    const [counter, limit] = uses as [number, number];
    // What was written before the block may be a way to it among others.
    const isBehind = this.lastAt === code.length - 1 && this.lastAt >= this.blockStart;
    const step = op === 'if_lt_nn' && isBehind ? stepOf(code[this.lastAt]!, counter) : undefined;
    if (step === undefined || limit >= MAX_DIRECT) return this.write(op, { uses, immediates });
    code.pop();
    if (step.register !== undefined) {
      return this.write('loop_add_lt_nn', { uses: [limit, step.register], immediates: [counter] });
    }
    const { beforeLastAt } = this;
    if (beforeLastAt === code.length - 1 && (code[beforeLastAt]! & 255) === OPCODE_OF.add_nn) {
      code[beforeLastAt] = (code[beforeLastAt]! & ~255) | OPCODE_OF.add_nn_loop;
    }
    return this.write('loop_lt_nn', { uses: [limit], immediates: [counter, step.integer] });
  }

  private branch({ condition, then, otherwise }: VirtualEnd & { kind: 'branch' }, next: BlockId | undefined): void {
    const { when, unless, immediates } = condition;
    const uses = condition.uses.map(value => this.register(value));
    const swapped = when !== undefined && otherwise.block === next && then.block !== next;
    const [away, on] = swapped ? [then, otherwise] : [otherwise, then];
    const at = this.writeCondition(swapped ? when : unless, uses, immediates);
    if (this.needsMoves(away)) this.stubs.push({ at, target: away });
    else this.jumps.push({ at, block: away.block });
    this.moves(on);
    if (on.block !== next) this.jump(on.block);
  }
}

/** What an instruction adds to a register: a small integer, or another register. Undefined when it does anything else. */
function stepOf(word: number, counter: number): { readonly integer: number; readonly register?: number } | undefined {
  if (((word >>> 8) & 255) !== counter) return undefined;
  const left = (word >>> 16) & 255;
  const integer = word >> 24;
  if ((word & 255) === OPCODE_OF.add_ni) return left === counter ? { integer } : undefined;
  if ((word & 255) !== OPCODE_OF.add_nn) return undefined;
  const right = word >>> 24;
  if (left === counter) return { integer, register: right };
  return right === counter ? { integer, register: left } : undefined;
}

/** Registers as instructions see them: spread when there are more than they can name. */
function directRegisters(assignment: Assignment, params: number): Assignment {
  if (assignment.count < MAX_DIRECT || params > DIRECT_REGISTERS) return assignment;
  return spreadRegisters(assignment);
}

/** Where the typed version of a function stands. */
function versionOf(unit: IrUnit, source: IrFunction): number | undefined {
  const index = source.of === undefined ? unit.functions.indexOf(source) : -1;
  const version = index < 0 ? -1 : unit.functions.findIndex(fn => fn.of === index);
  return version < 0 ? undefined : version;
}

/** What `typeof` has to say of an argument for a bare parameter. */
function wanted(type: IrType): 'number' | 'boolean' | undefined {
  if (type === 'num') return 'number';
  return type === 'bool' ? 'boolean' : undefined;
}
