// SSE2 and SSE4.1 instructions on doubles, and what moves them. The notation is explained in columns.ts.
import type { X64Table } from './columns.ts';

export const sseForms = {
  // Moves
  'movsd xmm, xmm/m64': ['F2 0F 10 /r', 'RM', 'w r'],
  'movsd m64, xmm': ['F2 0F 11 /r', 'MR', 'w r'],
  'movapd xmm, xmm/m128': ['66 0F 28 /r', 'RM', 'w r'],
  'movapd m128, xmm': ['66 0F 29 /r', 'MR', 'w r'],
  'movaps xmm, xmm/m128': ['0F 28 /r', 'RM', 'w r'],
  'movupd xmm, m128': ['66 0F 10 /r', 'RM', 'w r'],
  'movupd m128, xmm': ['66 0F 11 /r', 'MR', 'w r'],
  'movntpd m128, xmm': ['66 0F 2B /r', 'MR', 'w r'],
  'movd xmm, r/m32': ['66 0F 6E /r', 'RM', 'w r'],
  'movd r/m32, xmm': ['66 0F 7E /r', 'MR', 'w r'],
  'movq xmm, r64': ['66 REX.W 0F 6E /r', 'RM', 'w r'],
  'movq r64, xmm': ['66 REX.W 0F 7E /r', 'MR', 'w r'],
  'movq xmm, xmm/m64': ['F3 0F 7E /r', 'RM', 'w r'],
  'movq m64, xmm': ['66 0F D6 /r', 'MR', 'w r'],
  'movhpd xmm, m64': ['66 0F 16 /r', 'RM', 'rw r'],
  'movhpd m64, xmm': ['66 0F 17 /r', 'MR', 'w r'],
  'movmskpd r32, xmm': ['66 0F 50 /r', 'RM', 'w r'],
  'unpcklpd xmm, xmm/m128': ['66 0F 14 /r', 'RM', 'rw r'],
  'unpckhpd xmm, xmm/m128': ['66 0F 15 /r', 'RM', 'rw r'],
  'shufpd xmm, xmm/m128, uimm8': ['66 0F C6 /r ib', 'RMI', 'rw r -'],

  // Control word
  'ldmxcsr m32': ['0F AE /2', 'M', 'r'],
  'stmxcsr m32': ['0F AE /3', 'M', 'w'],

  // Scalar
  'addsd xmm, xmm/m64': ['F2 0F 58 /r', 'RM', 'rw r'],
  'mulsd xmm, xmm/m64': ['F2 0F 59 /r', 'RM', 'rw r'],
  'subsd xmm, xmm/m64': ['F2 0F 5C /r', 'RM', 'rw r'],
  'minsd xmm, xmm/m64': ['F2 0F 5D /r', 'RM', 'rw r'],
  'divsd xmm, xmm/m64': ['F2 0F 5E /r', 'RM', 'rw r'],
  'maxsd xmm, xmm/m64': ['F2 0F 5F /r', 'RM', 'rw r'],
  'sqrtsd xmm, xmm/m64': ['F2 0F 51 /r', 'RM', 'w r'],
  'ucomisd xmm, xmm/m64': ['66 0F 2E /r', 'RM', 'r r'],
  'comisd xmm, xmm/m64': ['66 0F 2F /r', 'RM', 'r r'],
  'cmp{p}sd xmm, xmm/m64': ['F2 0F C2 /r ib', 'RM', 'rw r'],
  'roundsd xmm, xmm/m64, uimm8': ['66 0F 3A 0B /r ib', 'RMI', 'w r -'],
  'cvtsi2sd xmm, r/m32': ['F2 0F 2A /r', 'RM', 'rw r'],
  'cvtsi2sd xmm, r/m64': ['F2 REX.W 0F 2A /r', 'RM', 'rw r'],
  'cvttsd2si r32, xmm/m64': ['F2 0F 2C /r', 'RM', 'w r'],
  'cvttsd2si r64, xmm/m64': ['F2 REX.W 0F 2C /r', 'RM', 'w r'],

  // Packed
  'addpd xmm, xmm/m128': ['66 0F 58 /r', 'RM', 'rw r'],
  'mulpd xmm, xmm/m128': ['66 0F 59 /r', 'RM', 'rw r'],
  'subpd xmm, xmm/m128': ['66 0F 5C /r', 'RM', 'rw r'],
  'minpd xmm, xmm/m128': ['66 0F 5D /r', 'RM', 'rw r'],
  'divpd xmm, xmm/m128': ['66 0F 5E /r', 'RM', 'rw r'],
  'maxpd xmm, xmm/m128': ['66 0F 5F /r', 'RM', 'rw r'],
  'sqrtpd xmm, xmm/m128': ['66 0F 51 /r', 'RM', 'w r'],
  'andpd xmm, xmm/m128': ['66 0F 54 /r', 'RM', 'rw r'],
  'andnpd xmm, xmm/m128': ['66 0F 55 /r', 'RM', 'rw r'],
  'orpd xmm, xmm/m128': ['66 0F 56 /r', 'RM', 'rw r'],
  'xorpd xmm, xmm/m128': ['66 0F 57 /r', 'RM', 'rw r'],
  'xorps xmm, xmm/m128': ['0F 57 /r', 'RM', 'rw r'],
  'cmp{p}pd xmm, xmm/m128': ['66 0F C2 /r ib', 'RM', 'rw r'],
  'roundpd xmm, xmm/m128, uimm8': ['66 0F 3A 09 /r ib', 'RMI', 'w r -'],
  'blendvpd xmm, xmm/m128, xmm0': ['66 0F 38 15 /r', 'RM', 'rw r'],
  'cvttpd2dq xmm, xmm/m128': ['66 0F E6 /r', 'RM', 'w r'],
  'cvtdq2pd xmm, xmm/m64': ['F3 0F E6 /r', 'RM', 'w r'],

  // Whole numbers in lanes
  'pcmpeqd xmm, xmm/m128': ['66 0F 76 /r', 'RM', 'rw r'],
  'paddq xmm, xmm/m128': ['66 0F D4 /r', 'RM', 'rw r'],
  'psubq xmm, xmm/m128': ['66 0F FB /r', 'RM', 'rw r'],
  'psllq xmm, uimm8': ['66 0F 73 /6 ib', 'MI', 'rw -'],
  'psrlq xmm, uimm8': ['66 0F 73 /2 ib', 'MI', 'rw -'],
  'pshufd xmm, xmm/m128, uimm8': ['66 0F 70 /r ib', 'RMI', 'w r -'],
} as const satisfies X64Table;
