// Runs the loop once over nearly every instruction that it has, before the first run of a process. V8 compiles what it has seen: an
// instruction that a program uses for the first time sends it back to the start, up to half a second after the program was hot. And while
// a call that takes long is compiled from its middle, such code keeps `pc` and `base` as JavaScript values and asks for each array; code for
// the whole function is used from the next call on, but only when V8 knows what its first lines do. It begins to take notes after some
// hundred instructions, so there are several calls, which take a quarter of a millisecond together.
import type { CoreUnit } from '../../core/core.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue, Shape } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF, placeBits, REGISTER_OPS, type RegisterOp } from '../../spec/register-ops.ts';
import type { RegisterUnit } from './code.ts';
import { dispatch } from './dispatch.ts';
import { sharedMemory } from './memory.ts';
import { RegisterState, type Setting } from './state.ts';

const CALLS = 6;

/** The register lists: the argument of a call; a record and its new field; the fields of a pair. */
const ARGUMENT = 0;
const UPDATE = 2;
const FIELDS = 5;

/** The registers: where results go, two numbers, and a value of each other kind that an instruction looks into. */
const RESULT = 0;
const NUMBER = 1;
const INDEX = 2;
const FLAG = 3;
const LIST = 4;
const LISTS = 5;
const TEXT = 6;
const RECORD = 7;
const HALF = 8;
const MIXED = 9;
const FRAME = 10;

/** What the operands of an instruction are, in the order of its row, where they are not all numbers. */
const OPERANDS: Readonly<Partial<Record<RegisterOp, readonly number[]>>> = {
  move: [RESULT, LIST],
  if_b: [FLAG],
  unless_b: [FLAG],
  is_nil: [RESULT, LIST],
  concat: [RESULT, TEXT, TEXT],
  list_item: [RESULT, LIST, INDEX],
  list_append_own: [LIST, LIST, NUMBER],
  record_new: [RESULT, FIELDS, 0],
  record_with: [RESULT, UPDATE, 0, 0],
  record_with_own_if: [RECORD, FLAG, UPDATE, 0, 0],
  list_length: [RESULT, LIST],
  field: [RESULT, RECORD, 0, 0],
  len: [RESULT, LIST, 0],
  at: [RESULT, LIST, INDEX, 0],
  at_at: [RESULT, LISTS, INDEX, INDEX],
  lst_own: [LIST, LIST, INDEX, NUMBER, 0],
  lst_own_if: [LIST, LIST, INDEX, INDEX, 0, FLAG],
};

/** What is in each kind of list and record: V8 keeps whole numbers, numbers and values in arrays of three kinds. */
const KINDS: readonly (readonly [Value, Value])[] = [
  [1, 2],
  [0.5, 1.5],
  ['a', true],
];

/** Instructions that only take numbers, or any values, by their names. */
const NUMERIC = /_(nn|ni|n|i|vv|vi|v)$|^(load_bool|load_nil|load_k|flr|sqrt|mod|jump)$/;
const SKIPPED: readonly RegisterOp[] = ['neg_v', 'truthy_v'];

/** One instruction after the other, each of which goes on with the next, and behind them a function that returns. */
function allInstructions(): Int32Array {
  const code: number[] = [];
  const write = (op: RegisterOp, operands: readonly number[]): void => {
    const at = code.length;
    const row = REGISTER_OPS[OPCODE_OF[op]]!;
    code.push(OPCODE_OF[op]);
    for (let i = 1; i < row.width; i++) code.push(0);
    row.operands.forEach(({ place, role }, i) => {
      const value = operands[i] ?? (role === 'target' ? at + row.width : standardOperand(role));
      if (place.startsWith('w')) code[at + Number(place.slice(1))] = value;
      else code[at]! |= placeBits(place, value);
    });
  };
  for (const { name } of REGISTER_OPS) {
    const op = name as RegisterOp;
    const operands = OPERANDS[op];
    if (operands !== undefined || (NUMERIC.test(op) && !SKIPPED.includes(op))) write(op, operands ?? []);
  }
  write('add_nn_loop', []);
  write('loop_lt_nn', []);
  // Other kinds of what is looked into and stored.
  write('list_append_own', [MIXED, MIXED, FLAG]);
  write('lst_own', [MIXED, MIXED, INDEX, FLAG, 0]);
  write('lst_own', [MIXED, MIXED, INDEX, TEXT, 0]);
  write('at', [RESULT, MIXED, INDEX, 0]);
  write('list_item', [RESULT, LISTS, INDEX]);
  // The second of two ways.
  write('if_v', [FLAG]);
  write('unless_v', [FLAG]);
  write('mod', [RESULT, HALF, NUMBER]);
  const calls = code.length;
  const callee = calls + 10;
  write('call_1', [RESULT, NUMBER, callee, FRAME + 1]);
  write('call_2', [RESULT, NUMBER, NUMBER, callee, FRAME + 1]);
  write('call', [RESULT, FRAME + 1, callee, ARGUMENT]);
  write('return', [NUMBER]);
  write('return', [RESULT]);
  return Int32Array.from(code);
}

/** What stands for a register or index that an instruction does not care about. */
function standardOperand(role: string): number {
  switch (role) {
    case 'use':
    case 'slot':
    case 'int':
      return NUMBER;
    default:
      return 0;
  }
}

const POINT = new Shape('point', ['x']);
const PAIR = new Shape('pair', ['first', 'second'], true);

function warmUnit(): RegisterUnit {
  return {
    metered: false,
    code: allInstructions(),
    functions: [],
    info: new Int32Array(0),
    lists: Int32Array.of(1, NUMBER, 2, RECORD, NUMBER, 2, NUMBER, LIST),
    constants: [1],
    constantWords: new Int32Array(2),
    texts: [],
    names: ['x'],
    fieldLists: [],
    shapes: [PAIR],
    closures: [],
    builtins: ['mod'],
    tools: [],
    sites: [{ shape: POINT, indexes: [0], index: 0 }],
    loaded: undefined,
  };
}

const core: CoreUnit = { functions: [], tools: [], byName: new Map(), toolByName: new Map() };

let isWarm = false;

export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  const builtin = (): (() => number) => () => 0;
  const services = { builtin, walk: () => undefined, tool: () => null, maxDepth: 2, meter: undefined };
  const setting: Setting = {
    unit: warmUnit(),
    memory: sharedMemory(),
    core,
    services,
    maxDepth: 2,
    largest: FRAME + 2,
    builtins: [],
    caller: undefined,
    watcher: undefined,
  };
  for (let i = 0; i < CALLS; i++) {
    const state = new RegisterState(setting, false);
    state.openFirst(0);
    const [first, second] = KINDS[i % KINDS.length]!;
    const list = (): List => new List([first, second]);
    const record = new RecordValue(POINT, [first]);
    const values = [0, 2, 1, true, list(), new List([list(), list()]), 'a', record, 0.5, list()];
    values.forEach((value, register) => {
      state.write(state.base + register, value);
    });
    dispatch(state);
    state.release();
  }
}
