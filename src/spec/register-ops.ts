// The instructions of the register machine, one row each. Width, encoder, disassembler and the bytecode checker follow from the
// rows; the interpreter loop has one numeric case label per row, kept in step by a test.
//
// An instruction is one 32-bit word, `[op:8|a:8|b:8|c:8]` or `[op:8|a:8|bx:16]` from the low bits up, and up to three whole words
// behind it for what does not fit: jump targets, indexes into the unit's tables, and the offsets of register lists.
// The letters at the end of a name say what is in the operands: `n` a number without a check, `v` any value, `i` a small
// integer in the instruction itself.
//
// Some instructions stand for several. What is written beside them is how often those follow each other in the examples and workloads, of all
// that runs, when none has an instruction of its own: `node scripts/pairs.mjs --plain`.

/** Where an operand stands: a byte of the first word, its upper half (`bx`; `sc` and `sbx` are signed), or a word of its own. */
export type OperandPlace = 'a' | 'b' | 'c' | 'sc' | 'bx' | 'sbx' | 'w1' | 'w2' | 'w3';

/**
 * What an operand is: registers, then numbers, then indexes into the tables of a unit. An `entry` is the first instruction of a function,
 * a `size` how far above the base of the function that the instruction stands in the next frame begins, a `site` a place that remembers
 * where the fields of a record were.
 */
export type OperandRole =
  | 'def'
  | 'use'
  | 'slot'
  | 'int'
  | 'flag'
  | 'count'
  | 'target'
  | 'list'
  | 'constant'
  | 'name'
  | 'names'
  | 'shape'
  | 'entry'
  | 'size'
  | 'closure'
  | 'builtin'
  | 'tool'
  | 'site';

export interface RegisterOperand {
  readonly place: OperandPlace;
  readonly role: OperandRole;
}

export interface RegisterOpRow {
  readonly name: string;
  readonly operands: readonly RegisterOperand[];
  /** In 32-bit words. */
  readonly width: number;
  /** Whether control never goes on behind it. */
  readonly ends: boolean;
  readonly doc: string;
}

const table = {
  move: ['a:def b:use', 'copies a value'],
  move_n: ['a:def b:use', 'copies a number'],
  load_x: ['a:def w1:slot', 'copies from a register beyond the first 256'],
  store_x: ['a:use w1:slot', 'copies to a register beyond the first 256'],
  load_i: ['a:def sbx:int', 'a small integer'],
  load_k: ['a:def bx:constant', 'a constant'],
  load_kx: ['a:def w1:constant', 'a constant with a large index'],
  load_bool: ['a:def b:flag', 'true or false'],
  load_nil: ['a:def', 'nil'],
  load_empty: ['a:def', 'the content of a variable that was never set'],

  add_nn: ['a:def b:use c:use', 'sum'],
  // Before the end of a loop: 1.6 %, and 20 % where a loop does nothing but add up.
  add_nn_loop: ['a:def b:use c:use', 'sum; does the `loop_lt_nn` behind it as well'],
  sub_nn: ['a:def b:use c:use', 'difference'],
  mul_nn: ['a:def b:use c:use', 'product'],
  div_nn: ['a:def b:use c:use', 'quotient; a zero divisor faults'],
  // A small constant and arithmetic on numbers: 8.9 %, most of them sums.
  add_ni: ['a:def b:use sc:int', 'sum with a small integer'],
  sub_ni: ['a:def b:use sc:int', 'difference to a small integer'],
  mul_ni: ['a:def b:use sc:int', 'product with a small integer'],
  div_ni: ['a:def b:use sc:int', 'quotient by a small integer that is not zero'],
  neg_n: ['a:def b:use', 'the number with its sign changed'],
  lt_nn: ['a:def b:use c:use', 'less than'],
  le_nn: ['a:def b:use c:use', 'less than or equal'],
  eq_nn: ['a:def b:use c:use', 'closer to each other than 2^-52'],
  truthy_n: ['a:def b:use', 'not zero'],
  not_b: ['a:def b:use', 'the opposite of a truth value'],

  add_vv: ['a:def b:use c:use', 'sum of numbers, concatenation of texts or lists'],
  sub_vv: ['a:def b:use c:use', 'checked difference'],
  mul_vv: ['a:def b:use c:use', 'checked product'],
  // The same where types are not known: 0.3 %.
  add_vi: ['a:def b:use sc:int', 'checked sum with a small integer'],
  sub_vi: ['a:def b:use sc:int', 'checked difference to a small integer'],
  mul_vi: ['a:def b:use sc:int', 'checked product with a small integer'],
  div_vv: ['a:def b:use c:use', 'checked quotient'],
  neg_v: ['a:def b:use', 'checked change of sign'],
  lt_vv: ['a:def b:use c:use', 'less than, on two numbers or two texts'],
  le_vv: ['a:def b:use c:use', 'less than or equal, on two numbers or two texts'],
  gt_vv: ['a:def b:use c:use', 'greater than, on two numbers or two texts'],
  ge_vv: ['a:def b:use c:use', 'greater than or equal, on two numbers or two texts'],
  eq_vv: ['a:def b:use c:use', 'equality'],
  truthy_v: ['a:def b:use', 'what a condition takes as true'],
  concat: ['a:def b:use c:use', 'one text after the other'],

  is_nil: ['a:def b:use', 'whether the value is nil'],
  is_ok: ['a:def b:use', 'whether the value is ~v'],
  is_err: ['a:def b:use', 'whether the value is ^e'],
  is_num: ['a:def b:use', 'whether the value is a number'],
  is_text: ['a:def b:use', 'whether the value is text'],
  is_bool: ['a:def b:use', 'whether the value is a truth value'],
  is_list: ['a:def b:use', 'whether the value is a list'],
  payload: ['a:def b:use', 'the value inside ~v or ^e; any other value as it is'],
  panic: ['a:def b:use', 'the value inside ~v; ^e and nil end the program'],
  new_ok: ['a:def b:use', 'the result ~v'],
  new_err: ['a:def b:use', 'the result ^e'],

  list_new: ['a:def w1:list', 'a list'],
  list_append: ['a:def b:use c:use', 'a list with one more item'],
  list_append_own: ['a:def b:use c:use', 'the same, of a list that nobody else has'],
  list_append_own_if: ['a:def b:use c:use w1:use', 'the same when the last operand is true'],
  list_check: ['a:use', 'faults when the operand is no list'],
  list_length: ['a:def b:use', 'the number of items'],
  list_item: ['a:def b:use c:use', 'the item at an index in range'],
  list_index: ['a:def b:use w1:constant', 'the item at a constant index'],
  list_index_safe: ['a:def b:use w1:constant', 'the item at a constant index, or nil'],
  range_start: ['a:def b:use', 'the start of a range, cut to an integer'],
  range_end: ['a:def b:use', 'the end of a range, cut to an integer'],

  record_new: ['a:def w1:list w2:shape', 'a record'],
  record_with: ['a:def w1:list w2:names w3:site', 'a copy of the first of the list with fields replaced by the others'],
  record_with_own_if: [
    'a:def b:use w1:list w2:names w3:site',
    'the same record, when the first operand is true: then nobody else has it',
  ],
  record_check: ['a:use', 'faults when the operand is no record'],
  field: ['a:def b:use w1:name w2:site', 'the value of a field'],
  field_safe: ['a:def b:use w1:name', 'the value of a field, or nil'],

  check_set: ['a:use w1:name', 'faults when the variable was never set'],
  fn_new: ['a:def w1:list w2:closure', 'a function as a value'],
  call: ['a:def bx:size w1:entry w2:list', 'calls a function of the program'],
  call_1: ['a:def b:use w1:entry w2:size', 'calls a function of one parameter'],
  call_2: ['a:def b:use c:use w1:entry w2:size', 'calls a function of two parameters'],
  call_value: ['a:def w1:list w2:name', 'calls what the first of the list stands for, else the named function'],
  call_builtin: ['a:def w1:list w2:builtin', 'calls a builtin'],
  call_tool: ['a:def w1:list w2:tool', 'calls an external tool'],

  len: ['a:def b:use w1:builtin', 'the builtin; at once for a list'],
  flr: ['a:def b:use w1:builtin', 'the builtin; at once for a number'],
  abs: ['a:def b:use w1:builtin', 'the builtin; at once for a number'],
  sqrt: ['a:def b:use w1:builtin', 'the builtin; at once for a number'],
  str: ['a:def b:use w1:builtin', 'the builtin; at once for a number'],
  at: ['a:def b:use c:use w1:builtin', 'the builtin; at once for an index inside a list'],
  // 0.8 %, and 22 % of a product of matrices. An item and a sum would be 0.3 %, an item and any arithmetic 0.7 %: they have no instruction.
  at_at: [
    'a:slot b:use c:use w1:use',
    'a number in a list in a list at once, and skips the two `at` behind; else nothing',
  ],
  mod: ['a:def b:use c:use w1:builtin', 'the builtin; at once for numbers when the divisor is not zero'],
  // 1.2 %.
  mod_i: ['a:def b:use sc:int w1:builtin', 'the same with a small positive integer on the right'],
  mget: ['a:def b:use c:use w1:builtin', 'the builtin; at once for a text in a map'],
  lst: ['a:def b:use c:use w1:use w2:builtin', 'the builtin; at once for an index inside a list'],
  lst_own: ['a:def b:use c:use w1:use w2:builtin', 'the same, of a list that nobody else has'],
  lst_own_if: ['a:def b:use c:use w1:use w2:builtin w3:use', 'the same when the last operand is true'],
  mset: ['a:def b:use c:use w1:use w2:builtin', 'the builtin'],
  mset_own_if: [
    'a:def b:use c:use w1:use w2:builtin w3:use',
    'the same, of a map that nobody else has when the last operand is true',
  ],

  fuel: ['w1:count', 'charges units of work'],
  charge_items: ['w1:count', 'charges an object with so many items'],
  charge_join: ['a:use', 'charges for joining the operand to a text or list'],
  charge_append: ['', 'charges one item'],
  charge_copy: ['a:use', 'charges for a copy of the operand when it is a record'],

  jump: ['w1:target', 'goes on elsewhere', 'ends'],
  if_b: ['a:use w1:target', 'goes on elsewhere when a truth value is true'],
  unless_b: ['a:use w1:target', 'goes on elsewhere when a truth value is false'],
  // The truth of a value and a branch: 0.1 %, and 5 % of a sieve up to 10,000.
  if_v: ['a:use w1:target', 'goes on elsewhere when a value is true to a condition'],
  unless_v: ['a:use w1:target', 'goes on elsewhere when a value is not true to a condition'],
  // Comparison of two numbers and branch: 7.5 %.
  if_lt_nn: ['a:use b:use w1:target', 'goes on elsewhere when less'],
  unless_lt_nn: ['a:use b:use w1:target', 'goes on elsewhere unless less'],
  if_le_nn: ['a:use b:use w1:target', 'goes on elsewhere when less or equal'],
  unless_le_nn: ['a:use b:use w1:target', 'goes on elsewhere unless less or equal'],
  if_eq_nn: ['a:use b:use w1:target', 'goes on elsewhere when equal'],
  unless_eq_nn: ['a:use b:use w1:target', 'goes on elsewhere unless equal'],
  // Nearly half of them with a small constant: 3.5 %.
  if_lt_ni: ['a:use sc:int w1:target', 'goes on elsewhere when less than a small integer'],
  unless_lt_ni: ['a:use sc:int w1:target', 'goes on elsewhere unless less than a small integer'],
  if_le_ni: ['a:use sc:int w1:target', 'goes on elsewhere when at most a small integer'],
  unless_le_ni: ['a:use sc:int w1:target', 'goes on elsewhere unless at most a small integer'],
  if_gt_ni: ['a:use sc:int w1:target', 'goes on elsewhere when greater than a small integer'],
  unless_gt_ni: ['a:use sc:int w1:target', 'goes on elsewhere unless greater than a small integer'],
  if_ge_ni: ['a:use sc:int w1:target', 'goes on elsewhere when at least a small integer'],
  unless_ge_ni: ['a:use sc:int w1:target', 'goes on elsewhere unless at least a small integer'],
  if_eq_ni: ['a:use sc:int w1:target', 'goes on elsewhere when equal to a small integer'],
  unless_eq_ni: ['a:use sc:int w1:target', 'goes on elsewhere unless equal to a small integer'],
  // Constant, sum, comparison and branch at the end of a loop: 3.6 %, each four instructions.
  loop_lt_nn: [
    'a:slot b:use sc:int w1:target',
    'adds a small integer to a number; goes on elsewhere when it is then less',
  ],
  // Less than 0.1 %; in a sieve up to 10,000, where it crosses out the multiples, 9 %.
  loop_add_lt_nn: ['a:slot b:use c:use w1:target', 'the same with a number in a register to add'],
  // Comparison where types are not known and branch: 2.1 %; with a small constant 0.7 %.
  if_lt_vv: ['a:use b:use w1:target', 'goes on elsewhere when less than, on two numbers or two texts'],
  if_le_vv: ['a:use b:use w1:target', 'goes on elsewhere when at most, on two numbers or two texts'],
  if_gt_vv: ['a:use b:use w1:target', 'goes on elsewhere when greater than, on two numbers or two texts'],
  if_ge_vv: ['a:use b:use w1:target', 'goes on elsewhere when at least, on two numbers or two texts'],
  unless_lt_vv: ['a:use b:use w1:target', 'goes on elsewhere unless less than'],
  unless_le_vv: ['a:use b:use w1:target', 'goes on elsewhere unless at most'],
  unless_gt_vv: ['a:use b:use w1:target', 'goes on elsewhere unless greater than'],
  unless_ge_vv: ['a:use b:use w1:target', 'goes on elsewhere unless at least'],
  unless_eq_vv: ['a:use b:use w1:target', 'goes on elsewhere unless equal to'],
  unless_lt_vi: ['a:use sc:int w1:target', 'goes on elsewhere unless less than a small integer'],
  unless_le_vi: ['a:use sc:int w1:target', 'goes on elsewhere unless at most a small integer'],
  unless_gt_vi: ['a:use sc:int w1:target', 'goes on elsewhere unless greater than a small integer'],
  unless_ge_vi: ['a:use sc:int w1:target', 'goes on elsewhere unless at least a small integer'],
  unless_eq_vi: ['a:use sc:int w1:target', 'goes on elsewhere unless equal to a small integer'],
  return: ['a:use', 'leaves the function with a value', 'ends'],
  watch: ['', 'stands for an instruction before which somebody is asked (watch.ts); never in the code of a unit'],
} as const satisfies Record<string, readonly [operands: string, doc: string, ends?: 'ends']>;

export type RegisterOp = keyof typeof table;

/** The rows by opcode: an instruction's number is its place here. */
export const REGISTER_OPS: readonly RegisterOpRow[] = Object.entries(table).map(([name, row]) => {
  const [operandText, doc, ends] = row as readonly [string, string, string?];
  const operands = operandText
    .split(' ')
    .filter(text => text !== '')
    .map(text => {
      const [place, role] = text.split(':');
      return { place: place as OperandPlace, role: role as OperandRole };
    });
  const width = 1 + operands.filter(({ place }) => place.startsWith('w')).length;
  return { name, operands, width, ends: ends === 'ends', doc };
});

/** The opcode of each instruction. */
export const OPCODE_OF: Readonly<Record<RegisterOp, number>> = Object.fromEntries(
  REGISTER_OPS.map((row, opcode) => [row.name, opcode]),
) as Record<RegisterOp, number>;

/** Reads an operand of the instruction at `pc`. */
export function readOperand(code: Int32Array, pc: number, place: OperandPlace): number {
  const word = code[pc]!;
  switch (place) {
    case 'a':
      return (word >>> 8) & 255;
    case 'b':
      return (word >>> 16) & 255;
    case 'c':
      return word >>> 24;
    case 'sc':
      return word >> 24;
    case 'bx':
      return word >>> 16;
    case 'sbx':
      return word >> 16;
    case 'w1':
      return code[pc + 1]!;
    case 'w2':
      return code[pc + 2]!;
    case 'w3':
      return code[pc + 3]!;
  }
}

/** The bits of an operand in the first word; 0 for one that has a word of its own. */
export function placeBits(place: OperandPlace, value: number): number {
  switch (place) {
    case 'a':
      return (value & 255) << 8;
    case 'b':
      return (value & 255) << 16;
    case 'c':
    case 'sc':
      return (value & 255) << 24;
    case 'bx':
    case 'sbx':
      return (value & 65535) << 16;
    default:
      return 0;
  }
}
