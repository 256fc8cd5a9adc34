// Batches on x86-64: two rows at once with SSE2, which every processor has, and four with AVX2.
//
//     r15  the block of memory (memory.ts)     r12  the row     r13  behind the last row     r14  rounds that loops may still take
//     rdi rsi rbx rbp r8 r9 r10 r11  where the columns begin     rdx  where results go     rax  for whoever writes an instruction
//     vector registers 14 and 15 alike; all others are the allocator's
//
// Small functions over many rows wait for memory. Their results go past the caches, because a processor reads what it is going to write to
// otherwise: a fifth of all that is moved for three columns. So their code stands twice, with such stores and without.
//
// Columns need not be aligned beyond what a Float64Array is; places in the frame are.
import { InternalError } from '../../../base/assert.ts';
import type { Allocation, RegisterFile } from '../allocate.ts';
import { type CodeBuffer, type Label, NOWHERE } from '../buffer.ts';
import { edgeMoves } from '../check-allocation.ts';
import { type LirFunction, type LirInstruction, settled, type VirtualRegister } from '../lir.ts';
import { AT } from '../memory.ts';
import { type Move, scheduleMoves } from '../moves.ts';
import { type X64Assembler, x64Assembler } from '../x64/assembler.ts';
import { emitCanary } from '../x64/canary.ts';
import {
  cc,
  type Gpr,
  imm8,
  imm32,
  type Memory,
  mem,
  memIndexed,
  memLabel,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  rax,
  rbp,
  rbx,
  rcx,
  rdi,
  rdx,
  rsi,
  rsp,
  uimm8,
  type Xmm,
  xmm,
} from '../x64/operands.ts';
import { bitsOf, type LaneTarget } from './lane-target.ts';
import { sizeOf } from './tidy.ts';
import { AvxForms } from './x64-avx.ts';
import { S14, S15, type VectorForms, type VectorOp } from './x64-forms.ts';
import { SseForms } from './x64-sse.ts';

const REGISTERS: RegisterFile = {
  allocatable: { f: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], i: [] },
  arguments: { f: [], i: [] },
  result: { f: 0, i: 0 },
  scratch: { f: [14, 15], i: [0] },
};

const COLUMNS: readonly Gpr[] = [rsi, rbx, rbp, r8, r9, r10, r11, rdi];
const SAVED: readonly Gpr[] = [rbx, rbp, r12, r13, r14, r15];
const SAVED_ON_WINDOWS: readonly Gpr[] = [...SAVED, rsi, rdi];

/** Where the results of so many rows would drive everything else out of the caches. */
const FEWEST_ROWS_TO_STREAM = 1 << 17;
const MOST_INSTRUCTIONS_TO_STREAM = 64;

const ROUNDING = { even: 8, floor: 9, ceil: 10, trunc: 11 } as const;
const VECTOR_OPS: Readonly<Partial<Record<LirInstruction['op'], VectorOp>>> = {
  ...{ add: 'add', sub: 'sub', mul: 'mul', div: 'div' },
  ...{ 'lane.least': 'min', 'lane.most': 'max' },
  ...{ 'lane.and': 'and', 'lane.or': 'or', 'lane.xor': 'xor', 'lane.without': 'andn' },
};

function laneTarget(
  name: string,
  lanes: 2 | 4,
  rounds: boolean,
  forms: (asm: X64Assembler) => VectorForms,
): LaneTarget {
  return {
    name,
    lanes,
    features: { rounds },
    registers: REGISTERS,
    write(buffer, fn, order, allocation, columns, { canary, listing }) {
      const asm = x64Assembler(buffer, { listing });
      // On Windows more has to be kept than the canary knows.
      if (canary && process.platform !== 'win32') {
        const inside = buffer.label();
        emitCanary(asm, inside);
        buffer.bind(inside);
      }
      new BatchEmitter(fn, order, allocation, columns, asm, forms(asm)).run();
      return asm.listing;
    },
  };
}

export const SSE2 = laneTarget('SSE2', 2, false, asm => new SseForms(asm));
export const AVX2 = laneTarget('AVX2', 4, true, asm => new AvxForms(asm));

class BatchEmitter {
  private readonly fn: LirFunction;
  private readonly order: readonly number[];
  private readonly allocation: Allocation;
  private readonly columns: number;
  private readonly buffer: CodeBuffer;
  private readonly emit: X64Assembler['emit'];
  private readonly asm: X64Assembler;
  private readonly forms: VectorForms;
  private labels: readonly Label[] = [];
  private group: Label;
  private streams = false;
  private readonly done: Label;

  constructor(
    fn: LirFunction,
    order: readonly number[],
    allocation: Allocation,
    columns: number,
    asm: X64Assembler,
    forms: VectorForms,
  ) {
    this.fn = fn;
    this.order = order;
    this.allocation = allocation;
    this.columns = columns;
    this.asm = asm;
    this.buffer = asm.buffer;
    this.emit = asm.emit;
    this.forms = forms;
    this.group = this.buffer.label();
    this.done = this.buffer.label();
  }

  run(): void {
    const { buffer, fn } = this;
    const windows = process.platform === 'win32';
    const saved = windows ? SAVED_ON_WINDOWS : SAVED;
    this.wayIn(saved, windows);
    if (sizeOf(fn) <= MOST_INSTRUCTIONS_TO_STREAM) {
      const plain = buffer.label();
      this.chooseStores(plain);
      this.streams = true;
      this.groups();
      this.emit('jmp rel', this.done);
      this.streams = false;
      this.group = buffer.label();
      buffer.bind(plain);
    }
    this.groups();
    buffer.bind(this.done);
    this.wayOut(saved, windows);
  }

  /**
   * Goes to `plain` when there are few rows. Where results do not begin at a multiple of what is stored, it leaves and says how many rows have to
   * be done one by one until they do.
   */
  private chooseStores(plain: Label): void {
    const { buffer, emit } = this;
    const fits = buffer.label();
    emit('mov r64, r/m64', rax, r13);
    emit('sub r/m64, r64', rax, r12);
    emit('cmp r/m64, imm32', rax, imm32(FEWEST_ROWS_TO_STREAM));
    emit('j{cc} rel', cc.b, plain);
    emit('lea r64, m', rax, memIndexed(rdx, r12, 8));
    emit('neg r/m64', rax);
    emit('and r/m64, imm8', rax, imm8(this.bytes - 1));
    emit('j{cc} rel', cc.e, fits);
    emit('shr r/m64, uimm8', rax, uimm8(3));
    emit('mov r/m32, r32', mem(r15, AT.columnsFirst), rax);
    emit('jmp rel', this.done);
    buffer.bind(fits);
  }

  /** The code of a group of rows, which goes on with the next one. */
  private groups(): void {
    const { buffer, fn, order } = this;
    this.labels = fn.blocks.map(() => buffer.label());
    this.asm.align(32);
    buffer.bind(this.group);
    const jumps = fn.blocks.flatMap(({ code }) =>
      code.flatMap(each => (each.op === 'jump' ? [each.target.block] : [])),
    );
    const heads = new Set(jumps);
    order.forEach((id, i) => {
      if (heads.has(id)) this.asm.align(32);
      buffer.bind(this.labels[id]!);
      for (const each of fn.blocks[id]!.code) {
        buffer.mark(each.position);
        this.instruction(each, order[i + 1]);
      }
    });
    buffer.mark(NOWHERE);
  }

  private get bytes(): number {
    return 8 * this.forms.lanes;
  }

  private wayIn(saved: readonly Gpr[], windows: boolean): void {
    const { emit } = this;
    for (const register of saved) emit('push r64', register);
    if (windows) {
      emit('sub r/m64, imm32', rsp, imm32(160));
      for (let i = 0; i < 10; i++) emit('movupd m128, xmm', mem(rsp, 16 * i), xmm(6 + i));
    }
    emit('mov r64, r/m64', r15, windows ? rcx : rdi);
    // Where the stack was stands behind the frame, which begins at a multiple of 32.
    emit('mov r64, r/m64', rax, rsp);
    emit('sub r/m64, imm32', rsp, imm32(this.frameBytes));
    emit('and r/m64, imm8', rsp, imm8(-32));
    emit('mov r/m64, r64', mem(rsp, this.bytes * this.allocation.slots), rax);
    for (let column = 0; column < this.columns; column++) {
      emit('mov r64, r/m64', COLUMNS[column]!, mem(r15, AT.args + 8 * column));
    }
    emit('mov r64, r/m64', rdx, mem(r15, AT.args + 8 * this.columns));
    emit('mov r32, r/m32', r12, mem(r15, AT.columnsFrom));
    emit('mov r32, r/m32', r13, mem(r15, AT.columnsTo));
    emit('movsxd r64, r/m32', r14, mem(r15, AT.rounds));
  }

  private get frameBytes(): number {
    return this.bytes * this.allocation.slots + 64;
  }

  private wayOut(saved: readonly Gpr[], windows: boolean): void {
    const { emit } = this;
    this.forms.end();
    // What went past the caches is there for everybody from here on.
    emit('sfence');
    emit('mov r/m32, r32', mem(r15, AT.columnsFrom), r12);
    emit('mov m32, imm32', mem(r15, AT.status), imm32(0));
    emit('mov r64, r/m64', rsp, mem(rsp, this.bytes * this.allocation.slots));
    if (windows) {
      for (let i = 0; i < 10; i++) emit('movupd xmm, m128', xmm(6 + i), mem(rsp, 16 * i));
      emit('add r/m64, imm32', rsp, imm32(160));
    }
    for (const register of [...saved].reverse()) emit('pop r64', register);
    emit('ret');
  }

  // ---- operands

  private slot(index: number): Memory {
    return mem(rsp, this.bytes * index);
  }

  private operand(register: VirtualRegister): Xmm | Memory {
    const known = this.fn.constants.get(register);
    if (known !== undefined) return memLabel(this.buffer.lanes(bitsOf(known), this.forms.lanes));
    const { kind, index } = this.allocation.locations[register]!;
    return kind === 'register' ? xmm(index) : this.slot(index);
  }

  private inRegister(register: VirtualRegister, scratch: Xmm): Xmm {
    const operand = this.operand(register);
    if (typeof operand === 'number') return operand;
    this.load(scratch, register);
    return scratch;
  }

  private load(to: Xmm, register: VirtualRegister): void {
    if (Object.is(this.fn.constants.get(register), 0)) this.forms.binary('xor', to, to, to);
    else this.forms.load(to, this.operand(register));
  }

  private target(result: VirtualRegister): Xmm {
    const location = this.allocation.locations[result];
    return location?.kind === 'register' ? xmm(location.index) : S15;
  }

  private keep(result: VirtualRegister, from: Xmm): void {
    const location = this.allocation.locations[result];
    if (location?.kind === 'slot') this.forms.store(this.slot(location.index), from);
  }

  private moves(moves: readonly Move[]): void {
    for (const { from, to } of moves) {
      const target = to.kind === 'register' ? xmm(to.index) : to.kind === 'scratch' ? S15 : S14;
      if (from.kind === 'register' && to.kind === 'slot') {
        this.forms.store(this.slot(to.index), xmm(from.index));
        continue;
      }
      if (from.kind === 'constant') this.load(target, from.register);
      else if (from.kind === 'scratch') this.forms.load(target, S15);
      else this.forms.load(target, from.kind === 'slot' ? this.slot(from.index) : xmm(from.index));
      if (to.kind === 'slot') this.forms.store(this.slot(to.index), target);
    }
  }

  // ---- instructions

  private instruction(each: LirInstruction, next: number | undefined): void {
    const { args, result } = each;
    const vector = VECTOR_OPS[each.op];
    if (vector !== undefined) {
      const to = this.target(result);
      this.forms.binary(vector, to, this.inRegister(args[0]!, S14), this.operand(args[1]!));
      this.keep(result, to);
      return;
    }
    switch (each.op) {
      case 'lane.load':
        this.forms.load(this.target(result), memIndexed(COLUMNS[each.column]!, r12, 8));
        break;
      case 'lane.ones':
        this.forms.ones(this.target(result));
        break;
      case 'lane.select':
        this.forms.select(
          this.target(result),
          this.inRegister(args[0]!, S14),
          this.operand(args[1]!),
          this.operand(args[2]!),
        );
        break;
      case 'sqrt':
        this.forms.root(this.target(result), this.operand(args[0]!));
        break;
      case 'round':
        this.forms.round(this.target(result), this.operand(args[0]!), ROUNDING[each.rounding]);
        break;
      case 'compare': {
        const condition = settled(each.condition);
        const swapped = condition === 'gt' || condition === 'ge';
        const [a, b] = swapped ? [args[1]!, args[0]!] : [args[0]!, args[1]!];
        const form = condition === 'gt' ? 'lt' : condition === 'ge' ? 'le' : condition;
        this.forms.compare(form, this.target(result), this.inRegister(a, S14), this.operand(b));
        break;
      }
      case 'lane.leave':
        this.forms.test(this.inRegister(args[0]!, S14));
        this.emit('j{cc} rel', cc.ne, this.done);
        break;
      case 'lane.round':
        this.emit('sub r/m64, imm32', r14, imm32(1));
        this.emit('j{cc} rel', cc.s, this.done);
        break;
      case 'jump':
        this.moves(scheduleMoves(edgeMoves(this.fn, each.target, this.allocation.locations)));
        if (each.target.block !== next) this.emit('jmp rel', this.labels[each.target.block]!);
        break;
      case 'branch':
        this.forms.test(this.inRegister(args[0]!, S14));
        if (each.then === next) this.emit('j{cc} rel', cc.e, this.labels[each.otherwise]!);
        else {
          this.emit('j{cc} rel', cc.ne, this.labels[each.then]!);
          if (each.otherwise !== next) this.emit('jmp rel', this.labels[each.otherwise]!);
        }
        break;
      case 'return':
        this.endGroup(args);
        break;
      default:
        throw new InternalError(`there is no ${each.op} on lanes`);
    }
    if (result >= 0) this.keep(result, this.target(result));
  }

  /** Writes what the rows gave and used, and goes on with the next ones. */
  private endGroup([value, fuel]: readonly VirtualRegister[]): void {
    const { emit, forms } = this;
    const to = memIndexed(rdx, r12, 8);
    if (this.streams) forms.stream(to, this.inRegister(value!, S14));
    else forms.store(to, this.inRegister(value!, S14));
    if (fuel !== undefined) {
      forms.load(S15, mem(r15, AT.lanes));
      forms.binary('add', S15, S15, this.inRegister(fuel, S14));
      forms.store(mem(r15, AT.lanes), S15);
    }
    emit('add r/m64, imm32', r12, imm32(forms.lanes));
    emit('cmp r/m64, r64', r12, r13);
    emit('j{cc} rel', cc.b, this.group);
  }
}
