// Each IR instruction as a JavaScript expression. Bare numbers and truth values are JavaScript's own and so are boxed ones, so boxing
// costs nothing here. A checked operation tests for numbers in place and calls its helper otherwise; what may fault sets `p`, the
// number of its place in the source, before it calls.
import { unreachable } from '../../base/assert.ts';
import { UNNOTED_UNITS } from '../../core/limits.ts';
import { UNNOTED_ITEMS } from '../../core/value/list.ts';
import { INLINE_FIELDS, type Shape } from '../../core/value/record.ts';
import type { CalleeImmediate, Instruction } from '../../ir/ir.ts';
import type { IrOp } from '../../spec/ir-ops.ts';
import type { HelperName } from './helpers.ts';
import { intrinsicFor } from './intrinsics.ts';
import { beforeDot, numberLiteral, textLiteral } from './literals.ts';
import { chargeInPlace, FETCH_PART, GIVE_BACK_PART } from './metering.ts';

/** What an expression is written with. */
export interface Scope {
  /** An operand: a name, a literal or something in parentheses. */
  readonly use: (value: number) => string;
  /** An operand that is written more than once: a name or a literal. */
  readonly name: (value: number) => string;
  /** The name of a helper, which is then declared. */
  readonly helper: (name: HelperName) => string;
  /** The name under which a builtin is declared. */
  readonly builtin: (name: string) => string;
  /** The name under which a cache for the reads of a field at one place is declared. */
  readonly site: (field: string) => string;
  /** The name under which a constant object is declared. */
  readonly constant: (value: unknown) => string;
  /** The number of an instruction's place in the source. */
  readonly place: (instruction: Instruction) => number;
  /** Sets `p`, as the beginning of an expression in parentheses; nothing where nobody looks at it. */
  readonly setPlace: (instruction: Instruction) => string;
  /** The items of a list that were brought into variables before this loop. */
  readonly view: (list: number) => View | undefined;
  /** The array for what an instruction appends, and its index there; when the array is empty, the list grows as always. */
  readonly placeFor: (append: Instruction) => Place | undefined;
  /** The variable with an item that was read before this loop; undefined when there is none, empty when the item was not there. */
  readonly itemBefore: (list: number, index: number) => string | undefined;
  /** Whether the code counts against limits. */
  readonly metered: boolean;
  /** Whether an operand is known to be a text. */
  readonly isText: (value: number) => boolean;
  /** How long a text is at most; infinity when that is not known. */
  readonly mostUnits: (value: number) => number;
  /** Whether an operand is known to be a record. */
  readonly isRecord: (value: number) => boolean;
  /** Whether an operand is known to be a list. */
  readonly isList: (value: number) => boolean;
  /** Whether a number is known to be whole (or not finite). */
  readonly isInteger: (value: number) => boolean;
  /** The truth value that says whether an operand may be changed in place; undefined when it never may. */
  readonly owned: (value: number) => string | undefined;
  /** A new variable of the function, for use inside one expression. */
  readonly temporary: () => string;
  /** The shape that records with these fields have, when all that the program makes have the same. */
  readonly shapeWith: (fields: readonly string[]) => Shape | undefined;
  /** A call of a function of the program. */
  readonly call: (callee: number, args: readonly string[]) => string;
  /** The known number in an operand, when it is a constant. */
  readonly literal: (value: number) => number | undefined;
  /** Whether an operand is known to be a number. */
  readonly isNumber: (value: number) => boolean;
  /** Whether an operand is known to be a text of the source, nil or a truth value, so that `=` is identity. */
  readonly isIdentical: (value: number) => boolean;
}

/** The items of a list and their number, in variables; both empty when they could not be had. */
export interface View {
  readonly items: string;
  readonly length: string;
}

export interface Place {
  readonly array: string;
  readonly index: string;
}

/** How an instruction is written. */
export type Form =
  /** Only computes: may be written where it is used. */
  | 'pure'
  /** Only reads, but must stay where it is: reading an old version of a list later may copy it. */
  | 'read'
  /** Sets `p` itself, on the way that may fault. */
  | 'guarded'
  /** `p` is set before it. */
  | 'placed'
  /** Written by the emitter. */
  | 'statement';

export interface Writer {
  readonly form: Form;
  readonly write: (instruction: Instruction, scope: Scope) => string;
}

const pure = (write: Writer['write']): Writer => ({ form: 'pure', write });
const read = (write: Writer['write']): Writer => ({ form: 'read', write });
const guarded = (write: Writer['write']): Writer => ({ form: 'guarded', write });
const placed = (write: Writer['write']): Writer => ({ form: 'placed', write });
const statement: Writer = {
  form: 'statement',
  write: instruction => unreachable(instruction as never, 'not an expression'),
};

const infix = (operator: string): Writer =>
  pure(({ args }, { use }) => `${use(args[0]!)} ${operator} ${use(args[1]!)}`);

/** An operation on numbers in place, and by its helper on anything else. */
function checked(helper: HelperName, operator: string): Writer {
  return guarded((instruction, scope) => {
    const [a, b] = instruction.args.map(scope.name);
    const unsure = new Set(instruction.args.filter(arg => !scope.isNumber(arg)).map(scope.name));
    const numbers = [...unsure].map(operand => `typeof ${operand} === "number"`).join(' && ');
    if (numbers === '') return `${a} ${operator} ${b}`;
    return `${numbers} ? ${a} ${operator} ${b} : (p = ${scope.place(instruction)}, ${scope.helper(helper)}(${a}, ${b}))`;
  });
}

const isInstance = (helper: HelperName): Writer =>
  pure(({ args }, { use, helper: declare }) => `${use(args[0]!)} instanceof ${declare(helper)}`);

const isTypeof = (type: string): Writer => pure(({ args }, { use }) => `typeof ${use(args[0]!)} === "${type}"`);

const byHelper = (helper: HelperName): Writer['write'] => {
  return ({ args }, { use, helper: declare }) => `${declare(helper)}(${args.map(use).join(', ')})`;
};

const list = (args: readonly number[], scope: Scope): string => `[${args.map(scope.use).join(', ')}]`;

const same: Writer = pure(({ args }, { use }) => use(args[0]!));

/** Longer texts stand beside the source and not in it. */
const MAX_WRITTEN_TEXT = 1000;

/** Copies of larger records are not written out. */
const MAX_WRITTEN_FIELDS = 16;

/**
 * Equality of numbers means closer than 2^-52, so nothing equals an infinity. Numbers further from zero than 2 have no neighbour that close,
 * and neither have whole numbers: there equality with a constant is identity.
 */
function numbersEqual({ args }: Instruction, scope: Scope): string {
  const [a, b] = args.map(scope.name) as [string, string];
  const near = (distance: string): string => `${scope.helper('abs')}(${distance}) < ${numberLiteral(Number.EPSILON)}`;
  const known = args.map(scope.literal).find(n => n !== undefined && Number.isFinite(n));
  if (known === undefined) return near(`${a} - ${b}`);
  if (Math.abs(known) >= 2 || args.every(scope.isInteger)) return `${a} === ${b}`;
  // The constant may be written `0` or `(-0)`.
  const other = scope.literal(args[0]!) === known ? b : a;
  return `${a} === ${b} || ${near(known === 0 ? other : `${a} - ${b}`)}`;
}

function newRecord(shape: Shape, values: readonly string[], scope: Scope): string {
  const all = shape.isInline ? INLINE_FIELDS.map((_, i) => values[i] ?? 'null').join(', ') : `[${values.join(', ')}]`;
  return `new ${scope.helper('RecordValue')}(${scope.constant(shape)}, ${all})`;
}

/** A field of a record of a known shape. `holder`: the record, or the array of its values. */
function fieldOf(shape: Shape, holder: string, index: number): string {
  return shape.isInline ? `${holder}.${INLINE_FIELDS[index]!}` : `${holder}[${index}]`;
}

export const WRITERS: Readonly<Record<IrOp, Writer>> = {
  'const.num': pure(({ imm }) => numberLiteral(imm as number)),
  'const.bool': pure(({ imm }) => String(imm === true)),
  'const.text': pure(({ imm }, { constant }) => {
    const text = imm as string;
    return text.length > MAX_WRITTEN_TEXT ? constant(text) : textLiteral(text);
  }),
  'const.nil': pure(() => 'null'),
  'const.empty': pure(() => 'undefined'),

  'box.num': same,
  'box.bool': same,
  'unbox.num': same,
  'unbox.bool': same,

  'num.add': infix('+'),
  'num.sub': infix('-'),
  'num.mul': infix('*'),
  'num.div': guarded((instruction, scope) => {
    const [a, b] = instruction.args.map(scope.name);
    const divisor = scope.literal(instruction.args[1]!);
    if (divisor !== undefined && divisor !== 0) return `${a} / ${b}`;
    return `${b} === 0 ? (p = ${scope.place(instruction)}, ${scope.helper('div')}(${a}, ${b})) : ${a} / ${b}`;
  }),
  'num.neg': pure(({ args }, { use }) => `-${use(args[0]!)}`),
  'num.lt': infix('<'),
  'num.le': infix('<='),
  'num.gt': infix('>'),
  'num.ge': infix('>='),
  'num.eq': pure(numbersEqual),
  'num.truthy': pure(({ args }, { use }) => `${use(args[0]!)} !== 0`),
  'bool.not': pure(({ args }, { use }) => `!${use(args[0]!)}`),

  'any.add': checked('add', '+'),
  'any.sub': checked('sub', '-'),
  'any.mul': checked('mul', '*'),
  'any.div': guarded((instruction, scope) => {
    const [a, b] = instruction.args.map(scope.name);
    const slow = `(p = ${scope.place(instruction)}, ${scope.helper('div')}(${a}, ${b}))`;
    return `typeof ${a} === "number" && typeof ${b} === "number" && ${b} !== 0 ? ${a} / ${b} : ${slow}`;
  }),
  'any.neg': placed(byHelper('neg')),
  'any.lt': checked('lt', '<'),
  'any.le': checked('le', '<='),
  'any.gt': checked('gt', '>'),
  'any.ge': checked('ge', '>='),
  'any.eq': pure(({ args }, scope) => {
    const [a, b] = args.map(scope.use);
    return args.some(scope.isIdentical) ? `${a} === ${b}` : `${scope.helper('equal')}(${a}, ${b})`;
  }),
  // Looks into lists, which may be changed in place later.
  'any.truthy': read(({ args }, { name, helper }) => {
    const value = name(args[0]!);
    return `${value} === true || ${value} !== false && ${helper('truthy')}(${value})`;
  }),
  'text.concat': guarded((instruction, { name, helper, place, mostUnits }) => {
    const [a, b] = instruction.args.map(arg => beforeDot(name(arg)));
    if (mostUnits(instruction.result!) <= UNNOTED_UNITS) return `${a} + ${b}`;
    const slow = `(p = ${place(instruction)}, ${helper('concat')}(${a}, ${b}))`;
    return `${a}.length + ${b}.length <= ${UNNOTED_UNITS} ? ${a} + ${b} : ${slow}`;
  }),

  'is.nil': pure(({ args }, { use }) => `${use(args[0]!)} === null`),
  'is.ok': isInstance('Ok'),
  'is.err': isInstance('Err'),
  'is.num': isTypeof('number'),
  'is.text': isTypeof('string'),
  'is.bool': isTypeof('boolean'),
  'is.list': isInstance('List'),

  payload: pure(byHelper('payload')),
  panic: guarded((instruction, { name, helper, place }) => {
    const value = name(instruction.args[0]!);
    const plain = `typeof ${value} === "number" || typeof ${value} === "string"`;
    return `${plain} ? ${value} : (p = ${place(instruction)}, ${helper('panic')}(${value}))`;
  }),
  'new.ok': read(({ args }, { use, helper }) => `new ${helper('Ok')}(${use(args[0]!)})`),
  'new.err': read(({ args }, { use, helper }) => `new ${helper('Err')}(${use(args[0]!)})`),

  'list.new': read(({ args }, scope) => `new ${scope.helper('List')}(${list(args, scope)})`),
  owned: same,
  'list.append': guarded((instruction, scope) => {
    const owned = scope.owned(instruction.args[0]!);
    const [list, value] = instruction.args.map(arg => beforeDot(scope.name(arg)));
    const slow = (helper: HelperName): string =>
      `(p = ${scope.place(instruction)}, ${scope.helper(helper)}(${list}, ${value}))`;
    if (owned === undefined) return slow('append');
    const items = scope.temporary();
    const own = `(${items} = ${list}.items) !== undefined && ${list}.changes === 0 && ${items}.length < ${UNNOTED_ITEMS}`;
    const inPlace = `${own} ? (${list}.length = ${items}.push(${value}), ${list}) : ${slow('appendOwned')}`;
    const place = scope.placeFor(instruction);
    if (place !== undefined) {
      return `${place.array} !== undefined ? (${place.array}[${place.index}] = ${value}, ${list}) : ${inPlace}`;
    }
    return owned === 'true' ? inPlace : `${owned} ? ${inPlace} : ${slow('append')}`;
  }),
  'list.check': placed(byHelper('checkList')),
  'list.length': read(({ args }, { use }) => `${beforeDot(use(args[0]!))}.length`),
  'list.item': read(({ args }, { name, temporary, view }) => {
    const [list, index] = args.map(arg => beforeDot(name(arg)));
    const seen = view(args[0]!);
    if (seen !== undefined) return `${index} < ${seen.length} ? ${seen.items}[${index}] : ${list}.get(${index})`;
    const items = temporary();
    return `(${items} = ${list}.items) !== undefined ? ${items}[${index}] : ${list}.get(${index})`;
  }),
  'list.index': guarded((instruction, { name, temporary, helper, place, view }) => {
    const list = beforeDot(name(instruction.args[0]!));
    const index = numberLiteral(instruction.imm as number);
    const slow = `(p = ${place(instruction)}, ${helper('readIndex')}(${list}, ${index}, false))`;
    const seen = view(instruction.args[0]!);
    if (seen !== undefined) return `${index} < ${seen.length} ? ${seen.items}[${index}] : ${slow}`;
    const items = temporary();
    const fast = `${list} !== null && (${items} = ${list}.items) !== undefined && ${index} < ${items}.length`;
    return `${fast} ? ${items}[${index}] : ${slow}`;
  }),
  'list.index.safe': read(
    ({ args, imm }, { use, helper }) =>
      `${helper('readIndex')}(${use(args[0]!)}, ${numberLiteral(imm as number)}, true)`,
  ),
  'range.start': placed(({ args }, { use, helper }) => `${helper('bound')}(${use(args[0]!)}, "start")`),
  'range.end': placed(({ args }, { use, helper }) => `${helper('bound')}(${use(args[0]!)}, "end")`),

  'record.new': read(({ args, imm }, scope) => newRecord(imm as Shape, args.map(scope.use), scope)),
  'record.with': guarded((instruction, scope) => {
    const { args } = instruction;
    const fields = instruction.imm as readonly string[];
    const object = beforeDot(scope.name(args[0]!));
    const values = args.slice(1).map(scope.name);
    const all = `${object}, ${scope.constant(fields)}, [${values.join(', ')}]`;
    const slow = `(p = ${scope.place(instruction)}, ${scope.helper('updateRecord')}(${all}))`;
    const shape = scope.shapeWith(fields);
    if (shape === undefined || shape.names.length > MAX_WRITTEN_FIELDS) return slow;
    const old = scope.temporary();
    const copy = shape.names.map((name, i) => values[fields.lastIndexOf(name)] ?? fieldOf(shape, old, i));
    const notNil = scope.isRecord(args[0]!) ? '' : `${object} !== null && `;
    const known = scope.constant(shape);
    const holder = shape.isInline ? object : `${object}.first`;
    const made = `(${old} = ${holder}, ${newRecord(shape, copy, scope)})`;
    const fresh = `${notNil}${object}.shape === ${known} ? ${made} : ${slow}`;
    const owned = scope.owned(args[0]!);
    if (owned === undefined) return fresh;
    const sets = shape.names.flatMap((name, i) => {
      const value = values[fields.lastIndexOf(name)];
      return value === undefined ? [] : [`${fieldOf(shape, old, i)} = ${value}`];
    });
    const test = owned === 'true' ? '' : `${owned} && `;
    const inPlace = `(${old} = ${holder}, ${sets.join(', ')}, ${object})`;
    return `${test}${notNil}${object}.shape === ${known} ? ${inPlace} : ${fresh}`;
  }),
  'record.check': placed(byHelper('checkRecord')),
  field: guarded((instruction, scope) => {
    const object = beforeDot(scope.name(instruction.args[0]!));
    const field = instruction.imm as string;
    const notNil = scope.isRecord(instruction.args[0]!) ? '' : `${object} !== null && `;
    const shape = scope.shapeWith([field]);
    if (shape !== undefined) {
      const holder = shape.isInline ? object : `${object}.first`;
      const value = fieldOf(shape, holder, shape.indexOf(field)!);
      const fast = `${notNil}${object}.shape === ${scope.constant(shape)} ? ${value}`;
      return `${fast} : (p = ${scope.place(instruction)}, ${scope.site(field)}.get(${object}))`;
    }
    const site = scope.site(field);
    const fast = `${notNil}${object}.shape === ${site}.shape ? ${object}.at(${site}.index)`;
    return `${fast} : (p = ${scope.place(instruction)}, ${site}.read(${object}))`;
  }),
  'field.safe': read(
    ({ args, imm }, { use, helper }) => `${helper('readField')}(${use(args[0]!)}, ${textLiteral(imm as string)}, true)`,
  ),

  'check.set': guarded((instruction, scope) => {
    const value = scope.name(instruction.args[0]!);
    const name = textLiteral(instruction.imm as string);
    return `${value} === undefined ? (p = ${scope.place(instruction)}, ${scope.helper('unset')}(${name})) : ${value}`;
  }),
  'fn.new': read(({ args, imm }, scope) => {
    const name = textLiteral((imm as CalleeImmediate).name);
    return `new ${scope.helper('FunctionValue')}(${name}, ${list(args, scope)})`;
  }),
  call: placed(({ args, imm }, scope) => scope.call(imm as number, args.map(scope.use))),
  'call.builtin': guarded((instruction, scope) => {
    const { args, imm } = instruction;
    const usual = intrinsicFor(imm as string, args, scope);
    const at = scope.setPlace(instruction);
    const call = `(${at}S.depth = c, ${scope.builtin(imm as string)}(${list(args, scope)}))`;
    if (usual === undefined) return call;
    const { test, fuel, bytes, otherwise } = usual;
    const other = otherwise === undefined ? call : `${otherwise.test} ? ${otherwise.value} : ${call}`;
    if (!scope.metered) return test === '' ? usual.value : `${test} ? ${usual.value} : ${other}`;
    const value = `(${at}${chargeInPlace(fuel, bytes, scope.helper)}, ${usual.value})`;
    const result = scope.temporary();
    return `${test === '' ? 'true' : test} ? ${value} : (${GIVE_BACK_PART}, ${result} = ${call}, ${FETCH_PART}, ${result})`;
  }),
  'call.value': placed(({ args, imm }, scope) => {
    const call = scope.helper('callValue');
    const [callee, ...rest] = args;
    return `(S.depth = c, ${call}(${scope.use(callee!)}, ${list(rest, scope)}, ${textLiteral(imm as string)}))`;
  }),
  'call.tool': placed(
    ({ args, imm }, scope) => `(S.depth = c, ${scope.helper('callTool')}(${imm as number}, ${list(args, scope)}))`,
  ),

  fuel: statement,
  depth: statement,
  'charge.items': statement,
  'charge.join': statement,
  'charge.append': statement,
  'charge.copy': statement,
  jump: statement,
  branch: statement,
  return: statement,
};
