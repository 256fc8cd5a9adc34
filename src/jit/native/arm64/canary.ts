// For tests: a way in before the way in, which finds out whether code keeps what the platform's convention says it keeps. ARM64; the idea is told
// in x64/canary.ts. A wrong stack pointer ends the process with `brk`.
import type { Label } from '../buffer.ts';
import { AT, STATUS } from '../memory.ts';
import type { Arm64Assembler } from './assembler.ts';
import { cond, gpr, hw, imm12, imm16, offset4, offset8, sp, uimm6, vec, zr } from './operands.ts';

const KEPT = [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
/** Of these the lower halves belong to the caller. */
const KEPT_VECTORS = [8, 9, 10, 11, 12, 13, 14, 15];
/** 16 belongs to the assembler, 18 to the platform. */
const FREE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17];
const GUARD_WORDS = 8;
const MIXED = 0x5ca1_ab1e_0ddb_a11dn;
const GUARD = 0x6a4d_0000_dead_f00dn;
/** A signalling NaN as a double, and nothing useful as an integer or an address. */
const POISON = 0x7ff4_dead_beef_0badn;

/** What each bit says that is left at `AT.site` with the status `STATUS.canary`. */
export const ARM64_CANARY_SAYS: readonly string[] = [
  ...KEPT.map(code => `x${code}`),
  ...KEPT_VECTORS.map(code => `d${code}`),
  ...['the stack above', 'FPCR'],
];

const patternOf = (code: number): bigint => 0x00c0_ffee_0000_0000n + BigInt(code);

/** Calls `inside` as C would, and compares. */
export function emitCanary({ buffer, emit }: Arm64Assembler, inside: Label): void {
  const [controlAt, mixedAt, memoryAt, linkAt, guardsAt] = [0, 8, 16, 24, 32];
  const keptAt = guardsAt + 8 * GUARD_WORDS;
  const vectorsAt = keptAt + 8 * KEPT.length;
  const frame = (vectorsAt + 8 * KEPT_VECTORS.length + 15) & -16;
  const load = (code: number, at: number): void => emit('ldr Xt, [Xn|SP, #offset8]', gpr(code), sp, offset8(at));
  const keep = (code: number, at: number): void => emit('str Xt, [Xn|SP, #offset8]', gpr(code), sp, offset8(at));
  const constant = (code: number, value: bigint): void => {
    emit('movz Xd, #imm16, lsl #hw', gpr(code), imm16(Number(value & 0xffffn)), hw(0));
    for (const shift of [16, 32, 48]) {
      emit('movk Xd, #imm16, lsl #hw', gpr(code), imm16(Number((value >> BigInt(shift)) & 0xffffn)), hw(shift));
    }
  };
  emit('bti c');
  emit('sub Xd|SP, Xn|SP, #imm12', sp, sp, imm12(frame));
  KEPT.forEach((code, i) => {
    keep(code, keptAt + 8 * i);
  });
  KEPT_VECTORS.forEach((code, i) => {
    emit('str Dt, [Xn|SP, #offset8]', vec(code), sp, offset8(vectorsAt + 8 * i));
  });
  keep(30, linkAt);
  keep(0, memoryAt);
  constant(9, GUARD);
  for (let i = 0; i < GUARD_WORDS; i++) keep(9, guardsAt + 8 * i);
  const mixStack = (to: number): void => {
    constant(9, MIXED);
    emit('add Xd|SP, Xn|SP, #imm12', gpr(to), sp, imm12(0));
    emit('eor Xd, Xn, Xm', gpr(to), gpr(to), gpr(9));
  };
  mixStack(10);
  keep(10, mixedAt);
  emit('mrs Xt, fpcr', gpr(9));
  keep(9, controlAt);
  for (const code of KEPT) constant(code, patternOf(code));
  for (const code of KEPT_VECTORS) {
    constant(9, patternOf(code));
    emit('fmov Dd, Xn', vec(code), gpr(9));
  }
  for (const code of FREE) constant(code, POISON);
  for (let code = 0; code < 32; code++) {
    if (!KEPT_VECTORS.includes(code)) emit('dup Vd.2d, Xn', vec(code), gpr(9));
  }
  emit('bl label', inside);

  const [found, bit, wanted, other] = [10, 11, 12, 13];
  const [stackHolds, allHolds] = [buffer.label(), buffer.label()];
  mixStack(wanted);
  load(other, mixedAt);
  emit('cmp Xn, Xm', gpr(wanted), gpr(other));
  emit('b.{cc} label', cond.eq, stackHolds);
  emit('brk #imm16', imm16(1));
  buffer.bind(stackHolds);
  emit('mov Xd, Xm', gpr(found), zr);
  let place = 0;
  /** Sets the next bit of what was found when two registers differ. */
  const note = (a: number, b: number, at = place++): void => {
    emit('cmp Xn, Xm', gpr(a), gpr(b));
    emit('cset Xd, cc', gpr(bit), cond.ne);
    emit('orr Xd, Xn, Xm, lsl #uimm6', gpr(found), gpr(found), gpr(bit), uimm6(at));
  };
  for (const code of KEPT) {
    constant(wanted, patternOf(code));
    note(code, wanted);
  }
  for (const code of KEPT_VECTORS) {
    constant(wanted, patternOf(code));
    emit('fmov Xd, Dn', gpr(other), vec(code));
    note(other, wanted);
  }
  constant(wanted, GUARD);
  for (let i = 0; i < GUARD_WORDS; i++) {
    load(other, guardsAt + 8 * i);
    note(other, wanted, place);
  }
  place++;
  emit('mrs Xt, fpcr', gpr(other));
  load(wanted, controlAt);
  note(other, wanted);
  emit('msr fpcr, Xt', gpr(wanted));
  emit('cbz Xt, label', gpr(found), allHolds);
  load(9, memoryAt);
  constant(wanted, BigInt(STATUS.canary));
  emit('str Wt, [Xn|SP, #offset4]', gpr(wanted), gpr(9), offset4(AT.status));
  emit('str Wt, [Xn|SP, #offset4]', gpr(found), gpr(9), offset4(AT.site));
  buffer.bind(allHolds);
  load(30, linkAt);
  KEPT_VECTORS.forEach((code, i) => {
    emit('ldr Dt, [Xn|SP, #offset8]', vec(code), sp, offset8(vectorsAt + 8 * i));
  });
  KEPT.forEach((code, i) => {
    load(code, keptAt + 8 * i);
  });
  emit('add Xd|SP, Xn|SP, #imm12', sp, sp, imm12(frame));
  emit('ret');
}

/** Fills the upper half of a register of which 32 bits are an argument: nobody may look at it. */
export function emitPoison({ emit }: Arm64Assembler, register: number): void {
  emit('movk Xd, #imm16, lsl #hw', gpr(register), imm16(0xdead), hw(32));
  emit('movk Xd, #imm16, lsl #hw', gpr(register), imm16(0x7ff4), hw(48));
}
