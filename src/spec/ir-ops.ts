// The instructions of the IR, one row each. The printer, the parser, the verifier and every pass read this table. A new row does not compile
// until the JavaScript engine (jit/js/expressions.ts) and the register machine (vm/register/select.ts) say what becomes of it; machine code
// leaves functions with a row that it does not know to them.
//
// Values have a type. `num`, `int` and `bool` are bare machine values; `any` is a value of the language as its engine represents
// it, and `text`, `list`, `record`, `result`, `fn` and `nil` are kinds of `any` that are known. A known kind may stand
// wherever `any` is asked for; a bare value has to be boxed first.

export type IrType = 'num' | 'int' | 'bool' | 'any' | 'text' | 'list' | 'record' | 'result' | 'fn' | 'nil';

/** What an instruction may do besides giving its result. */
export type IrEffect =
  /** Nothing: it may be moved, shared or dropped. */
  | 'pure'
  /** It may end the program with a fault: it may be dropped only when it is known not to. */
  | 'fault'
  /** It makes a new value of the language: pure, but a charge stands before it (`charge`). */
  | 'alloc'
  /** It runs other code, which may do anything. */
  | 'call'
  /** It counts against a limit and may end the program: never moved, shared or dropped. */
  | 'meter'
  /** It ends its block. */
  | 'end';

/** What stands behind the operands in an instruction's text form. */
export type IrImmediate =
  | 'none'
  | 'number'
  /** A whole number of 64 bits. */
  | 'integer'
  | 'boolean'
  | 'text'
  | 'name'
  | 'function'
  | 'tool'
  | 'shape'
  | 'names'
  | 'callee';

export type IrTargets = 0 | 1 | 2 | 'many';

/** The instruction that counts the memory of what is made. */
export type IrCharge =
  /** For an object with as many items as there are operands. */
  | 'charge.items'
  /** For joining the second operand to the first: nothing when it is known to be neither text nor list. */
  | 'charge.join'
  /** For one more item. */
  | 'charge.append'
  /** For a copy of the first operand: nothing when it is known to be no record. */
  | 'charge.copy';

export interface IrOpRow {
  /** Types of the operands; the last one repeats when it ends in `...`. */
  readonly args: readonly (IrType | 'any...')[];
  /** `none`: no result. `signature`: what the called function says. */
  readonly result: IrType | 'none' | 'signature';
  readonly effect: IrEffect;
  readonly imm: IrImmediate;
  /** How many blocks it may go on in; `many`: one or more. */
  readonly targets: IrTargets;
  readonly doc: string;
  /** What has to stand before it; every row of effect `alloc` has one. */
  readonly charge: IrCharge | undefined;
}

const op = (
  args: readonly (IrType | 'any...')[],
  result: IrOpRow['result'],
  effect: IrEffect,
  doc: string,
  imm: IrImmediate = 'none',
  targets: IrTargets = 0,
): IrOpRow => ({ args, result, effect, imm, targets, doc, charge: undefined });

/** A row that makes something, and what counts it. */
const paid = (charge: IrCharge, row: IrOpRow): IrOpRow => ({ ...row, charge });

const table = {
  'const.num': op([], 'num', 'pure', 'a number', 'number'),
  'const.bool': op([], 'bool', 'pure', 'true or false', 'boolean'),
  'const.text': op([], 'text', 'pure', 'a text', 'text'),
  'const.nil': op([], 'nil', 'pure', 'nil'),
  'const.empty': op([], 'any', 'pure', 'the content of a variable that was never set; only check.set may look at it'),

  'box.num': op(['num'], 'any', 'pure', 'a bare number as a value'),
  'box.bool': op(['bool'], 'any', 'pure', 'a bare truth value as a value'),
  'unbox.num': op(['any'], 'num', 'pure', 'the number in a value that is known to be one'),
  'unbox.bool': op(['any'], 'bool', 'pure', 'the truth value in a value that is known to be one'),

  'num.add': op(['num', 'num'], 'num', 'pure', 'sum'),
  'num.sub': op(['num', 'num'], 'num', 'pure', 'difference'),
  'num.mul': op(['num', 'num'], 'num', 'pure', 'product'),
  'num.div': op(['num', 'num'], 'num', 'fault', 'quotient; a zero divisor faults'),
  'num.neg': op(['num'], 'num', 'pure', 'the number with its sign changed'),
  'num.lt': op(['num', 'num'], 'bool', 'pure', 'less than'),
  'num.le': op(['num', 'num'], 'bool', 'pure', 'less than or equal'),
  'num.gt': op(['num', 'num'], 'bool', 'pure', 'greater than'),
  'num.ge': op(['num', 'num'], 'bool', 'pure', 'greater than or equal'),
  'num.eq': op(['num', 'num'], 'bool', 'pure', 'closer to each other than 2^-52'),
  'num.truthy': op(['num'], 'bool', 'pure', 'not zero'),
  'bool.not': op(['bool'], 'bool', 'pure', 'the opposite'),

  'any.add': paid('charge.join', op(['any', 'any'], 'any', 'fault', 'sum of numbers, concatenation of texts or lists')),
  'any.sub': op(['any', 'any'], 'num', 'fault', 'checked difference'),
  'any.mul': op(['any', 'any'], 'num', 'fault', 'checked product'),
  'any.div': op(['any', 'any'], 'num', 'fault', 'checked quotient'),
  'any.neg': op(['any'], 'num', 'fault', 'checked change of sign'),
  'any.lt': op(['any', 'any'], 'bool', 'fault', 'less than, on two numbers or two texts'),
  'any.le': op(['any', 'any'], 'bool', 'fault', 'less than or equal, on two numbers or two texts'),
  'any.gt': op(['any', 'any'], 'bool', 'fault', 'greater than, on two numbers or two texts'),
  'any.ge': op(['any', 'any'], 'bool', 'fault', 'greater than or equal, on two numbers or two texts'),
  'any.eq': op(['any', 'any'], 'bool', 'pure', 'equality'),
  'any.truthy': op(['any'], 'bool', 'pure', 'what a condition takes as true'),
  'text.concat': paid(
    'charge.join',
    op(['any', 'any'], 'text', 'fault', 'one text after the other; the operands are known to be texts'),
  ),

  'is.nil': op(['any'], 'bool', 'pure', 'whether the value is nil'),
  'is.ok': op(['any'], 'bool', 'pure', 'whether the value is ~v'),
  'is.err': op(['any'], 'bool', 'pure', 'whether the value is ^e'),
  'is.num': op(['any'], 'bool', 'pure', 'whether the value is a number'),
  'is.text': op(['any'], 'bool', 'pure', 'whether the value is text'),
  'is.bool': op(['any'], 'bool', 'pure', 'whether the value is a truth value'),
  'is.list': op(['any'], 'bool', 'pure', 'whether the value is a list'),

  payload: op(['any'], 'any', 'pure', 'the value inside ~v or ^e; any other value as it is'),
  panic: op(['any'], 'any', 'fault', 'the value inside ~v; ^e and nil end the program'),
  'new.ok': paid('charge.items', op(['any'], 'result', 'alloc', 'the result ~v')),
  'new.err': paid('charge.items', op(['any'], 'result', 'alloc', 'the result ^e')),

  'list.new': paid('charge.items', op(['any...'], 'list', 'alloc', 'a list of the operands')),
  'list.append': paid(
    'charge.append',
    op(['any', 'any'], 'list', 'fault', 'a list with one more item; faults when the first operand is no list'),
  ),
  'list.check': op(['any'], 'list', 'fault', 'the operand of `@x xs`: faults when it is no list'),
  'list.length': op(['any'], 'num', 'pure', 'the number of items of a value known to be a list'),
  'list.item': op(['any', 'num'], 'any', 'pure', 'the item at an index known to be in range'),
  'list.index': op(['any'], 'any', 'fault', 'the item at a constant index', 'number'),
  'list.index.safe': op(['any'], 'any', 'pure', 'the item at a constant index, or nil', 'number'),
  'range.start': op(['any'], 'num', 'fault', 'the start of `@i a..b`, cut to an integer'),
  'range.end': op(['any'], 'num', 'fault', 'the end of `@i a..b`, cut to an integer'),

  owned: op(
    ['any', 'bool'],
    'any',
    'pure',
    'the first operand; when the second is true, nobody else has it, and the one operation that takes it may change it in place',
  ),

  'record.new': paid(
    'charge.items',
    op(['any...'], 'record', 'alloc', 'a record; operands in the order of the shape', 'shape'),
  ),
  'record.with': paid(
    'charge.copy',
    op(['any', 'any...'], 'record', 'fault', 'a copy of a record with some fields replaced', 'names'),
  ),
  'record.check': op(['any'], 'record', 'fault', 'the operand of `{a;b}=r`: faults when it is no record'),
  field: op(['any'], 'any', 'fault', 'the value of a field', 'name'),
  'field.safe': op(['any'], 'any', 'pure', 'the value of a field, or nil', 'name'),

  'check.set': op(['any'], 'any', 'fault', 'the content of a variable; faults when it was never set', 'name'),
  'fn.new': paid(
    'charge.items',
    op(['any...'], 'fn', 'alloc', 'a function as a value, with its captured values', 'callee'),
  ),
  call: op(['any...'], 'signature', 'call', 'calls a function of the program; counts the depth by itself', 'function'),
  'call.builtin': op(['any...'], 'any', 'call', 'calls a builtin', 'name'),
  'call.value': op(
    ['any', 'any...'],
    'any',
    'call',
    'calls what the first operand stands for, else the named function',
    'name',
  ),
  'call.tool': op(['any...'], 'any', 'call', 'calls an external tool', 'tool'),

  fuel: op(
    [],
    'none',
    'meter',
    'charges units of work, and is the safepoint: where a run looks at the clock and may be broken off; first in each function, and on every round of each loop',
    'number',
  ),
  depth: op(
    [],
    'none',
    'meter',
    'stands for calls that were inlined here: faults when so many more could not nest inside this one',
    'number',
  ),
  'charge.items': op([], 'none', 'meter', 'charges one object with so many items', 'number'),
  'charge.join': op(['any'], 'none', 'meter', 'charges for joining the operand to the end of a text or list'),
  'charge.append': op([], 'none', 'meter', 'charges one item'),
  'charge.copy': op(['any'], 'none', 'meter', 'charges for a copy of the operand when it is a record'),

  jump: op([], 'none', 'end', 'goes on in a block', 'none', 1),
  branch: op(['bool'], 'none', 'end', 'goes on in the first block when true, else in the second', 'none', 2),
  return: op(['any'], 'none', 'end', 'leaves the function with a value of its result type'),
} as const satisfies Record<string, IrOpRow>;

export type IrOp = keyof typeof table;
export const IR_OPS: Readonly<Record<IrOp, IrOpRow>> = table;

/** The op on bare numbers that a checked op becomes when its operands are numbers. */
export const BARE_OPS: Readonly<Partial<Record<IrOp, IrOp>>> = {
  'any.add': 'num.add',
  'any.sub': 'num.sub',
  'any.mul': 'num.mul',
  'any.div': 'num.div',
  'any.neg': 'num.neg',
  'any.lt': 'num.lt',
  'any.le': 'num.le',
  'any.gt': 'num.gt',
  'any.ge': 'num.ge',
  'any.eq': 'num.eq',
};

/** Whether a value of type `from` may stand where `to` is asked for. */
export function isAssignable(from: IrType, to: IrType): boolean {
  return from === to || (to === 'any' && isBoxed(from));
}

/** Whether a value of this type is a value of the language rather than a bare machine value. */
export function isBoxed(type: IrType): boolean {
  return type !== 'num' && type !== 'int' && type !== 'bool';
}
