// ARM64 code from the low-level form. A function keeps to the platform's way with doubles (d0 to d7 in, d0 out), and besides:
//
//     x19  the block of memory (memory.ts)     x20  fuel left     w21  calls that may still nest
//     w0   after a call: 0, or 1 when something went wrong, which the block says; the caller then returns the same
//     x9 x10 x11 x17 d30 d31  for whoever writes an instruction; x16 is the assembler's, x18 the platform's
//
// All others are the allocator's, and a call keeps none of them. The link register is in the frame where a function calls another one;
// subroutines are called from out of line, where it is put aside.
import { unreachable } from '../../../base/assert.ts';
import type { Allocation } from '../allocate.ts';
import type { CodeBuffer, Label } from '../buffer.ts';
import { argumentMoves, edgeMoves, entryMoves } from '../check-allocation.ts';
import { backTargets } from '../layout.ts';
import {
  type FloatCondition,
  type LaneOp,
  type LirFunction,
  type LirInstruction,
  NO_SITE,
  type Rounding,
  settled,
  type VirtualRegister,
} from '../lir.ts';
import { AT, FAULT } from '../memory.ts';
import { scheduleMoves } from '../moves.ts';
import type { WriterOptions } from '../target.ts';
import type { Arm64Assembler } from './assembler.ts';
import { emitPointEntry, emitRecord, moveStack, unlessPause } from './entry.ts';
import { emitHeap, type HeapScope } from './lists.ts';
import { emitBound, emitRemainder, emitRoundToEven } from './numbers.ts';
import {
  bitmask32,
  type Condition,
  cond,
  type Gpr,
  gpr,
  imm12,
  imm16,
  linkRegister,
  lsl64,
  offset4,
  offset8,
  opposite,
  shift3,
  simm9,
  sp,
  vec,
  zr,
} from './operands.ts';
import {
  ARM64_REGISTERS,
  D30,
  D31,
  DEPTH,
  FUEL,
  loadInteger,
  MEMORY,
  Places,
  STATUS_REGISTER,
  X9,
  X10,
  X11,
} from './places.ts';
import type { Arm64Stubs } from './stubs.ts';
import { compareWholes, emitWhole, WHOLE_CONDITIONS } from './whole.ts';

const ONE = bitmask32(1)!;

const ROUNDING = { floor: 'frintm', ceil: 'frintp', trunc: 'frintz', even: 'frintn' } as const satisfies Record<
  Rounding,
  string
>;

/** The condition after a comparison that is false when an operand is NaN; `ne` alone is true then. */
const CONDITIONS: Readonly<Record<FloatCondition, Condition>> = {
  lt: cond.mi,
  le: cond.ls,
  gt: cond.gt,
  ge: cond.ge,
  eq: cond.eq,
  ne: cond.ne,
};

/** What the functions that are compiled together share. */
export interface Arm64Group {
  readonly asm: Arm64Assembler;
  readonly stubs: Arm64Stubs;
  /** Where each function begins. */
  readonly labelOf: (callee: number) => Label;
  readonly pointOf: WriterOptions['pointOf'];
  /** Writes code that is to stand behind everything else. */
  readonly later: (write: () => void) => void;
}

/** Writes one function. `index` is what it is called in a chain of calls. */
export function emitFunction(
  fn: LirFunction,
  order: readonly number[],
  allocation: Allocation,
  index: number,
  group: Arm64Group,
): void {
  new FunctionEmitter(fn, order, allocation, index, group).run();
}

class FunctionEmitter {
  private readonly fn: LirFunction;
  private readonly order: readonly number[];
  private readonly places: Places;
  private readonly linkSlot: number | undefined;
  private readonly frame: number;
  private readonly index: number;
  private readonly group: Arm64Group;
  private readonly buffer: CodeBuffer;
  private readonly emit: Arm64Assembler['emit'];
  private readonly labels: Label[];
  private readonly faultExit: Label;
  private readonly pauseExit: Label;
  private readonly scope: HeapScope;

  constructor(fn: LirFunction, order: readonly number[], allocation: Allocation, index: number, group: Arm64Group) {
    this.fn = fn;
    this.order = order;
    this.places = new Places(fn, allocation.locations, group.asm);
    const calls = fn.blocks.some(block => block.code.some(each => each.op === 'call'));
    this.linkSlot = calls ? allocation.slots : undefined;
    this.frame = (8 * (allocation.slots + (calls ? 1 : 0)) + 15) & -16;
    this.index = index;
    this.group = group;
    this.buffer = group.asm.buffer;
    this.emit = group.asm.emit;
    this.labels = fn.blocks.map(() => this.buffer.label());
    this.faultExit = this.buffer.label();
    this.pauseExit = this.buffer.label();
    this.scope = {
      places: this.places,
      callSubroutine: label => this.callSubroutine(label),
      later: group.later,
      stubs: group.stubs,
      leave: this.buffer.label(),
      spendBytes: amount => this.spendBytes(amount),
      lookIfSpent: site => this.lookIfSpent(site),
      lookAtBytes: site => this.lookAtBytes(site),
    };
  }

  run(): void {
    const { buffer, fn, group } = this;
    group.asm.align(16);
    buffer.bind(group.labelOf(this.index));
    this.emit('subs Wd, Wn|SP, #imm12', DEPTH, DEPTH, imm12(1));
    this.emit('b.{cc} label', cond.mi, group.stubs.tooDeep);
    moveStack(this.emit, 'sub', this.frame);
    if (this.linkSlot !== undefined)
      this.emit('str Xt, [Xn|SP, #offset8]', linkRegister, ...this.places.slot(this.linkSlot));
    this.places.moves(entryMoves(fn, this.places.locations, ARM64_REGISTERS));
    const heads = backTargets(fn, this.order);
    this.order.forEach((id, i) => {
      if (heads.has(id)) group.asm.align(16);
      buffer.bind(this.labels[id]!);
      for (const each of fn.blocks[id]!.code) {
        buffer.mark(each.position);
        this.instruction(each, this.order[i + 1]);
      }
    });
    group.later(() => this.leaveWithFault());
  }

  /** Adds the function to the chain that a fault came through, and returns. */
  private leaveWithFault(): void {
    this.buffer.bind(this.scope.leave);
    loadInteger(this.emit, X9, FAULT.leave);
    this.emit('str Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.kind));
    this.buffer.bind(this.faultExit);
    this.emit('ldr Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.chainLength));
    this.emit('add Xd|SP, Xn|SP, Wm, uxtw #shift3', X10, MEMORY, X9, shift3(2));
    loadInteger(this.emit, X11, this.index);
    this.emit('str Wt, [Xn|SP, #offset4]', X11, X10, offset4(AT.chain));
    this.emit('add Wd|SP, Wn|SP, #imm12', X9, X9, imm12(1));
    this.emit('str Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.chainLength));
    this.buffer.bind(this.pauseExit);
    this.returnWith(1);
  }

  private returnWith(status: 0 | 1): void {
    if (this.linkSlot !== undefined)
      this.emit('ldr Xt, [Xn|SP, #offset8]', linkRegister, ...this.places.slot(this.linkSlot));
    moveStack(this.emit, 'add', this.frame);
    this.emit('movz Wd, #imm16', STATUS_REGISTER, imm16(status));
    this.emit('ret');
  }

  // ---- instructions

  private instruction(each: LirInstruction, next: number | undefined): void {
    const { result, args } = each;
    switch (each.op) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
        this.binary(`f${each.op} Dd, Dn, Dm`, result, args[0]!, args[1]!);
        return;
      // These take NaN for missing and -0 for smaller than 0, as the language does.
      case 'min':
      case 'max':
        this.binary(`f${each.op}nm Dd, Dn, Dm`, result, args[0]!, args[1]!);
        return;
      case 'neg':
      case 'abs':
      case 'sqrt':
        this.unary(`f${each.op} Dd, Dn`, result, args[0]!);
        return;
      case 'round':
        if (each.rounding === 'even') emitRoundToEven(result, args[0]!, this.scope);
        else this.unary(`${ROUNDING[each.rounding]} Dd, Dn`, result, args[0]!);
        return;
      case 'bound':
        emitBound(result, args[0]!, this.scope);
        return;
      case 'remainder':
        emitRemainder(result, args[0]!, args[1]!, this.group.stubs.remainder, this.scope);
        return;
      case 'compare': {
        const holds = this.flags(settled(each.condition), args[0]!, args[1]!);
        this.emit('cset Wd, cc', this.places.targetI(result), holds);
        this.places.storeI(result, this.places.targetI(result));
        return;
      }
      case 'whole.add':
      case 'whole.sub':
      case 'whole.mul':
      case 'whole.remainder':
      case 'whole.modulo':
      case 'whole.divide':
      case 'whole.value':
      case 'whole.of':
      case 'whole.bound':
      case 'whole.limit':
        emitWhole(each, this.scope);
        return;
      case 'not':
        this.emit('eor Wd|SP, Wn, #bitmask32', this.places.targetI(result), this.places.inGpr(args[0]!, X9), ONE);
        this.places.storeI(result, this.places.targetI(result));
        return;
      case 'same': {
        const to = this.places.targetI(result);
        this.emit('eor Wd, Wn, Wm', to, this.places.inGpr(args[0]!, X9), this.places.inGpr(args[1]!, X10));
        this.emit('eor Wd|SP, Wn, #bitmask32', to, to, ONE);
        this.places.storeI(result, to);
        return;
      }
      case 'depth':
        this.emit('subs Wd, Wn|SP, #imm12', X9, DEPTH, imm12(each.amount));
        this.emit('b.{cc} label', cond.mi, this.scope.leave);
        return;
      case 'leave.if':
        this.emit('cbnz Wt, label', this.places.inGpr(args[0]!, X9), this.scope.leave);
        return;
      case 'part.give': {
        const to = offset8(AT.parts + 8 * each.part);
        const isDouble = this.fn.classes[args[0]!] === 'f';
        if (isDouble) this.emit('str Dt, [Xn|SP, #offset8]', this.places.inVec(args[0]!, D30), MEMORY, to);
        else this.emit('str Xt, [Xn|SP, #offset8]', this.places.inGpr(args[0]!, X9), MEMORY, to);
        return;
      }
      case 'part.take': {
        const from = offset8(AT.parts + 8 * each.part);
        if (this.fn.classes[result] === 'f') {
          this.emit('ldr Dt, [Xn|SP, #offset8]', this.places.target(result), MEMORY, from);
          this.places.store(result, this.places.target(result));
        } else {
          this.emit('ldr Xt, [Xn|SP, #offset8]', this.places.targetI(result), MEMORY, from);
          this.places.storeI(result, this.places.targetI(result));
        }
        return;
      }
      case 'check.zero':
        this.emit('fcmp Dn, #0.0', this.places.inVec(args[0]!, D30));
        this.emit('b.{cc} label', cond.eq, each.site === NO_SITE ? this.scope.leave : this.faultAt(each.site));
        return;
      case 'bytes':
        loadInteger(this.emit, X10, each.amount);
        this.spendBytes(X10);
        this.lookIfSpent(each.site);
        return;
      case 'bytes.of':
        this.emit('ldur Wt, [Xn|SP, #simm9]', X10, this.places.inGpr(args[0]!, X9), simm9(-8));
        this.emit('lsl Xd, Xn, #lsl64', X10, X10, lsl64(3));
        this.spendBytes(X10);
        this.lookIfSpent(each.site);
        return;
      case 'list.new':
      case 'list.range':
      case 'list.length':
      case 'list.get':
      case 'list.append':
      case 'list.set':
      case 'record.new':
      case 'record.get':
      case 'record.with':
        emitHeap(each, this.scope);
        return;
      case 'fuel':
        this.fuel(each);
        return;
      case 'call':
        this.call(each);
        return;
      case 'jump':
        this.places.moves(scheduleMoves(edgeMoves(this.fn, each.target, this.places.locations)));
        if (each.target.block !== next) this.emit('b label', this.labels[each.target.block]!);
        return;
      case 'branch':
        this.branch(
          each.condition === 'true' ? 'true' : settled(each.condition),
          args,
          each.then,
          each.otherwise,
          next,
        );
        return;
      case 'return':
        this.leave(args[0]!);
        return;
      default: {
        const ofBatches: LaneOp = each;
        unreachable(ofBatches as never, 'operations on lanes are in the code of batches only');
      }
    }
  }

  private binary(
    form: `f${'add' | 'sub' | 'mul' | 'div' | 'minnm' | 'maxnm'} Dd, Dn, Dm`,
    result: VirtualRegister,
    a: VirtualRegister,
    b: VirtualRegister,
  ): void {
    const to = this.places.target(result);
    this.emit(form, to, this.places.inVec(a, D30), this.places.inVec(b, D31));
    this.places.store(result, to);
  }

  private unary(
    form: `f${'neg' | 'abs' | 'sqrt' | 'rintm' | 'rintp' | 'rintz' | 'rintn'} Dd, Dn`,
    result: VirtualRegister,
    a: VirtualRegister,
  ): void {
    const to = this.places.target(result);
    this.emit(form, to, this.places.inVec(a, D30));
    this.places.store(result, to);
  }

  /** Compares doubles or whole numbers; gives the condition that tells. */
  private flags(condition: FloatCondition, a: VirtualRegister, b: VirtualRegister): Condition {
    if (this.fn.classes[a] === 'i') {
      compareWholes(a, b, this.places);
      return WHOLE_CONDITIONS[condition];
    }
    this.compareF(a, b);
    return CONDITIONS[condition];
  }

  private compareF(a: VirtualRegister, b: VirtualRegister): void {
    const first = this.places.inVec(a, D30);
    if (this.places.known(b) === 0) this.emit('fcmp Dn, #0.0', first);
    else this.emit('fcmp Dn, Dm', first, this.places.inVec(b, D31));
  }

  private branch(
    condition: FloatCondition | 'true',
    args: readonly VirtualRegister[],
    then: number,
    otherwise: number,
    next: number | undefined,
  ): void {
    const [yes, no] = [this.labels[then]!, this.labels[otherwise]!];
    if (condition === 'true') {
      const value = this.places.inGpr(args[0]!, X9);
      if (then === next) this.emit('cbz Wt, label', value, no);
      else this.emit('cbnz Wt, label', value, yes);
    } else {
      const holds = this.flags(condition, args[0]!, args[1]!);
      if (then === next) this.emit('b.{cc} label', opposite(holds), no);
      else this.emit('b.{cc} label', holds, yes);
    }
    if (then !== next && otherwise !== next) this.emit('b label', no);
  }

  // ---- limits, faults, calls

  /** Calls a subroutine from a place where the link register may hold the way back of a function. */
  private callSubroutine(label: Label): void {
    if (this.linkSlot === undefined) this.emit('str Xt, [Xn|SP, #simm9]!', linkRegister, sp, simm9(-16));
    this.emit('bl label', label);
    if (this.linkSlot === undefined) this.emit('ldr Xt, [Xn|SP], #simm9', linkRegister, sp, simm9(16));
  }

  private setSite(site: number): void {
    loadInteger(this.emit, X9, site);
    this.emit('str Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.site));
  }

  /** A place, out of line, that says what went wrong where, and leaves. */
  private faultAt(site: number): Label {
    const label = this.buffer.label();
    this.group.later(() => {
      this.buffer.bind(label);
      this.setSite(site);
      this.emit('b label', this.faultExit);
    });
    return label;
  }

  private fuel({ amount, bytes, site, point, args }: LirInstruction & { op: 'fuel' }): void {
    if (bytes > 0) {
      loadInteger(this.emit, X10, bytes);
      this.spendBytes(X10);
    }
    if (amount < 4096) {
      this.emit('subs Xd, Xn|SP, #imm12', FUEL, FUEL, imm12(amount));
    } else {
      loadInteger(this.emit, X9, amount);
      this.emit('subs Xd, Xn, Xm', FUEL, FUEL, X9);
    }
    this.lookIfSpent(site, point, args);
    if (bytes > 0) this.lookAtBytes(site);
  }

  private lookAtBytes(site: number): void {
    this.emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.bytes));
    this.emit('cmp Xn|SP, #imm12', X9, imm12(0));
    this.lookIfSpent(site);
  }

  private spendBytes(amount: Gpr): void {
    this.emit('ldr Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.bytes));
    this.emit('subs Xd, Xn, Xm', X9, X9, amount);
    this.emit('str Xt, [Xn|SP, #offset8]', X9, MEMORY, offset8(AT.bytes));
  }

  /** Has JavaScript look when the subtraction or comparison before says that something is below zero. */
  private lookIfSpent(site: number, point?: number, state: readonly VirtualRegister[] = []): void {
    const { buffer, group, places } = this;
    const [done, ran] = [buffer.label(), buffer.label()];
    this.emit('b.{cc} label', cond.mi, ran);
    buffer.bind(done);
    group.later(() => {
      buffer.bind(ran);
      this.callSubroutine(group.stubs.look);
      this.emit('cbz Wt, label', STATUS_REGISTER, done);
      if (group.pointOf !== undefined) {
        const stops = unlessPause(places);
        if (point !== undefined) emitRecord(point, state, places, 'first');
        else this.emit('str Wt, [Xn|SP, #offset4]', zr, MEMORY, offset4(AT.kind));
        this.emit('b label', point === undefined ? done : this.pauseExit);
        buffer.bind(stops);
      }
      this.setSite(site);
      this.emit('b label', this.faultExit);
      if (point === undefined) return;
      const { stubs, pointOf } = group;
      emitPointEntry(pointOf!(point), state, done, places, stubs.tooDeep, { bytes: this.frame, link: this.linkSlot });
    });
  }

  private call({ callee, result, args, site, point, state = [] }: LirInstruction & { op: 'call' }): void {
    const { buffer } = this;
    this.places.moves(scheduleMoves(argumentMoves(this.fn, args, this.places.locations, ARM64_REGISTERS)));
    const failed = buffer.label();
    this.emit('bl label', this.group.labelOf(callee));
    this.emit('cbnz Wt, label', STATUS_REGISTER, failed);
    if (result >= 0) {
      if (this.fn.classes[result] === 'f') this.places.store(result, vec(ARM64_REGISTERS.result.f));
      else this.places.storeI(result, gpr(ARM64_REGISTERS.result.i));
    }
    this.group.later(() => {
      buffer.bind(failed);
      if (point !== undefined) {
        const faulted = unlessPause(this.places);
        emitRecord(point, state, this.places, 'next');
        this.emit('b label', this.pauseExit);
        buffer.bind(faulted);
      }
      // A call that would nest too deeply is to blame where it stands.
      this.emit('ldr Wt, [Xn|SP, #offset4]', X9, MEMORY, offset4(AT.site));
      this.emit('cbnz Wt, label', X9, this.faultExit);
      this.setSite(site);
      this.emit('b label', this.faultExit);
    });
  }

  private leave(value: VirtualRegister): void {
    if (this.fn.classes[value] === 'f') this.places.loadF(vec(ARM64_REGISTERS.result.f), value);
    else this.places.loadI(gpr(ARM64_REGISTERS.result.i), value);
    this.emit('add Wd|SP, Wn|SP, #imm12', DEPTH, DEPTH, imm12(1));
    this.returnWith(0);
  }
}
