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
import { areNumbers, type Scope } from './scope.ts';

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
    const slow = () => `(p = ${scope.place(instruction)}, ${scope.helper(helper)}(${a}, ${b}))`;
    return scope.choose(areNumbers(instruction.args, scope), `${a} ${operator} ${b}`, slow);
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

/** A test that an operand is not nil; none where it is known to be a record. */
function isThere(record: number, scope: Scope): readonly string[] {
  return scope.isRecord(record) ? [] : [`${beforeDot(scope.name(record))} !== null`];
}

/** Tests that an operand is a record of a shape. */
function isOfShape(record: number, shape: Shape, scope: Scope): readonly string[] {
  return [...isThere(record, scope), `${beforeDot(scope.name(record))}.shape === ${scope.constant(shape)}`];
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
    const slow = () => `(p = ${scope.place(instruction)}, ${scope.helper('div')}(${a}, ${b}))`;
    return scope.choose([`${b} !== 0`], `${a} / ${b}`, slow);
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
    const slow = () => `(p = ${scope.place(instruction)}, ${scope.helper('div')}(${a}, ${b}))`;
    return scope.choose([...areNumbers(instruction.args, scope), `${b} !== 0`], `${a} / ${b}`, slow);
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
  'any.truthy': read(({ args }, { name, helper, isFast, choose }) => {
    const value = name(args[0]!);
    const other = () => `${value} !== false && ${helper('truthy')}(${value})`;
    return isFast() ? choose([`typeof ${value} === "boolean"`], value, other) : `${value} === true || ${other()}`;
  }),
  'text.concat': guarded((instruction, { name, helper, place, mostUnits, choose }) => {
    const [a, b] = instruction.args.map(arg => beforeDot(name(arg)));
    if (mostUnits(instruction.result!) <= UNNOTED_UNITS) return `${a} + ${b}`;
    const slow = () => `(p = ${place(instruction)}, ${helper('concat')}(${a}, ${b}))`;
    return choose([`${a}.length + ${b}.length <= ${UNNOTED_UNITS}`], `${a} + ${b}`, slow);
  }),

  'is.nil': pure(({ args }, { use }) => `${use(args[0]!)} === null`),
  'is.ok': isInstance('Ok'),
  'is.err': isInstance('Err'),
  'is.num': isTypeof('number'),
  'is.text': isTypeof('string'),
  'is.bool': isTypeof('boolean'),
  'is.list': isInstance('List'),

  payload: pure(byHelper('payload')),
  panic: guarded((instruction, { name, helper, place, choose }) => {
    const value = name(instruction.args[0]!);
    const plain = `(typeof ${value} === "number" || typeof ${value} === "string")`;
    return choose([plain], value, () => `(p = ${place(instruction)}, ${helper('panic')}(${value}))`);
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
    const place = scope.placeFor(instruction);
    const reserved = place && {
      test: `${place.array} !== undefined`,
      store: `${place.array}[${place.index}] = ${value}`,
    };
    if (reserved !== undefined && scope.isFast()) {
      return scope.choose([reserved.test], `(${reserved.store}, ${list})`, () => slow('appendOwned'));
    }
    const items = scope.temporary();
    const tests = [
      `(${items} = ${list}.items) !== undefined`,
      `${list}.changes === 0`,
      `${items}.length < ${UNNOTED_ITEMS}`,
    ];
    const grown = `(${list}.length = ${items}.push(${value}), ${list})`;
    if (owned !== 'true' && scope.isFast()) return scope.choose([owned, ...tests], grown, () => slow('append'));
    const inPlace = scope.choose(tests, grown, () => slow('appendOwned'));
    if (reserved !== undefined) return `${reserved.test} ? (${reserved.store}, ${list}) : ${inPlace}`;
    return owned === 'true' ? inPlace : `${owned} ? ${inPlace} : ${slow('append')}`;
  }),
  'list.check': placed(byHelper('checkList')),
  'list.length': read(({ args }, { use }) => `${beforeDot(use(args[0]!))}.length`),
  'list.item': read(({ args }, { name, temporary, view, choose }) => {
    const [list, index] = args.map(arg => beforeDot(name(arg)));
    const slow = () => `${list}.get(${index})`;
    const seen = view(args[0]!);
    if (seen !== undefined) return choose([`${index} < ${seen.length}`], `${seen.items}[${index}]`, slow);
    const items = temporary();
    return choose([`(${items} = ${list}.items) !== undefined`], `${items}[${index}]`, slow);
  }),
  'list.index': guarded((instruction, { name, temporary, helper, place, view, choose }) => {
    const list = beforeDot(name(instruction.args[0]!));
    const index = numberLiteral(instruction.imm as number);
    const slow = () => `(p = ${place(instruction)}, ${helper('readIndex')}(${list}, ${index}, false))`;
    const seen = view(instruction.args[0]!);
    if (seen !== undefined) return choose([`${index} < ${seen.length}`], `${seen.items}[${index}]`, slow);
    const items = temporary();
    const tests = [`${list} !== null`, `(${items} = ${list}.items) !== undefined`, `${index} < ${items}.length`];
    return choose(tests, `${items}[${index}]`, slow);
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
    const slow = () => `(p = ${scope.place(instruction)}, ${scope.helper('updateRecord')}(${all}))`;
    const shape = scope.shapeWith(fields);
    if (shape === undefined || shape.names.length > MAX_WRITTEN_FIELDS) return slow();
    const old = scope.temporary();
    const copy = shape.names.map((name, i) => values[fields.lastIndexOf(name)] ?? fieldOf(shape, old, i));
    const tests = isOfShape(instruction.args[0]!, shape, scope);
    const holder = shape.isInline ? object : `${object}.first`;
    const fresh = () => `(${old} = ${holder}, ${newRecord(shape, copy, scope)})`;
    const owned = scope.owned(args[0]!);
    if (owned === undefined) return scope.choose(tests, fresh(), slow);
    const sets = shape.names.flatMap((name, i) => {
      const value = values[fields.lastIndexOf(name)];
      return value === undefined ? [] : [`${fieldOf(shape, old, i)} = ${value}`];
    });
    const inPlace = `(${old} = ${holder}, ${sets.join(', ')}, ${object})`;
    return scope.choose([...(owned === 'true' ? [] : [owned]), ...tests], inPlace, () =>
      scope.choose(tests, fresh(), slow),
    );
  }),
  'record.check': placed(byHelper('checkRecord')),
  field: guarded((instruction, scope) => {
    const [record] = instruction.args as [number];
    const object = beforeDot(scope.name(record));
    const field = instruction.imm as string;
    const at = scope.place(instruction);
    const shape = scope.shapeWith([field]);
    if (shape !== undefined) {
      const holder = shape.isInline ? object : `${object}.first`;
      const value = fieldOf(shape, holder, shape.indexOf(field)!);
      return scope.choose(
        isOfShape(record, shape, scope),
        value,
        () => `(p = ${at}, ${scope.site(field)}.get(${object}))`,
      );
    }
    const site = scope.site(field);
    const tests = [...isThere(record, scope), `${object}.shape === ${site}.shape`];
    return scope.choose(tests, `${object}.at(${site}.index)`, () => `(p = ${at}, ${site}.read(${object}))`);
  }),
  'field.safe': read(
    ({ args, imm }, { use, helper }) => `${helper('readField')}(${use(args[0]!)}, ${textLiteral(imm as string)}, true)`,
  ),

  'check.set': guarded((instruction, scope) => {
    const value = scope.name(instruction.args[0]!);
    const name = textLiteral(instruction.imm as string);
    const slow = () => `(p = ${scope.place(instruction)}, ${scope.helper('unset')}(${name}))`;
    return scope.choose([`${value} !== undefined`], value, slow);
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
    const call = () => `(${at}S.depth = c, ${scope.builtin(imm as string)}(${list(args, scope)}))`;
    if (usual === undefined) return call();
    const { tests, fuel, bytes, otherwise } = usual;
    if (!scope.metered) {
      return scope.choose(tests, usual.value, () =>
        otherwise === undefined ? call() : `${otherwise.test} ? ${otherwise.value} : ${call()}`,
      );
    }
    const value = `(${at}${chargeInPlace(fuel, bytes, scope.helper)}, ${usual.value})`;
    const result = scope.temporary();
    const other = `(${GIVE_BACK_PART}, ${result} = ${call()}, ${FETCH_PART}, ${result})`;
    return `${tests.length === 0 ? 'true' : tests.join(' && ')} ? ${value} : ${other}`;
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
