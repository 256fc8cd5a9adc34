// Columns that come in from outside, as arrays of numbers. Machine code reads their memory, so nothing is believed of them that somebody could have
// defined: a typed array of another class, or with properties of its own, is copied.
import { types } from 'node:util';
import { lengthOf, numbersOf } from './data.ts';
import { usageError } from './errors.ts';
import type { FunctionTypes } from './program-types.ts';

type Param = FunctionTypes['params'][number];

/** How many rows the columns of a function have. Throws ILO-E001 when they do not fit it or each other. */
export function rowsOf({ name, params }: FunctionTypes, columns: readonly unknown[]): number {
  if (columns.length !== params.length || params.length === 0) {
    throw usageError('ILO-E001', `${name} takes ${params.length} columns, got ${columns.length}`);
  }
  const rows = lengthOfColumn(columns[0], params[0]!);
  for (const [at, column] of columns.entries()) {
    const length = lengthOfColumn(column, params[at]!);
    if (length !== rows) {
      throw usageError('ILO-E001', `column ${params[at]!.name} has ${length} rows, the first one has ${rows}`);
    }
  }
  return rows;
}

function lengthOfColumn(column: unknown, { name }: Param): number {
  if (types.isTypedArray(column)) return lengthOf(column);
  // A proxy of an array is one as well.
  if (!Array.isArray(column) || types.isProxy(column)) {
    throw usageError('ILO-E001', `column ${name}: expected an array or a typed array`);
  }
  return column.length;
}

/** A column of results. Throws ILO-E001 where there is no room for so many. */
export function newColumn(rows: number): Float64Array {
  try {
    return new Float64Array(rows);
  } catch {
    throw usageError('ILO-E001', `there is no room for a column of ${rows} rows`);
  }
}

/** A column of numbers, or of truth values as 0 and 1. A Float64Array of numbers is taken as it is. */
export function columnOf(column: ArrayLike<unknown>, { name, type }: Param): Float64Array {
  const wanted = type.kind === 'bool' ? 'boolean' : 'number';
  if (wanted === 'number' && isPlainColumn(column)) return column;
  if (types.isFloat64Array(column) && wanted === 'number') return numbersOf(column) ?? new Float64Array(0);
  const numbers = newColumn(column.length);
  for (let i = 0; i < numbers.length; i++) {
    const item = column[i];
    if (typeof item !== wanted) {
      throw usageError('ILO-E001', `column ${name}[${i}]: expected ${wanted[0]}, got a ${typeof item}`);
    }
    numbers[i] = Number(item);
  }
  return numbers;
}

/** Whether what its properties say of a Float64Array is what it is. */
export function isPlainColumn(column: unknown): column is Float64Array {
  if (!types.isFloat64Array(column) || Object.getPrototypeOf(column) !== Float64Array.prototype) return false;
  return !TELLING.some(name => Object.hasOwn(column, name));
}

const TELLING = ['length', 'buffer', 'byteOffset', 'byteLength', 'constructor'];

/**
 * The column, or a copy of it where it shares memory with what is written to: rows are computed in no order that one could rely on. `always`: a copy.
 */
export function apartFrom(out: Float64Array, column: Float64Array, always: boolean): Float64Array {
  return always || mayOverlap(out, column) ? (numbersOf(column) ?? new Float64Array(0)) : column;
}

function mayOverlap(a: Float64Array, b: Float64Array): boolean {
  if (a.buffer !== b.buffer) {
    // Two objects may stand for one shared memory.
    return a.buffer instanceof SharedArrayBuffer && b.buffer instanceof SharedArrayBuffer;
  }
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}
