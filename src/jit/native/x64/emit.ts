// x86-64 code from the low-level form. A function keeps to the platform's way with doubles (xmm0 to xmm7 in, xmm0 out), and besides:
//
//     r15  the block of memory (memory.ts)     r14  fuel left     r13d  calls that may still nest
//     eax  after a call: 0, or 1 when something went wrong, which the block says; the caller then returns the same
//     rax rcx rdx xmm14 xmm15  for whoever writes an instruction; all others are the allocator's, and a call keeps none of them
//
// Code for what seldom happens stands behind all functions. A fault writes its place, and each function on the way out adds itself to the chain:
// nobody unwinds anything.
import type { Allocation } from '../allocate.ts';
import type { CodeBuffer, Label } from '../buffer.ts';
import { argumentMoves, edgeMoves, entryMoves } from '../check-allocation.ts';
import { backTargets } from '../layout.ts';
import {
  type FloatCondition,
  type LirFunction,
  type LirInstruction,
  type LirOp,
  NO_SITE,
  settled,
  type VirtualRegister,
} from '../lir.ts';
import { AT, FAULT } from '../memory.ts';
import { scheduleMoves } from '../moves.ts';
import type { WriterOptions } from '../target.ts';
import type { X64Assembler } from './assembler.ts';
import { emitPointEntry, emitRecord } from './entry.ts';
import { Frame, S14, S15, X64_REGISTERS } from './frame.ts';
import { emitHeap } from './lists.ts';
import { emitBound, emitExtreme, emitRemainder, emitRound, type NumberScope } from './numbers.ts';
import {
  type Condition,
  cc,
  gpr,
  imm8,
  imm32,
  mem,
  memIndexed,
  memLabel,
  opposite,
  r13,
  r14,
  r15,
  rax,
  rcx,
  rsp,
  uimm8,
  uimm32,
  xmm,
} from './operands.ts';
import type { X64Stubs } from './stubs.ts';
import { compareWholes, emitWhole, WHOLE_CONDITIONS } from './whole.ts';

const SIGN = 1n << 63n;

/** Instructions that leave rcx alone, or say what is in it. */
const KEEPS_RCX: ReadonlySet<LirOp> = new Set<LirOp>([
  ...(['add', 'sub', 'mul', 'div', 'neg', 'abs', 'sqrt', 'round', 'check.zero'] as const),
  ...(['list.get', 'list.length', 'record.get', 'depth', 'whole.value'] as const),
]);

/** What the functions that are compiled together share. */
export interface X64Group {
  readonly asm: X64Assembler;
  readonly stubs: X64Stubs;
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
  group: X64Group,
): void {
  new FunctionEmitter(fn, order, allocation, index, group).run();
}

class FunctionEmitter {
  private readonly fn: LirFunction;
  private readonly order: readonly number[];
  private readonly frame: Frame;
  private readonly index: number;
  private readonly group: X64Group;
  private readonly buffer: CodeBuffer;
  private readonly emit: X64Assembler['emit'];
  private readonly labels: Label[];
  private readonly numberScope: NumberScope;
  private readonly faultExit: Label;
  private readonly leaveExit: Label;
  private readonly pauseExit: Label;

  constructor(fn: LirFunction, order: readonly number[], allocation: Allocation, index: number, group: X64Group) {
    this.fn = fn;
    this.order = order;
    this.frame = new Frame(fn, allocation, group.asm);
    this.index = index;
    this.group = group;
    this.buffer = group.asm.buffer;
    this.emit = group.asm.emit;
    this.labels = fn.blocks.map(() => this.buffer.label());
    this.numberScope = { frame: this.frame, stubs: group.stubs, later: group.later };
    this.faultExit = this.buffer.label();
    this.leaveExit = this.buffer.label();
    this.pauseExit = this.buffer.label();
  }

  run(): void {
    const { buffer, fn, group } = this;
    group.asm.align(16);
    buffer.bind(group.labelOf(this.index));
    this.emit('sub r/m32, imm32', r13, imm32(1));
    this.emit('j{cc} rel', cc.s, group.stubs.tooDeep);
    if (this.frame.bytes > 0) this.emit('sub r/m64, imm32', rsp, imm32(this.frame.bytes));
    this.frame.moves(entryMoves(fn, this.frame.locations, X64_REGISTERS));
    const heads = backTargets(fn, this.order);
    this.order.forEach((id, i) => {
      if (heads.has(id)) group.asm.align(16);
      buffer.bind(this.labels[id]!);
      this.frame.indexInRcx = undefined;
      for (const each of fn.blocks[id]!.code) {
        buffer.mark(each.position);
        this.instruction(each, this.order[i + 1]);
        if (!KEEPS_RCX.has(each.op)) this.frame.indexInRcx = undefined;
      }
    });
    group.later(() => {
      buffer.bind(this.leaveExit);
      this.emit('mov m32, imm32', mem(r15, AT.kind), imm32(FAULT.leave));
      buffer.bind(this.faultExit);
      this.emit('mov r32, r/m32', rcx, mem(r15, AT.chainLength));
      this.emit('mov m32, imm32', memIndexed(r15, rcx, 4, AT.chain), imm32(this.index));
      this.emit('inc r/m32', mem(r15, AT.chainLength));
      buffer.bind(this.pauseExit);
      if (this.frame.bytes > 0) this.emit('add r/m64, imm32', rsp, imm32(this.frame.bytes));
      this.emit('mov r32, uimm32', rax, uimm32(1));
      this.emit('ret');
    });
  }

  // ---- instructions

  private instruction(each: LirInstruction, next: number | undefined): void {
    const { result, args } = each;
    switch (each.op) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
        this.binary(each.op, result, args[0]!, args[1]!);
        return;
      case 'min':
      case 'max':
        emitExtreme(each.op, result, args[0]!, args[1]!, this.numberScope);
        return;
      case 'neg':
      case 'abs': {
        const to = this.frame.target(result);
        this.frame.loadF(to, args[0]!);
        if (each.op === 'neg') this.emit('xorpd xmm, xmm/m128', to, memLabel(this.buffer.lanes(SIGN, 2)));
        else this.emit('andpd xmm, xmm/m128', to, memLabel(this.buffer.lanes(SIGN - 1n, 2)));
        this.frame.store(result, to);
        return;
      }
      case 'sqrt': {
        const to = this.frame.target(result);
        this.emit('sqrtsd xmm, xmm/m64', to, this.frame.operandF(args[0]!));
        this.frame.store(result, to);
        return;
      }
      case 'round':
        emitRound(each.rounding, result, args[0]!, this.numberScope);
        return;
      case 'bound':
        emitBound(result, args[0]!, this.numberScope);
        return;
      case 'remainder':
        emitRemainder(result, args[0]!, args[1]!, this.numberScope);
        return;
      case 'compare':
        this.compare(settled(each.condition), result, args[0]!, args[1]!);
        return;
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
        emitWhole(each, { frame: this.frame, leave: this.leaveExit, later: this.group.later });
        return;
      case 'not':
        this.frame.loadI(rax, args[0]!);
        this.emit('xor r/m32, imm8', rax, imm8(1));
        this.frame.storeI(result, rax);
        return;
      case 'same':
        this.frame.loadI(rax, args[0]!);
        this.frame.loadI(rcx, args[1]!);
        this.emit('xor r/m32, r32', rax, rcx);
        this.emit('xor r/m32, imm8', rax, imm8(1));
        this.frame.storeI(result, rax);
        return;
      case 'bytes':
        this.emit('sub r/m64, imm32', mem(r15, AT.bytes), imm32(each.amount));
        this.lookIfSpent(each.site);
        return;
      case 'bytes.of':
        this.frame.loadI(rax, args[0]!);
        this.emit('mov r32, r/m32', rcx, mem(rax, -8));
        this.emit('shl r/m64, uimm8', rcx, uimm8(3));
        this.emit('sub r/m64, r64', mem(r15, AT.bytes), rcx);
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
        emitHeap(each, {
          frame: this.frame,
          stubs: this.group.stubs,
          leave: this.leaveExit,
          later: this.group.later,
          lookIfSpent: site => this.lookIfSpent(site),
        });
        return;
      case 'depth':
        this.emit('cmp r/m32, imm32', r13, imm32(each.amount));
        this.emit('j{cc} rel', cc.l, this.leaveExit);
        return;
      case 'leave.if':
        this.frame.loadI(rax, args[0]!);
        this.emit('test r/m32, r32', rax, rax);
        this.emit('j{cc} rel', cc.ne, this.leaveExit);
        return;
      case 'part.give': {
        const to = mem(r15, AT.parts + 8 * each.part);
        if (this.fn.classes[args[0]!] === 'f') this.emit('movsd m64, xmm', to, this.frame.inXmm(args[0]!, S15));
        else this.emit('mov r/m64, r64', to, this.frame.inGpr(args[0]!, rax));
        return;
      }
      case 'part.take': {
        const from = mem(r15, AT.parts + 8 * each.part);
        if (this.fn.classes[result] === 'f') {
          this.emit('movsd xmm, xmm/m64', this.frame.target(result), from);
          this.frame.store(result, this.frame.target(result));
        } else {
          this.emit('mov r64, r/m64', this.frame.targetI(result), from);
          this.frame.storeI(result, this.frame.targetI(result));
        }
        return;
      }
      case 'check.zero':
        this.checkZero(args[0]!, each.site);
        return;
      case 'fuel':
        this.fuel(each);
        return;
      case 'call':
        this.call(each);
        return;
      case 'jump':
        this.frame.moves(scheduleMoves(edgeMoves(this.fn, each.target, this.frame.locations)));
        if (each.target.block !== next) this.emit('jmp rel', this.labels[each.target.block]!);
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
    }
  }

  private binary(
    op: 'add' | 'sub' | 'mul' | 'div',
    result: VirtualRegister,
    a: VirtualRegister,
    b: VirtualRegister,
  ): void {
    const to = this.frame.target(result);
    const left = this.frame.operandF(a);
    const right = this.frame.operandF(b);
    const form = `${op}sd xmm, xmm/m64` as const;
    if (right === to && left !== to) {
      if (op === 'add' || op === 'mul') {
        this.emit(form, to, left);
      } else {
        this.emit('movaps xmm, xmm/m128', S14, to);
        this.frame.loadF(to, a);
        this.emit(form, to, S14);
      }
    } else {
      this.frame.loadF(to, a);
      this.emit(form, to, right);
    }
    this.frame.store(result, to);
  }

  /** Compares so that one condition tells: the flag for NaN counts as false. */
  private flags(condition: FloatCondition, a: VirtualRegister, b: VirtualRegister): Condition {
    const swapped = condition === 'lt' || condition === 'le';
    const [first, second] = swapped ? [b, a] : [a, b];
    this.emit('ucomisd xmm, xmm/m64', this.frame.inXmm(first, S15), this.frame.operandF(second));
    if (condition === 'lt' || condition === 'gt') return cc.a;
    if (condition === 'le' || condition === 'ge') return cc.ae;
    return condition === 'eq' ? cc.e : cc.ne;
  }

  private isWhole(register: VirtualRegister): boolean {
    return this.fn.classes[register] === 'i';
  }

  private compare(condition: FloatCondition, result: VirtualRegister, a: VirtualRegister, b: VirtualRegister): void {
    if (this.isWhole(a)) {
      compareWholes(a, b, this.frame);
      this.emit('set{cc} r/m8', WHOLE_CONDITIONS[condition], rax);
      this.emit('movzx r32, r/m8', rax, rax);
      this.frame.storeI(result, rax);
      return;
    }
    const holds = this.flags(condition, a, b);
    this.emit('set{cc} r/m8', holds, rax);
    if (condition === 'eq' || condition === 'ne') {
      this.emit('set{cc} r/m8', condition === 'eq' ? cc.np : cc.p, rcx);
      this.emit(condition === 'eq' ? 'and r/m32, r32' : 'or r/m32, r32', rax, rcx);
    }
    this.emit('movzx r32, r/m8', rax, rax);
    this.frame.storeI(result, rax);
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
      const operand = this.frame.operandI(args[0]!);
      if (typeof operand === 'number') this.emit('test r/m32, r32', operand, operand);
      else this.emit('cmp r/m32, imm8', operand, imm8(0));
      this.jumpIf(cc.ne, yes, no, then === next, otherwise === next);
      return;
    }
    if (this.isWhole(args[0]!)) {
      compareWholes(args[0]!, args[1]!, this.frame);
      this.jumpIf(WHOLE_CONDITIONS[condition], yes, no, then === next, otherwise === next);
      return;
    }
    const holds = this.flags(condition, args[0]!, args[1]!);
    if (condition === 'eq') this.emit('j{cc} rel', cc.p, no);
    if (condition === 'ne') this.emit('j{cc} rel', cc.p, yes);
    this.jumpIf(holds, yes, no, then === next, otherwise === next);
  }

  private jumpIf(holds: Condition, yes: Label, no: Label, yesIsNext: boolean, noIsNext: boolean): void {
    if (yesIsNext) {
      this.emit('j{cc} rel', opposite(holds), no);
      return;
    }
    this.emit('j{cc} rel', holds, yes);
    if (!noIsNext) this.emit('jmp rel', no);
  }

  // ---- limits, faults, calls

  private checkZero(divisor: VirtualRegister, site: number): void {
    const fine = this.buffer.label();
    this.emit('xorps xmm, xmm/m128', S14, S14);
    this.emit('ucomisd xmm, xmm/m64', S14, this.frame.operandF(divisor));
    this.emit('j{cc} rel', cc.ne, fine);
    this.emit('j{cc} rel', cc.np, site === NO_SITE ? this.leaveExit : this.faultAt(site));
    this.buffer.bind(fine);
  }

  /** A place, out of line, that says what went wrong where, and leaves. */
  private faultAt(site: number): Label {
    const label = this.buffer.label();
    this.group.later(() => {
      this.buffer.bind(label);
      this.emit('mov m32, imm32', mem(r15, AT.site), imm32(site));
      this.emit('jmp rel', this.faultExit);
    });
    return label;
  }

  private fuel({ amount, bytes, site, point, args }: LirInstruction & { op: 'fuel' }): void {
    if (bytes > 0) this.emit('sub r/m64, imm32', mem(r15, AT.bytes), imm32(bytes));
    this.emit('sub r/m64, imm32', r14, imm32(amount));
    this.lookIfSpent(site, point, args);
    if (bytes === 0) return;
    this.emit('cmp r/m64, imm8', mem(r15, AT.bytes), imm8(0));
    this.lookIfSpent(site);
  }

  /** Has JavaScript look when the subtraction or comparison before says that something is below zero. */
  private lookIfSpent(site: number, point?: number, state: readonly VirtualRegister[] = []): void {
    const { buffer, group } = this;
    const [done, ran] = [buffer.label(), buffer.label()];
    this.emit('j{cc} rel', cc.s, ran);
    buffer.bind(done);
    group.later(() => {
      buffer.bind(ran);
      this.emit('call rel', group.stubs.look);
      this.emit('test r/m32, r32', rax, rax);
      this.emit('j{cc} rel', cc.e, done);
      if (group.pointOf !== undefined) {
        const stops = this.unlessPause();
        if (point !== undefined) emitRecord(point, state, this.frame, 'first');
        else this.emit('mov m32, imm32', mem(r15, AT.kind), imm32(FAULT.atSite));
        this.emit('jmp rel', point === undefined ? done : this.pauseExit);
        buffer.bind(stops);
      }
      this.emit('mov m32, imm32', mem(r15, AT.site), imm32(site));
      this.emit('jmp rel', this.faultExit);
      if (point !== undefined) emitPointEntry(group.pointOf!(point), state, done, this.frame, group.stubs.tooDeep);
    });
  }

  /** Jumps to the label unless the run is to be left at the next point. */
  private unlessPause(): Label {
    const label = this.buffer.label();
    this.emit('cmp r/m32, imm8', mem(r15, AT.kind), imm8(FAULT.pause));
    this.emit('j{cc} rel', cc.ne, label);
    return label;
  }

  private call({ callee, result, args, site, point, state = [] }: LirInstruction & { op: 'call' }): void {
    const { buffer } = this;
    this.frame.moves(scheduleMoves(argumentMoves(this.fn, args, this.frame.locations, X64_REGISTERS)));
    const failed = buffer.label();
    this.emit('call rel', this.group.labelOf(callee));
    this.emit('test r/m32, r32', rax, rax);
    this.emit('j{cc} rel', cc.ne, failed);
    if (result >= 0) {
      const kind = this.fn.classes[result]!;
      if (kind === 'f') this.frame.store(result, xmm(X64_REGISTERS.result.f));
      else this.frame.storeI(result, gpr(X64_REGISTERS.result.i));
    }
    this.group.later(() => {
      buffer.bind(failed);
      if (point !== undefined) {
        const faulted = this.unlessPause();
        emitRecord(point, state, this.frame, 'next');
        this.emit('jmp rel', this.pauseExit);
        buffer.bind(faulted);
      }
      // A call that would nest too deeply is to blame where it stands.
      this.emit('cmp r/m32, imm8', mem(r15, AT.site), imm8(0));
      this.emit('j{cc} rel', cc.ne, this.faultExit);
      this.emit('mov m32, imm32', mem(r15, AT.site), imm32(site));
      this.emit('jmp rel', this.faultExit);
    });
  }

  private leave(value: VirtualRegister): void {
    if (this.fn.classes[value] === 'f') this.frame.loadF(xmm(X64_REGISTERS.result.f), value);
    else this.frame.loadI(gpr(X64_REGISTERS.result.i), value);
    if (this.frame.bytes > 0) this.emit('add r/m64, imm32', rsp, imm32(this.frame.bytes));
    this.emit('add r/m32, imm32', r13, imm32(1));
    this.emit('xor r/m32, r32', rax, rax);
    this.emit('ret');
  }
}
