// Columns that come in from outside, as arrays of numbers.
import { usageError } from './errors.ts';
import type { FunctionTypes } from './program-types.ts';

/** How many rows the columns of a function have. Throws ILO-E001 when they do not fit it or each other. */
export function rowsOf({ name, params }: FunctionTypes, columns: readonly ArrayLike<unknown>[]): number {
  if (columns.length !== params.length || params.length === 0) {
    throw usageError('ILO-E001', `${name} takes ${params.length} columns, got ${columns.length}`);
  }
  const rows = columns[0]!.length;
  for (const [at, column] of columns.entries()) {
    if (column.length !== rows) {
      throw usageError('ILO-E001', `column ${params[at]!.name} has ${column.length} rows, the first one has ${rows}`);
    }
  }
  return rows;
}

/** A column of numbers, or of truth values as 0 and 1. A Float64Array of numbers is taken as it is. */
export function columnOf(column: ArrayLike<unknown>, { name, type }: FunctionTypes['params'][number]): Float64Array {
  const wanted = type.kind === 'bool' ? 'boolean' : 'number';
  if (column instanceof Float64Array && wanted === 'number') return column;
  const numbers = new Float64Array(column.length);
  for (let i = 0; i < numbers.length; i++) {
    const item = column[i];
    if (typeof item !== wanted) {
      throw usageError('ILO-E001', `column ${name}[${i}]: expected ${wanted[0]}, got a ${typeof item}`);
    }
    numbers[i] = Number(item);
  }
  return numbers;
}

/** The column, or a copy of it where it shares memory with what is written to: rows are computed in no order that one could rely on. */
export function apartFrom(out: Float64Array, column: Float64Array): Float64Array {
  return mayOverlap(out, column) ? column.slice() : column;
}

function mayOverlap(a: Float64Array, b: Float64Array): boolean {
  if (a.buffer !== b.buffer) {
    // Two objects may stand for one shared memory.
    return a.buffer instanceof SharedArrayBuffer && b.buffer instanceof SharedArrayBuffer;
  }
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}
