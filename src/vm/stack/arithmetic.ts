// Arithmetic of the run loop: as operations.ts has it, with the usual case first.
import type { Value } from '../../core/value/value.ts';
import * as operations from '../operations.ts';

export const sum = (a: Value, b: Value): Value =>
  typeof a === 'number' && typeof b === 'number' ? a + b : operations.add(a, b);

export const difference = (a: Value, b: Value): Value =>
  typeof a === 'number' && typeof b === 'number' ? a - b : operations.subtract(a, b);

export const product = (a: Value, b: Value): Value =>
  typeof a === 'number' && typeof b === 'number' ? a * b : operations.multiply(a, b);
