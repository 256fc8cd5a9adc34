// The instructions that work on values rather than on words: they are taken out of the registers, handed to the operations that
// all engines share, and put back. A fault leaves here without a place; machine.ts knows it from `state.pc`.
//
// Instructions that rely on the kind of their operand test it all the same (it costs a class check) and give nil or 0 otherwise:
// checked code never comes to that, and damaged code that the checker cannot tell from other code does no harm.
import { fault } from '../../core/fault.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, BYTES_PER_UNIT } from '../../core/meter.ts';
import { isTruthy, valuesEqual } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue } from '../../core/value/record.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF, REGISTER_OPS } from '../../spec/register-ops.ts';
import { arityFault, callFunctionValue } from '../calls.ts';
import * as operations from '../operations.ts';
import { argumentRegister, versionFor } from './code.ts';
import type { RegisterState } from './state.ts';

/** The values in the registers of a list, from its `first` one on. */
function readList(state: RegisterState, offset: number, first: number): Value[] {
  const { lists } = state.setting.unit;
  const count = lists[offset]!;
  const values: Value[] = [];
  for (let i = first; i < count; i++) values.push(state.read(state.base + lists[offset + 1 + i]!));
  return values;
}

const WIDTHS = Int32Array.from(REGISTER_OPS, row => row.width);

/** Runs the instruction `word` at `state.pc` and gives the place of the next. It may open a frame and move the registers. */
export function runCold(state: RegisterState, word: number): number {
  const { base, pc } = state;
  const opcode = word & 255;
  const a = base + ((word >>> 8) & 255);
  const b = base + ((word >>> 16) & 255);
  if (opcode >= FIRST_BRANCH) {
    return runBranch(state, opcode, state.read(a), word, b) ? state.setting.unit.code[pc + 1]! : pc + 2;
  }
  if (opcode >= OPCODE_OF.call_value && opcode <= OPCODE_OF.call_tool) return runCall(state, opcode, a);
  runOperation(state, word, a, b, base + (word >>> 24));
  return pc + WIDTHS[opcode]!;
}

/** From here on the table has conditions with a jump. */
const FIRST_BRANCH = OPCODE_OF.if_v;

/** Whether a branch on any values jumps. */
function runBranch(state: RegisterState, opcode: number, left: Value, word: number, b: number): boolean {
  const integer = word >> 24;
  switch (opcode) {
    case 80 /* if_v */:
      return isTruthy(left);
    case 81 /* unless_v */:
      return !isTruthy(left);
    case 98 /* if_lt_vv */:
      return operations.lessThan(left, state.read(b));
    case 99 /* if_le_vv */:
      return operations.lessOrEqual(left, state.read(b));
    case 100 /* if_gt_vv */:
      return operations.greaterThan(left, state.read(b));
    case 101 /* if_ge_vv */:
      return operations.greaterOrEqual(left, state.read(b));
    case 102 /* unless_lt_vv */:
      return !operations.lessThan(left, state.read(b));
    case 103 /* unless_le_vv */:
      return !operations.lessOrEqual(left, state.read(b));
    case 104 /* unless_gt_vv */:
      return !operations.greaterThan(left, state.read(b));
    case 105 /* unless_ge_vv */:
      return !operations.greaterOrEqual(left, state.read(b));
    case 106 /* unless_eq_vv */:
      return !valuesEqual(left, state.read(b));
    case 107 /* unless_lt_vi */:
      return !operations.lessThan(left, integer);
    case 108 /* unless_le_vi */:
      return !operations.lessOrEqual(left, integer);
    case 109 /* unless_gt_vi */:
      return !operations.greaterThan(left, integer);
    case 110 /* unless_ge_vi */:
      return !operations.greaterOrEqual(left, integer);
    default:
      return !valuesEqual(left, integer);
  }
}

function runOperation(state: RegisterState, word: number, a: number, b: number, c: number): void {
  const { pc } = state;
  const { unit } = state.setting;
  const { code } = unit;
  switch (word & 255) {
    case 13 /* div_nn */:
      throw fault('ILO-R003', 'division', {});
    case 24 /* add_vv */:
      state.write(a, operations.add(state.read(b), state.read(c)));
      return;
    case 25 /* sub_vv */:
      state.write(a, operations.subtract(state.read(b), state.read(c)));
      return;
    case 26 /* mul_vv */:
      state.write(a, operations.multiply(state.read(b), state.read(c)));
      return;
    case 27 /* add_vi */:
      state.write(a, operations.add(state.read(b), word >> 24));
      return;
    case 28 /* sub_vi */:
      state.write(a, operations.subtract(state.read(b), word >> 24));
      return;
    case 29 /* mul_vi */:
      state.write(a, operations.multiply(state.read(b), word >> 24));
      return;
    case 30 /* div_vv */:
      state.write(a, operations.divide(state.read(b), state.read(c)));
      return;
    case 31 /* neg_v */:
      state.write(a, operations.negate(state.read(b)));
      return;
    case 32 /* lt_vv */:
      state.writeBoolean(a, operations.lessThan(state.read(b), state.read(c)));
      return;
    case 33 /* le_vv */:
      state.writeBoolean(a, operations.lessOrEqual(state.read(b), state.read(c)));
      return;
    case 34 /* gt_vv */:
      state.writeBoolean(a, operations.greaterThan(state.read(b), state.read(c)));
      return;
    case 35 /* ge_vv */:
      state.writeBoolean(a, operations.greaterOrEqual(state.read(b), state.read(c)));
      return;
    case 36 /* eq_vv */:
      state.writeBoolean(a, valuesEqual(state.read(b), state.read(c)));
      return;
    case 37 /* truthy_v */:
      state.writeBoolean(a, isTruthy(state.read(b)));
      return;
    case 38: /* concat */ {
      const left = state.read(b);
      const right = state.read(c);
      const both = typeof left === 'string' && typeof right === 'string';
      state.write(a, both ? operations.concatText(left, right) : null);
      return;
    }
    case 39 /* is_nil */:
      state.writeBoolean(a, state.read(b) === null);
      return;
    case 40 /* is_ok */:
      state.writeBoolean(a, state.read(b) instanceof Ok);
      return;
    case 41 /* is_err */:
      state.writeBoolean(a, state.read(b) instanceof Err);
      return;
    case 42 /* is_num */:
      state.writeBoolean(a, typeof state.read(b) === 'number');
      return;
    case 43 /* is_text */:
      state.writeBoolean(a, typeof state.read(b) === 'string');
      return;
    case 44 /* is_bool */:
      state.writeBoolean(a, typeof state.read(b) === 'boolean');
      return;
    case 45 /* is_list */:
      state.writeBoolean(a, state.read(b) instanceof List);
      return;
    case 46 /* payload */:
      state.write(a, operations.payload(state.read(b)));
      return;
    case 47 /* panic */:
      state.write(a, operations.panic(state.read(b)));
      return;
    case 48 /* new_ok */:
      state.write(a, new Ok(state.read(b)));
      return;
    case 49 /* new_err */:
      state.write(a, new Err(state.read(b)));
      return;
    case 50 /* list_new */:
      state.write(a, new List(readList(state, code[pc + 1]!, 0)));
      return;
    case 51 /* list_append */:
      state.write(a, operations.append(state.read(b), state.read(c)));
      return;
    case 52: /* list_check */ {
      const value = state.read(a);
      if (!(value instanceof List)) throw fault('ILO-R007', 'foreach', { value: describe(value) });
      return;
    }
    case 53: /* list_length */ {
      const list = state.read(b);
      state.write(a, list instanceof List ? list.length : 0);
      return;
    }
    case 54: /* list_item */ {
      const list = state.read(b);
      const index = state.read(c);
      const item = list instanceof List && typeof index === 'number' ? list.get(index) : undefined;
      state.write(a, item ?? null);
      return;
    }
    case 55: /* list_index */
    case 56: /* list_index_safe */ {
      const index = unit.constants[code[pc + 1]!] as number;
      const safe = REGISTER_OPS[word & 255]!.name === 'list_index_safe';
      state.write(a, operations.readIndex(state.read(b), index, safe));
      return;
    }
    case 57 /* range_start */:
      state.write(a, operations.rangeBound(state.read(b), 'start'));
      return;
    case 58 /* range_end */:
      state.write(a, operations.rangeBound(state.read(b), 'end'));
      return;
    case 59 /* record_new */:
      state.write(a, new RecordValue(unit.shapes[code[pc + 2]!]!, readList(state, code[pc + 1]!, 0)));
      return;
    case 60: /* record_with */ {
      const [object, ...values] = readList(state, code[pc + 1]!, 0);
      state.write(a, operations.updateRecord(object!, unit.fieldLists[code[pc + 2]!]!, values));
      return;
    }
    case 61: /* record_check */ {
      const value = state.read(a);
      if (!(value instanceof RecordValue)) throw fault('ILO-R005', 'destructure', { value: describe(value) });
      return;
    }
    case 62 /* field */:
      state.write(a, operations.readField(state.read(b), unit.names[code[pc + 1]!]!, false));
      return;
    case 63 /* field_safe */:
      state.write(a, operations.readField(state.read(b), unit.names[code[pc + 1]!]!, true));
      return;
    case 64 /* check_set */:
      if (state.isEmpty(a)) throw fault('ILO-R001', 'variable', { name: unit.names[code[pc + 1]!]! });
      return;
    case 65 /* fn_new */:
      state.write(a, new FunctionValue(unit.closures[code[pc + 2]!]!, readList(state, code[pc + 1]!, 0)));
      return;
    case 72 /* fuel */:
      state.setting.services.meter?.charge(code[pc + 1]!, 0);
      return;
    case 73 /* charge_items */:
      charge(state, BYTES_PER_OBJECT + BYTES_PER_ITEM * code[pc + 1]!);
      return;
    case 74: /* charge_join */ {
      const right = state.read(a);
      if (typeof right === 'string') charge(state, BYTES_PER_UNIT * right.length);
      else if (right instanceof List) charge(state, BYTES_PER_ITEM * right.length);
      return;
    }
    case 75 /* charge_append */:
      charge(state, BYTES_PER_ITEM);
      return;
    case 76: /* charge_copy */ {
      const record = state.read(a);
      if (record instanceof RecordValue) charge(state, BYTES_PER_OBJECT + BYTES_PER_ITEM * record.values.length);
      return;
    }
  }
}

/** An empty amount is not charged, so that the clock is looked at as often as on every other engine. */
function charge(state: RegisterState, bytes: number): void {
  if (bytes > 0) state.setting.services.meter?.charge(0, bytes);
}

/** Runs the call of other code at `state.pc`, with the result in register place `a`; gives the place of the next instruction. */
function runCall(state: RegisterState, opcode: number, a: number): number {
  const { pc } = state;
  const { setting } = state;
  const { unit, services, core, builtins } = setting;
  setting.caller = state;
  const list = unit.code[pc + 1]!;
  const what = unit.code[pc + 2]!;
  switch (opcode) {
    case 70: /* call_builtin */ {
      const run = builtins[what] ?? services.builtin(unit.builtins[what]!)!;
      builtins[what] = run;
      const value = run(readList(state, list, 0));
      state.count(value);
      state.write(a, value);
      return pc + 3;
    }
    case 71: /* call_tool */ {
      const value = services.tool(core.tools[what]!, readList(state, list, 0));
      state.count(value);
      state.write(a, value);
      return pc + 3;
    }
    case 69 /* call_value */:
      return callValue(state, list, unit.names[what]!, a);
    default:
      return pc + 3;
  }
}

/**
 * Calls what the first value of a list stands for, with the others; `fallback` is the name of what is called when it stands for
 * nothing. A function of the program gets a frame and runs in the loop.
 */
function callValue(state: RegisterState, list: number, fallback: string, a: number): number {
  const { pc } = state;
  const { unit, services, core } = state.setting;
  const callee = state.read(state.base + unit.lists[list + 1]!);
  let opened = false;
  const open = (index: number, args: readonly Value[]): Value => {
    enterFunction(state, index, args, pc);
    opened = true;
    return null;
  };
  const value = callFunctionValue(callee, readList(state, list, 1), fallback, core, services, open);
  if (opened) return state.pc;
  state.write(a, value);
  return pc + 3;
}

/** Opens a frame with arguments. Throws a Fault when the function takes another number of them, or calls nest too deeply. */
export function enterFunction(state: RegisterState, callee: number, args: readonly Value[], call: number): void {
  const { core, unit } = state.setting;
  const fn = core.functions[callee]!;
  const count = args.length;
  if (count !== fn.params.length) throw arityFault(fn, count);
  state.open(versionFor(unit, callee, args), call);
  for (let i = 0; i < count; i++) state.write(state.base + argumentRegister(i, count), args[i]!);
}
