// Matrices as lists of rows, vectors as lists of numbers. Systems are solved by LU decomposition with partial pivoting (Golub
// and Van Loan, Matrix Computations, 3.4). Written here rather than taken from a library: the order of every multiplication
// and addition is the reference's, so that results agree to the last bit.
import { builtinFault } from '../../../core/fault.ts';
import { checkListSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { describe } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, costPerItem, ITEM_BYTES, LIST_BYTES, listArgument, sizeOf } from './arguments.ts';
import type { BuiltinContext, BuiltinRow, Cost } from './row.ts';

/** A pivot smaller than this makes a matrix singular. */
const SINGULAR = 1e-12;

type Row = Float64Array;
type Matrix = Row[];

function rowsOf(builtin: string, what: string, value: Value): readonly List[] {
  const rows = listArgument(builtin, what, value).view();
  for (const row of rows) {
    if (!(row instanceof List)) throw builtinFault(builtin, `rows must be lists, got ${describe(row)}`);
  }
  return rows as readonly List[];
}

function rowOf(builtin: string, list: List): Row {
  const items = list.view();
  const row = new Float64Array(items.length);
  for (let j = 0; j < items.length; j++) {
    const item = items[j]!;
    if (typeof item !== 'number') throw builtinFault(builtin, `elements must be numbers, got ${describe(item)}`);
    row[j] = item;
  }
  return row;
}

/** The number of columns, which all rows must share; 0 when there are no rows. */
function columnsOf(builtin: string, what: string, rows: readonly { readonly length: number }[]): number {
  const columns = rows[0]?.length ?? 0;
  for (const row of rows) {
    if (row.length !== columns) {
      throw builtinFault(builtin, `ragged rows${what} (expected ${columns} cols, got ${row.length})`);
    }
  }
  return columns;
}

function squareMatrix(builtin: string, value: Value, context: BuiltinContext): Matrix {
  const rows = rowsOf(builtin, 'matrix', value);
  if (rows.length === 0) throw builtinFault(builtin, 'empty matrix');
  if (rows.some(row => row.length !== rows.length)) throw builtinFault(builtin, 'matrix must be square');
  const items = rows.length * rows.length;
  context.charge(items * rows.length, ITEM_BYTES * items);
  return rows.map(row => rowOf(builtin, row));
}

interface Decomposition {
  /** L below the diagonal (whose own diagonal is all ones) and U from the diagonal on. */
  readonly factors: Matrix;
  /** Which row of the matrix stands in each row of the factors. */
  readonly order: readonly number[];
  readonly determinant: number;
  readonly singular: boolean;
}

/** Takes the matrix over and factors it in place. A column without a pivot is left as it is. */
function decompose(matrix: Matrix): Decomposition {
  const size = matrix.length;
  const order = matrix.map((_, i) => i);
  let sign = 1;
  let singular = false;
  for (let k = 0; k < size; k++) {
    let pivotRow = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[pivotRow]![k]!)) pivotRow = i;
    }
    if (Math.abs(matrix[pivotRow]![k]!) < SINGULAR) {
      singular = true;
      continue;
    }
    if (pivotRow !== k) {
      [matrix[k], matrix[pivotRow]] = [matrix[pivotRow]!, matrix[k]!];
      [order[k], order[pivotRow]] = [order[pivotRow]!, order[k]!];
      sign = -sign;
    }
    const upper = matrix[k]!;
    for (let i = k + 1; i < size; i++) {
      const row = matrix[i]!;
      const factor = row[k]! / upper[k]!;
      row[k] = factor;
      for (let j = k + 1; j < size; j++) row[j]! -= factor * upper[j]!;
    }
  }
  let determinant = sign;
  for (let i = 0; i < size; i++) determinant *= matrix[i]![i]!;
  return { factors: matrix, order, determinant: singular ? 0 : determinant, singular };
}

/** Solves for one right-hand side: first with L, downwards, then with U, upwards. */
function solveWith({ factors, order }: Decomposition, right: Row): Row {
  const size = factors.length;
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = factors[i]!;
    let value = right[order[i]!]!;
    for (let j = 0; j < i; j++) value -= row[j]! * x[j]!;
    x[i] = value;
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = factors[i]!;
    let value = x[i]!;
    for (let j = i + 1; j < size; j++) value -= row[j]! * x[j]!;
    x[i] = value / row[i]!;
  }
  return x;
}

function solve(value: Value, vector: Value, context: BuiltinContext): Value {
  const matrix = squareMatrix('solve', value, context);
  const right = rowOf('solve', listArgument('solve', 'vector', vector));
  if (right.length !== matrix.length) throw builtinFault('solve', 'vector length must match matrix size');
  const decomposition = decompose(matrix);
  if (decomposition.singular) throw builtinFault('solve', 'matrix is singular');
  return new List(Array.from(solveWith(decomposition, right)));
}

function inverse(value: Value, context: BuiltinContext): Value {
  const matrix = squareMatrix('inv', value, context);
  const size = matrix.length;
  context.charge(size * size * size, (LIST_BYTES + 2 * ITEM_BYTES * size) * size);
  const decomposition = decompose(matrix);
  if (decomposition.singular) throw builtinFault('inv', 'matrix is singular');
  const columns = matrix.map((_, j) => {
    const unit = new Float64Array(size);
    unit[j] = 1;
    return solveWith(decomposition, unit);
  });
  return new List(matrix.map((_, i) => new List(columns.map(column => column[i]!))));
}

function multiply(first: Value, second: Value, context: BuiltinContext): Value {
  const a = rowsOf('matmul', 'first arg', first);
  const b = rowsOf('matmul', 'second arg', second);
  const inner = columnsOf('matmul', ' in first arg', a);
  const columns = columnsOf('matmul', ' in second arg', b);
  if (inner !== b.length) {
    throw builtinFault('matmul', `shape mismatch (a is ${a.length}x${inner}, b is ${b.length}x${columns})`);
  }
  checkListSize(a.length * (columns + 8));
  context.charge(a.length * inner * columns, (LIST_BYTES + ITEM_BYTES * columns) * (a.length + b.length));
  const right = b.map(row => rowOf('matmul', row));
  return new List(
    a.map(list => {
      const left = rowOf('matmul', list);
      // Row by row of `b`, which adds up every sum in the same order as column by column would, but walks memory forwards.
      const sums = new Float64Array(columns);
      for (let k = 0; k < inner; k++) {
        const factor = left[k]!;
        const row = right[k]!;
        for (let j = 0; j < columns; j++) sums[j]! += factor * row[j]!;
      }
      return new List(Array.from(sums));
    }),
  );
}

function transpose(value: Value, context: BuiltinContext): Value {
  const rows = rowsOf('transpose', 'arg', value);
  const columns = columnsOf('transpose', '', rows);
  checkListSize(columns * (rows.length + 8));
  context.charge(rows.length * columns, (LIST_BYTES + ITEM_BYTES * rows.length) * columns);
  const result: Value[] = [];
  for (let j = 0; j < columns; j++) result.push(new List(rows.map(row => row.get(j)!)));
  return new List(result);
}

function dotProduct(first: Value, second: Value): number {
  const left = listArgument('dot', 'first arg', first);
  const right = listArgument('dot', 'second arg', second);
  if (left.length !== right.length) {
    throw builtinFault('dot', `length mismatch (xs has ${left.length}, ys has ${right.length})`);
  }
  const a = rowOf('dot', left);
  const b = rowOf('dot', right);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function row(
  name: string,
  signature: string,
  doc: string,
  example: readonly [code: string, out: string],
  cost: (args: readonly Value[]) => Cost,
  run: BuiltinRow['run'],
): BuiltinRow {
  return {
    name,
    topic: 'linear algebra',
    signatures: [`${name} ${signature}`],
    effect: 'pure',
    cost,
    doc,
    example: { code: example[0], out: example[1] },
    run,
  };
}

// What depends on both sizes of a matrix is charged inside, once its rows are known to be rows.
export const LINEAR_ALGEBRA_BUILTINS: readonly BuiltinRow[] = [
  row(
    'transpose',
    'm:L (L a) > L (L a)',
    'The matrix with rows and columns exchanged.',
    ['f>L (L n);transpose [[1 2 3] [4 5 6]]', '[[1, 4], [2, 5], [3, 6]]'],
    costPerItem(0, 1, 0),
    (args, context) => transpose(argument(args, 0), context),
  ),
  row(
    'matmul',
    'a:L (L _) b:L (L _) > L (L n)',
    'The product of two matrices.',
    ['f>L (L n);matmul [[1 2] [3 4]] [[0 1] [1 0]]', '[[2, 1], [4, 3]]'],
    args => ({ fuel: 1 + sizeOf(args[0]) + sizeOf(args[1]), bytes: 0 }),
    (args, context) => multiply(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'dot',
    'a:L n b:L n > n',
    'The sum of the products of two vectors of the same length.',
    ['f>n;dot [1 2 3] [4 5 6]', '32'],
    costPerItem(0, 2, 2 * ITEM_BYTES),
    args => dotProduct(argument(args, 0), argument(args, 1)),
  ),
  row(
    'solve',
    'a:L (L n) b:L n > L n',
    'The vector `x` for which `a` times `x` is `b`; a fault when `a` is singular.',
    ['f>L n;solve [[2 0] [0 4]] [6 8]', '[3, 2]'],
    constantCost,
    (args, context) => solve(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'inv',
    'a:L (L n) > L (L n)',
    'The inverse of a square matrix; a fault when it is singular.',
    ['f>L (L n);inv [[2 0] [0 4]]', '[[0.5, 0], [0, 0.25]]'],
    constantCost,
    (args, context) => inverse(argument(args, 0), context),
  ),
  row(
    'det',
    'a:L (L n) > n',
    'The determinant of a square matrix.',
    ['f>n;det [[2 1] [1 3]]', '5'],
    constantCost,
    (args, context) => decompose(squareMatrix('det', argument(args, 0), context)).determinant,
  ),
];
