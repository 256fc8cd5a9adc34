// What SSE2 and AVX2 both do, so that one emitter writes for either.
import { type Memory, type Xmm, xmm } from '../x64/operands.ts';

/** Instructions of one kind: those with two operands, or those with three. */
export interface VectorForms {
  readonly lanes: 2 | 4;
  load(to: Xmm, from: Xmm | Memory): void;
  store(to: Memory, from: Xmm): void;
  /** Past the caches, to an address that is a multiple of what is stored. */
  stream(to: Memory, from: Xmm): void;
  /** May write to `to` before it has read the last operand only where that is another register. */
  binary(op: VectorOp, to: Xmm, a: Xmm, b: Xmm | Memory): void;
  compare(condition: 'lt' | 'le' | 'eq' | 'ne', to: Xmm, a: Xmm, b: Xmm | Memory): void;
  select(to: Xmm, mask: Xmm, yes: Xmm | Memory, no: Xmm | Memory): void;
  root(to: Xmm, from: Xmm | Memory): void;
  round(to: Xmm, from: Xmm | Memory, how: number): void;
  ones(to: Xmm): void;
  /** Sets the flag for zero when a mask is true in no row. */
  test(mask: Xmm): void;
  end(): void;
}

export type VectorOp = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'andn';

/** The vector registers that whoever writes an instruction may use. */
export const S14 = xmm(14);
export const S15 = xmm(15);
