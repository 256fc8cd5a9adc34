// How generated code counts fuel and memory. What is left of the meter's portion of fuel is kept in a variable, `u`, as long as no other
// code runs: a round of a loop costs a subtraction and a comparison. Before a call `u` is given back to the meter, M, and behind it fetched
// again; during the call it holds more than any portion, so that a `catch` can tell whether `u` or the meter is up to date: the smaller one is.
import { BYTES_PER_ITEM, BYTES_PER_OBJECT } from '../../core/meter.ts';
import type { Instruction } from '../../ir/ir.ts';
import type { HelperName } from './helpers.ts';

/** More than any portion of fuel. */
const DURING_A_CALL = 2 ** 30;

export const GIVE_BACK = `M.left = u; u = ${DURING_A_CALL};`;
export const FETCH = 'u = M.left;';
/** The same as parts of an expression. */
export const GIVE_BACK_PART = `M.left = u, u = ${DURING_A_CALL}`;
export const FETCH_PART = 'u = M.left';
export const IN_CATCH = 'if (u < M.left) M.left = u;';

/** Charges for a call of a builtin that is written in place, as an expression. */
export function chargeInPlace(fuel: number, bytes: number, helper: (name: HelperName) => string): string {
  const restock = `u = ${helper('restock')}(u)`;
  if (bytes === 0) return `(u = u - ${fuel}) < 0 ? ${restock} : 0`;
  const memory = `M.bytes = M.bytes + ${bytes}`;
  return `${memory}, (u = u - ${fuel}) < 0 || M.bytes > M.allocLimit ? ${restock} : 0`;
}

/** The charge of an instruction: what is done at once, and a test for whether a limit is reached. `value` is its operand. */
export function chargeOf(
  { op, imm }: Instruction,
  value: string,
  helper: (name: HelperName) => string,
): { readonly test: string } {
  if (op === 'fuel') return { test: `(u = u - ${imm as number}) < 0` };
  return { test: `(M.bytes = M.bytes + ${bytesOf(op, imm as number, value, helper)}) > M.allocLimit` };
}

function bytesOf(op: string, imm: number, value: string, helper: (name: HelperName) => string): string {
  switch (op) {
    case 'charge.items':
      return String(BYTES_PER_OBJECT + BYTES_PER_ITEM * imm);
    case 'charge.append':
      return String(BYTES_PER_ITEM);
    case 'charge.join':
      return `${helper('bytesOfJoin')}(${value})`;
    default:
      return `${helper('bytesOfCopy')}(${value})`;
  }
}
