// Builtins that are called in inner loops and do next to nothing: the usual case is written in place, and everything else, faults
// included, is left to the builtin. Only in code without limits, since a builtin also says what it costs. tests/jit/js/intrinsics.test.ts
// compares each one with its builtin.
import type { Scope } from './expressions.ts';
import { beforeDot } from './literals.ts';

/** The test for the usual case (empty when it is the only one), and its value. */
interface Usual {
  readonly test: string;
  readonly value: string;
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
      const { test, items } = storageOf(args[0]!, scope);
      return { test, value: `${items}.length` };
    },
  ],
  [
    'at',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const index = beforeDot(scope.name(args[1]!));
      const { test, items } = storageOf(args[0]!, scope);
      const tests = [test, areNumbers([args[1]!], scope), `${index} < ${items}.length`, `${index} >= 0`];
      if (!scope.isInteger(args[1]!)) tests.push(`${index} % 1 === 0`);
      return { test: tests.filter(each => each !== '').join(' && '), value: `${items}[${index}]` };
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

/** How a call of a builtin is written in place; undefined when it is not. */
export function intrinsicFor(builtin: string, args: readonly number[], scope: Scope): Usual | undefined {
  return scope.metered ? undefined : table.get(builtin)?.(args, scope);
}
