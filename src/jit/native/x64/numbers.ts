// Operations on doubles that are more than one instruction: the language says something about NaN, zeros or halves that the processor does not.
import type { Label } from '../buffer.ts';
import type { Rounding, VirtualRegister } from '../lir.ts';
import { type Frame, S14, S15 } from './frame.ts';
import { cc, imm8, imm64, mem, memLabel, rax, rcx, rdx, uimm8 } from './operands.ts';

/** What such an operation needs besides the frame. */
export interface NumberScope {
  readonly frame: Frame;
  /** The subroutine for remainders of all doubles. */
  readonly stubs: { readonly remainder: Label };
  readonly later: (write: () => void) => void;
}

const ROUNDING: Readonly<Record<Rounding, number>> = { even: 8, floor: 9, ceil: 10, trunc: 11 };
const SIGN = 1n << 63n;
/** Shifted left by one, the bits of doubles without their sign compare like their magnitudes. */
const DOUBLED_BITS_OF_2_53 = 0x4340n << 49n;

/** NaN counts as missing, and -0 is smaller than 0: the instruction alone knows neither. */
export function emitExtreme(
  op: 'min' | 'max',
  result: VirtualRegister,
  a: VirtualRegister,
  b: VirtualRegister,
  { frame, later }: NumberScope,
): void {
  const { buffer, emit } = frame;
  const [done, equal, missing] = [buffer.label(), buffer.label(), buffer.label()];
  frame.loadF(S14, a);
  frame.loadF(S15, b);
  emit('ucomisd xmm, xmm/m64', S14, S15);
  emit('j{cc} rel', cc.p, missing);
  emit('j{cc} rel', cc.e, equal);
  emit(`${op}sd xmm, xmm/m64`, S14, S15);
  buffer.bind(done);
  frame.store(result, S14);
  later(() => {
    buffer.bind(equal);
    emit(op === 'min' ? 'orpd xmm, xmm/m128' : 'andpd xmm, xmm/m128', S14, S15);
    emit('jmp rel', done);
    buffer.bind(missing);
    emit('ucomisd xmm, xmm/m64', S14, S14);
    emit('j{cc} rel', cc.np, done);
    emit('movaps xmm, xmm/m128', S14, S15);
    emit('jmp rel', done);
  });
}

export function emitRound(
  rounding: Rounding,
  result: VirtualRegister,
  a: VirtualRegister,
  { frame }: NumberScope,
): void {
  const { buffer, emit } = frame;
  emit('roundsd xmm, xmm/m64, uimm8', S15, frame.operandF(a), uimm8(ROUNDING[rounding]));
  if (rounding === 'even') {
    // What is rounded up to zero becomes 0 and not -0; a -0 stays one.
    const done = buffer.label();
    emit('ucomisd xmm, xmm/m64', S15, frame.operandF(a));
    emit('j{cc} rel', cc.e, done);
    emit('addsd xmm, xmm/m64', S15, memLabel(buffer.double(0)));
    buffer.bind(done);
  }
  frame.store(result, S15);
}

export function emitBound(result: VirtualRegister, a: VirtualRegister, { frame, later }: NumberScope): void {
  const { buffer, emit } = frame;
  const [done, missing] = [buffer.label(), buffer.label()];
  emit('roundsd xmm, xmm/m64, uimm8', S15, frame.operandF(a), uimm8(ROUNDING.trunc));
  emit('ucomisd xmm, xmm/m64', S15, S15);
  emit('j{cc} rel', cc.p, missing);
  emit('minsd xmm, xmm/m64', S15, memLabel(buffer.double(2 ** 63)));
  emit('maxsd xmm, xmm/m64', S15, memLabel(buffer.double(-(2 ** 63))));
  buffer.bind(done);
  frame.store(result, S15);
  later(() => {
    buffer.bind(missing);
    emit('xorps xmm, xmm/m128', S15, S15);
    emit('jmp rel', done);
  });
}

/** Whole numbers of 32 bits by the processor's division; everything else by a subroutine. The sign is the dividend's, of a zero too. */
export function emitRemainder(
  result: VirtualRegister,
  a: VirtualRegister,
  b: VirtualRegister,
  { frame, later, stubs }: NumberScope,
): void {
  const known = Math.abs(frame.known(b) ?? 0);
  if (Number.isInteger(known) && known > 0 && known <= 2 ** 31) {
    emitRemainderBy(known, result, a, b, { frame, later, stubs });
    return;
  }
  const { buffer, emit } = frame;
  const [done, slow] = [buffer.label(), buffer.label()];
  frame.loadF(S14, a);
  frame.loadF(S15, b);
  emit('cvttsd2si r32, xmm/m64', rcx, S15);
  emit('cvttsd2si r32, xmm/m64', rax, S14);
  // -1 and 0 cannot be divided by in all cases.
  emit('lea r32, m', rdx, mem(rcx, 1));
  emit('cmp r/m32, imm8', rdx, imm8(1));
  emit('j{cc} rel', cc.be, slow);
  emit('cvtsi2sd xmm, r/m32', S15, rcx);
  emit('ucomisd xmm, xmm/m64', S15, frame.operandF(b));
  emit('j{cc} rel', cc.ne, slow);
  emit('j{cc} rel', cc.p, slow);
  emit('cvtsi2sd xmm, r/m32', S15, rax);
  emit('ucomisd xmm, xmm/m64', S15, S14);
  emit('j{cc} rel', cc.ne, slow);
  emit('j{cc} rel', cc.p, slow);
  emit('cdq');
  emit('idiv r/m32', rcx);
  emit('andpd xmm, xmm/m128', S14, memLabel(buffer.lanes(SIGN, 2)));
  emit('xorps xmm, xmm/m128', S15, S15);
  emit('cvtsi2sd xmm, r/m32', S15, rdx);
  emit('orpd xmm, xmm/m128', S15, S14);
  buffer.bind(done);
  frame.store(result, S15);
  later(() => {
    buffer.bind(slow);
    frame.loadF(S15, b);
    emit('call rel', stubs.remainder);
    emit('jmp rel', done);
  });
}

/**
 * By a whole constant: dividend minus divisor times quotient, cut to an integer. That is exact below 2^53, and the quotient is one too large
 * at most, which shows in the sign.
 */
function emitRemainderBy(
  divisor: number,
  result: VirtualRegister,
  a: VirtualRegister,
  b: VirtualRegister,
  { frame, later, stubs }: NumberScope,
): void {
  const { buffer, emit } = frame;
  const [done, slow] = [buffer.label(), buffer.label()];
  const isPowerOfTwo = (divisor & (divisor - 1)) === 0;
  frame.loadF(S14, a);
  emit('movq r64, xmm', rax, S14);
  emit('movaps xmm, xmm/m128', S15, S14);
  if (isPowerOfTwo) emit('mulsd xmm, xmm/m64', S15, memLabel(buffer.double(1 / divisor)));
  else emit('divsd xmm, xmm/m64', S15, memLabel(buffer.double(divisor)));
  emit('roundsd xmm, xmm/m64, uimm8', S15, S15, uimm8(ROUNDING.trunc));
  emit('mulsd xmm, xmm/m64', S15, memLabel(buffer.double(divisor)));
  emit('subsd xmm, xmm/m64', S14, S15);
  emit('movq xmm, r64', S15, rax);
  emit('shl r/m64, 1', rax);
  emit('movabs r64, imm64', rcx, imm64(DOUBLED_BITS_OF_2_53));
  emit('cmp r/m64, r64', rax, rcx);
  emit('j{cc} rel', cc.ae, slow);
  emit('andpd xmm, xmm/m128', S15, memLabel(buffer.lanes(SIGN, 2)));
  emit('xorpd xmm, xmm/m128', S14, S15);
  emit('ucomisd xmm, xmm/m64', S14, memLabel(buffer.double(0)));
  emit('j{cc} rel', cc.b, slow);
  emit('orpd xmm, xmm/m128', S14, S15);
  buffer.bind(done);
  frame.store(result, S14);
  later(() => {
    buffer.bind(slow);
    frame.loadF(S14, a);
    frame.loadF(S15, b);
    emit('call rel', stubs.remainder);
    emit('movaps xmm, xmm/m128', S14, S15);
    emit('jmp rel', done);
  });
}
