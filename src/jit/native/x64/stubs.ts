// Subroutines that stand once behind the functions of a group, and the way in.
import type { CodeBuffer, Label } from '../buffer.ts';
import { AT, FAULT } from '../memory.ts';
import type { X64Assembler } from './assembler.ts';
import { emitCanary } from './canary.ts';
import { LENGTH, type ListStubs } from './lists.ts';
import {
  cc,
  type Gpr,
  imm8,
  imm32,
  imm64,
  mem,
  memIndexed,
  memLabel,
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
  uimm32,
  xmm,
} from './operands.ts';

export interface X64Stubs extends ListStubs {
  /** Jumped to by a function that may not be entered any more. */
  readonly tooDeep: Label;
  /** Called when fuel has run out: has JavaScript look, keeps all registers, gives eax. */
  readonly look: Label;
  /** xmm15 = xmm14 % xmm15, for all doubles; the divisor is not zero. Keeps everything else. */
  readonly remainder: Label;
}

/** The subroutines, by the labels of those that somebody asked for: only they are written. */
export class AskedStubs implements X64Stubs {
  private readonly buffer: CodeBuffer;
  private readonly labels = new Map<keyof X64Stubs, Label>();

  constructor(buffer: CodeBuffer) {
    this.buffer = buffer;
  }

  get tooDeep(): Label {
    return this.ask('tooDeep');
  }

  get look(): Label {
    return this.ask('look');
  }

  get remainder(): Label {
    return this.ask('remainder');
  }

  get copy(): Label {
    return this.ask('copy');
  }

  get allocate(): Label {
    return this.ask('allocate');
  }

  wasAsked(name: keyof X64Stubs): boolean {
    return this.labels.has(name);
  }

  private ask(name: keyof X64Stubs): Label {
    let label = this.labels.get(name);
    if (label === undefined) {
      label = this.buffer.label();
      this.labels.set(name, label);
    }
    return label;
  }
}

/** What the platform's convention wants of the way in, beyond registers. */
export interface X64Platform {
  /** Windows: the first argument is in rcx, and rsi, rdi and xmm6 to xmm15 belong to the caller. */
  readonly windows: boolean;
}

const SAVED: readonly Gpr[] = [rbx, rbp, r12, r13, r14, r15];
const SAVED_ON_WINDOWS: readonly Gpr[] = [...SAVED, rsi, rdi];

/** The way in from C: `void enter(memory)`. Stands at the beginning of the code. */
export function emitTrampoline(asm: X64Assembler, { windows }: X64Platform, canary: boolean): void {
  const { buffer, emit } = asm;
  const start = buffer.label();
  const saved = windows ? SAVED_ON_WINDOWS : SAVED;
  const vectors = windows ? [6, 7, 8, 9, 10, 11, 12, 13, 14, 15] : [];
  buffer.bind(start);
  if (canary && !windows) {
    const inside = buffer.label();
    emitCanary(asm, inside);
    buffer.bind(inside);
  }
  for (const register of saved) emit('push r64', register);
  if (windows) {
    emit('sub r/m64, imm32', rsp, imm32(16 * vectors.length));
    vectors.forEach((vector, i) => {
      emit('movupd m128, xmm', mem(rsp, 16 * i), xmm(vector));
    });
  }
  emit('mov r64, r/m64', r15, windows ? rcx : rdi);
  emit('cvttsd2si r64, xmm/m64', r14, mem(r15, AT.fuel));
  emit('mov r32, r/m32', r13, mem(r15, AT.depth));
  emit('movsxd r64, r/m32', rcx, mem(r15, AT.heapUsed));
  emit('add r64, r/m64', rcx, mem(r15, AT.heap));
  emit('mov r/m64, r64', mem(r15, AT.heapNext), rcx);
  emit('movsxd r64, r/m32', rcx, mem(r15, AT.entry));
  emit('lea r64, m', rax, memLabel(start));
  emit('add r/m64, r64', rax, rcx);
  emit('call r/m64', rax);
  emit('mov r/m32, r32', mem(r15, AT.status), rax);
  emit('cvtsi2sd xmm, r/m64', xmm(0), r14);
  emit('movsd m64, xmm', mem(r15, AT.fuel), xmm(0));
  if (windows) {
    vectors.forEach((vector, i) => {
      emit('movupd xmm, m128', xmm(vector), mem(rsp, 16 * i));
    });
    emit('add r/m64, imm32', rsp, imm32(16 * vectors.length));
  }
  for (const register of [...saved].reverse()) emit('pop r64', register);
  emit('ret');
}

export function emitStubs(asm: X64Assembler, stubs: AskedStubs, platform: X64Platform): void {
  const { buffer, emit } = asm;
  buffer.bind(stubs.tooDeep);
  emit('mov m32, imm32', mem(r15, AT.kind), imm32(FAULT.depth));
  emit('mov r32, uimm32', rax, uimm32(1));
  emit('ret');
  if (stubs.wasAsked('look')) emitLook(asm, stubs.look, platform);
  if (stubs.wasAsked('remainder')) emitRemainder(asm, stubs.remainder);
  if (stubs.wasAsked('copy')) emitCopy(asm, stubs);
  if (stubs.wasAsked('allocate')) emitAllocate(asm, stubs);
}

function emitLook({ buffer, emit }: X64Assembler, label: Label, { windows }: X64Platform): void {
  const kept: readonly Gpr[] = [rbp, rbx, rsi, rdi, r8, r9, r10, r11];
  const vectors = Array.from({ length: 16 }, (_, i) => i);
  buffer.bind(label);
  for (const register of kept) emit('push r64', register);
  emit('mov r64, r/m64', rbp, rsp);
  emit('sub r/m64, imm32', rsp, imm32(8 * vectors.length + 32));
  emit('and r/m64, imm8', rsp, imm8(-16));
  // The lowest 32 bytes are room that Windows gives to whoever is called.
  for (const vector of vectors) emit('movsd m64, xmm', mem(rsp, 32 + 8 * vector), xmm(vector));
  emit('cvtsi2sd xmm, r/m64', xmm(0), r14);
  emit('movsd m64, xmm', mem(r15, AT.fuel), xmm(0));
  emit('mov r64, r/m64', windows ? rcx : rdi, r15);
  emit('call r/m64', mem(r15, AT.look));
  emit('cvttsd2si r64, xmm/m64', r14, mem(r15, AT.fuel));
  for (const vector of vectors) emit('movsd xmm, xmm/m64', xmm(vector), mem(rsp, 32 + 8 * vector));
  emit('mov r64, r/m64', rsp, rbp);
  for (const register of [...kept].reverse()) emit('pop r64', register);
  emit('ret');
}

const SIGN = 1n << 63n;
const INFINITE = 0x7ffn << 52n;

/**
 * The remainder as IEEE has it, exact: the divisor is subtracted, shifted, from the highest bit down. As in the mathematics libraries
 * of C; the numbers of doubles that differ in exponent by 2,000 take 2,000 rounds.
 *
 *     rax  what is left of the dividend     rcx  the divisor     rdx, rsi  their exponents     rdi  for a moment
 */
function emitRemainder({ buffer, emit }: X64Assembler, label: Label): void {
  const [a, b, shift, exponentA, exponentB] = [rax, rcx, rdi, rdx, rsi];
  const names = ['notANumber', 'unchanged', 'zero', 'round', 'smaller', 'last', 'normalise', 'scale', 'tiny', 'done'];
  const [notANumber, unchanged, zero, round, smaller, last, normalise, scale, tiny, done] = names.map(() =>
    buffer.label(),
  ) as [Label, Label, Label, Label, Label, Label, Label, Label, Label, Label];
  const jump = (condition: (typeof cc)[keyof typeof cc], to: Label): void => emit('j{cc} rel', condition, to);
  buffer.bind(label);
  emit('push r64', rsi);
  emit('push r64', rdi);
  emit('movq r64, xmm', a, xmm(14));
  emit('movq r64, xmm', b, xmm(15));
  // Shifted left by one, magnitudes compare as integers.
  emit('shl r/m64, 1', a);
  emit('shl r/m64, 1', b);
  emit('movabs r64, imm64', shift, imm64(INFINITE << 1n));
  emit('cmp r/m64, r64', a, shift);
  jump(cc.ae, notANumber);
  emit('cmp r/m64, r64', b, shift);
  jump(cc.a, notANumber);
  emit('cmp r/m64, r64', a, b);
  jump(cc.b, unchanged);
  jump(cc.e, zero);
  for (const [value, exponent] of [
    [a, exponentA],
    [b, exponentB],
  ] as const) {
    const [small, loop, known] = [buffer.label(), buffer.label(), buffer.label()];
    emit('mov r64, r/m64', exponent, value);
    emit('shr r/m64, uimm8', exponent, uimm8(53));
    // The fraction in the upper bits, without exponent; a 1 above it unless the number is subnormal.
    emit('shl r/m64, uimm8', value, uimm8(11));
    emit('test r/m32, r32', exponent, exponent);
    jump(cc.e, small);
    emit('shr r/m64, uimm8', value, uimm8(12));
    emit('movabs r64, imm64', shift, imm64(1n << 52n));
    emit('or r/m64, r64', value, shift);
    emit('jmp rel', known);
    buffer.bind(small);
    emit('shr r/m64, uimm8', value, uimm8(12));
    emit('mov r32, uimm32', exponent, uimm32(1));
    buffer.bind(loop);
    emit('bt r/m64, uimm8', value, uimm8(52));
    jump(cc.b, known);
    emit('shl r/m64, 1', value);
    emit('sub r/m32, imm32', exponent, imm32(1));
    emit('jmp rel', loop);
    buffer.bind(known);
  }
  buffer.bind(round);
  emit('cmp r/m32, r32', exponentA, exponentB);
  jump(cc.le, last);
  emit('cmp r/m64, r64', a, b);
  jump(cc.b, smaller);
  emit('sub r/m64, r64', a, b);
  jump(cc.e, zero);
  buffer.bind(smaller);
  emit('shl r/m64, 1', a);
  emit('sub r/m32, imm32', exponentA, imm32(1));
  emit('jmp rel', round);
  buffer.bind(last);
  emit('cmp r/m64, r64', a, b);
  jump(cc.b, normalise);
  emit('sub r/m64, r64', a, b);
  jump(cc.e, zero);
  buffer.bind(normalise);
  emit('bt r/m64, uimm8', a, uimm8(52));
  jump(cc.b, scale);
  emit('shl r/m64, 1', a);
  emit('sub r/m32, imm32', exponentA, imm32(1));
  emit('jmp rel', normalise);
  buffer.bind(scale);
  emit('test r/m32, r32', exponentA, exponentA);
  jump(cc.le, tiny);
  emit('shl r/m64, uimm8', exponentA, uimm8(52));
  emit('movabs r64, imm64', shift, imm64(1n << 52n));
  emit('sub r/m64, r64', a, shift);
  emit('or r/m64, r64', a, exponentA);
  emit('jmp rel', done);
  buffer.bind(tiny);
  emit('mov r32, uimm32', rcx, uimm32(1));
  emit('sub r/m32, r32', rcx, exponentA);
  emit('shr r/m64, cl', a);
  buffer.bind(done);
  // The sign is the dividend's.
  emit('movq r64, xmm', rcx, xmm(14));
  emit('movabs r64, imm64', shift, imm64(SIGN));
  emit('and r/m64, r64', rcx, shift);
  emit('or r/m64, r64', a, rcx);
  emit('movq xmm, r64', xmm(15), a);
  emit('pop r64', rdi);
  emit('pop r64', rsi);
  emit('ret');
  buffer.bind(zero);
  emit('xor r/m32, r32', a, a);
  emit('jmp rel', done);
  buffer.bind(unchanged);
  emit('movaps xmm, xmm/m128', xmm(15), xmm(14));
  emit('pop r64', rdi);
  emit('pop r64', rsi);
  emit('ret');
  buffer.bind(notANumber);
  emit('movsd xmm, xmm/m64', xmm(15), memLabel(buffer.double(Number.NaN)));
  emit('pop r64', rdi);
  emit('pop r64', rsi);
  emit('ret');
}

function emitAllocate({ buffer, emit }: X64Assembler, stubs: ListStubs): void {
  const full = buffer.label();
  buffer.bind(stubs.allocate);
  emit('mov r64, r/m64', rdx, mem(r15, AT.heapNext));
  emit('add r64, r/m64', rax, rdx);
  emit('cmp r64, r/m64', rax, mem(r15, AT.heapEnd));
  emit('j{cc} rel', cc.a, full);
  emit('mov r/m64, r64', mem(r15, AT.heapNext), rax);
  emit('mov r64, r/m64', rax, rdx);
  emit('ret');
  buffer.bind(full);
  emit('xor r/m32, r32', rax, rax);
  emit('ret');
}

/** rax = a copy of the list in rax, with room for more; 0 when there is no memory. Keeps all but rdx. */
function emitCopy({ buffer, emit }: X64Assembler, stubs: ListStubs): void {
  const [loop, done] = [buffer.label(), buffer.label()];
  buffer.bind(stubs.copy);
  emit('push r64', rcx);
  emit('push r64', rsi);
  emit('push r64', rdi);
  emit('mov r64, r/m64', rsi, rax);
  emit('mov r32, r/m32', rcx, mem(rsi, LENGTH));
  // Room: length + length / 2 + 8.
  emit('mov r32, r/m32', rdi, rcx);
  emit('shr r/m32, uimm8', rdi, uimm8(1));
  emit('lea r64, m', rdi, memIndexed(rdi, rcx, 1, 8));
  emit('lea r64, m', rax, memIndexed(rdi, rdi, 1));
  emit('shl r/m64, uimm8', rax, uimm8(2));
  emit('add r/m64, imm32', rax, imm32(8));
  emit('call rel', stubs.allocate);
  emit('test r/m64, r64', rax, rax);
  emit('j{cc} rel', cc.e, done);
  emit('mov r/m32, r32', mem(rax, 0), rcx);
  emit('mov r/m32, r32', mem(rax, 4), rdi);
  emit('add r/m64, imm32', rax, imm32(8));
  emit('sub r/m64, imm32', rcx, imm32(1));
  emit('j{cc} rel', cc.s, done);
  buffer.bind(loop);
  emit('mov r64, r/m64', rdx, memIndexed(rsi, rcx, 8));
  emit('mov r/m64, r64', memIndexed(rax, rcx, 8), rdx);
  emit('sub r/m64, imm32', rcx, imm32(1));
  emit('j{cc} rel', cc.ns, loop);
  buffer.bind(done);
  emit('pop r64', rdi);
  emit('pop r64', rsi);
  emit('pop r64', rcx);
  emit('ret');
}
