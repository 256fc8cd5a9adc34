// Four lanes: instructions with three operands, of any of which nothing is overwritten.
import type { X64Assembler } from '../x64/assembler.ts';
import { type Memory, predicate, uimm8, type Xmm } from '../x64/operands.ts';
import { S14, S15, type VectorForms, type VectorOp } from './x64-forms.ts';

export class AvxForms implements VectorForms {
  readonly lanes = 4;
  private readonly emit: X64Assembler['emit'];

  constructor(asm: X64Assembler) {
    this.emit = asm.emit;
  }

  load(to: Xmm, from: Xmm | Memory): void {
    if (typeof from !== 'number') this.emit('vmovupd ymm, m256', to, from);
    else if (from !== to) this.emit('vmovapd ymm, ymm/m256', to, from);
  }

  store(to: Memory, from: Xmm): void {
    this.emit('vmovupd m256, ymm', to, from);
  }

  stream(to: Memory, from: Xmm): void {
    this.emit('vmovntpd m256, ymm', to, from);
  }

  binary(op: VectorOp, to: Xmm, a: Xmm, b: Xmm | Memory): void {
    this.emit(`v${op}pd ymm, ymm, ymm/m256`, to, a, b);
  }

  compare(condition: 'lt' | 'le' | 'eq' | 'ne', to: Xmm, a: Xmm, b: Xmm | Memory): void {
    this.emit('vcmp{p}pd ymm, ymm, ymm/m256', predicate[condition === 'ne' ? 'neq' : condition], to, a, b);
  }

  select(to: Xmm, mask: Xmm, yes: Xmm | Memory, no: Xmm | Memory): void {
    const kept = typeof no === 'number' ? no : mask === S15 ? S14 : S15;
    this.load(kept, no);
    this.emit('vblendvpd ymm, ymm, ymm/m256, ymm', to, kept, yes, mask);
  }

  root(to: Xmm, from: Xmm | Memory): void {
    this.emit('vsqrtpd ymm, ymm/m256', to, from);
  }

  round(to: Xmm, from: Xmm | Memory, how: number): void {
    this.emit('vroundpd ymm, ymm/m256, uimm8', to, from, uimm8(how));
  }

  ones(to: Xmm): void {
    this.emit('vpcmpeqd ymm, ymm, ymm/m256', to, to, to);
  }

  test(mask: Xmm): void {
    this.emit('vtestpd ymm, ymm/m256', mask, mask);
  }

  end(): void {
    this.emit('vzeroupper');
  }
}
