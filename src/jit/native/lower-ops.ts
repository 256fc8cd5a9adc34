// Tables for lowering: ops of the IR on bare numbers that are one instruction of the low-level form; and how often values are used.
import type { Cfg } from '../../ir/cfg.ts';
import type { IrFunction, ValueId } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import type { FloatCondition, LirCondition, VirtualRegister } from './lir.ts';

export const CONDITIONS: Readonly<Partial<Record<IrOp, FloatCondition>>> = {
  'num.lt': 'lt',
  'num.le': 'le',
  'num.gt': 'gt',
  'num.ge': 'ge',
};

export const ARITHMETIC: Readonly<Partial<Record<IrOp, 'add' | 'sub' | 'mul' | 'div' | 'neg'>>> = {
  'num.add': 'add',
  'num.sub': 'sub',
  'num.mul': 'mul',
  'num.div': 'div',
  'num.neg': 'neg',
};

/** The opposite of `lt` is not `ge`: both are false for NaN. */
export const OPPOSITES: Readonly<Partial<Record<LirCondition, LirCondition>>> = {
  eq: 'ne',
  ne: 'eq',
  near: 'far',
  far: 'near',
};

/** Further from zero than this, two different doubles are further from each other than 2^-52, so being equal is being the same. */
export const FAR = 2;

/** How often each value is used, and in which block: -1 in none, -2 in several. */
export function countUses(fn: IrFunction, cfg: Cfg): { readonly times: Int32Array; readonly block: Int32Array } {
  const times = new Int32Array(fn.types.length);
  const block = new Int32Array(fn.types.length).fill(-1);
  for (const id of cfg.order) {
    const use = (value: ValueId): void => {
      times[value]!++;
      block[value] = block[value] === -1 || block[value] === id ? id : -2;
    };
    for (const each of fn.blocks[id]!.code) {
      each.args.forEach(use);
      for (const target of each.targets) target.args.forEach(use);
    }
  }
  return { times, block };
}

/** Ops that give a truth value in a register, whatever it is. */
export const GIVES_REGISTER: ReadonlySet<IrOp> = new Set<IrOp>([
  'call',
  'call.builtin',
  'list.item',
  'list.index',
  'field',
]);

/** A truth value: known, a register, the opposite of one, or a comparison that was not made yet. */
export type Truth =
  | { readonly known: boolean }
  | { readonly register: VirtualRegister }
  | { readonly not: VirtualRegister }
  | { readonly condition: LirCondition; readonly args: readonly [VirtualRegister, VirtualRegister] };

export type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
