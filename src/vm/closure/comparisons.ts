// Comparisons, form by form. `x` and `y` are the operands. Equality of numbers is closeness (compare.ts).
import type { CoreOp } from '../../spec/core-ops.ts';
import type { Frame } from './code.ts';
import type { Forms, Slow } from './forms.ts';

/** What runs on one side of a branch: an action, a step or a body. */
type Way<Result> = (frame: Frame) => Result;

/** Also the forms that run one way or the other at once, without a boolean between. */
interface ComparisonForms extends Forms<boolean> {
  readonly branchLocalLocal: <Result>(
    a: number,
    b: number,
    slow: Slow<boolean>,
    then: Way<Result>,
    otherwise: Way<Result>,
  ) => Way<Result>;
  readonly branchLocalConst: <Result>(
    a: number,
    y: number,
    slow: Slow<boolean>,
    then: Way<Result>,
    otherwise: Way<Result>,
  ) => Way<Result>;
}

const lessThan: ComparisonForms = {
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
  branchLocalLocal: (a, b, slow, then, otherwise) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return (typeof x === 'number' && typeof y === 'number' ? x < y : slow(x, y)) ? then(f) : otherwise(f);
  },
  branchLocalConst: (a, y, slow, then, otherwise) => f => {
    const x = f[a]!;
    return (typeof x === 'number' ? x < y : slow(x, y)) ? then(f) : otherwise(f);
  },
};

const lessOrEqual: ComparisonForms = {
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
  branchLocalLocal: (a, b, slow, then, otherwise) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return (typeof x === 'number' && typeof y === 'number' ? x <= y : slow(x, y)) ? then(f) : otherwise(f);
  },
  branchLocalConst: (a, y, slow, then, otherwise) => f => {
    const x = f[a]!;
    return (typeof x === 'number' ? x <= y : slow(x, y)) ? then(f) : otherwise(f);
  },
};

const greaterThan: ComparisonForms = {
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
  branchLocalLocal: (a, b, slow, then, otherwise) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return (typeof x === 'number' && typeof y === 'number' ? x > y : slow(x, y)) ? then(f) : otherwise(f);
  },
  branchLocalConst: (a, y, slow, then, otherwise) => f => {
    const x = f[a]!;
    return (typeof x === 'number' ? x > y : slow(x, y)) ? then(f) : otherwise(f);
  },
};

const greaterOrEqual: ComparisonForms = {
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
  branchLocalLocal: (a, b, slow, then, otherwise) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return (typeof x === 'number' && typeof y === 'number' ? x >= y : slow(x, y)) ? then(f) : otherwise(f);
  },
  branchLocalConst: (a, y, slow, then, otherwise) => f => {
    const x = f[a]!;
    return (typeof x === 'number' ? x >= y : slow(x, y)) ? then(f) : otherwise(f);
  },
};

const equal: ComparisonForms = {
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
  branchLocalLocal: (a, b, slow, then, otherwise) => f => {
    const x = f[a]!;
    const y = f[b]!;
    return (typeof x === 'number' && typeof y === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y))
      ? then(f)
      : otherwise(f);
  },
  branchLocalConst: (a, y, slow, then, otherwise) => f => {
    const x = f[a]!;
    return (typeof x === 'number' ? Math.abs(x - y) < Number.EPSILON : slow(x, y)) ? then(f) : otherwise(f);
  },
};

/** The forms by name of the primitive. */
export const COMPARISONS: Readonly<Partial<Record<CoreOp, ComparisonForms>>> = {
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
