// Subroutines that stand once behind the functions of a group, and the way in. ARM64; what they do is told in x64/stubs.ts.
import type { CodeBuffer, Label } from '../buffer.ts';
import { AT, FAULT } from '../memory.ts';
import type { Arm64Assembler } from './assembler.ts';
import { emitCanary } from './canary.ts';
import { emitCopy, type ListStubs } from './lists.ts';
import {
  bitmask64,
  type Condition,
  cond,
  framePointer,
  type Gpr,
  gpr,
  hw,
  imm12,
  imm16,
  linkRegister,
  lsl64,
  offset4,
  offset8,
  pair8,
  sp,
  uimm6,
  vec,
  zr,
} from './operands.ts';
import { DEPTH, FUEL, loadInteger, MEMORY, SIGN_BIT, STATUS_REGISTER } from './places.ts';

export interface Arm64Stubs extends ListStubs {
  /** Jumped to by a function that may not be entered any more. */
  readonly tooDeep: Label;
  /** Called when fuel has run out: has JavaScript look, keeps all registers, gives w0. */
  readonly look: Label;
  /** d31 = d30 % d31, for all doubles; the divisor is not zero. Keeps the registers of the allocator. */
  readonly remainder: Label;
}

/** The subroutines, by the labels of those that somebody asked for: only they are written. */
export class AskedStubs implements Arm64Stubs {
  private readonly buffer: CodeBuffer;
  private readonly labels = new Map<keyof Arm64Stubs, Label>();

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

  wasAsked(name: keyof Arm64Stubs): boolean {
    return this.labels.has(name);
  }

  private ask(name: keyof Arm64Stubs): Label {
    let label = this.labels.get(name);
    if (label === undefined) {
      label = this.buffer.label();
      this.labels.set(name, label);
    }
    return label;
  }
}

type Pair = readonly [Gpr, Gpr];
const pairsOf = (codes: readonly number[]): Pair[] =>
  codes.flatMap((code, i) => (i % 2 === 0 ? [[gpr(code), gpr(codes[i + 1]!)] as const] : []));

const SAVED: readonly Pair[] = [[framePointer, linkRegister], ...pairsOf([19, 20, 21, 22, 23, 24, 25, 26, 27, 28])];
const SAVED_VECTORS = [8, 10, 12, 14];

/** The way in from C: `void enter(memory)`. Stands at the beginning of the code. */
export function emitTrampoline(asm: Arm64Assembler, canary: boolean): void {
  const { buffer, emit } = asm;
  const start = buffer.label();
  const vectorsAt = 16 * SAVED.length;
  const frame = vectorsAt + 16 * SAVED_VECTORS.length;
  buffer.bind(start);
  if (canary) {
    const inside = buffer.label();
    emitCanary(asm, inside);
    buffer.bind(inside);
  }
  emit('bti c');
  SAVED.forEach(([a, b], i) => {
    if (i === 0) emit('stp Xt1, Xt2, [Xn|SP, #pair8]!', a, b, sp, pair8(-frame));
    else emit('stp Xt1, Xt2, [Xn|SP, #pair8]', a, b, sp, pair8(16 * i));
  });
  SAVED_VECTORS.forEach((code, i) => {
    emit('stp Dt1, Dt2, [Xn|SP, #pair8]', vec(code), vec(code + 1), sp, pair8(vectorsAt + 16 * i));
  });
  emit('add Xd|SP, Xn|SP, #imm12', framePointer, sp, imm12(0));
  emit('mov Xd, Xm', MEMORY, gpr(0));
  loadFuel(emit);
  emit('ldr Wt, [Xn|SP, #offset4]', DEPTH, MEMORY, offset4(AT.depth));
  emit('ldrsw Xt, [Xn|SP, #offset4]', gpr(9), MEMORY, offset4(AT.heapUsed));
  emit('ldr Xt, [Xn|SP, #offset8]', gpr(10), MEMORY, offset8(AT.heap));
  emit('add Xd, Xn, Xm', gpr(9), gpr(9), gpr(10));
  emit('str Xt, [Xn|SP, #offset8]', gpr(9), MEMORY, offset8(AT.heapNext));
  emit('ldrsw Xt, [Xn|SP, #offset4]', gpr(9), MEMORY, offset4(AT.entry));
  emit('adr Xd, label', gpr(10), start);
  emit('add Xd, Xn, Xm', gpr(9), gpr(9), gpr(10));
  emit('blr Xn', gpr(9));
  emit('str Wt, [Xn|SP, #offset4]', STATUS_REGISTER, MEMORY, offset4(AT.status));
  storeFuel(emit);
  SAVED_VECTORS.forEach((code, i) => {
    emit('ldp Dt1, Dt2, [Xn|SP, #pair8]', vec(code), vec(code + 1), sp, pair8(vectorsAt + 16 * i));
  });
  for (const [i, [a, b]] of [...SAVED.entries()].reverse()) {
    if (i === 0) emit('ldp Xt1, Xt2, [Xn|SP], #pair8', a, b, sp, pair8(frame));
    else emit('ldp Xt1, Xt2, [Xn|SP, #pair8]', a, b, sp, pair8(16 * i));
  }
  emit('ret');
}

/** Fuel is a double in memory, and an integer in its register. */
function loadFuel(emit: Arm64Assembler['emit']): void {
  emit('ldr Dt, [Xn|SP, #offset8]', vec(31), MEMORY, offset8(AT.fuel));
  emit('fcvtzs Xd, Dn', FUEL, vec(31));
}

function storeFuel(emit: Arm64Assembler['emit']): void {
  emit('scvtf Dd, Xn', vec(31), FUEL);
  emit('str Dt, [Xn|SP, #offset8]', vec(31), MEMORY, offset8(AT.fuel));
}

export function emitStubs(asm: Arm64Assembler, stubs: AskedStubs): void {
  const { buffer, emit } = asm;
  buffer.bind(stubs.tooDeep);
  loadInteger(emit, gpr(9), FAULT.depth);
  emit('str Wt, [Xn|SP, #offset4]', gpr(9), MEMORY, offset4(AT.kind));
  emit('movz Wd, #imm16', STATUS_REGISTER, imm16(1));
  emit('ret');
  if (stubs.wasAsked('look')) emitLook(asm, stubs.look);
  if (stubs.wasAsked('remainder')) emitRemainder(asm, stubs.remainder);
  if (stubs.wasAsked('copy')) emitCopy(asm, stubs.copy);
}

/** Registers of the allocator that C does not keep; x9 stands in for a partner that is missing. */
const KEPT: readonly Pair[] = pairsOf([1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 9, 30]);

function emitLook({ buffer, emit }: Arm64Assembler, label: Label): void {
  const vectorsAt = 16 * KEPT.length;
  const frame = vectorsAt + 16 * 16;
  buffer.bind(label);
  emit('sub Xd|SP, Xn|SP, #imm12', sp, sp, imm12(frame));
  const save = (pair: 'stp' | 'ldp'): void => {
    KEPT.forEach(([a, b], i) => {
      emit(`${pair} Xt1, Xt2, [Xn|SP, #pair8]`, a, b, sp, pair8(16 * i));
    });
    for (let i = 0; i < 16; i++) {
      emit(`${pair} Dt1, Dt2, [Xn|SP, #pair8]`, vec(2 * i), vec(2 * i + 1), sp, pair8(vectorsAt + 16 * i));
    }
  };
  save('stp');
  storeFuel(emit);
  emit('mov Xd, Xm', gpr(0), MEMORY);
  emit('ldr Xt, [Xn|SP, #offset8]', gpr(9), MEMORY, offset8(AT.look));
  emit('blr Xn', gpr(9));
  loadFuel(emit);
  save('ldp');
  emit('add Xd|SP, Xn|SP, #imm12', sp, sp, imm12(frame));
  emit('ret');
}

/**
 * The remainder as IEEE has it, exact: the divisor is subtracted, shifted, from the highest bit down. As in the mathematics libraries
 * of C; the numbers of doubles that differ in exponent by 2,000 take 2,000 rounds.
 *
 *     x9  what is left of the dividend     x10  the divisor     x11, x17  their exponents     x0  for a moment
 */
function emitRemainder({ buffer, emit }: Arm64Assembler, label: Label): void {
  const [a, b, exponentA, exponentB, t] = [gpr(9), gpr(10), gpr(11), gpr(17), gpr(0)];
  const [notANumber, unchanged, zero, round, smaller, last, tiny, done] = Array.from({ length: 8 }, () =>
    buffer.label(),
  ) as [Label, Label, Label, Label, Label, Label, Label, Label];
  const jump = (condition: Condition, to: Label): void => emit('b.{cc} label', condition, to);
  /** Shifts the highest bit of a number to where a fraction has its hidden one, and counts that in its exponent. */
  const normalise = (value: Gpr, exponent: Gpr): void => {
    emit('clz Xd, Xn', t, value);
    emit('sub Xd|SP, Xn|SP, #imm12', t, t, imm12(11));
    emit('lslv Xd, Xn, Xm', value, value, t);
    emit('sub Xd, Xn, Xm', exponent, exponent, t);
  };
  buffer.bind(label);
  emit('fmov Xd, Dn', a, vec(30));
  emit('fmov Xd, Dn', b, vec(31));
  // Shifted left by one, magnitudes compare as integers.
  emit('lsl Xd, Xn, #lsl64', a, a, lsl64(1));
  emit('lsl Xd, Xn, #lsl64', b, b, lsl64(1));
  emit('movz Xd, #imm16, lsl #hw', t, imm16(0xffe0), hw(48));
  emit('cmp Xn, Xm', a, t);
  jump(cond.cs, notANumber);
  emit('cmp Xn, Xm', b, t);
  jump(cond.hi, notANumber);
  emit('cmp Xn, Xm', a, b);
  jump(cond.cc, unchanged);
  jump(cond.eq, zero);
  for (const [value, exponent] of [
    [a, exponentA],
    [b, exponentB],
  ] as const) {
    const [small, known] = [buffer.label(), buffer.label()];
    emit('lsr Xd, Xn, #uimm6', exponent, value, uimm6(53));
    // The fraction without exponent; a 1 above it unless the number is subnormal.
    emit('lsl Xd, Xn, #lsl64', value, value, lsl64(11));
    emit('lsr Xd, Xn, #uimm6', value, value, uimm6(12));
    emit('cbz Xt, label', exponent, small);
    emit('orr Xd|SP, Xn, #bitmask64', value, value, HIDDEN_ONE);
    emit('b label', known);
    buffer.bind(small);
    emit('movz Xd, #imm16, lsl #hw', exponent, imm16(1), hw(0));
    normalise(value, exponent);
    buffer.bind(known);
  }
  buffer.bind(round);
  emit('cmp Xn, Xm', exponentA, exponentB);
  jump(cond.le, last);
  emit('cmp Xn, Xm', a, b);
  jump(cond.cc, smaller);
  emit('subs Xd, Xn, Xm', a, a, b);
  jump(cond.eq, zero);
  buffer.bind(smaller);
  emit('lsl Xd, Xn, #lsl64', a, a, lsl64(1));
  emit('sub Xd|SP, Xn|SP, #imm12', exponentA, exponentA, imm12(1));
  emit('b label', round);
  buffer.bind(last);
  const below = buffer.label();
  emit('cmp Xn, Xm', a, b);
  jump(cond.cc, below);
  emit('subs Xd, Xn, Xm', a, a, b);
  jump(cond.eq, zero);
  buffer.bind(below);
  normalise(a, exponentA);
  emit('cmp Xn|SP, #imm12', exponentA, imm12(0));
  jump(cond.le, tiny);
  emit('eor Xd|SP, Xn, #bitmask64', a, a, HIDDEN_ONE);
  emit('orr Xd, Xn, Xm, lsl #uimm6', a, a, exponentA, uimm6(52));
  emit('b label', done);
  buffer.bind(tiny);
  emit('movz Xd, #imm16, lsl #hw', t, imm16(1), hw(0));
  emit('sub Xd, Xn, Xm', t, t, exponentA);
  emit('lsrv Xd, Xn, Xm', a, a, t);
  buffer.bind(done);
  // The sign is the dividend's.
  emit('fmov Xd, Dn', t, vec(30));
  emit('and Xd|SP, Xn, #bitmask64', t, t, SIGN_BIT);
  emit('orr Xd, Xn, Xm', a, a, t);
  emit('fmov Dd, Xn', vec(31), a);
  emit('ret');
  buffer.bind(zero);
  emit('mov Xd, Xm', a, zr);
  emit('b label', done);
  buffer.bind(unchanged);
  emit('fmov Dd, Dn', vec(31), vec(30));
  emit('ret');
  buffer.bind(notANumber);
  emit('ldr Dt, label', vec(31), buffer.double(Number.NaN));
  emit('ret');
}

/** The bit that a normal number has above its fraction. */
const HIDDEN_ONE = bitmask64(1n << 52n)!;
