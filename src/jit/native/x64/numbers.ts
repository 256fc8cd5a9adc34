// Operations on doubles that are more than one instruction: the language says something about NaN, zeros or halves that the processor does not.
import type { Label } from '../buffer.ts';
import type { Rounding, VirtualRegister } from '../lir.ts';
import { type Frame, S14, S15 } from './frame.ts';
import { cc, imm8, mem, memLabel, rax, rcx, rdx, uimm8 } from './operands.ts';

/** What such an operation needs besides the frame. */
export interface NumberScope {
  readonly frame: Frame;
  /** The subroutine for remainders of all doubles. */
  readonly stubs: { readonly remainder: Label };
  readonly later: (write: () => void) => void;
}

const ROUNDING: Readonly<Record<Rounding, number>> = { even: 8, floor: 9, ceil: 10, trunc: 11 };
const SIGN = 1n << 63n;

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
