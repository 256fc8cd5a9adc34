// Arithmetic on whole numbers in general registers (whole/narrow.ts). They lie within ±2^52, so that no sum overflows.

import type { Label } from '../buffer.ts';
import type { Checked, FloatCondition, LirInstruction, VirtualRegister } from '../lir.ts';
import { LIMIT, MOST } from '../whole/range.ts';
import { type Frame, S14, S15 } from './frame.ts';
import {
  type Condition,
  cc,
  type Gpr,
  imm32,
  imm64,
  isImm32,
  mem,
  memIndexed,
  memLabel,
  rax,
  rcx,
  rdx,
  uimm8,
} from './operands.ts';

type WholeInstruction = Extract<LirInstruction, { op: `whole.${string}` }>;

interface WholeScope {
  readonly frame: Frame;
  /** Where to go when the call has to be made elsewhere. */
  readonly leave: Label;
  /** Writes what seldom runs behind everything else. */
  readonly later: (write: () => void) => void;
}

export const WHOLE_CONDITIONS: Readonly<Record<FloatCondition, Condition>> = {
  lt: cc.l,
  le: cc.le,
  gt: cc.g,
  ge: cc.ge,
  eq: cc.e,
  ne: cc.ne,
};

/** Sets the flags. */
export function compareWholes(a: VirtualRegister, b: VirtualRegister, frame: Frame): void {
  const known = frame.known(b);
  const first = frame.inGpr(a, rax);
  if (known === 0) frame.emit('test r/m64, r64', first, first);
  else if (known !== undefined && isImm32(known)) frame.emit('cmp r/m64, imm32', first, imm32(known));
  else if (known !== undefined) frame.emit('cmp r/m64, r64', first, frame.inGpr(b, rcx));
  else frame.emit('cmp r64, r/m64', first, frame.operandI(b));
}

export function emitWhole(each: WholeInstruction, scope: WholeScope): void {
  const { frame } = scope;
  const { args, result } = each;
  const [a, b] = args as [VirtualRegister, VirtualRegister];
  switch (each.op) {
    case 'whole.add':
      check(add(result, a, b, frame), each.checked, scope);
      return;
    case 'whole.sub':
      check(subtract(result, a, b, frame), each.checked, scope);
      return;
    case 'whole.mul':
      multiply(each, scope);
      return;
    case 'whole.remainder':
      remainder(each, frame);
      return;
    case 'whole.modulo':
      modulo(result, a, b, scope);
      return;
    case 'whole.divide': {
      const to = frame.targetI(result);
      frame.loadI(to, a);
      frame.emit('sar r/m64, uimm8', to, uimm8(each.shift));
      frame.storeI(result, to);
      return;
    }
    case 'whole.value': {
      const to = frame.target(result);
      frame.emit('xorps xmm, xmm/m128', to, to);
      frame.emit('cvtsi2sd xmm, r/m64', to, frame.operandI(a));
      frame.store(result, to);
      return;
    }
    case 'whole.of':
      frame.loadF(S14, a);
      wholeOf(scope);
      frame.storeI(result, rax);
      return;
    case 'whole.bound':
      bound(result, a, scope);
      return;
    case 'whole.limit':
      frame.emit('roundsd xmm, xmm/m64, uimm8', S15, frame.operandF(a), uimm8(each.rounding === 'floor' ? 9 : 10));
      // Of NaN and a number these give the second operand.
      for (const extreme of each.missing === 'low' ? (['max', 'min'] as const) : (['min', 'max'] as const)) {
        const end = frame.buffer.double(extreme === 'max' ? -LIMIT : LIMIT);
        frame.emit(`${extreme}sd xmm, xmm/m64`, S15, memLabel(end));
      }
      frame.emit('cvttsd2si r64, xmm/m64', frame.targetI(result), S15);
      frame.storeI(result, frame.targetI(result));
  }
}

/** rax = the double in xmm14; leaves when it is none that is whole, not -0 and within 2^52. */
function wholeOf(scope: WholeScope): void {
  const { frame, leave, later } = scope;
  const { buffer, emit } = frame;
  const [seldom, done] = [buffer.label(), buffer.label()];
  // The way there and back gives the same number only where nothing is lost.
  emit('cvttsd2si r64, xmm/m64', rax, S14);
  emit('xorps xmm, xmm/m128', S15, S15);
  emit('cvtsi2sd xmm, r/m64', S15, rax);
  emit('ucomisd xmm, xmm/m64', S15, S14);
  emit('j{cc} rel', cc.ne, leave);
  emit('lea r64, m', rdx, mem(rax, -1));
  emit('cmp r64, r/m64', rdx, memLabel(buffer.lanes(BigInt(MOST), 2)));
  emit('j{cc} rel', cc.ae, seldom);
  buffer.bind(done);
  later(() => {
    // Zero of either sign, what is negative or too large, and NaN, which counts as equal above: the same bits tell them apart.
    buffer.bind(seldom);
    emit('movq r64, xmm', rcx, S14);
    emit('movq r64, xmm', rdx, S15);
    emit('cmp r/m64, r64', rcx, rdx);
    emit('j{cc} rel', cc.ne, leave);
    check(rax, 'beyond', scope);
    emit('jmp rel', done);
  });
}

/** Leaves when the number in a register is further from zero than it may be. Changes rdx. */
function check(value: Gpr, checked: Checked, { frame, leave }: WholeScope): void {
  if (checked === 'no') return;
  const { buffer, emit } = frame;
  if (checked === 'above') {
    emit('cmp r64, r/m64', value, memLabel(buffer.lanes(BigInt(MOST), 2)));
    emit('j{cc} rel', cc.a, leave);
    return;
  }
  emit('mov r64, r/m64', rdx, memLabel(buffer.lanes(BigInt(MOST), 2)));
  emit('add r/m64, r64', rdx, value);
  emit('cmp r64, r/m64', rdx, memLabel(buffer.lanes(2n * BigInt(MOST), 2)));
  emit('j{cc} rel', cc.a, leave);
}

/** Puts a sum where the result lives, or into rax; gives where it is. */
function add(result: VirtualRegister, left: VirtualRegister, right: VirtualRegister, frame: Frame): Gpr {
  const { emit } = frame;
  const isLeftConstant = frame.known(left) !== undefined;
  const [a, b] = isLeftConstant ? [right, left] : [left, right];
  const to = frame.targetI(result);
  const known = frame.known(b);
  if (known !== undefined && isImm32(known)) {
    const from = frame.inGpr(a, to);
    if (from === to) emit('add r/m64, imm32', to, imm32(known));
    else emit('lea r64, m', to, mem(from, known));
  } else {
    const [x, y] = [frame.inGpr(a, rax), frame.inGpr(b, rcx)];
    if (x === to) emit('add r/m64, r64', to, y);
    else if (y === to) emit('add r/m64, r64', to, x);
    else emit('lea r64, m', to, memIndexed(x, y, 1));
  }
  frame.storeI(result, to);
  return to;
}

function subtract(result: VirtualRegister, a: VirtualRegister, b: VirtualRegister, frame: Frame): Gpr {
  const { emit } = frame;
  const to = frame.targetI(result);
  const known = frame.known(b);
  if (known !== undefined && isImm32(-known)) {
    const from = frame.inGpr(a, to);
    // -2^31 fits 32 bits, 2^31 does not.
    if (from !== to) emit('lea r64, m', to, mem(from, -known));
    else if (isImm32(known)) emit('sub r/m64, imm32', to, imm32(known));
    else emit('add r/m64, imm32', to, imm32(-known));
    frame.storeI(result, to);
    return to;
  }
  const y = frame.inGpr(b, rcx);
  const work = y === to ? rax : to;
  frame.loadI(work, a);
  emit('sub r/m64, r64', work, y);
  frame.storeI(result, work);
  return work;
}

const SMALL_FACTOR = 2 ** 11;

function multiply(each: Extract<WholeInstruction, { op: 'whole.mul' }>, scope: WholeScope): void {
  const { frame, leave } = scope;
  const { emit } = frame;
  const isLeftConstant = frame.known(each.args[0]!) !== undefined;
  const [a, b] = (isLeftConstant ? [each.args[1], each.args[0]] : each.args) as [VirtualRegister, VirtualRegister];
  const known = frame.known(b);
  // The product is made aside: its operands are still asked about their signs.
  if (known !== undefined && isImm32(known)) {
    emit('imul r64, r/m64, imm32', rax, frame.inGpr(a, rax), imm32(known));
  } else {
    frame.loadI(rax, a);
    emit('imul r64, r/m64', rax, frame.inGpr(b, rcx));
  }
  // A small factor cannot carry a number within 2^52 beyond 2^63.
  const isSmall = known !== undefined && Math.abs(known) < SMALL_FACTOR;
  if (each.checked !== 'no' && !isSmall) emit('j{cc} rel', cc.o, leave);
  check(rax, each.checked, scope);
  if (each.zero) {
    const fine = frame.buffer.label();
    emit('test r/m64, r64', rax, rax);
    emit('j{cc} rel', cc.ne, fine);
    frame.loadI(rcx, a);
    frame.loadI(rdx, b);
    emit('or r/m64, r64', rcx, rdx);
    emit('j{cc} rel', cc.s, leave);
    frame.buffer.bind(fine);
  }
  frame.storeI(each.result, rax);
}

/** The dividend is not negative. A quotient is found by multiplication where that is exact: the dividend has few bits. */
function remainder(each: Extract<WholeInstruction, { op: 'whole.remainder' }>, frame: Frame): void {
  const { emit } = frame;
  const { divisor, bits, result } = each;
  const [a] = each.args as [VirtualRegister];
  if ((divisor & (divisor - 1)) === 0) {
    const to = frame.targetI(result);
    frame.loadI(to, a);
    emit('and r/m64, imm32', to, imm32(divisor - 1));
    frame.storeI(result, to);
    return;
  }
  const dividend = frame.inGpr(a, rcx);
  if (bits + (32 - Math.clz32(divisor)) < 64) {
    // With m = 2^64 / d, rounded up, a * m / 2^64 is a / d and less than a / 2^64 * d more: rounded down, the same.
    emit('movabs r64, imm64', rax, imm64((1n << 64n) / BigInt(divisor) + 1n));
    emit('imul r/m64', dividend);
    emit('imul r64, r/m64, imm32', rdx, rdx, imm32(divisor));
    emit('mov r64, r/m64', rax, dividend);
    emit('sub r/m64, r64', rax, rdx);
    frame.storeI(result, rax);
    return;
  }
  emit('mov r64, r/m64', rax, dividend);
  emit('xor r/m32, r32', rdx, rdx);
  emit('mov r64, imm32', rcx, imm32(divisor));
  emit('div r/m64', rcx);
  frame.storeI(result, rdx);
}

/** The dividend is not negative, the divisor positive. A division of 32 bits is several times faster on many processors. */
function modulo(result: VirtualRegister, a: VirtualRegister, b: VirtualRegister, { frame, later }: WholeScope): void {
  const { buffer, emit } = frame;
  const [wide, done] = [buffer.label(), buffer.label()];
  const divisor = frame.inGpr(b, rcx);
  frame.loadI(rax, a);
  emit('mov r64, r/m64', rdx, rax);
  emit('or r/m64, r64', rdx, divisor);
  // Leaves 0 in rdx where both fit, which is the upper half of the dividend.
  emit('shr r/m64, uimm8', rdx, uimm8(32));
  emit('j{cc} rel', cc.ne, wide);
  emit('div r/m32', divisor);
  buffer.bind(done);
  frame.storeI(result, rdx);
  later(() => {
    buffer.bind(wide);
    emit('xor r/m32, r32', rdx, rdx);
    emit('div r/m64', divisor);
    emit('jmp rel', done);
  });
}

/** Cut to an integer. What lies between -1 and 0 would become -0, and NaN or what does not fit 64 bits became the smallest integer: these leave. */
function bound(result: VirtualRegister, a: VirtualRegister, scope: WholeScope): void {
  const { frame, leave } = scope;
  const { emit } = frame;
  const fine = frame.buffer.label();
  frame.loadF(S14, a);
  emit('cvttsd2si r64, xmm/m64', rax, S14);
  check(rax, 'beyond', scope);
  emit('test r/m64, r64', rax, rax);
  emit('j{cc} rel', cc.ne, fine);
  emit('movq r64, xmm', rcx, S14);
  emit('test r/m64, r64', rcx, rcx);
  emit('j{cc} rel', cc.s, leave);
  frame.buffer.bind(fine);
  frame.storeI(result, rax);
}
