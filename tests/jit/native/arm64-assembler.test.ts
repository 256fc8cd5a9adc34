// The ARM64 assembler as the back end uses it. That the bits are right is shown by scripts/encoder-proof.mjs.
import { expect, test } from 'vitest';
import { arm64Assembler } from '../../../src/jit/native/arm64/assembler.ts';
import { MAX_CODE_BYTES } from '../../../src/jit/native/arm64/encode.ts';
import {
  bitmask32,
  bitmask64,
  cond,
  fimm8,
  gpr,
  imm12,
  lsl64,
  offset8,
  pair8,
  sp,
  vec,
  zr,
} from '../../../src/jit/native/arm64/operands.ts';
import { CodeBuffer, positionAt } from '../../../src/jit/native/buffer.ts';

test('a function with a frame, a loop, a constant and marks', () => {
  const buffer = new CodeBuffer();
  const assembler = arm64Assembler(buffer, { listing: true });
  const { emit } = assembler;
  const loop = buffer.label();
  const done = buffer.label();
  buffer.mark(1);
  emit('stp Xt1, Xt2, [Xn|SP, #pair8]!', gpr(29), gpr(30), sp, pair8(-16));
  emit('fmov Dd, #fimm8', vec(1), fimm8(1)!);
  assembler.align(16);
  buffer.bind(loop);
  buffer.mark(2);
  emit('fcmp Dn, Dm', vec(0), vec(1));
  emit('b.{cc} label', cond.le, done);
  emit('ldr Dt, label', vec(2), buffer.double(0.1));
  emit('fadd Dd, Dn, Dm', vec(1), vec(1), vec(2));
  emit('b label', loop);
  buffer.bind(done);
  emit('lsl Xd, Xn, #lsl64', gpr(0), gpr(1), lsl64(3));
  emit('ldr Dt, [Xn|SP, #offset8]', vec(3), sp, offset8(16));
  emit('add Xd|SP, Xn|SP, #imm12', sp, sp, imm12(32));
  emit('mov Xd, Xm', gpr(0), zr);
  emit('ret');
  const code = buffer.finish();
  if (code.kind !== 'code') throw new Error('too large');
  expect(assembler.listing(code).map(({ offset, text }) => `${offset.toString(16)} ${text}`)).toEqual([
    '0 stp     x29, x30, [sp, #-16]!',
    '4 fmov    d1, #1.000000000000000000e+00',
    '10 fcmp    d0, d1',
    '14 b.le    0x24',
    '18 ldr     d2, 0x38',
    '1c fadd    d1, d1, d2',
    '20 b       0x10',
    '24 lsl     x0, x1, #3',
    '28 ldr     d3, [sp, #16]',
    '2c add     sp, sp, #0x20',
    '30 mov     x0, xzr',
    '34 ret',
  ]);
  expect(new DataView(code.bytes.buffer).getFloat64(0x38, true)).toBe(0.1);
  expect(Buffer.from(code.bytes.subarray(8, 16)).toString('hex')).toBe('1f2003d5'.repeat(2));
  expect([0, 15, 16, 0x34].map(offset => positionAt(code.marks(), offset))).toEqual([1, 1, 2, 2]);
});

test('operands are valid when they are made, and types keep them apart', () => {
  const { emit } = arm64Assembler(new CodeBuffer());
  expect(() => imm12(4096)).toThrow('not an immediate');
  expect(() => offset8(12)).toThrow('not an immediate');
  expect(() => gpr(31)).toThrow('not a general register');
  expect(() => arm64Assembler(new CodeBuffer(MAX_CODE_BYTES + 1))).toThrow('reach');
  // Not every number has a field, and who selects instructions has to ask.
  expect([0n, -1n, 5n].map(bitmask64)).toEqual([undefined, undefined, undefined]);
  expect([bitmask64(0xffn), bitmask32(0x80000001)]).not.toContain(undefined);
  expect([0, 0.1, 31, -0.16].map(fimm8)).toEqual([undefined, undefined, expect.any(Number), undefined]);
  // The manual leaves open what these do.
  expect(() => emit('ldp Xt1, Xt2, [Xn|SP, #pair8]', gpr(1), gpr(1), sp, pair8(0))).toThrow(
    'one register in two places',
  );
  expect(() => emit('ldp Xt1, Xt2, [Xn|SP], #pair8', gpr(1), gpr(2), gpr(2), pair8(0))).toThrow('one register');
  // Each line is there for the type checker.
  const rejected = (): void => {
    // @ts-expect-error a general register is not a vector register
    emit('fadd Dd, Dn, Dm', vec(0), vec(1), gpr(2));
    // @ts-expect-error an offset in eights is not one in fours
    emit('ldr Wt, [Xn|SP, #offset4]', gpr(0), sp, offset8(8));
    // @ts-expect-error the zero register is not the stack pointer
    emit('add Xd|SP, Xn|SP, #imm12', zr, sp, imm12(1));
    // @ts-expect-error the stack pointer cannot be added in this form
    emit('add Xd, Xn, Xm', gpr(0), sp, gpr(1));
    // @ts-expect-error there is no such form
    emit('fmadd Dd, Dn, Dm, Da', vec(0), vec(1), vec(2), vec(3));
  };
  expect(rejected).toThrow();
});
