// Comparisons, form by form. `x` and `y` are the operands. Equality of numbers is closeness (compare.ts).
import type { CoreOp } from '../../spec/core-ops.ts';
import type { Forms } from './forms.ts';

const lessThan: Forms<boolean> = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x < y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x < y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x < y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x < y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x < y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x < y : slow(x, y);
  },
};

const lessOrEqual: Forms<boolean> = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x <= y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x <= y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x <= y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x <= y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x <= y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x <= y : slow(x, y);
  },
};

const greaterThan: Forms<boolean> = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x > y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x > y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x > y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x > y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x > y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x > y : slow(x, y);
  },
};

const greaterOrEqual: Forms<boolean> = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x >= y : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? x >= y : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? x >= y : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? x >= y : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? x >= y : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? x >= y : slow(x, y);
  },
};

const equal: Forms<boolean> = {
  localLocal: (a, b, slow) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
  localConst: (a, y, slow) => f => {
    const x = f[a]!;
    return typeof x === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
  localCode: (a, right, slow) => f => {
    const y = right(f);
    const x = f[a]!;
    return typeof x === 'number' && typeof y === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
  codeLocal: (left, b, slow) => f => {
    const x = left(f);
    const y = f[b]!;
    return typeof x === 'number' && typeof y === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
  codeConst: (left, y, slow) => f => {
    const x = left(f);
    return typeof x === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
  codeCode: (left, right, slow) => f => {
    const x = left(f);
    const y = right(f);
    return typeof x === 'number' && typeof y === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y);
  },
};

/** The forms by name of the primitive. */
export const COMPARISONS: Readonly<Partial<Record<CoreOp, Forms<boolean>>>> = {
  'num.lt': lessThan,
  'any.lt': lessThan,
  'num.le': lessOrEqual,
  'any.le': lessOrEqual,
  'num.gt': greaterThan,
  'any.gt': greaterThan,
  'num.ge': greaterOrEqual,
  'any.ge': greaterOrEqual,
  'num.eq': equal,
  'any.eq': equal,
};
