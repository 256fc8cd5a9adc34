// Builtins that are called in inner loops and do next to nothing: the usual case is written in place, and everything else, faults
// included, is left to the builtin. Each of them costs one unit of fuel. tests/jit/js/intrinsics.test.ts compares each one with its
// builtin.
import { BYTES_PER_ITEM } from '../../core/meter.ts';
import type { Scope } from './expressions.ts';
import { beforeDot, numberLiteral } from './literals.ts';

/** The test for the usual case (empty when it is the only one), and its value. */
interface Usual {
  readonly test: string;
  readonly value: string;
  /** A case that is less usual, and still not the builtin's. */
  readonly otherwise?: { readonly test: string; readonly value: string };
}

/** A test that operands are numbers; empty when that is known. */
function areNumbers(args: readonly number[], { name, isNumber }: Scope): string {
  const unsure = new Set(args.filter(arg => !isNumber(arg)).map(name));
  return [...unsure].map(operand => `typeof ${operand} === "number"`).join(' && ');
}

/** A test that a value is a list that owns its storage, and a name for the storage. */
function storageOf(value: number, scope: Scope): { readonly test: string; readonly items: string } {
  const list = beforeDot(scope.name(value));
  const items = scope.temporary();
  const notNil = scope.isList(value) ? '' : `${list} !== null && `;
  return { test: `${notNil}(${items} = ${list}.items) !== undefined`, items };
}

/** A test that an item is there, and the item. Where the items should be in a variable and are not, the list is asked. */
function readAt(list: number, at: number, scope: Scope): Usual {
  const index = beforeDot(scope.name(at));
  const inside = (length: string): string[] => {
    const tests = [areNumbers([at], scope), `${index} < ${length}`, `${index} >= 0`];
    if (!scope.isInteger(at)) tests.push(`${index} % 1 === 0`);
    return tests.filter(each => each !== '');
  };
  const seen = scope.view(list);
  if (seen !== undefined) {
    // Parts and old versions of a list have no items of their own.
    const found = scope.temporary();
    const asked = `(${found} = ${scope.helper('itemAt')}(${scope.name(list)}, ${index})) !== undefined`;
    const otherwise = { test: asked, value: found };
    return { test: inside(seen.length).join(' && '), value: `${seen.items}[${index}]`, otherwise };
  }
  const { test, items } = storageOf(list, scope);
  return { test: [test, ...inside(`${items}.length`)].join(' && '), value: `${items}[${index}]` };
}

/** A test that a value is a key of a map as it stands: a text, or a whole number that is not too large. */
function isPlainKey(value: number, { name, isText }: Scope): string {
  if (isText(value)) return 'true';
  const key = name(value);
  const far = String(Number.MAX_SAFE_INTEGER);
  const whole = `typeof ${key} === "number" && ${key} % 1 === 0 && ${key} < ${far} && ${key} > -${far}`;
  return `(typeof ${key} === "string" || ${whole})`;
}

type Intrinsic = (args: readonly number[], scope: Scope) => Usual | undefined;

/** A function of one number. */
const ofNumber =
  (helper: 'abs' | 'floor' | 'sqrt'): Intrinsic =>
  (args, scope) => {
    if (args.length !== 1) return undefined;
    return { test: areNumbers(args, scope), value: `${scope.helper(helper)}(${scope.name(args[0]!)})` };
  };

const table: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['abs', ofNumber('abs')],
  ['flr', ofNumber('floor')],
  ['sqrt', ofNumber('sqrt')],
  [
    'len',
    (args, scope) => {
      if (args.length !== 1) return undefined;
      const seen = scope.view(args[0]!);
      if (seen !== undefined) return { test: `${seen.length} !== undefined`, value: seen.length };
      const { test, items } = storageOf(args[0]!, scope);
      return { test, value: `${items}.length` };
    },
  ],
  [
    'at',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const before = scope.itemBefore(args[0]!, args[1]!);
      if (before !== undefined) return { test: `${before} !== undefined`, value: before };
      return readAt(args[0]!, args[1]!, scope);
    },
  ],
  [
    'lst',
    (args, scope) => {
      if (args.length !== 3) return undefined;
      const owned = scope.owned(args[0]!);
      const [list, index, value] = args.map(arg => beforeDot(scope.name(arg))) as [string, string, string];
      const changed = scope.temporary();
      const set = (helper: 'setItem' | 'setItemOwned'): string =>
        `${scope.helper(helper)}(${list}, ${index}, ${value})`;
      if (owned === undefined) return { test: `(${changed} = ${set('setItem')}) !== undefined`, value: changed };
      const { test, items } = storageOf(args[0]!, scope);
      const tests = [owned === 'true' ? '' : owned, test, `${list}.changes === 0`, areNumbers([args[1]!], scope)];
      tests.push(`${index} < ${items}.length`, `${index} >= 0`);
      if (!scope.isInteger(args[1]!)) tests.push(`${index} % 1 === 0`);
      const inPlace = `${tests.filter(each => each !== '').join(' && ')} ? (${items}[${index}] = ${value}, ${list})`;
      const other = owned === 'true' ? set('setItemOwned') : `${owned} ? ${set('setItemOwned')} : ${set('setItem')}`;
      return { test: `(${changed} = ${inPlace} : ${other}) !== undefined`, value: changed };
    },
  ],
  [
    'str',
    (args, scope) => {
      if (args.length !== 1) return undefined;
      const n = scope.name(args[0]!);
      // From 10^21 on JavaScript writes an exponent.
      const whole = `${n} % 1 === 0 && ${n} < ${1e21} && ${n} > ${numberLiteral(-1e21)}`;
      return { test: areNumbers(args, scope), value: `(${whole} ? "" + ${n} : ${scope.helper('str')}(${n}))` };
    },
  ],
  [
    'mget',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [map, key] = args.map(arg => beforeDot(scope.name(arg))) as [string, string];
      const [entries, found] = [scope.temporary(), scope.temporary()];
      const test = `${map} !== null && (${entries} = ${map}.entries) !== undefined && ${isPlainKey(args[1]!, scope)}`;
      return { test, value: `(${found} = ${entries}.get(${key})) === undefined ? null : ${found}` };
    },
  ],
  [
    'mset',
    (args, scope) => {
      if (args.length !== 3) return undefined;
      const owned = scope.owned(args[0]!);
      const given = args.map(scope.name).join(', ');
      const changed = scope.temporary();
      const owns = `${scope.helper('setEntryOwned')}(${given})`;
      const shares = `${scope.helper('setEntry')}(${given})`;
      const set = owned === undefined ? shares : owned === 'true' ? owns : `(${owned} ? ${owns} : ${shares})`;
      return { test: `${isPlainKey(args[1]!, scope)} && (${changed} = ${set}) !== undefined`, value: changed };
    },
  ],
  [
    'mod',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [a, b] = args.map(scope.name) as [string, string];
      const divisor = scope.literal(args[1]!);
      const tests = [areNumbers(args, scope), divisor === undefined || divisor === 0 ? `${b} !== 0` : ''];
      return { test: tests.filter(each => each !== '').join(' && '), value: `${a} % ${b}` };
    },
  ],
]);

/** What an entry of a map is charged. */
const BYTES_PER_ENTRY = 40;

/** Bytes that those which make something charge. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ['lst', BYTES_PER_ITEM],
  ['mset', BYTES_PER_ENTRY],
]);

/** How a call of a builtin is written in place; undefined when it is not. */
export function intrinsicFor(builtin: string, args: readonly number[], scope: Scope): (Usual & Cost) | undefined {
  const usual = table.get(builtin)?.(args, scope);
  return usual === undefined ? undefined : { ...usual, fuel: 1, bytes: BYTES.get(builtin) ?? 0 };
}

/** What the builtin would charge. */
interface Cost {
  readonly fuel: number;
  readonly bytes: number;
}
