// x86-64 code from the low-level form. A function keeps to the platform's way with doubles (xmm0 to xmm7 in, xmm0 out), and besides:
//
//     r15  the block of memory (memory.ts)     r14  fuel left     r13d  calls that may still nest
//     eax  after a call: 0, or 1 when something went wrong, which the block says; the caller then returns the same
//     rax rcx rdx xmm14 xmm15  for whoever writes an instruction; all others are the allocator's, and a call keeps none of them
//
// Code for what seldom happens stands behind all functions. A fault writes its place, and each function on the way out adds itself to the chain:
// nobody unwinds anything.
import { type Allocation, argumentRegisters, type Location, type RegisterFile } from '../allocate.ts';
import type { CodeBuffer, Label } from '../buffer.ts';
import { argumentMoves, edgeMoves, entryMoves } from '../check-allocation.ts';
import type { FloatCondition, LirFunction, LirInstruction, RegisterClass, VirtualRegister } from '../lir.ts';
import { AT, FAULT } from '../memory.ts';
import { type Move, scheduleMoves } from '../moves.ts';
import type { X64Assembler } from './assembler.ts';
import {
  type Condition,
  cc,
  type Gpr,
  gpr,
  imm8,
  imm32,
  type Memory,
  mem,
  memIndexed,
  memLabel,
  opposite,
  r13,
  r14,
  r15,
  rax,
  rcx,
  rdx,
  rsp,
  uimm8,
  uimm32,
  type Xmm,
  xmm,
} from './operands.ts';
import type { X64Stubs } from './stubs.ts';

export const X64_REGISTERS: RegisterFile = {
  allocatable: {
    f: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    i: [6, 7, 8, 9, 10, 11, 3, 5, 12],
  },
  arguments: { f: [0, 1, 2, 3, 4, 5, 6, 7], i: [7, 6, 8, 9, 10, 11, 3, 5] },
  result: { f: 0, i: 2 },
};

const S14 = xmm(14);
const S15 = xmm(15);
const ROUNDING = { even: 8, floor: 9, ceil: 10, trunc: 11 } as const;
const SIGN = 1n << 63n;

/** What the functions that are compiled together share. */
export interface X64Group {
  readonly asm: X64Assembler;
  readonly stubs: X64Stubs;
  /** Where each function begins. */
  readonly labelOf: (callee: number) => Label;
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
  private readonly locations: readonly (Location | undefined)[];
  private readonly frame: number;
  private readonly index: number;
  private readonly group: X64Group;
  private readonly buffer: CodeBuffer;
  private readonly emit: X64Assembler['emit'];
  private readonly labels: Label[];
  private readonly faultExit: Label;

  constructor(fn: LirFunction, order: readonly number[], allocation: Allocation, index: number, group: X64Group) {
    this.fn = fn;
    this.order = order;
    this.locations = allocation.locations;
    this.frame = 8 * allocation.slots;
    this.index = index;
    this.group = group;
    this.buffer = group.asm.buffer;
    this.emit = group.asm.emit;
    this.labels = fn.blocks.map(() => this.buffer.label());
    this.faultExit = this.buffer.label();
  }

  run(): void {
    const { buffer, fn, group } = this;
    group.asm.align(16);
    buffer.bind(group.labelOf(this.index));
    this.emit('sub r/m32, imm32', r13, imm32(1));
    this.emit('j{cc} rel', cc.s, group.stubs.tooDeep);
    if (this.frame > 0) this.emit('sub r/m64, imm32', rsp, imm32(this.frame));
    this.moves(entryMoves(fn, this.locations, X64_REGISTERS));
    const heads = this.backTargets();
    this.order.forEach((id, i) => {
      if (heads.has(id)) group.asm.align(16);
      buffer.bind(this.labels[id]!);
      for (const each of fn.blocks[id]!.code) {
        buffer.mark(each.position);
        this.instruction(each, this.order[i + 1]);
      }
    });
    group.later(() => {
      buffer.bind(this.faultExit);
      this.emit('mov r32, r/m32', rcx, mem(r15, AT.chainLength));
      this.emit('mov m32, imm32', memIndexed(r15, rcx, 4, AT.chain), imm32(this.index));
      this.emit('inc r/m32', mem(r15, AT.chainLength));
      if (this.frame > 0) this.emit('add r/m64, imm32', rsp, imm32(this.frame));
      this.emit('mov r32, uimm32', rax, uimm32(1));
      this.emit('ret');
    });
  }

  /** Blocks that are jumped back to: the hot ends of loops. */
  private backTargets(): ReadonlySet<number> {
    const heads = new Set<number>();
    const seen = new Set<number>();
    for (const id of this.order) {
      seen.add(id);
      const end = this.fn.blocks[id]!.code.at(-1)!;
      if (end.op === 'jump' && seen.has(end.target.block)) heads.add(end.target.block);
      if (end.op === 'branch') for (const next of [end.then, end.otherwise]) if (seen.has(next)) heads.add(next);
    }
    return heads;
  }

  // ---- operands

  private known(register: VirtualRegister): number | undefined {
    return this.fn.constants.get(register);
  }

  private slot(index: number): Memory {
    return mem(rsp, 8 * index);
  }

  private operandF(register: VirtualRegister): Xmm | Memory {
    const known = this.known(register);
    if (known !== undefined) return memLabel(this.buffer.double(known));
    const { kind, index } = this.locations[register]!;
    return kind === 'register' ? xmm(index) : this.slot(index);
  }

  private operandI(register: VirtualRegister): Gpr | Memory {
    const { kind, index } = this.locations[register]!;
    return kind === 'register' ? gpr(index) : this.slot(index);
  }

  /** The operand in a register: its own, or the scratch register that is named. */
  private inXmm(register: VirtualRegister, scratch: Xmm): Xmm {
    const operand = this.operandF(register);
    if (typeof operand === 'number') return operand;
    this.loadF(scratch, register);
    return scratch;
  }

  private loadF(to: Xmm, register: VirtualRegister): void {
    const operand = this.operandF(register);
    if (Object.is(this.known(register), 0)) this.emit('xorps xmm, xmm/m128', to, to);
    else if (typeof operand !== 'number') this.emit('movsd xmm, xmm/m64', to, operand);
    else if (operand !== to) this.emit('movaps xmm, xmm/m128', to, operand);
  }

  private loadI(to: Gpr, register: VirtualRegister): void {
    const known = this.known(register);
    if (known !== undefined) {
      this.emit('mov r32, uimm32', to, uimm32(known));
      return;
    }
    const operand = this.operandI(register);
    if (operand !== to) this.emit('mov r64, r/m64', to, operand);
  }

  /** Where a double is computed: its register, or a scratch register that `store` puts into the frame. */
  private target(result: VirtualRegister): Xmm {
    const location = this.locations[result];
    return location?.kind === 'register' ? xmm(location.index) : S15;
  }

  private store(result: VirtualRegister, from: Xmm): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('movsd m64, xmm', this.slot(location.index), from);
    else if (location.index !== from) this.emit('movaps xmm, xmm/m128', xmm(location.index), from);
  }

  private storeI(result: VirtualRegister, from: Gpr): void {
    const location = this.locations[result];
    if (location === undefined) return;
    if (location.kind === 'slot') this.emit('mov r/m64, r64', this.slot(location.index), from);
    else if (location.index !== from) this.emit('mov r64, r/m64', gpr(location.index), from);
  }

  private moves(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move.kind === 'f') this.moveF(move);
      else this.moveI(move);
    }
  }

  private moveF({ from, to }: Move): void {
    const target = to.kind === 'register' ? xmm(to.index) : to.kind === 'scratch' ? S15 : S14;
    if (from.kind === 'constant') this.loadF(target, from.register);
    else if (from.kind === 'slot') this.emit('movsd xmm, xmm/m64', target, this.slot(from.index));
    else {
      const source = from.kind === 'scratch' ? S15 : xmm(from.index);
      if (to.kind === 'slot') {
        this.emit('movsd m64, xmm', this.slot(to.index), source);
        return;
      }
      this.emit('movaps xmm, xmm/m128', target, source);
    }
    if (to.kind === 'slot') this.emit('movsd m64, xmm', this.slot(to.index), target);
  }

  private moveI({ from, to }: Move): void {
    const target = to.kind === 'register' ? gpr(to.index) : to.kind === 'scratch' ? rcx : rax;
    if (from.kind === 'constant') this.loadI(target, from.register);
    else if (from.kind === 'slot') this.emit('mov r64, r/m64', target, this.slot(from.index));
    else {
      const source = from.kind === 'scratch' ? rcx : gpr(from.index);
      if (to.kind === 'slot') {
        this.emit('mov r/m64, r64', this.slot(to.index), source);
        return;
      }
      this.emit('mov r64, r/m64', target, source);
    }
    if (to.kind === 'slot') this.emit('mov r/m64, r64', this.slot(to.index), target);
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
        this.extreme(each.op, result, args[0]!, args[1]!);
        return;
      case 'neg':
      case 'abs': {
        const to = this.target(result);
        this.loadF(to, args[0]!);
        if (each.op === 'neg') this.emit('xorpd xmm, xmm/m128', to, memLabel(this.buffer.lanes(SIGN, 2)));
        else this.emit('andpd xmm, xmm/m128', to, memLabel(this.buffer.lanes(SIGN - 1n, 2)));
        this.store(result, to);
        return;
      }
      case 'sqrt': {
        const to = this.target(result);
        this.emit('sqrtsd xmm, xmm/m64', to, this.operandF(args[0]!));
        this.store(result, to);
        return;
      }
      case 'round':
        this.round(each.rounding, result, args[0]!);
        return;
      case 'bound':
        this.bound(result, args[0]!);
        return;
      case 'remainder':
        this.remainder(result, args[0]!, args[1]!);
        return;
      case 'compare':
        this.compare(each.condition, result, args[0]!, args[1]!);
        return;
      case 'not':
        this.loadI(rax, args[0]!);
        this.emit('xor r/m32, imm8', rax, imm8(1));
        this.storeI(result, rax);
        return;
      case 'same':
        this.loadI(rax, args[0]!);
        this.loadI(rcx, args[1]!);
        this.emit('xor r/m32, r32', rax, rcx);
        this.emit('xor r/m32, imm8', rax, imm8(1));
        this.storeI(result, rax);
        return;
      case 'check.zero':
        this.checkZero(args[0]!, each.site);
        return;
      case 'fuel':
        this.fuel(each.amount, each.site);
        return;
      case 'call':
        this.call(each.callee, result, args, each.site);
        return;
      case 'jump':
        this.moves(scheduleMoves(edgeMoves(this.fn, each.target, this.locations)));
        if (each.target.block !== next) this.emit('jmp rel', this.labels[each.target.block]!);
        return;
      case 'branch':
        this.branch(each.condition, args, each.then, each.otherwise, next);
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
    const to = this.target(result);
    const left = this.operandF(a);
    const right = this.operandF(b);
    const form = `${op}sd xmm, xmm/m64` as const;
    if (right === to && left !== to) {
      if (op === 'add' || op === 'mul') {
        this.emit(form, to, left);
      } else {
        this.emit('movaps xmm, xmm/m128', S14, to);
        this.loadF(to, a);
        this.emit(form, to, S14);
      }
    } else {
      this.loadF(to, a);
      this.emit(form, to, right);
    }
    this.store(result, to);
  }

  /** NaN counts as missing, and -0 is smaller than 0: the instruction alone knows neither. */
  private extreme(op: 'min' | 'max', result: VirtualRegister, a: VirtualRegister, b: VirtualRegister): void {
    const { buffer } = this;
    const [done, equal, missing] = [buffer.label(), buffer.label(), buffer.label()];
    this.loadF(S14, a);
    this.loadF(S15, b);
    this.emit('ucomisd xmm, xmm/m64', S14, S15);
    this.emit('j{cc} rel', cc.p, missing);
    this.emit('j{cc} rel', cc.e, equal);
    this.emit(`${op}sd xmm, xmm/m64`, S14, S15);
    buffer.bind(done);
    this.store(result, S14);
    this.group.later(() => {
      buffer.bind(equal);
      this.emit(op === 'min' ? 'orpd xmm, xmm/m128' : 'andpd xmm, xmm/m128', S14, S15);
      this.emit('jmp rel', done);
      buffer.bind(missing);
      this.emit('ucomisd xmm, xmm/m64', S14, S14);
      this.emit('j{cc} rel', cc.np, done);
      this.emit('movaps xmm, xmm/m128', S14, S15);
      this.emit('jmp rel', done);
    });
  }

  private round(rounding: keyof typeof ROUNDING, result: VirtualRegister, a: VirtualRegister): void {
    this.emit('roundsd xmm, xmm/m64, uimm8', S15, this.operandF(a), uimm8(ROUNDING[rounding]));
    if (rounding === 'even') {
      // What is rounded up to zero becomes 0 and not -0; a -0 stays one.
      const done = this.buffer.label();
      this.emit('ucomisd xmm, xmm/m64', S15, this.operandF(a));
      this.emit('j{cc} rel', cc.e, done);
      this.emit('addsd xmm, xmm/m64', S15, memLabel(this.buffer.double(0)));
      this.buffer.bind(done);
    }
    this.store(result, S15);
  }

  private bound(result: VirtualRegister, a: VirtualRegister): void {
    const { buffer } = this;
    const [done, missing] = [buffer.label(), buffer.label()];
    this.emit('roundsd xmm, xmm/m64, uimm8', S15, this.operandF(a), uimm8(ROUNDING.trunc));
    this.emit('ucomisd xmm, xmm/m64', S15, S15);
    this.emit('j{cc} rel', cc.p, missing);
    this.emit('minsd xmm, xmm/m64', S15, memLabel(buffer.double(2 ** 63)));
    this.emit('maxsd xmm, xmm/m64', S15, memLabel(buffer.double(-(2 ** 63))));
    buffer.bind(done);
    this.store(result, S15);
    this.group.later(() => {
      buffer.bind(missing);
      this.emit('xorps xmm, xmm/m128', S15, S15);
      this.emit('jmp rel', done);
    });
  }

  /** Whole numbers of 32 bits by the processor's division; everything else by a subroutine. The sign is the dividend's, of a zero too. */
  private remainder(result: VirtualRegister, a: VirtualRegister, b: VirtualRegister): void {
    const { buffer } = this;
    const [done, slow] = [buffer.label(), buffer.label()];
    this.loadF(S14, a);
    this.loadF(S15, b);
    const to = this.target(result);
    this.emit('cvttsd2si r32, xmm/m64', rcx, S15);
    this.emit('cvttsd2si r32, xmm/m64', rax, S14);
    // -1 and 0 cannot be divided by in all cases.
    this.emit('lea r32, m', rdx, mem(rcx, 1));
    this.emit('cmp r/m32, imm8', rdx, imm8(1));
    this.emit('j{cc} rel', cc.be, slow);
    this.emit('cvtsi2sd xmm, r/m32', S15, rcx);
    this.emit('ucomisd xmm, xmm/m64', S15, this.operandF(b));
    this.emit('j{cc} rel', cc.ne, slow);
    this.emit('j{cc} rel', cc.p, slow);
    this.emit('cvtsi2sd xmm, r/m32', S15, rax);
    this.emit('ucomisd xmm, xmm/m64', S15, S14);
    this.emit('j{cc} rel', cc.ne, slow);
    this.emit('j{cc} rel', cc.p, slow);
    this.emit('cdq');
    this.emit('idiv r/m32', rcx);
    this.emit('andpd xmm, xmm/m128', S14, memLabel(buffer.lanes(SIGN, 2)));
    this.emit('xorps xmm, xmm/m128', S15, S15);
    this.emit('cvtsi2sd xmm, r/m32', S15, rdx);
    this.emit('orpd xmm, xmm/m128', S15, S14);
    buffer.bind(done);
    this.store(result, S15);
    void to;
    this.group.later(() => {
      buffer.bind(slow);
      this.loadF(S15, b);
      this.emit('call rel', this.group.stubs.remainder);
      this.emit('jmp rel', done);
    });
  }

  /** Compares so that one condition tells: the flag for NaN counts as false. */
  private flags(condition: FloatCondition, a: VirtualRegister, b: VirtualRegister): Condition {
    const swapped = condition === 'lt' || condition === 'le';
    const [first, second] = swapped ? [b, a] : [a, b];
    this.emit('ucomisd xmm, xmm/m64', this.inXmm(first, S15), this.operandF(second));
    if (condition === 'lt' || condition === 'gt') return cc.a;
    if (condition === 'le' || condition === 'ge') return cc.ae;
    return condition === 'eq' ? cc.e : cc.ne;
  }

  private compare(condition: FloatCondition, result: VirtualRegister, a: VirtualRegister, b: VirtualRegister): void {
    const holds = this.flags(condition, a, b);
    this.emit('set{cc} r/m8', holds, rax);
    if (condition === 'eq' || condition === 'ne') {
      this.emit('set{cc} r/m8', condition === 'eq' ? cc.np : cc.p, rcx);
      this.emit(condition === 'eq' ? 'and r/m32, r32' : 'or r/m32, r32', rax, rcx);
    }
    this.emit('movzx r32, r/m8', rax, rax);
    this.storeI(result, rax);
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
      const operand = this.operandI(args[0]!);
      if (typeof operand === 'number') this.emit('test r/m32, r32', operand, operand);
      else this.emit('cmp r/m32, imm8', operand, imm8(0));
      this.jumpIf(cc.ne, yes, no, then === next, otherwise === next);
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
    this.emit('ucomisd xmm, xmm/m64', S14, this.operandF(divisor));
    this.emit('j{cc} rel', cc.ne, fine);
    this.emit('j{cc} rel', cc.np, this.faultAt(site));
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

  private fuel(amount: number, site: number): void {
    const { buffer } = this;
    const [done, ran] = [buffer.label(), buffer.label()];
    this.emit('sub r/m64, imm32', r14, imm32(amount));
    this.emit('j{cc} rel', cc.s, ran);
    buffer.bind(done);
    this.group.later(() => {
      buffer.bind(ran);
      this.emit('call rel', this.group.stubs.look);
      this.emit('test r/m32, r32', rax, rax);
      this.emit('j{cc} rel', cc.e, done);
      this.emit('mov m32, imm32', mem(r15, AT.site), imm32(site));
      this.emit('jmp rel', this.faultExit);
    });
  }

  private call(callee: number, result: VirtualRegister, args: readonly VirtualRegister[], site: number): void {
    const { buffer } = this;
    this.moves(scheduleMoves(argumentMoves(this.fn, args, this.locations, X64_REGISTERS)));
    const failed = buffer.label();
    this.emit('call rel', this.group.labelOf(callee));
    this.emit('test r/m32, r32', rax, rax);
    this.emit('j{cc} rel', cc.ne, failed);
    if (result >= 0) {
      const kind = this.fn.classes[result]!;
      if (kind === 'f') this.store(result, xmm(X64_REGISTERS.result.f));
      else this.storeI(result, gpr(X64_REGISTERS.result.i));
    }
    this.group.later(() => {
      buffer.bind(failed);
      // A call that would nest too deeply is to blame where it stands.
      this.emit('cmp r/m32, imm8', mem(r15, AT.site), imm8(0));
      this.emit('j{cc} rel', cc.ne, this.faultExit);
      this.emit('mov m32, imm32', mem(r15, AT.site), imm32(site));
      this.emit('jmp rel', this.faultExit);
    });
  }

  private leave(value: VirtualRegister): void {
    if (this.fn.classes[value] === 'f') this.loadF(xmm(X64_REGISTERS.result.f), value);
    else this.loadI(gpr(X64_REGISTERS.result.i), value);
    if (this.frame > 0) this.emit('add r/m64, imm32', rsp, imm32(this.frame));
    this.emit('add r/m32, imm32', r13, imm32(1));
    this.emit('xor r/m32, r32', rax, rax);
    this.emit('ret');
  }
}

/** What is entered from outside for a function: takes its arguments out of memory and puts the result there. */
export function emitEntry(
  classes: readonly RegisterClass[],
  result: RegisterClass | undefined,
  callee: Label,
  asm: X64Assembler,
): Label {
  const { buffer, emit } = asm;
  const label = buffer.label();
  const used = { f: 0, i: 0 };
  buffer.bind(label);
  classes.forEach((kind, i) => {
    const from = mem(r15, AT.args + 8 * i);
    const register = X64_REGISTERS.arguments[kind][used[kind]++]!;
    if (kind === 'f') emit('movsd xmm, xmm/m64', xmm(register), from);
    else emit('mov r32, r/m32', gpr(register), from);
  });
  emit('call rel', callee);
  if (result === 'f') emit('movsd m64, xmm', mem(r15, AT.result), xmm(X64_REGISTERS.result.f));
  else emit('mov r/m32, r32', mem(r15, AT.result), gpr(X64_REGISTERS.result.i));
  emit('ret');
  return label;
}

/** The kind of fault that a stub writes. */
export const X64_FAULT = FAULT;
export { argumentRegisters };
