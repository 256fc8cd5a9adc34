// Operations on doubles that are more than one instruction: the language says something about NaN, zeros or halves that the processor does not.
import type { Label } from '../buffer.ts';
import type { VirtualRegister } from '../lir.ts';
import { cond, nzcv } from './operands.ts';
import { D30, D31, type Places, SIGN_BIT, X9, X10, X11 } from './places.ts';

/** What an instruction needs besides the places of values. */
export interface Scope {
  readonly places: Places;
  /** Calls a subroutine from a place where the link register may hold the way back of a function. */
  readonly callSubroutine: (label: Label) => void;
  readonly later: (write: () => void) => void;
}

/** What is rounded up to zero becomes 0 and not -0; a -0 stays one. */
export function emitRoundToEven(result: VirtualRegister, a: VirtualRegister, { places }: Scope): void {
  const { emit } = places;
  const value = places.inVec(a, D30);
  emit('frintn Dd, Dn', D31, value);
  emit('fcmp Dn, Dm', D31, value);
  emit('movi Vd.2d, #0x0', D30);
  emit('fadd Dd, Dn, Dm', D30, D31, D30);
  const to = places.target(result);
  emit('fcsel Dd, Dn, Dm, cc', to, D31, D30, cond.eq);
  places.store(result, to);
}

/** A power of two, so exact. */
const TWO_TO_63 = 0x8000_0000_0000_0000;

export function emitBound(result: VirtualRegister, a: VirtualRegister, { places }: Scope): void {
  const { buffer, emit } = places;
  emit('frintz Dd, Dn', D31, places.inVec(a, D30));
  emit('movi Vd.2d, #0x0', D30);
  emit('fcmp Dn, Dm', D31, D31);
  emit('fcsel Dd, Dn, Dm, cc', D31, D31, D30, cond.vc);
  emit('ldr Dt, label', D30, buffer.double(TWO_TO_63));
  emit('fmin Dd, Dn, Dm', D31, D31, D30);
  emit('fneg Dd, Dn', D30, D30);
  emit('fmax Dd, Dn, Dm', D31, D31, D30);
  places.store(result, D31);
}

/** Whole numbers of 32 bits by the processor's division; everything else by a subroutine. The sign is the dividend's, of a zero too. */
export function emitRemainder(
  result: VirtualRegister,
  a: VirtualRegister,
  b: VirtualRegister,
  subroutine: Label,
  { places, callSubroutine, later }: Scope,
): void {
  const { buffer, emit } = places;
  const [done, slow] = [buffer.label(), buffer.label()];
  const dividend = places.inVec(a, D30);
  const divisor = places.inVec(b, D31);
  emit('fcvtzs Wd, Dn', X9, dividend);
  emit('fcvtzs Wd, Dn', X10, divisor);
  if (dividend === D30) {
    // The divisor's check comes first and needs a register: the dividend steps aside.
    emit('fmov Xd, Dn', X11, dividend);
    emit('scvtf Dd, Wn', D30, X10);
    emit('fcmp Dn, Dm', D30, divisor);
    emit('fmov Dd, Xn', D30, X11);
    emit('scvtf Dd, Wn', D31, X9);
    emit('fccmp Dn, Dm, #nzcv, cc', D31, D30, nzcv(0), cond.eq);
  } else {
    emit('scvtf Dd, Wn', D30, X10);
    emit('fcmp Dn, Dm', D30, divisor);
    emit('scvtf Dd, Wn', D30, X9);
    emit('fccmp Dn, Dm, #nzcv, cc', D30, dividend, nzcv(0), cond.eq);
  }
  emit('b.{cc} label', cond.ne, slow);
  // Dividing the smallest integer by -1 gives what it should: no remainder.
  emit('sdiv Wd, Wn, Wm', X11, X9, X10);
  emit('msub Wd, Wn, Wm, Wa', X11, X11, X10, X9);
  emit('fmov Xd, Dn', X9, dividend);
  emit('scvtf Dd, Wn', D31, X11);
  emit('and Xd|SP, Xn, #bitmask64', X9, X9, SIGN_BIT);
  emit('fmov Xd, Dn', X11, D31);
  emit('orr Xd, Xn, Xm', X11, X11, X9);
  emit('fmov Dd, Xn', D31, X11);
  buffer.bind(done);
  places.store(result, D31);
  later(() => {
    buffer.bind(slow);
    if (dividend !== D30) emit('fmov Dd, Dn', D30, dividend);
    places.loadF(D31, b);
    callSubroutine(subroutine);
    emit('b label', done);
  });
}
