// Core's primitives on values, by name, and what they are charged: for engines and for places of an engine where speed does
// not matter. What an operation does is in operations.ts.
import { BYTES_PER_ITEM, BYTES_PER_UNIT } from '../core/meter.ts';
import { isTruthy, valuesEqual } from '../core/value/compare.ts';
import { List } from '../core/value/list.ts';
import { Err, Ok } from '../core/value/result.ts';
import type { Value } from '../core/value/value.ts';
import type { CoreOp } from '../spec/core-ops.ts';
import * as operations from './operations.ts';

/** Applies a primitive of one operand. Throws a Fault without a place. */
export function applyUnary(op: CoreOp, value: Value): Value {
  switch (op) {
    case 'not':
      return !isTruthy(value);
    case 'truthy':
      return isTruthy(value);
    case 'is.nil':
      return value === null;
    case 'is.ok':
      return value instanceof Ok;
    case 'is.err':
      return value instanceof Err;
    case 'is.num':
      return typeof value === 'number';
    case 'is.text':
      return typeof value === 'string';
    case 'is.bool':
      return typeof value === 'boolean';
    case 'is.list':
      return value instanceof List;
    case 'payload':
      return operations.payload(value);
    case 'new.ok':
      return new Ok(value);
    case 'new.err':
      return new Err(value);
    case 'num.neg':
      return -(value as number);
    case 'panic':
      return operations.panic(value);
    case 'any.neg':
      return operations.negate(value);
    default:
      throw new TypeError(`not a primitive of one operand: ${op}`);
  }
}

/** Applies a primitive of two operands. Throws a Fault without a place. */
export function applyBinary(op: CoreOp, left: Value, right: Value): Value {
  switch (op) {
    case 'any.add':
      return operations.add(left, right);
    case 'any.sub':
      return operations.subtract(left, right);
    case 'any.mul':
      return operations.multiply(left, right);
    case 'any.lt':
      return operations.lessThan(left, right);
    case 'any.le':
      return operations.lessOrEqual(left, right);
    case 'any.gt':
      return operations.greaterThan(left, right);
    case 'any.ge':
      return operations.greaterOrEqual(left, right);
    case 'any.eq':
    case 'num.eq':
      return valuesEqual(left, right);
    case 'any.ne':
      return !valuesEqual(left, right);
    case 'any.div':
    case 'num.div':
      return operations.divide(left, right);
    case 'num.add':
      return (left as number) + (right as number);
    case 'num.sub':
      return (left as number) - (right as number);
    case 'num.mul':
      return (left as number) * (right as number);
    case 'num.lt':
      return (left as number) < (right as number);
    case 'num.le':
      return (left as number) <= (right as number);
    case 'num.gt':
      return (left as number) > (right as number);
    case 'num.ge':
      return (left as number) >= (right as number);
    case 'text.concat':
      return operations.concatText(left as string, right as string);
    case 'list.append':
      return operations.append(left, right);
    default:
      throw new TypeError(`not a primitive of two operands: ${op}`);
  }
}

/** What joining or appending is charged: see meter.ts. */
export function bytesOfBinary(op: CoreOp, right: Value): number {
  if (op === 'list.append') return BYTES_PER_ITEM;
  if (op !== 'any.add' && op !== 'text.concat') return 0;
  if (typeof right === 'string') return BYTES_PER_UNIT * right.length;
  return right instanceof List ? BYTES_PER_ITEM * right.length : 0;
}
