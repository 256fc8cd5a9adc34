// The operations behind Core's primitives, field access and indexing, on values. Every engine that works on JavaScript
// values uses these, so that there is one place that says what `+` does and how it fails.
import { fault } from '../core/fault.ts';
import { checkListSize, checkTextSize } from '../core/limits.ts';
import { beforeComparing } from '../core/long-work.ts';
import { List } from '../core/value/list.ts';
import { RecordValue } from '../core/value/record.ts';
import { Err, Ok } from '../core/value/result.ts';
import { describe, showValue } from '../core/value/show.ts';
import { compareText } from '../core/value/text-order.ts';
import type { Value } from '../core/value/value.ts';

function operandFault(op: string, left: Value, right: Value): never {
  throw fault('ILO-R004', 'operands', { op, left: describe(left), right: describe(right) });
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'string' && typeof right === 'string') return concatText(left, right);
  if (left instanceof List && right instanceof List) {
    checkListSize(left.length + right.length);
    return left.concat(right);
  }
  return operandFault('+', left, right);
}

export function concatText(left: string, right: string): string {
  checkTextSize(left.length + right.length);
  return left + right;
}

export function subtract(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return operandFault('-', left, right);
}

export function multiply(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  return operandFault('*', left, right);
}

export function divide(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) throw fault('ILO-R003', 'division', {});
    return left / right;
  }
  return operandFault('/', left, right);
}

export function negate(value: Value): number {
  if (typeof value === 'number') return -value;
  throw fault('ILO-R004', 'negate', { value: describe(value) });
}

export function lessThan(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return orderOf(left, right) < 0;
  return operandFault('<', left, right);
}

export function lessOrEqual(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  if (typeof left === 'string' && typeof right === 'string') return orderOf(left, right) <= 0;
  return operandFault('<=', left, right);
}

export function greaterThan(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left > right;
  if (typeof left === 'string' && typeof right === 'string') return orderOf(left, right) > 0;
  return operandFault('>', left, right);
}

export function greaterOrEqual(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left >= right;
  if (typeof left === 'string' && typeof right === 'string') return orderOf(left, right) >= 0;
  return operandFault('>=', left, right);
}

function orderOf(left: string, right: string): number {
  beforeComparing(left, right);
  return compareText(left, right);
}

export function append(left: Value, right: Value): List {
  if (!(left instanceof List)) return operandFault('+=', left, right);
  checkListSize(left.length + 1);
  return left.append(right);
}

/** The value inside `~v` or `^e`; any other value as it is. */
export function payload(value: Value): Value {
  return value instanceof Ok || value instanceof Err ? value.value : value;
}

/** `f!! x`: the value, or the end of the program when it is an error or nil. */
export function panic(value: Value): Value {
  if (value instanceof Ok) return value.value;
  if (value instanceof Err) throw fault('ILO-R026', 'err', { value: showValue(value.value) });
  if (value === null) throw fault('ILO-R026', 'nil', {});
  return value;
}

export function readField(object: Value, name: string, safe: boolean): Value {
  if (object instanceof RecordValue) {
    const value = object.get(name);
    if (value !== undefined) return value;
    if (safe) return null;
    throw fault('ILO-R005', 'missing', { name });
  }
  if (safe) return null;
  throw fault('ILO-R005', 'notRecord', { name, value: describe(object) });
}

export function readIndex(object: Value, index: number, safe: boolean): Value {
  if (object instanceof List) {
    const value = object.get(index);
    if (value !== undefined) return value;
    if (safe) return null;
    throw fault('ILO-R006', 'outOfRange', { index, length: object.length });
  }
  if (safe) return null;
  throw fault('ILO-R006', 'notList', { value: describe(object) });
}

export function updateRecord(object: Value, names: readonly string[], values: readonly Value[]): RecordValue {
  if (!(object instanceof RecordValue)) throw fault('ILO-R008', 'notRecord', { value: describe(object) });
  return object.with(names.map((name, i) => [name, values[i]!] as const));
}

/** A bound of `@i a..b`: cut towards zero to an integer within the range of 64 bits; NaN counts as 0. */
export function rangeBound(value: Value, which: 'start' | 'end'): number {
  if (typeof value !== 'number') throw fault('ILO-R007', 'bound', { which, value: describe(value) });
  // Most bounds are small whole numbers, which V8 then knows to be such.
  if ((value | 0) === value && value !== 0) return value | 0;
  if (Number.isNaN(value)) return 0;
  return Math.max(-(2 ** 63), Math.min(2 ** 63, Math.trunc(value)));
}
