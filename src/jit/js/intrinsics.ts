// Builtins that are called in inner loops and do next to nothing: the usual case is written in place, and everything else, faults
// included, is left to the builtin. Each of them costs one unit of fuel. tests/jit/js/intrinsics.test.ts compares each one with its
// builtin.
import { BYTES_PER_ITEM } from '../../core/meter.ts';
import { beforeDot, numberLiteral } from './literals.ts';
import { areNumbers, type Scope } from './scope.ts';

/** The tests for the usual case (none when it is the only one), and its value. */
interface Usual {
  readonly tests: readonly string[];
  readonly value: string;
  /** A case that is less usual, and still not the builtin's. */
  readonly otherwise?: { readonly test: string; readonly value: string };
}

/** Tests that a value is a list that owns its storage, and a name for the storage. */
export function storageOf(value: number, scope: Scope): { readonly tests: readonly string[]; readonly items: string } {
  const list = beforeDot(scope.name(value));
  const items = scope.temporary();
  const notNil = scope.isList(value) ? [] : [`${list} !== null`];
  return { tests: [...notNil, `(${items} = ${list}.items) !== undefined`], items };
}

/** An operand between brackets: a text of the source, which no test lets through, is never written there (check.ts). */
function indexOf(value: number, scope: Scope): string {
  const index = beforeDot(scope.name(value));
  return index.startsWith('"') ? '0' : index;
}

/** Tests that a value is the index of an item of a list so long. */
function isInside(at: number, length: string, scope: Scope): readonly string[] {
  const index = beforeDot(scope.name(at));
  const whole = scope.isInteger(at) ? [] : [`${index} % 1 === 0`];
  return [...areNumbers([at], scope), `${index} < ${length}`, `${index} >= 0`, ...whole];
}

/** A test that an item is there, and the item. Where the items should be in a variable and are not, the list is asked. */
function readAt(list: number, at: number, scope: Scope): Usual {
  const index = beforeDot(scope.name(at));
  const seen = scope.view(list);
  if (seen !== undefined) {
    const usual = { tests: isInside(at, seen.length, scope), value: `${seen.items}[${indexOf(at, scope)}]` };
    if (scope.isFast()) return usual;
    // Parts and old versions of a list have no items of their own.
    const found = scope.temporary();
    const asked = `(${found} = ${scope.helper('itemAt')}(${scope.name(list)}, ${index})) !== undefined`;
    return { ...usual, otherwise: { test: asked, value: found } };
  }
  const { tests, items } = storageOf(list, scope);
  return { tests: [...tests, ...isInside(at, `${items}.length`, scope)], value: `${items}[${indexOf(at, scope)}]` };
}

/** Tests that an item may be replaced in place, and how; `owned`: a test that the list is owned. */
function replaceAt(
  args: readonly number[],
  owned: string,
  scope: Scope,
): { readonly tests: readonly string[]; readonly store: string } {
  const [list, , value] = args.map(arg => beforeDot(scope.name(arg))) as [string, string, string];
  const { tests, items } = storageOf(args[0]!, scope);
  const owns = [...(owned === 'true' ? [] : [owned]), ...tests, `${list}.changes === 0`];
  const store = `${items}[${indexOf(args[1]!, scope)}] = ${value}`;
  return { tests: [...owns, ...isInside(args[1]!, `${items}.length`, scope)], store };
}

/** A test that a value is a key of a map as it stands, a text or a whole number that is not too large; none where that is known. */
function isPlainKey(value: number, { name, isText }: Scope): readonly string[] {
  if (isText(value)) return [];
  const key = name(value);
  const far = String(Number.MAX_SAFE_INTEGER);
  const whole = `typeof ${key} === "number" && ${key} % 1 === 0 && ${key} < ${far} && ${key} > -${far}`;
  return [`(typeof ${key} === "string" || ${whole})`];
}

type Intrinsic = (args: readonly number[], scope: Scope) => Usual | undefined;

/** A function of one number. */
const ofNumber =
  (helper: 'abs' | 'floor' | 'sqrt'): Intrinsic =>
  (args, scope) => {
    if (args.length !== 1) return undefined;
    return { tests: areNumbers(args, scope), value: `${scope.helper(helper)}(${scope.name(args[0]!)})` };
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
      if (seen !== undefined) return { tests: [`${seen.length} !== undefined`], value: seen.length };
      const { tests, items } = storageOf(args[0]!, scope);
      return { tests, value: `${items}.length` };
    },
  ],
  [
    'at',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const before = scope.itemBefore(args[0]!, args[1]!);
      if (before !== undefined) return { tests: [`${before} !== undefined`], value: before };
      return readAt(args[0]!, args[1]!, scope);
    },
  ],
  [
    'lst',
    (args, scope) => {
      if (args.length !== 3) return undefined;
      const [list, index, value] = args.map(arg => beforeDot(scope.name(arg))) as [string, string, string];
      if (scope.isFastList(args[0]!)) {
        const { items, length } = scope.view(args[0]!)!;
        const store = `${items}[${indexOf(args[1]!, scope)}] = ${value}`;
        return { tests: isInside(args[1]!, length, scope), value: store };
      }
      const owned = scope.owned(args[0]!);
      const changed = scope.temporary();
      const set = (helper: 'setItem' | 'setItemOwned'): string =>
        `${scope.helper(helper)}(${list}, ${index}, ${value})`;
      if (owned === undefined) return { tests: [`(${changed} = ${set('setItem')}) !== undefined`], value: changed };
      const { tests, store } = replaceAt(args, owned, scope);
      if (scope.isFast()) return { tests, value: `(${store}, ${list})` };
      const inPlace = `${tests.join(' && ')} ? (${store}, ${list})`;
      const other = owned === 'true' ? set('setItemOwned') : `${owned} ? ${set('setItemOwned')} : ${set('setItem')}`;
      return { tests: [`(${changed} = ${inPlace} : ${other}) !== undefined`], value: changed };
    },
  ],
  [
    'str',
    (args, scope) => {
      if (args.length !== 1) return undefined;
      const n = scope.name(args[0]!);
      // From 10^21 on JavaScript writes an exponent.
      const whole = `${n} % 1 === 0 && ${n} < ${1e21} && ${n} > ${numberLiteral(-1e21)}`;
      return { tests: areNumbers(args, scope), value: `(${whole} ? "" + ${n} : ${scope.helper('str')}(${n}))` };
    },
  ],
  [
    'mget',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [map, key] = args.map(arg => beforeDot(scope.name(arg))) as [string, string];
      const [entries, found] = [scope.temporary(), scope.temporary()];
      const tests = [`${map} !== null`, `(${entries} = ${map}.entries) !== undefined`, ...isPlainKey(args[1]!, scope)];
      return { tests, value: `(${found} = ${entries}.get(${key})) === undefined ? null : ${found}` };
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
      return { tests: [...isPlainKey(args[1]!, scope), `(${changed} = ${set}) !== undefined`], value: changed };
    },
  ],
  [
    'mod',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [a, b] = args.map(scope.name) as [string, string];
      const divisor = scope.literal(args[1]!);
      const tests = [...areNumbers(args, scope), ...(divisor === undefined || divisor === 0 ? [`${b} !== 0`] : [])];
      return { tests, value: `${a} % ${b}` };
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

/** Whether calls of a builtin are written in place. */
export function isIntrinsic(builtin: string): boolean {
  return table.has(builtin);
}

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
