// Two lanes: instructions that overwrite their first operand. Operands in memory (places in the frame, constants) are aligned.
import { InternalError } from '../../../base/assert.ts';
import type { X64Assembler } from '../x64/assembler.ts';
import { type Memory, predicate, rax, type Xmm } from '../x64/operands.ts';
import { S14, S15, type VectorForms, type VectorOp } from './x64-forms.ts';

const COMMUTES: ReadonlySet<VectorOp> = new Set<VectorOp>(['add', 'mul', 'and', 'or', 'xor']);

export class SseForms implements VectorForms {
  readonly lanes = 2;
  private readonly emit: X64Assembler['emit'];

  constructor(asm: X64Assembler) {
    this.emit = asm.emit;
  }

  load(to: Xmm, from: Xmm | Memory): void {
    if (typeof from !== 'number') this.emit('movupd xmm, m128', to, from);
    else if (from !== to) this.emit('movaps xmm, xmm/m128', to, from);
  }

  store(to: Memory, from: Xmm): void {
    this.emit('movupd m128, xmm', to, from);
  }

  stream(to: Memory, from: Xmm): void {
    this.emit('movntpd m128, xmm', to, from);
  }

  binary(op: VectorOp, to: Xmm, a: Xmm, b: Xmm | Memory): void {
    const form = op === 'andn' ? 'andnpd xmm, xmm/m128' : (`${op}pd xmm, xmm/m128` as const);
    if (b === to && a !== to) {
      if (COMMUTES.has(op)) this.emit(form, to, a);
      else {
        this.load(S14, a);
        this.emit(form, S14, b);
        this.load(to, S14);
      }
      return;
    }
    this.load(to, a);
    this.emit(form, to, b);
  }

  compare(condition: 'lt' | 'le' | 'eq' | 'ne', to: Xmm, a: Xmm, b: Xmm | Memory): void {
    const wanted = predicate[condition === 'ne' ? 'neq' : condition];
    const into = b === to && a !== to ? S14 : to;
    this.load(into, a);
    this.emit('cmp{p}pd xmm, xmm/m128', wanted, into, b);
    this.load(to, into);
  }

  /** The bits of both, masked and joined. The mask may be in S14, which is the first thing that is used up. */
  select(to: Xmm, mask: Xmm, yes: Xmm | Memory, no: Xmm | Memory): void {
    this.load(S15, mask);
    this.load(S14, mask);
    this.emit('andpd xmm, xmm/m128', S14, yes);
    this.emit('andnpd xmm, xmm/m128', S15, no);
    this.emit('orpd xmm, xmm/m128', S14, S15);
    this.load(to, S14);
  }

  root(to: Xmm, from: Xmm | Memory): void {
    this.emit('sqrtpd xmm, xmm/m128', to, from);
  }

  round(): void {
    throw new InternalError('SSE2 does not round');
  }

  ones(to: Xmm): void {
    this.emit('pcmpeqd xmm, xmm/m128', to, to);
  }

  test(mask: Xmm): void {
    this.emit('movmskpd r32, xmm', rax, mask);
    this.emit('test r/m32, r32', rax, rax);
  }

  end(): void {}
}
