// The x86-64 assembler as the back end uses it. That the bytes are right is shown by scripts/encoder-proof.mjs.
import { expect, test } from 'vitest';
import { CodeBuffer, positionAt } from '../../../src/jit/native/buffer.ts';
import { x64Assembler } from '../../../src/jit/native/x64/assembler.ts';
import {
  cc,
  imm8,
  imm32,
  imm64,
  mem,
  memIndexed,
  memLabel,
  rax,
  rcx,
  rsp,
  uimm8,
  xmm,
} from '../../../src/jit/native/x64/operands.ts';

test('a function with a loop, a constant and marks', () => {
  const buffer = new CodeBuffer();
  const assembler = x64Assembler(buffer, { listing: true });
  const { emit } = assembler;
  const loop = buffer.label();
  const done = buffer.label();
  buffer.mark(10);
  emit('xorpd xmm, xmm/m128', xmm(1), xmm(1));
  assembler.align(16);
  buffer.bind(loop);
  buffer.mark(20);
  emit('ucomisd xmm, xmm/m64', xmm(0), xmm(1));
  emit('j{cc} rel', cc.be, done);
  buffer.mark(21);
  emit('addsd xmm, xmm/m64', xmm(1), memLabel(buffer.double(0.5)));
  emit('jmp rel', loop);
  buffer.bind(done);
  emit('movapd xmm, xmm/m128', xmm(0), xmm(1));
  emit('ret');
  const code = buffer.finish();
  if (code.kind !== 'code') throw new Error('too large');
  expect(assembler.listing(code).map(({ offset, text }) => `${offset.toString(16)} ${text}`)).toEqual([
    '0 xorpd  xmm1,xmm1',
    '10 ucomisd xmm0,xmm1',
    '14 jbe    0x20',
    '16 addsd  xmm1,QWORD PTR [rip+0xa]',
    '1e jmp    0x10',
    '20 movapd xmm0,xmm1',
    '24 ret',
  ]);
  expect(code.codeBytes).toBe(0x25);
  // Twelve bytes of padding are two instructions.
  expect(Buffer.from(code.bytes.subarray(4, 16)).toString('hex')).toBe('660f1f840000000000' + '0f1f00');
  expect(code.bytes.length).toBe(0x30);
  expect(new DataView(code.bytes.buffer).getFloat64(0x28, true)).toBe(0.5);
  expect(code.offsetOf(loop)).toBe(0x10);
  // What is padding belongs to the position before it.
  expect([0, 4, 15, 16, 0x15, 0x16, 0x24].map(offset => positionAt(code.marks(), offset))).toEqual([
    10, 10, 10, 20, 20, 21, 21,
  ]);
});

test('the shortest of several encodings is taken', () => {
  const buffer = new CodeBuffer();
  const { emit } = x64Assembler(buffer);
  emit('add r/m64, imm32', rcx, imm32(8));
  emit('add r/m64, imm32', rax, imm32(0x1000));
  emit('shl r/m64, uimm8', rcx, uimm8(1));
  const code = buffer.finish();
  expect(code.kind === 'code' && Buffer.from(code.bytes).toString('hex')).toBe('4883c1084805' + '00100000' + '48d1e1');
});

test('operands are valid when they are made, and types keep them apart', () => {
  const { emit } = x64Assembler(new CodeBuffer());
  expect(() => imm8(128)).toThrow('does not fit');
  expect(() => imm32(2 ** 31)).toThrow('does not fit');
  expect(() => imm64(1n << 64n)).toThrow('does not fit');
  expect(() => mem(rax, 2 ** 31)).toThrow('does not fit');
  expect(() => memIndexed(rax, rsp, 8)).toThrow('stack pointer');
  expect(() => xmm(16)).toThrow('not a vector register');
  // Each line is there for the type checker.
  const rejected = (): void => {
    // @ts-expect-error a general register is not a vector register
    emit('addsd xmm, xmm/m64', xmm(0), rax);
    // @ts-expect-error a number is not an immediate
    emit('add r/m64, imm32', rax, 1);
    // @ts-expect-error an operand is missing
    emit('mov r/m64, r64', rax);
    // @ts-expect-error there is no such form
    emit('mov m64, m64', mem(rax), mem(rcx));
  };
  expect(rejected).toThrow();
});

test('too much code is a result', () => {
  const buffer = new CodeBuffer(1000);
  const { emit } = x64Assembler(buffer);
  for (let i = 0; i < 1000; i++) emit('ret');
  expect(buffer.finish().kind).toBe('code');
  const large = new CodeBuffer(1000);
  const assembler = x64Assembler(large);
  for (let i = 0; i < 100_000; i++) assembler.emit('addsd xmm, xmm/m64', xmm(0), xmm(1));
  expect(large.full).toBe(true);
  expect(large.finish()).toEqual({ kind: 'too-large', maxBytes: 1000 });
  const constants = new CodeBuffer(1000);
  for (let i = 0; i < 120; i++) constants.double(i);
  expect(constants.finish().kind).toBe('code');
  for (let i = 120; i < 130; i++) constants.double(i);
  expect(constants.finish().kind).toBe('too-large');
});
