// For tests: a way in before the way in, which finds out whether code keeps what the platform's convention says it keeps. Whoever calls from C
// notices a register that was not restored much later, or never; here every one of them holds a pattern before, and is compared after.
//
// The frame, from the stack pointer up: the control word, the stack pointer mixed with a number, where the memory is, words that nobody may write to,
// the registers of the caller. A wrong stack pointer cannot be told, because nothing is found from it: the process ends with `ud2`.
import type { Label } from '../buffer.ts';
import { AT, STATUS } from '../memory.ts';
import type { X64Assembler } from './assembler.ts';
import {
  cc,
  type Gpr,
  gpr,
  imm32,
  imm64,
  mem,
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
  xmm,
} from './operands.ts';

/** Linux and macOS; Windows has its own, and no canary. */
const KEPT: readonly Gpr[] = [rbx, rbp, r12, r13, r14, r15];
const FREE: readonly Gpr[] = [rcx, rdx, rsi, r8, r9, r10, r11];
const GUARD_WORDS = 8;
const MIXED = 0x5ca1_ab1e_0ddb_a11dn;
const GUARD = 0x6a4d_0000_dead_f00dn;
/** A signalling NaN as a double, and nothing useful as an integer or an address. */
const POISON = 0x7ff4_dead_beef_0badn;
/** The bits of MXCSR that say how to compute: denormals, rounding, what traps. The others count what has happened. */
const CONTROL_BITS = 0xffc0;
const DIRECTION_BIT = 10;

/** What each bit says that is left at `AT.site` with the status `STATUS.canary`. */
export const X64_CANARY_SAYS: readonly string[] = [
  ...['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15'],
  ...['the stack above', 'the direction flag', 'MXCSR'],
];

const patternOf = (register: Gpr): bigint => 0x00c0_ffee_0000_0000n + BigInt(register);

/** Calls `inside` as C would, and compares. */
export function emitCanary({ buffer, emit }: X64Assembler, inside: Label): void {
  const [controlAt, mixedAt, memoryAt, guardsAt] = [0, 8, 16, 24];
  const keptAt = guardsAt + 8 * GUARD_WORDS;
  for (const register of KEPT) emit('push r64', register);
  emit('sub r/m64, imm32', rsp, imm32(keptAt));
  emit('movabs r64, imm64', rcx, imm64(GUARD));
  for (let i = 0; i < GUARD_WORDS; i++) emit('mov r/m64, r64', mem(rsp, guardsAt + 8 * i), rcx);
  emit('mov r/m64, r64', mem(rsp, memoryAt), rdi);
  emit('movabs r64, imm64', rcx, imm64(MIXED));
  emit('xor r64, r/m64', rcx, rsp);
  emit('mov r/m64, r64', mem(rsp, mixedAt), rcx);
  emit('stmxcsr m32', mem(rsp, controlAt));
  for (const register of KEPT) emit('movabs r64, imm64', register, imm64(patternOf(register)));
  emit('movabs r64, imm64', rax, imm64(POISON));
  for (const register of FREE) emit('mov r64, r/m64', register, rax);
  for (let i = 0; i < 16; i++) {
    emit('movq xmm, r64', xmm(i), rax);
    emit('unpcklpd xmm, xmm/m128', xmm(i), xmm(i));
  }
  emit('call rel', inside);

  const [found, wanted, bit] = [rax, rdx, rcx];
  const [stackHolds, allHolds] = [buffer.label(), buffer.label()];
  emit('movabs r64, imm64', wanted, imm64(MIXED));
  emit('xor r64, r/m64', wanted, rsp);
  emit('cmp r/m64, r64', mem(rsp, mixedAt), wanted);
  emit('j{cc} rel', cc.e, stackHolds);
  emit('ud2');
  buffer.bind(stackHolds);
  emit('xor r/m32, r32', found, found);
  let place = 0;
  /** Sets the next bit of what was found when the flags say so. */
  const note = (condition: (typeof cc)[keyof typeof cc], at = place++): void => {
    emit('set{cc} r/m8', condition, bit);
    emit('movzx r32, r/m8', bit, bit);
    emit('shl r/m32, uimm8', bit, uimm8(at));
    emit('or r/m32, r32', found, bit);
  };
  for (const register of KEPT) {
    emit('movabs r64, imm64', wanted, imm64(patternOf(register)));
    emit('cmp r/m64, r64', register, wanted);
    note(cc.ne);
  }
  emit('movabs r64, imm64', wanted, imm64(GUARD));
  for (let i = 0; i < GUARD_WORDS; i++) {
    emit('cmp r/m64, r64', mem(rsp, guardsAt + 8 * i), wanted);
    note(cc.ne, place);
  }
  place++;
  emit('pushf');
  emit('pop r64', wanted);
  emit('bt r/m64, uimm8', wanted, uimm8(DIRECTION_BIT));
  note(cc.b);
  emit('cld');
  // The guards have been looked at: one of them has room for the control word as it is now.
  emit('stmxcsr m32', mem(rsp, guardsAt));
  emit('mov r32, r/m32', wanted, mem(rsp, guardsAt));
  emit('xor r32, r/m32', wanted, mem(rsp, controlAt));
  emit('test r/m32, imm32', wanted, imm32(CONTROL_BITS));
  note(cc.ne);
  emit('ldmxcsr m32', mem(rsp, controlAt));
  emit('test r/m32, r32', found, found);
  emit('j{cc} rel', cc.e, allHolds);
  emit('mov r64, r/m64', wanted, mem(rsp, memoryAt));
  emit('mov m32, imm32', mem(wanted, AT.status), imm32(STATUS.canary));
  emit('mov r/m32, r32', mem(wanted, AT.site), found);
  buffer.bind(allHolds);
  emit('add r/m64, imm32', rsp, imm32(keptAt));
  for (const register of [...KEPT].reverse()) emit('pop r64', register);
  emit('ret');
}

/** Fills the upper half of a register of which 32 bits are an argument: nobody may look at it. */
export function emitPoison({ emit }: X64Assembler, register: number): void {
  emit('movabs r64, imm64', rax, imm64(POISON & ~0xffff_ffffn));
  emit('or r/m64, r64', gpr(register), rax);
}
