// Batches on ARM64: two rows at once with NEON, which every such processor has.
//
//     x0  the block of memory (memory.ts)     x1 to x8  where the columns begin     x9  where results go
//     x10  the row, as its distance from the first one in bytes     x11  the same for the end     x12  rounds that loops may still take
//     v29 v30 v31 and x13 for whoever writes an instruction; all other vector registers are the allocator's
//
// Nothing is called, so no general register has to be kept for anybody; of the vector registers C wants the lower halves of v8 to v15.
import { InternalError } from '../../../base/assert.ts';
import type { Allocation, RegisterFile } from '../allocate.ts';
import { type Arm64Assembler, arm64Assembler } from '../arm64/assembler.ts';
import { emitCanary } from '../arm64/canary.ts';
import {
  cond,
  gpr,
  imm12,
  lsl64,
  offset4,
  offset8,
  offset16,
  pair8,
  sp,
  uimm6,
  type Vec,
  vec,
  zr,
} from '../arm64/operands.ts';
import { type CodeBuffer, type Label, NOWHERE } from '../buffer.ts';
import { edgeMoves } from '../check-allocation.ts';
import { type LirFunction, type LirInstruction, settled, type VirtualRegister } from '../lir.ts';
import { AT } from '../memory.ts';
import { type Move, scheduleMoves } from '../moves.ts';
import { bitsOf, type LaneTarget } from './lane-target.ts';

const [V29, V30, V31] = [vec(29), vec(30), vec(31)];
const [MEMORY, OUT, ROW, END, ROUNDS, X13] = [gpr(0), gpr(9), gpr(10), gpr(11), gpr(12), gpr(13)];
const COLUMNS = [1, 2, 3, 4, 5, 6, 7, 8].map(gpr);
const SAVED_VECTORS = [8, 10, 12, 14];

const REGISTERS: RegisterFile = {
  allocatable: { f: Array.from({ length: 29 }, (_, code) => code), i: [] },
  arguments: { f: [], i: [] },
  result: { f: 0, i: 0 },
  scratch: { f: [29, 30, 31], i: [13] },
};

const ARITHMETIC = { add: 'fadd', sub: 'fsub', mul: 'fmul', div: 'fdiv' } as const;
const BITS = { 'lane.and': 'and', 'lane.or': 'orr', 'lane.xor': 'eor' } as const;
const ROUNDING = { even: 'frintn', floor: 'frintm', ceil: 'frintp', trunc: 'frintz' } as const;

export const NEON: LaneTarget = {
  name: 'NEON',
  lanes: 2,
  // Its `min` and `max` are the language's but for signalling NaN, which columns may hold.
  features: { rounds: true },
  registers: REGISTERS,
  write(buffer, fn, order, allocation, columns, { canary, listing }) {
    const asm = arm64Assembler(buffer, { listing });
    if (canary) {
      const inside = buffer.label();
      emitCanary(asm, inside);
      buffer.bind(inside);
    }
    new BatchEmitter(fn, order, allocation, columns, asm).run();
    return asm.listing;
  },
};

class BatchEmitter {
  private readonly fn: LirFunction;
  private readonly order: readonly number[];
  private readonly allocation: Allocation;
  private readonly columns: number;
  private readonly buffer: CodeBuffer;
  private readonly emit: Arm64Assembler['emit'];
  private readonly labels: readonly Label[];
  private readonly group: Label;
  private readonly done: Label;

  constructor(
    fn: LirFunction,
    order: readonly number[],
    allocation: Allocation,
    columns: number,
    { buffer, emit }: Arm64Assembler,
  ) {
    this.fn = fn;
    this.order = order;
    this.allocation = allocation;
    this.columns = columns;
    this.buffer = buffer;
    this.emit = emit;
    this.labels = fn.blocks.map(() => buffer.label());
    this.group = buffer.label();
    this.done = buffer.label();
  }

  run(): void {
    const { buffer, fn, order } = this;
    this.wayIn();
    buffer.bind(this.group);
    order.forEach((id, i) => {
      buffer.bind(this.labels[id]!);
      for (const each of fn.blocks[id]!.code) {
        buffer.mark(each.position);
        this.instruction(each, order[i + 1]);
      }
    });
    buffer.mark(NOWHERE);
    buffer.bind(this.done);
    this.wayOut();
  }

  private wayIn(): void {
    const { emit } = this;
    emit('bti c');
    emit('sub Xd|SP, Xn|SP, #imm12', sp, sp, imm12(16 * SAVED_VECTORS.length));
    SAVED_VECTORS.forEach((code, i) => {
      emit('stp Dt1, Dt2, [Xn|SP, #pair8]', vec(code), vec(code + 1), sp, pair8(16 * i));
    });
    this.moveStack('sub Xd|SP, Xn|SP, #imm12');
    for (let column = 0; column < this.columns; column++) {
      emit('ldr Xt, [Xn|SP, #offset8]', COLUMNS[column]!, MEMORY, offset8(AT.args + 8 * column));
    }
    emit('ldr Xt, [Xn|SP, #offset8]', OUT, MEMORY, offset8(AT.args + 8 * this.columns));
    emit('ldr Wt, [Xn|SP, #offset4]', ROW, MEMORY, offset4(AT.columnsFrom));
    emit('ldr Wt, [Xn|SP, #offset4]', END, MEMORY, offset4(AT.columnsTo));
    emit('lsl Xd, Xn, #lsl64', ROW, ROW, lsl64(3));
    emit('lsl Xd, Xn, #lsl64', END, END, lsl64(3));
    emit('ldrsw Xt, [Xn|SP, #offset4]', ROUNDS, MEMORY, offset4(AT.rounds));
  }

  private wayOut(): void {
    const { emit } = this;
    emit('lsr Xd, Xn, #uimm6', ROW, ROW, uimm6(3));
    emit('str Wt, [Xn|SP, #offset4]', ROW, MEMORY, offset4(AT.columnsFrom));
    emit('str Wt, [Xn|SP, #offset4]', zr, MEMORY, offset4(AT.status));
    this.moveStack('add Xd|SP, Xn|SP, #imm12');
    SAVED_VECTORS.forEach((code, i) => {
      emit('ldp Dt1, Dt2, [Xn|SP, #pair8]', vec(code), vec(code + 1), sp, pair8(16 * i));
    });
    emit('add Xd|SP, Xn|SP, #imm12', sp, sp, imm12(16 * SAVED_VECTORS.length));
    emit('ret');
  }

  /** Takes or gives back the frame, whose places take 16 bytes each. */
  private moveStack(form: 'sub Xd|SP, Xn|SP, #imm12' | 'add Xd|SP, Xn|SP, #imm12'): void {
    for (let left = 16 * this.allocation.slots; left > 0; left -= 4080) {
      this.emit(form, sp, sp, imm12(Math.min(left, 4080)));
    }
  }

  // ---- operands

  private load(to: Vec, register: VirtualRegister): void {
    const known = this.fn.constants.get(register);
    if (known !== undefined) {
      if (Object.is(known, 0)) this.emit('movi Vd.2d, #0x0', to);
      else this.emit('ldr Qt, label', to, this.buffer.lanes(bitsOf(known), 2));
      return;
    }
    const { kind, index } = this.allocation.locations[register]!;
    if (kind === 'slot') this.emit('ldr Qt, [Xn|SP, #offset16]', to, sp, offset16(16 * index));
    else this.move(to, vec(index));
  }

  private move(to: Vec, from: Vec): void {
    if (to !== from) this.emit('orr Vd.16b, Vn.16b, Vm.16b', to, from, from);
  }

  private inVec(register: VirtualRegister, scratch: Vec): Vec {
    const location = this.allocation.locations[register];
    if (!this.fn.constants.has(register) && location?.kind === 'register') return vec(location.index);
    this.load(scratch, register);
    return scratch;
  }

  private target(result: VirtualRegister): Vec {
    const location = this.allocation.locations[result];
    return location?.kind === 'register' ? vec(location.index) : V31;
  }

  private keep(result: VirtualRegister, from: Vec): void {
    const location = this.allocation.locations[result];
    if (location?.kind === 'slot') this.emit('str Qt, [Xn|SP, #offset16]', from, sp, offset16(16 * location.index));
  }

  private moves(moves: readonly Move[]): void {
    for (const { from, to } of moves) {
      const target = to.kind === 'register' ? vec(to.index) : to.kind === 'scratch' ? V31 : V30;
      if (from.kind === 'constant') this.load(target, from.register);
      else if (from.kind === 'slot') this.emit('ldr Qt, [Xn|SP, #offset16]', target, sp, offset16(16 * from.index));
      else this.move(target, from.kind === 'scratch' ? V31 : vec(from.index));
      if (to.kind === 'slot') this.emit('str Qt, [Xn|SP, #offset16]', target, sp, offset16(16 * to.index));
    }
  }

  // ---- instructions

  private instruction(each: LirInstruction, next: number | undefined): void {
    const { emit } = this;
    const { args, result } = each;
    const to = this.target(result);
    const [first, second] = args;
    const a = (): Vec => this.inVec(first!, V30);
    const b = (): Vec => this.inVec(second!, V31);
    switch (each.op) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
        emit(`${ARITHMETIC[each.op]} Vd.2d, Vn.2d, Vm.2d`, to, a(), b());
        break;
      case 'lane.and':
      case 'lane.or':
      case 'lane.xor':
        emit(`${BITS[each.op]} Vd.16b, Vn.16b, Vm.16b`, to, a(), b());
        break;
      case 'lane.without':
        emit('bic Vd.16b, Vn.16b, Vm.16b', to, b(), a());
        break;
      case 'lane.least':
      case 'lane.most':
        this.extreme(each.op, to, a(), b());
        break;
      case 'lane.load':
        emit('ldr Qt, [Xn|SP, Xm]', to, COLUMNS[each.column]!, ROW);
        break;
      case 'lane.ones':
        emit('cmeq Vd.2d, Vn.2d, Vm.2d', to, to, to);
        break;
      case 'lane.select':
        this.select(to, args as readonly [VirtualRegister, VirtualRegister, VirtualRegister]);
        break;
      case 'sqrt':
        emit('fsqrt Vd.2d, Vn.2d', to, a());
        break;
      case 'round':
        emit(`${ROUNDING[each.rounding]} Vd.2d, Vn.2d`, to, a());
        break;
      case 'compare':
        this.compare(settled(each.condition), to, a(), b());
        break;
      case 'lane.leave':
        this.jumpIfAny(a(), this.done);
        break;
      case 'lane.round':
        emit('subs Xd, Xn|SP, #imm12', ROUNDS, ROUNDS, imm12(1));
        emit('b.{cc} label', cond.mi, this.done);
        break;
      case 'jump':
        this.moves(scheduleMoves(edgeMoves(this.fn, each.target, this.allocation.locations)));
        if (each.target.block !== next) emit('b label', this.labels[each.target.block]!);
        break;
      case 'branch':
        this.jumpIfAny(a(), this.labels[each.then]!);
        if (each.otherwise !== next) emit('b label', this.labels[each.otherwise]!);
        break;
      case 'return':
        this.endGroup(args);
        break;
      default:
        throw new InternalError(`there is no ${each.op} on lanes`);
    }
    if (result >= 0) this.keep(result, to);
  }

  private compare(condition: ReturnType<typeof settled>, to: Vec, a: Vec, b: Vec): void {
    const { emit } = this;
    if (condition === 'eq' || condition === 'ne') emit('fcmeq Vd.2d, Vn.2d, Vm.2d', to, a, b);
    else {
      const isReversed = condition === 'lt' || condition === 'le';
      const form = condition === 'lt' || condition === 'gt' ? 'fcmgt' : 'fcmge';
      emit(`${form} Vd.2d, Vn.2d, Vm.2d`, to, isReversed ? b : a, isReversed ? a : b);
    }
    if (condition === 'ne') emit('not Vd.16b, Vn.16b', to, to);
  }

  /** The first one where it is smaller, or larger; else the second. */
  private extreme(op: 'lane.least' | 'lane.most', to: Vec, a: Vec, b: Vec): void {
    if (op === 'lane.least') this.emit('fcmgt Vd.2d, Vn.2d, Vm.2d', V29, b, a);
    else this.emit('fcmgt Vd.2d, Vn.2d, Vm.2d', V29, a, b);
    this.emit('bsl Vd.16b, Vn.16b, Vm.16b', V29, a, b);
    this.move(to, V29);
  }

  private select(to: Vec, [mask, yes, no]: readonly [VirtualRegister, VirtualRegister, VirtualRegister]): void {
    this.load(V29, mask);
    this.emit('bsl Vd.16b, Vn.16b, Vm.16b', V29, this.inVec(yes, V30), this.inVec(no, V31));
    this.move(to, V29);
  }

  private jumpIfAny(mask: Vec, label: Label): void {
    this.emit('umaxv Sd, Vn.4s', V29, mask);
    this.emit('fmov Wd, Sn', X13, V29);
    this.emit('cbnz Wt, label', X13, label);
  }

  /** Writes what the rows gave and used, and goes on with the next ones. */
  private endGroup([value, fuel]: readonly VirtualRegister[]): void {
    const { emit } = this;
    emit('str Qt, [Xn|SP, Xm]', this.inVec(value!, V30), OUT, ROW);
    if (fuel !== undefined) {
      emit('ldr Qt, [Xn|SP, #offset16]', V29, MEMORY, offset16(AT.lanes));
      emit('fadd Vd.2d, Vn.2d, Vm.2d', V29, V29, this.inVec(fuel, V30));
      emit('str Qt, [Xn|SP, #offset16]', V29, MEMORY, offset16(AT.lanes));
    }
    emit('add Xd|SP, Xn|SP, #imm12', ROW, ROW, imm12(16));
    emit('cmp Xn, Xm', ROW, END);
    emit('b.{cc} label', cond.cc, this.group);
  }
}
