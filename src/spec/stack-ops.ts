// The instructions of the stack machine, one row each; the number of an instruction is its place in the table. An instruction is
// one 32-bit word, and each operand is another one. The compiler, the checker and the disassembler read the table; the run loop
// (src/vm/stack/machine.ts) writes the numbers out, and a test keeps it in step.
//
// The stack picture of a row: it takes `pops` values, and as many more as its operand `takes` says; then it leaves `pushes`.

/** What an operand word means. All are indexes, except `count`, `index` and `bytes`, which are the number itself. */
export type StackOperand =
  | 'constant'
  /** A constant that is a number. */
  | 'number'
  | 'name'
  /** A list of field names. */
  | 'names'
  /** A place in the frame of the running function. */
  | 'slot'
  /** The first of two places in the frame that hold the state of a loop. */
  | 'loop'
  /** Where to go on: the index of an instruction's first word. Always the last operand. */
  | 'target'
  | 'function'
  | 'tool'
  /** The shape of a record, and where each value goes. */
  | 'layout'
  | 'count'
  | 'index'
  | 'bytes';

/** What has to stand before an instruction when the code is metered, because it makes a value; `never`: metered code has none. */
export type StackCharge = 'charge.bytes' | 'charge.join' | 'charge.with' | 'never';

export interface StackOpRow {
  readonly operands: readonly StackOperand[];
  readonly pops: number;
  /** The operand that says how many more values it takes: a count itself, or the length of what it names. */
  readonly takes: 'count' | 'function' | 'layout' | 'names' | undefined;
  /** Whether it leaves what it takes where it is. */
  readonly looks: boolean;
  readonly pushes: number;
  /** What it leaves when it jumps, if that is something else. */
  readonly pushesTaken: number;
  /**
   * How control goes on: to the next instruction; there or to the target, which lies further on; only to the target; there or back to the
   * target; or nowhere.
   */
  readonly flow: 'next' | 'branch' | 'jump' | 'back' | 'end';
  /** Whether it can end the program, and so needs a place in the source. */
  readonly faults: boolean;
  readonly charge: StackCharge | undefined;
  readonly doc: string;
}

const op = (
  operands: readonly StackOperand[],
  pops: number,
  pushes: number,
  doc: string,
  more: Partial<StackOpRow> = {},
): StackOpRow => ({
  operands,
  pops,
  takes: undefined,
  looks: false,
  pushes,
  pushesTaken: pushes,
  flow: 'next',
  faults: false,
  charge: undefined,
  doc,
  ...more,
});

const FAULTS = { faults: true } as const;
const BRANCH = { flow: 'branch' } as const;
const BACK = { flow: 'back' } as const;

const table = {
  'push.const': op(['constant'], 0, 1, 'a number, text or boolean, or nil'),
  load: op(['slot'], 0, 1, 'the value of a slot'),
  'load.checked': op(['slot', 'name'], 0, 1, 'the value of a slot that may still be empty', FAULTS),
  store: op(['slot'], 1, 0, 'moves a value into a slot'),
  tee: op(['slot'], 1, 1, 'copies a value into a slot'),
  dup: op([], 1, 2, 'the same value twice'),
  pop: op([], 1, 0, 'drops a value'),

  jump: op(['target'], 0, 0, 'goes on elsewhere, also further back', { flow: 'jump' }),
  'jump.if': op(['target'], 1, 0, 'goes on elsewhere when the value counts as true', BRANCH),
  'jump.unless': op(['target'], 1, 0, 'goes on elsewhere when the value does not count as true', BRANCH),
  'jump.if.keep': op(['target'], 1, 0, 'as jump.if, and the value stays when it jumps', { ...BRANCH, pushesTaken: 1 }),
  'jump.unless.keep': op(['target'], 1, 0, 'as jump.unless, and the value stays when it jumps', {
    ...BRANCH,
    pushesTaken: 1,
  }),
  'jump.some.keep': op(['target'], 1, 0, 'goes on elsewhere with a value that is not nil', {
    ...BRANCH,
    pushesTaken: 1,
  }),
  'jump.unless.lt': op(['target'], 2, 0, 'goes on elsewhere unless the first is less', { ...BRANCH, ...FAULTS }),
  'jump.unless.le': op(['target'], 2, 0, 'goes on elsewhere unless the first is less or equal', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.gt': op(['target'], 2, 0, 'goes on elsewhere unless the first is greater', { ...BRANCH, ...FAULTS }),
  'jump.unless.ge': op(['target'], 2, 0, 'goes on elsewhere unless the first is greater or equal', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.lt.slots': op(['slot', 'slot', 'target'], 0, 0, 'goes on elsewhere unless the first slot is less', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.le.slots': op(
    ['slot', 'slot', 'target'],
    0,
    0,
    'goes on elsewhere unless the first slot is less or equal',
    {
      ...BRANCH,
      ...FAULTS,
    },
  ),
  'jump.unless.gt.slots': op(['slot', 'slot', 'target'], 0, 0, 'goes on elsewhere unless the first slot is greater', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.ge.slots': op(
    ['slot', 'slot', 'target'],
    0,
    0,
    'goes on elsewhere unless the first slot is greater or equal',
    {
      ...BRANCH,
      ...FAULTS,
    },
  ),
  'jump.unless.lt.number': op(['slot', 'number', 'target'], 0, 0, 'goes on elsewhere unless the slot is less', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.le.number': op(
    ['slot', 'number', 'target'],
    0,
    0,
    'goes on elsewhere unless the slot is less or equal',
    {
      ...BRANCH,
      ...FAULTS,
    },
  ),
  'jump.unless.gt.number': op(['slot', 'number', 'target'], 0, 0, 'goes on elsewhere unless the slot is greater', {
    ...BRANCH,
    ...FAULTS,
  }),
  'jump.unless.ge.number': op(
    ['slot', 'number', 'target'],
    0,
    0,
    'goes on elsewhere unless the slot is greater or equal',
    {
      ...BRANCH,
      ...FAULTS,
    },
  ),

  call: op(['function'], 0, 1, 'calls a function of the program', { ...FAULTS, takes: 'function' }),
  'call.value': op(['name', 'count'], 1, 1, 'calls what the topmost value stands for, or else what is named', {
    ...FAULTS,
    takes: 'count',
  }),
  'call.builtin': op(['name', 'count'], 0, 1, 'calls a builtin', { ...FAULTS, takes: 'count' }),
  'call.tool': op(['tool', 'count'], 0, 1, 'calls an external tool', { ...FAULTS, takes: 'count' }),
  'call.wrong': op(['function', 'count'], 0, 1, 'ends the program: so many arguments are not what it takes', FAULTS),
  return: op([], 1, 0, 'leaves the function with a value', { flow: 'end' }),

  'num.add': op([], 2, 1, 'sum of two numbers'),
  'num.sub': op([], 2, 1, 'difference of two numbers'),
  'num.mul': op([], 2, 1, 'product of two numbers'),
  'num.div': op([], 2, 1, 'quotient of two numbers; a zero divisor faults', FAULTS),
  'num.neg': op([], 1, 1, 'a number with its sign changed'),
  'num.lt': op([], 2, 1, 'less than, on numbers'),
  'num.le': op([], 2, 1, 'less than or equal, on numbers'),
  'num.gt': op([], 2, 1, 'greater than, on numbers'),
  'num.ge': op([], 2, 1, 'greater than or equal, on numbers'),
  'num.eq': op([], 2, 1, 'equality of numbers'),

  'add.local': op(['slot'], 1, 1, 'checked sum with a slot; not where it would have to be charged', {
    ...FAULTS,
    charge: 'never',
  }),
  'sub.local': op(['slot'], 1, 1, 'checked difference to a slot', FAULTS),
  'mul.local': op(['slot'], 1, 1, 'checked product with a slot', FAULTS),
  'add.const': op(['number'], 1, 1, 'checked sum with a number', FAULTS),
  'sub.const': op(['number'], 1, 1, 'checked difference to a number', FAULTS),
  'mul.const': op(['number'], 1, 1, 'checked product with a number', FAULTS),
  'add.slots': op(['slot', 'slot'], 0, 1, 'checked sum of two slots; not where it would have to be charged', {
    ...FAULTS,
    charge: 'never',
  }),
  'sub.slots': op(['slot', 'slot'], 0, 1, 'checked difference of two slots', FAULTS),
  'mul.slots': op(['slot', 'slot'], 0, 1, 'checked product of two slots', FAULTS),
  'add.slot.number': op(['slot', 'number'], 0, 1, 'checked sum of a slot and a number', FAULTS),
  'sub.slot.number': op(['slot', 'number'], 0, 1, 'checked difference of a slot and a number', FAULTS),
  'mul.slot.number': op(['slot', 'number'], 0, 1, 'checked product of a slot and a number', FAULTS),

  'add.slots.to': op(['slot', 'slot', 'slot'], 0, 0, 'add.slots, and moves the sum into the last slot', {
    ...FAULTS,
    charge: 'never',
  }),
  'sub.slots.to': op(['slot', 'slot', 'slot'], 0, 0, 'sub.slots, and moves the difference into the last slot', FAULTS),
  'mul.slots.to': op(['slot', 'slot', 'slot'], 0, 0, 'mul.slots, and moves the product into the last slot', FAULTS),
  'add.slot.number.to': op(['slot', 'number', 'slot'], 0, 0, 'add.slot.number, and moves the sum into a slot', FAULTS),
  'sub.slot.number.to': op(
    ['slot', 'number', 'slot'],
    0,
    0,
    'sub.slot.number, and moves the difference into a slot',
    FAULTS,
  ),
  'mul.slot.number.to': op(
    ['slot', 'number', 'slot'],
    0,
    0,
    'mul.slot.number, and moves the product into a slot',
    FAULTS,
  ),

  'any.add': op([], 2, 1, 'sum of numbers, concatenation of texts or lists', { ...FAULTS, charge: 'charge.join' }),
  'any.sub': op([], 2, 1, 'checked difference', FAULTS),
  'any.mul': op([], 2, 1, 'checked product', FAULTS),
  'any.div': op([], 2, 1, 'checked quotient', FAULTS),
  'any.neg': op([], 1, 1, 'checked change of sign', FAULTS),
  'any.lt': op([], 2, 1, 'less than, on two numbers or two texts', FAULTS),
  'any.le': op([], 2, 1, 'less than or equal, on two numbers or two texts', FAULTS),
  'any.gt': op([], 2, 1, 'greater than, on two numbers or two texts', FAULTS),
  'any.ge': op([], 2, 1, 'greater than or equal, on two numbers or two texts', FAULTS),
  'any.eq': op([], 2, 1, 'equality of any two values'),
  'any.ne': op([], 2, 1, 'inequality of any two values'),
  'text.concat': op([], 2, 1, 'one text after the other', { ...FAULTS, charge: 'charge.join' }),
  'list.append': op([], 2, 1, 'a list with one more item', { ...FAULTS, charge: 'charge.bytes' }),
  truthy: op([], 1, 1, 'whether a condition takes it as true'),
  not: op([], 1, 1, 'whether a condition takes it as false'),
  'is.nil': op([], 1, 1, 'whether it is nil'),
  'is.ok': op([], 1, 1, 'whether it is ~v'),
  'is.err': op([], 1, 1, 'whether it is ^e'),
  'is.num': op([], 1, 1, 'whether it is a number'),
  'is.text': op([], 1, 1, 'whether it is text'),
  'is.bool': op([], 1, 1, 'whether it is a boolean'),
  'is.list': op([], 1, 1, 'whether it is a list'),
  payload: op([], 1, 1, 'the value inside ~v or ^e; others as they are'),
  panic: op([], 1, 1, 'the value inside ~v; ^e and nil end the program', FAULTS),
  'new.ok': op([], 1, 1, 'the result ~v', { charge: 'charge.bytes' }),
  'new.err': op([], 1, 1, 'the result ^e', { charge: 'charge.bytes' }),

  list: op(['count'], 0, 1, 'a list of so many values', { takes: 'count', charge: 'charge.bytes' }),
  record: op(['layout'], 0, 1, 'a record', { takes: 'layout', charge: 'charge.bytes' }),
  with: op(['names'], 1, 1, 'a record with some fields replaced', { ...FAULTS, takes: 'names', charge: 'charge.with' }),
  function: op(['name', 'count'], 0, 1, 'a function value with its captured values', {
    takes: 'count',
    charge: 'charge.bytes',
  }),
  field: op(['name'], 1, 1, 'a field of a record', FAULTS),
  'field.safe': op(['name'], 1, 1, 'a field of a record, or nil'),
  index: op(['index'], 1, 1, 'an item of a list', FAULTS),
  'index.safe': op(['index'], 1, 1, 'an item of a list, or nil'),
  'need.record': op([], 1, 0, 'ends the program when the value is no record', { ...FAULTS, looks: true }),

  'each.start': op(['loop'], 1, 0, 'begins a loop over a list', FAULTS),
  'each.next': op(['loop', 'slot', 'target'], 0, 0, 'the next item into the slot, or goes on elsewhere', {
    ...BRANCH,
    ...FAULTS,
  }),
  'range.start': op(['loop'], 2, 0, 'begins a loop from one number to below another', FAULTS),
  'range.next': op(['loop', 'slot', 'target'], 0, 0, 'the next number into the slot, or goes on elsewhere', BRANCH),
  'each.again': op(['loop', 'slot', 'target'], 0, 0, 'the next item into the slot and back, or goes on here', {
    ...BACK,
    ...FAULTS,
  }),
  'range.again': op(['loop', 'slot', 'target'], 0, 0, 'the next number into the slot and back, or goes on here', BACK),

  'charge.call': op([], 0, 0, 'counts the entry into a function; only as its first instruction', FAULTS),
  'charge.round': op([], 0, 0, 'counts a round of a loop', FAULTS),
  'charge.bytes': op(['bytes'], 0, 0, 'counts the value that the next instruction makes', FAULTS),
  'charge.join': op([], 1, 0, 'counts what the next instruction joins: the size of the topmost value', {
    ...FAULTS,
    looks: true,
  }),
  'charge.with': op(['names'], 1, 0, 'counts the copy of the record below so many values', {
    ...FAULTS,
    takes: 'names',
    looks: true,
  }),
} as const satisfies Readonly<Record<string, StackOpRow>>;

export type StackOp = keyof typeof table;

export const STACK_OPS: Readonly<Record<StackOp, StackOpRow>> = table;

/** The names by number. */
export const STACK_OP_NAMES = Object.keys(table) as readonly StackOp[];

/** The numbers by name. */
export const STACK_OP_NUMBERS = Object.fromEntries(STACK_OP_NAMES.map((name, number) => [name, number])) as Readonly<
  Record<StackOp, number>
>;
