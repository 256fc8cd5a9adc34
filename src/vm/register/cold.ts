// The instructions that work on values rather than on words: they are taken out of the registers, handed to the operations that
// all engines share, and put back. A fault leaves here without a place; machine.ts knows it from `state.pc`.
//
// Instructions that rely on the kind of their operand test it all the same (it costs a class check) and give nil or 0 otherwise:
// checked code never comes to that, and damaged code that the checker cannot tell from other code does no harm.
import { fault } from '../../core/fault.ts';
import { MAX_MAP_ENTRIES } from '../../core/limits.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, BYTES_PER_UNIT } from '../../core/meter.ts';
import { isTruthy, valuesEqual } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { MapValue } from '../../core/value/map.ts';
import { RecordValue, recordOf, type Shape } from '../../core/value/record.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { describe, showShortestNumber } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF, REGISTER_OPS } from '../../spec/register-ops.ts';
import { arityFault, callFunctionValue } from '../calls.ts';
import * as operations from '../operations.ts';
import { argumentRegister, FIRST_INLINE, type FieldSite, versionFor } from './code.ts';
import { putAt, valueAt } from './objects.ts';
import type { RegisterState } from './state.ts';
import { TAG_EMPTY } from './value-word.ts';

/**
 * The values in the registers of a list, from its `first` one on. Few are written as a literal, and more are appended, because an array that
 * V8 has made with holes stays slower.
 */
export function readList(state: RegisterState, offset: number, first: number): Value[] {
  const { lists } = state.setting.unit;
  const count = lists[offset]! - first;
  const at = offset + 1 + first;
  const read = (i: number): Value => valueAt(state, state.base + lists[at + i]!);
  switch (count) {
    case 1:
      return [read(0)];
    case 2:
      return [read(0), read(1)];
    case 3:
      return [read(0), read(1), read(2)];
    default: {
      const values: Value[] = [];
      for (let i = 0; i < count; i++) values.push(read(i));
      return values;
    }
  }
}

const WIDTHS = Int32Array.from(REGISTER_OPS, row => row.width);

/**
 * Runs the instruction at `state.pc` and gives the place of the next. It may open a frame and move the registers. The loop has the
 * instruction already; would it hand it over, V8 kept it and its opcode on the stack all the time.
 */
export function runCold(state: RegisterState): number {
  const { base, pc } = state;
  const word = state.setting.unit.code[pc]!;
  const opcode = word & 255;
  const a = base + ((word >>> 8) & 255);
  const b = base + ((word >>> 16) & 255);
  if (opcode >= FIRST_BRANCH) {
    return runBranch(state, opcode, state.read(a), word, b) ? state.setting.unit.code[pc + 1]! : pc + 2;
  }
  if (opcode >= OPCODE_OF.call && opcode <= OPCODE_OF.call_2) return makeRoom(state, word);
  if (opcode >= OPCODE_OF.call_value && opcode <= OPCODE_OF.call_tool) return runCall(state, opcode, a);
  if (opcode >= OPCODE_OF.len && opcode <= OPCODE_OF.mset_own_if) return runBuiltin(state, word, a, b);
  runOperation(state, word, a, b, base + (word >>> 24));
  return pc + WIDTHS[opcode]!;
}

/** Makes room for the frame of a call, which is to run again then. */
function makeRoom(state: RegisterState, word: number): number {
  const { pc } = state;
  const { code } = state.setting.unit;
  const size = (word & 255) === OPCODE_OF.call ? word >>> 16 || state.sizeAt(pc) : code[pc + 2]!;
  state.makeRoom(state.base + size);
  return pc;
}

/** From here on the table has conditions with a jump. */
const FIRST_BRANCH = OPCODE_OF.if_v;

/** Whether a branch on any values jumps. */
function runBranch(state: RegisterState, opcode: number, left: Value, word: number, b: number): boolean {
  const integer = word >> 24;
  switch (opcode) {
    case 99 /* if_v */:
      return isTruthy(left);
    case 100 /* unless_v */:
      return !isTruthy(left);
    case 119 /* if_lt_vv */:
      return operations.lessThan(left, state.read(b));
    case 120 /* if_le_vv */:
      return operations.lessOrEqual(left, state.read(b));
    case 121 /* if_gt_vv */:
      return operations.greaterThan(left, state.read(b));
    case 122 /* if_ge_vv */:
      return operations.greaterOrEqual(left, state.read(b));
    case 123 /* unless_lt_vv */:
      return !operations.lessThan(left, state.read(b));
    case 124 /* unless_le_vv */:
      return !operations.lessOrEqual(left, state.read(b));
    case 125 /* unless_gt_vv */:
      return !operations.greaterThan(left, state.read(b));
    case 126 /* unless_ge_vv */:
      return !operations.greaterOrEqual(left, state.read(b));
    case 127 /* unless_eq_vv */:
      return !valuesEqual(left, state.read(b));
    case 128 /* unless_lt_vi */:
      return !operations.lessThan(left, integer);
    case 129 /* unless_le_vi */:
      return !operations.lessOrEqual(left, integer);
    case 130 /* unless_gt_vi */:
      return !operations.greaterThan(left, integer);
    case 131 /* unless_ge_vi */:
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
    case 2 /* load_x */:
      state.copy(a, state.base + code[pc + 1]!);
      return;
    case 3 /* store_x */:
      state.copy(state.base + code[pc + 1]!, a);
      return;
    case 6: /* load_kx */ {
      const index = 2 * code[pc + 1]!;
      state.words[2 * a] = unit.constantWords[index]!;
      state.words[2 * a + 1] = unit.constantWords[index + 1]!;
      return;
    }
    case 9 /* load_empty */:
      state.words[2 * a] = 0;
      state.words[2 * a + 1] = TAG_EMPTY;
      return;
    case 14 /* div_nn */:
      throw fault('ILO-R003', 'division', {});
    case 25 /* add_vv */:
      state.write(a, operations.add(state.read(b), state.read(c)));
      return;
    case 26 /* sub_vv */:
      state.write(a, operations.subtract(state.read(b), state.read(c)));
      return;
    case 27 /* mul_vv */:
      state.write(a, operations.multiply(state.read(b), state.read(c)));
      return;
    case 28 /* add_vi */:
      state.write(a, operations.add(state.read(b), word >> 24));
      return;
    case 29 /* sub_vi */:
      state.write(a, operations.subtract(state.read(b), word >> 24));
      return;
    case 30 /* mul_vi */:
      state.write(a, operations.multiply(state.read(b), word >> 24));
      return;
    case 31 /* div_vv */:
      state.write(a, operations.divide(state.read(b), state.read(c)));
      return;
    case 32 /* neg_v */:
      state.write(a, operations.negate(state.read(b)));
      return;
    case 20 /* lt_nn */:
    case 33 /* lt_vv */:
      state.writeBoolean(a, operations.lessThan(state.read(b), state.read(c)));
      return;
    case 21 /* le_nn */:
    case 34 /* le_vv */:
      state.writeBoolean(a, operations.lessOrEqual(state.read(b), state.read(c)));
      return;
    case 35 /* gt_vv */:
      state.writeBoolean(a, operations.greaterThan(state.read(b), state.read(c)));
      return;
    case 36 /* ge_vv */:
      state.writeBoolean(a, operations.greaterOrEqual(state.read(b), state.read(c)));
      return;
    case 22 /* eq_nn */:
    case 37 /* eq_vv */:
      state.writeBoolean(a, valuesEqual(state.read(b), state.read(c)));
      return;
    case 24 /* not_b */:
      state.writeBoolean(a, state.read(b) === false);
      return;
    case 23 /* truthy_n */:
      state.writeBoolean(a, state.read(b) !== 0);
      return;
    case 38 /* truthy_v */:
      state.writeBoolean(a, isTruthy(state.read(b)));
      return;
    case 39 /* concat */:
      state.write(a, null);
      return;
    case 40 /* is_nil */:
      state.writeBoolean(a, state.read(b) === null);
      return;
    case 41 /* is_ok */:
      state.writeBoolean(a, state.read(b) instanceof Ok);
      return;
    case 42 /* is_err */:
      state.writeBoolean(a, state.read(b) instanceof Err);
      return;
    case 43 /* is_num */:
      state.writeBoolean(a, typeof state.read(b) === 'number');
      return;
    case 44 /* is_text */:
      state.writeBoolean(a, typeof state.read(b) === 'string');
      return;
    case 45 /* is_bool */:
      state.writeBoolean(a, typeof state.read(b) === 'boolean');
      return;
    case 46 /* is_list */:
      state.writeBoolean(a, state.read(b) instanceof List);
      return;
    case 47 /* payload */:
      state.write(a, operations.payload(state.read(b)));
      return;
    case 48 /* panic */:
      state.write(a, operations.panic(state.read(b)));
      return;
    case 49 /* new_ok */:
      state.write(a, new Ok(state.read(b)));
      return;
    case 50 /* new_err */:
      state.write(a, new Err(state.read(b)));
      return;
    case 51 /* list_new */:
      state.writeHandle(a, new List(readList(state, code[pc + 1]!, 0)));
      return;
    case 52 /* list_append */:
      state.writeHandle(a, operations.append(state.read(b), state.read(c)));
      return;
    case 53 /* list_append_own */:
      appendOwned(state, a, b, c);
      return;
    case 54 /* list_append_own_if */:
      if (state.read(state.base + code[pc + 1]!) === true) appendOwned(state, a, b, c);
      else state.writeHandle(a, operations.append(state.read(b), state.read(c)));
      return;
    case 55: /* list_check */ {
      const value = state.read(a);
      if (!(value instanceof List)) throw fault('ILO-R007', 'foreach', { value: describe(value) });
      return;
    }
    case 56: /* list_length */ {
      const list = state.read(b);
      state.write(a, list instanceof List ? list.length : 0);
      return;
    }
    case 57: /* list_item */ {
      const list = state.read(b);
      const index = state.read(c);
      const item = list instanceof List && typeof index === 'number' ? list.get(index) : undefined;
      state.write(a, item ?? null);
      return;
    }
    case 58: /* list_index */
    case 59: /* list_index_safe */ {
      const index = unit.constants[code[pc + 1]!] as number;
      const safe = REGISTER_OPS[word & 255]!.name === 'list_index_safe';
      state.write(a, operations.readIndex(state.read(b), index, safe));
      return;
    }
    case 60 /* range_start */:
      state.write(a, operations.rangeBound(state.read(b), 'start'));
      return;
    case 61 /* range_end */:
      state.write(a, operations.rangeBound(state.read(b), 'end'));
      return;
    case 62 /* record_new */:
      state.write(a, recordOf(unit.shapes[code[pc + 2]!]!, readList(state, code[pc + 1]!, 0)));
      return;
    case 63 /* record_with */:
      updateRecord(state, a, pc, false);
      return;
    case 64 /* record_with_own_if */:
      updateRecord(state, a, pc, state.read(b) === true);
      return;
    case 65: /* record_check */ {
      const value = state.read(a);
      if (!(value instanceof RecordValue)) throw fault('ILO-R005', 'destructure', { value: describe(value) });
      return;
    }
    case 66 /* field */:
      {
        const object = state.read(b);
        const name = unit.names[code[pc + 1]!]!;
        const value = operations.readField(object, name, false);
        if (object instanceof RecordValue) learn(unit.sites[code[pc + 2]!]!, object.shape, [name]);
        state.write(a, value);
        return;
      }
    case 67 /* field_safe */:
      state.write(a, operations.readField(state.read(b), unit.names[code[pc + 1]!]!, true));
      return;
    case 68 /* check_set */:
      if (state.isEmpty(a)) throw fault('ILO-R001', 'variable', { name: unit.names[code[pc + 1]!]! });
      return;
    case 69 /* fn_new */:
      state.write(a, new FunctionValue(unit.closures[code[pc + 2]!]!, readList(state, code[pc + 1]!, 0)));
      return;
    case 91 /* fuel */:
      state.setting.services.meter?.charge(code[pc + 1]!, 0);
      return;
    case 92 /* charge_items */:
      charge(state, BYTES_PER_OBJECT + BYTES_PER_ITEM * code[pc + 1]!);
      return;
    case 93: /* charge_join */ {
      const right = state.read(a);
      if (typeof right === 'string') charge(state, BYTES_PER_UNIT * right.length);
      else if (right instanceof List) charge(state, BYTES_PER_ITEM * right.length);
      return;
    }
    case 94 /* charge_append */:
      charge(state, BYTES_PER_ITEM);
      return;
    case 95: /* charge_copy */ {
      const record = state.read(a);
      if (record instanceof RecordValue) charge(state, BYTES_PER_OBJECT + BYTES_PER_ITEM * record.size);
      return;
    }
  }
}

/** Makes a site know a shape that has all fields. */
function learn(site: FieldSite, shape: Shape, names: readonly string[]): void {
  const indexes = names.map(name => shape.indexOf(name));
  if (indexes.includes(undefined)) return;
  site.shape = shape;
  site.indexes = indexes as number[];
  site.index = shape.isInline ? FIRST_INLINE - indexes[0]! : indexes[0]!;
}

/** Appends to a list that nobody else has. */
function appendOwned(state: RegisterState, a: number, b: number, c: number): void {
  const list = state.read(b);
  const item = valueAt(state, c);
  putChanged(state, a, b, list, list instanceof List ? list.appendOwned(item) : operations.append(list, item));
}

/** Puts what a value in a register has become into a register: often the same, which has a handle already. */
function putChanged(state: RegisterState, a: number, b: number, before: Value, after: Value): void {
  if (after === before) state.copy(a, b);
  else state.writeHandle(a, after);
}

/** Replaces fields of the first record of a list, in place when nobody else has it. */
function updateRecord(state: RegisterState, a: number, pc: number, isOwned: boolean): void {
  const { code, lists, sites, fieldLists } = state.setting.unit;
  const list = code[pc + 1]!;
  const at = state.base + lists[list + 1]!;
  const object = state.read(at);
  const site = sites[code[pc + 3]!]!;
  const isKnown =
    object instanceof RecordValue && object.shape === site.shape && site.indexes.length === lists[list]! - 1;
  if (!isKnown) {
    const names = fieldLists[code[pc + 2]!]!;
    state.writeHandle(a, operations.updateRecord(object, names, readList(state, list, 1)));
    if (object instanceof RecordValue) learn(site, object.shape, names);
    return;
  }
  const { indexes } = site;
  const record = isOwned ? object : object.copy();
  for (let i = 0; i < indexes.length; i++) record.put(indexes[i]!, valueAt(state, state.base + lists[list + 2 + i]!));
  if (isOwned) state.copy(a, at);
  else state.writeHandle(a, record);
}

/** An empty amount is not charged, so that the clock is looked at as often as on every other engine. */
function charge(state: RegisterState, bytes: number): void {
  if (bytes > 0) state.setting.services.meter?.charge(0, bytes);
}

/** Runs a builtin that has an instruction of its own, where the loop did not; gives the place of the next instruction. */
function runBuiltin(state: RegisterState, word: number, a: number, b: number): number {
  const { base, pc } = state;
  const { code } = state.setting.unit;
  const opcode = word & 255;
  const first = valueAt(state, b);
  if (opcode === OPCODE_OF.str && typeof first === 'number') {
    state.writeHandle(a, showShortestNumber(first));
    return pc + 2;
  }
  if (opcode <= OPCODE_OF.str) {
    callBuiltin(state, code[pc + 1]!, [first], a);
    return pc + 2;
  }
  const second = state.read(base + (word >>> 24));
  if (opcode === OPCODE_OF.mod_i) {
    callBuiltin(state, code[pc + 1]!, [first, word >> 24], a);
    return pc + 2;
  }
  if (opcode <= OPCODE_OF.mget) {
    if (opcode === OPCODE_OF.mget && first instanceof MapValue && typeof second === 'string') {
      state.write(a, first.get(second) ?? null);
    } else {
      callBuiltin(state, code[pc + 1]!, [first, second], a);
    }
    return pc + 2;
  }
  const third = state.read(base + code[pc + 1]!);
  const isFlagged = opcode === OPCODE_OF.lst_own_if || opcode === OPCODE_OF.mset_own_if;
  const isOwned = opcode === OPCODE_OF.lst_own || (isFlagged && state.read(base + code[pc + 3]!) === true);
  if (isOwned && first instanceof MapValue && typeof second === 'string' && first.size < MAX_MAP_ENTRIES) {
    putChanged(state, a, b, first, first.setOwned(second, third));
  } else if (isOwned && first instanceof List && isIndexIn(first, second)) {
    putChanged(state, a, b, first, first.setOwned(second, third));
  } else {
    callBuiltin(state, code[pc + 2]!, [first, second, third], a);
  }
  return pc + (isFlagged ? 4 : 3);
}

function isIndexIn(list: List, index: Value): index is number {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < list.length;
}

function callBuiltin(state: RegisterState, index: number, args: readonly Value[], a: number): void {
  const { setting } = state;
  const { builtins } = setting;
  setting.caller = state;
  let run = builtins[index];
  if (run === undefined) {
    run = setting.services.builtin(setting.unit.builtins[index]!)!;
    builtins[index] = run;
  }
  const value = run(args);
  if (typeof value === 'object' && value !== null) state.count(value);
  putAt(state, a, value);
}

/** Runs the call of other code at `state.pc`, with the result in register place `a`; gives the place of the next instruction. */
function runCall(state: RegisterState, opcode: number, a: number): number {
  const { pc } = state;
  const { setting } = state;
  const { unit, services, core } = setting;
  const list = unit.code[pc + 1]!;
  const what = unit.code[pc + 2]!;
  switch (opcode) {
    case 74 /* call_builtin */:
      callBuiltin(state, what, readList(state, list, 0), a);
      return pc + 3;
    case 75: /* call_tool */ {
      setting.caller = state;
      const value = services.tool(core.tools[what]!, readList(state, list, 0));
      state.count(value);
      state.write(a, value);
      return pc + 3;
    }
    case 73 /* call_value */:
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
  for (let i = 0; i < count; i++) putAt(state, state.base + argumentRegister(i, count), args[i]!);
}
