// Sums, differences, products and quotients, form by form. `x` and `y` are the operands.
import type { Value } from '../../core/value/value.ts';
import type { CoreOp } from '../../spec/core-ops.ts';
import type { Action } from './code.ts';
import type { Forms, Slow } from './forms.ts';

/** Also the forms that put the result into the slot `to`. */
export interface ArithmeticForms extends Forms<Value> {
  readonly setLocalLocal: (to: number, a: number, b: number, slow: Slow<Value>) => Action;
  readonly setLocalConst: (to: number, a: number, y: number, slow: Slow<Value>) => Action;
}

const add: ArithmeticForms = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x + y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x + y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x + y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x + y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x + y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x + y : slow(x, y);
  },
  setLocalLocal: (to, a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    f[to] = typeof x === 'number' && typeof y === 'number' ? x + y : slow(x, y);
  },
  setLocalConst: (to, a, y, slow) => f => {
    const x = f[a]!;
    f[to] = typeof x === 'number' ? x + y : slow(x, y);
  },
};

const subtract: ArithmeticForms = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x - y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x - y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x - y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x - y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x - y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x - y : slow(x, y);
  },
  setLocalLocal: (to, a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    f[to] = typeof x === 'number' && typeof y === 'number' ? x - y : slow(x, y);
  },
  setLocalConst: (to, a, y, slow) => f => {
    const x = f[a]!;
    f[to] = typeof x === 'number' ? x - y : slow(x, y);
  },
};

const multiply: ArithmeticForms = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x * y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x * y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x * y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x * y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x * y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x * y : slow(x, y);
  },
  setLocalLocal: (to, a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    f[to] = typeof x === 'number' && typeof y === 'number' ? x * y : slow(x, y);
  },
  setLocalConst: (to, a, y, slow) => f => {
    const x = f[a]!;
    f[to] = typeof x === 'number' ? x * y : slow(x, y);
  },
};

/** A divisor of zero is left to the slow way, which faults. */
const divide: ArithmeticForms = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  setLocalLocal: (to, a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    f[to] = typeof x === 'number' && typeof y === 'number' && y !== 0 ? x / y : slow(x, y);
  },
  setLocalConst: (to, a, y, slow) => f => {
    const x = f[a]!;
    f[to] = typeof x === 'number' && y !== 0 ? x / y : slow(x, y);
  },
};

/** The forms by name of the primitive. */
export const ARITHMETIC: Readonly<Partial<Record<CoreOp, ArithmeticForms>>> = {
  'num.add': add,
  'any.add': add,
  'num.sub': subtract,
  'any.sub': subtract,
  'num.mul': multiply,
  'any.mul': multiply,
  'num.div': divide,
  'any.div': divide,
};
