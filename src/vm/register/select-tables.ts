// Which register instructions stand for which operations of the IR, as far as tables can say it; select.ts says the rest.
import type { IrOp } from '../../spec/ir-ops.ts';
import type { RegisterOp } from '../../spec/register-ops.ts';

/** A table in which nothing is found that somebody wrote to Object.prototype. */
function bare<Table extends object>(entries: Table): Table {
  return Object.assign(Object.create(null) as Table, entries);
}

/** What stands for a pure IR op with its operands in registers, one to one. */
export const SIMPLE = bare({
  'num.add': 'add_nn',
  'num.sub': 'sub_nn',
  'num.mul': 'mul_nn',
  'num.div': 'div_nn',
  'num.neg': 'neg_n',
  'num.lt': 'lt_nn',
  'num.le': 'le_nn',
  'num.eq': 'eq_nn',
  'num.truthy': 'truthy_n',
  'bool.not': 'not_b',
  'any.add': 'add_vv',
  'any.sub': 'sub_vv',
  'any.mul': 'mul_vv',
  'any.div': 'div_vv',
  'any.neg': 'neg_v',
  'any.lt': 'lt_vv',
  'any.le': 'le_vv',
  'any.gt': 'gt_vv',
  'any.ge': 'ge_vv',
  'any.eq': 'eq_vv',
  'any.truthy': 'truthy_v',
  'text.concat': 'concat',
  'is.nil': 'is_nil',
  'is.ok': 'is_ok',
  'is.err': 'is_err',
  'is.num': 'is_num',
  'is.text': 'is_text',
  'is.bool': 'is_bool',
  'is.list': 'is_list',
  payload: 'payload',
  panic: 'panic',
  'new.ok': 'new_ok',
  'new.err': 'new_err',
  'list.length': 'list_length',
  'list.item': 'list_item',
  'range.start': 'range_start',
  'range.end': 'range_end',
} as const satisfies Partial<Record<IrOp, RegisterOp>>);

type SimpleOp = keyof typeof SIMPLE;

export function isSimple(op: IrOp): op is SimpleOp {
  return SIMPLE[op as SimpleOp] !== undefined;
}

/** Arithmetic with a small integer on its right. */
export const WITH_INTEGER: Readonly<Partial<Record<IrOp, RegisterOp>>> = bare({
  'num.add': 'add_ni',
  'num.sub': 'sub_ni',
  'num.mul': 'mul_ni',
  'num.div': 'div_ni',
  'any.add': 'add_vi',
  'any.sub': 'sub_vi',
  'any.mul': 'mul_vi',
});

/** A comparison as part of a branch. */
export const FUSED: Readonly<
  Partial<Record<IrOp, { nn: 'lt' | 'le' | 'eq'; swapped: boolean; left: string; right: string }>>
> = {
  'num.lt': { nn: 'lt', swapped: false, right: 'lt', left: 'gt' },
  'num.le': { nn: 'le', swapped: false, right: 'le', left: 'ge' },
  'num.gt': { nn: 'lt', swapped: true, right: 'gt', left: 'lt' },
  'num.ge': { nn: 'le', swapped: true, right: 'ge', left: 'le' },
  'num.eq': { nn: 'eq', swapped: false, right: 'eq', left: 'eq' },
};

/** The same for comparisons that look at their operands first. A fault names them in order, so they are never swapped. */
export const FUSED_CHECKED: Readonly<Partial<Record<IrOp, 'lt' | 'le' | 'gt' | 'ge' | 'eq'>>> = {
  'any.lt': 'lt',
  'any.le': 'le',
  'any.gt': 'gt',
  'any.ge': 'ge',
  'any.eq': 'eq',
};

/** Builtins with an instruction of their own, in code without limits: a builtin also says what it costs. */
export const AT_ONCE: Readonly<
  Record<
    string,
    | { readonly op: RegisterOp; readonly own?: RegisterOp; readonly ownIf?: RegisterOp; readonly params: number }
    | undefined
  >
> = bare({
  len: { op: 'len', params: 1 },
  flr: { op: 'flr', params: 1 },
  abs: { op: 'abs', params: 1 },
  sqrt: { op: 'sqrt', params: 1 },
  str: { op: 'str', params: 1 },
  at: { op: 'at', params: 2 },
  mod: { op: 'mod', params: 2 },
  mget: { op: 'mget', params: 2 },
  lst: { op: 'lst', own: 'lst_own', ownIf: 'lst_own_if', params: 3 },
  mset: { op: 'mset', ownIf: 'mset_own_if', params: 3 },
});
