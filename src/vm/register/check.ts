// Checks register code before it runs, so that the interpreter needs no test of its own: every register lies in its function's
// frame, every index in its table, every jump goes to an instruction of the same function, no function runs out at its end, and metered
// code charges for all that it does (check-charges.ts).
// What registers hold is not checked: instructions that rely on it meet any value without harm (they look at tags and classes,
// and give nil or 0 when the value is of another kind).
import { isBuiltinName } from '../../spec/builtin-names.ts';
import {
  OPCODE_OF,
  REGISTER_OPS,
  type RegisterOp,
  type RegisterOperand,
  readOperand,
} from '../../spec/register-ops.ts';
import { checkCharges } from './check-charges.ts';
import {
  argumentRegisters,
  encodeConstants,
  FIRST_INLINE,
  type FieldSite,
  functionAt,
  INFO_FRAME,
  INFO_PARAMS,
  INFO_SIZE,
  INFO_START,
  type RegisterFunction,
  type RegisterUnit,
} from './code.ts';

/** What is wrong with a unit, or undefined. */
export function checkCode(unit: RegisterUnit): string | undefined {
  const broken = checkTables(unit);
  if (broken !== undefined) return broken;
  if (unit.info.length !== unit.functions.length * INFO_SIZE) return 'the table of functions has another size';
  let start = 0;
  for (const [index, fn] of unit.functions.entries()) {
    const at = index * INFO_SIZE;
    if (fn.start !== start || fn.end <= fn.start) return `${fn.name} does not begin where the function before it ends`;
    if (unit.info[at + INFO_START] !== fn.start) return `${fn.name} begins elsewhere`;
    if (unit.info[at + INFO_PARAMS] !== fn.params) return `${fn.name} takes another number of arguments`;
    if (unit.info[at + INFO_FRAME] !== fn.frame) return `${fn.name} needs another number of registers`;
    if (fn.version !== undefined && unit.functions[fn.version]?.params !== fn.params)
      return `${fn.name} has a version that takes other arguments`;
    if (argumentRegisters(fn.params) > fn.frame) return `the arguments of ${fn.name} lie outside its registers`;
    const problem = checkFunction(unit, fn);
    if (problem !== undefined) return `${fn.name}: ${problem}`;
    start = fn.end;
  }
  return start === unit.code.length ? undefined : 'there is code behind the last function';
}

/** What holds of the tables themselves. */
function checkTables({ constants, constantWords, texts, builtins, sites }: RegisterUnit): string | undefined {
  if (!isCodeOf(constantWords, constants, texts)) return 'words of constants that stand for others';
  const unknown = builtins.find(name => !isBuiltinName(name));
  if (unknown !== undefined) return `no builtin is called ${unknown}`;
  return sites.every(isSite) ? undefined : 'a site that remembers what cannot be';
}

/** Whether words are those of some constants. */
function isCodeOf(words: Int32Array, constants: readonly (number | string)[], texts: readonly string[]): boolean {
  const right = encodeConstants(constants);
  const sameTexts = right.texts.length === texts.length && right.texts.every((text, i) => text === texts[i]);
  return (
    sameTexts &&
    right.constantWords.length === words.length &&
    right.constantWords.every((word, i) => word === words[i])
  );
}

/** Whether what a site remembers of a shape is so. */
function isSite({ shape, indexes, index }: FieldSite): boolean {
  if (shape === undefined) return true;
  const first = indexes[0]!;
  if (index !== (shape.isInline ? FIRST_INLINE - first : first)) return false;
  return indexes.every(each => isIndex(each, shape.names));
}

function checkFunction(unit: RegisterUnit, fn: RegisterFunction): string | undefined {
  const { code } = unit;
  const isStart = new Uint8Array(fn.end - fn.start);
  let last = fn.start;
  for (let pc = fn.start; pc < fn.end; ) {
    const row = REGISTER_OPS[code[pc]! & 255];
    if (row === undefined) return `no instruction at ${pc}`;
    isStart[pc - fn.start] = 1;
    last = pc;
    pc += row.width;
    if (pc > fn.end) return `the last instruction is cut off at ${fn.end}`;
  }
  if (!REGISTER_OPS[code[last]! & 255]!.ends) return 'control runs out at the end';
  for (let pc = fn.start; pc < fn.end; ) {
    const row = REGISTER_OPS[code[pc]! & 255]!;
    for (const operand of row.operands) {
      const value = readOperand(code, pc, operand.place);
      if (!isValid(unit, fn, operand, value, isStart)) return `${operand.role} ${value} of ${row.name} at ${pc}`;
    }
    const problem = checkInstruction(unit, row.name, pc);
    if (problem !== undefined) return `${problem} at ${pc}`;
    pc += row.width;
  }
  return unit.metered ? checkCharges(unit, fn) : undefined;
}

function isValid(
  unit: RegisterUnit,
  fn: RegisterFunction,
  operand: RegisterOperand,
  value: number,
  isStart: Uint8Array,
): boolean {
  switch (operand.role) {
    case 'def':
    case 'use':
    case 'slot':
      return value >= 0 && value < fn.frame;
    case 'int':
      return true;
    case 'count':
      return value >= 0;
    case 'flag':
      return value === 0 || value === 1;
    case 'target':
      return isStart[value - fn.start] === 1;
    case 'list':
      return isList(unit, fn, value);
    case 'constant':
      return isIndex(value, unit.constants);
    case 'name':
      return isIndex(value, unit.names);
    case 'names':
      return isIndex(value, unit.fieldLists);
    case 'shape':
      return isIndex(value, unit.shapes);
    case 'entry':
      return isEntry(unit, value);
    case 'size':
      return value === fn.frame + 1 || (operand.place === 'bx' && value === 0 && fn.frame >= 65535);
    case 'closure':
      return isIndex(value, unit.closures);
    case 'builtin':
      return isIndex(value, unit.builtins);
    case 'tool':
      return isIndex(value, unit.tools);
    case 'site':
      return isIndex(value, unit.sites);
  }
}

function isIndex(value: number, table: readonly unknown[]): boolean {
  return Number.isInteger(value) && value >= 0 && value < table.length;
}

/** Whether a function begins at a place. */
function isEntry(unit: RegisterUnit, place: number): boolean {
  return unit.info[functionAt(unit, place) * INFO_SIZE + INFO_START] === place;
}

function isList(unit: RegisterUnit, fn: RegisterFunction, offset: number): boolean {
  const { lists } = unit;
  const count = lists[offset];
  if (count === undefined || count < 0 || offset + count >= lists.length) return false;
  for (let i = 1; i <= count; i++) {
    const register = lists[offset + i]!;
    if (register < 0 || register >= fn.frame) return false;
  }
  return true;
}

/** What a list has to be long enough for, and what else holds between operands. */
function checkInstruction(unit: RegisterUnit, name: string, pc: number): string | undefined {
  const count = (): number => unit.lists[unit.code[pc + 1]!]!;
  const second = unit.code[pc + 2]!;
  const paramsAt = (): number => unit.functions[functionAt(unit, unit.code[pc + 1]!)]!.params;
  switch (name) {
    case 'call':
      return unit.lists[second] === argumentRegisters(paramsAt()) ? undefined : 'a call with other arguments';
    case 'call_1':
      return paramsAt() === 1 ? undefined : 'a call with other arguments';
    case 'call_2':
      return paramsAt() === 2 ? undefined : 'a call with other arguments';
    case 'at_at':
      // It may go on behind them.
      return isOp(unit, pc + 2, 'at') && isOp(unit, pc + 4, 'at') ? undefined : 'something else than two of `at`';
    case 'add_nn_loop':
      return isOp(unit, pc + 1, 'loop_lt_nn') ? undefined : 'a sum before something else than a loop';
    case 'mod_i':
      return unit.code[pc]! >> 24 > 0 ? undefined : 'a divisor that is not positive';
    case 'watch':
      return 'an instruction that is watched';
    case 'call_value':
      return count() > 0 ? undefined : 'a call of nothing';
    case 'record_new':
      return count() === unit.shapes[second]!.names.length ? undefined : 'a record with other fields';
    case 'record_with':
    case 'record_with_own_if':
      return count() === unit.fieldLists[second]!.length + 1 ? undefined : 'an update of other fields';
    case 'list_index':
    case 'list_index_safe':
      return typeof unit.constants[unit.code[pc + 1]!] === 'number' ? undefined : 'an index that is no number';
    default:
      return undefined;
  }
}

function isOp({ code }: RegisterUnit, pc: number, op: RegisterOp): boolean {
  return pc < code.length && (code[pc]! & 255) === OPCODE_OF[op];
}
