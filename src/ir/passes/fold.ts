// Constant folding: what a pure instruction gives when its operands are known. It follows the language to the bit: NaN, -0 and
// infinities are ordinary numbers, equality of numbers means closer than 2^-52, and a division by zero is left for the program
// to fault on.
import type { IrOp } from '../../spec/ir-ops.ts';

/** The result of an arithmetic instruction on known numbers; undefined when it is none, or would fault. */
export function foldNumber(op: IrOp, a: number, b: number): number | undefined {
  switch (op) {
    case 'num.add':
      return a + b;
    case 'num.sub':
      return a - b;
    case 'num.mul':
      return a * b;
    case 'num.div':
      return b === 0 ? undefined : a / b;
    case 'num.neg':
      return -a;
    default:
      return undefined;
  }
}

/** The result of a comparison of known numbers; undefined when the instruction is none. */
export function foldComparison(op: IrOp, a: number, b: number): boolean | undefined {
  switch (op) {
    case 'num.lt':
      return a < b;
    case 'num.le':
      return a <= b;
    case 'num.gt':
      return a > b;
    case 'num.ge':
      return a >= b;
    case 'num.eq':
      return Math.abs(a - b) < Number.EPSILON;
    case 'num.truthy':
      // NaN is true: only zero, of either sign, is not.
      return a !== 0;
    default:
      return undefined;
  }
}

/** Whether the right operand leaves the left one as it is, whatever that is: -0 must survive, so `x + 0` does not count. */
export function isNeutral(op: IrOp, right: number): boolean {
  switch (op) {
    case 'num.add':
      return Object.is(right, -0);
    case 'num.sub':
      return Object.is(right, 0);
    case 'num.mul':
    case 'num.div':
      return right === 1;
    default:
      return false;
  }
}

/** A bound of a counting loop, cut to an integer: the same cut as the engines make. */
export function foldBound(n: number): number {
  if (Number.isNaN(n)) return 0;
  return Math.max(-(2 ** 63), Math.min(2 ** 63, Math.trunc(n)));
}
