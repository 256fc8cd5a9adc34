// Ops of the IR on bare numbers that are one instruction of the low-level form.
import type { IrOp } from '../../spec/ir-ops.ts';
import type { FloatCondition } from './lir.ts';

export const CONDITIONS: Readonly<Partial<Record<IrOp, FloatCondition>>> = {
  'num.lt': 'lt',
  'num.le': 'le',
  'num.gt': 'gt',
  'num.ge': 'ge',
};

export const ARITHMETIC: Readonly<Partial<Record<IrOp, 'add' | 'sub' | 'mul' | 'div' | 'neg'>>> = {
  'num.add': 'add',
  'num.sub': 'sub',
  'num.mul': 'mul',
  'num.div': 'div',
  'num.neg': 'neg',
};
