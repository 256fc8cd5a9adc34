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
    (args, { name, helper }) => {
      if (args.length !== 1) return undefined;
      const list = beforeDot(name(args[0]!));
      return { test: `${list} instanceof ${helper('List')}`, value: `${list}.length` };
    },
  ],
  [
    'at',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [list, index] = args.map(arg => beforeDot(scope.name(arg))) as [string, string];
      const tests = [`${list} instanceof ${scope.helper('List')}`, areNumbers([args[1]!], scope)];
      tests.push(`${index} >= 0`, `${index} < ${list}.length`, `${index} % 1 === 0`);
      return { test: tests.filter(each => each !== '').join(' && '), value: `${list}.get(${index})` };
    },
  ],
  [
    'mod',
    (args, scope) => {
      if (args.length !== 2) return undefined;
      const [a, b] = args.map(scope.name) as [string, string];
      const tests = [areNumbers(args, scope), `${b} !== 0`];
      return { test: tests.filter(each => each !== '').join(' && '), value: `${a} % ${b}` };
    },
  ],
]);

/** How a call of a builtin is written in place; undefined when it is not. */
export function intrinsicFor(builtin: string, args: readonly number[], scope: Scope): Usual | undefined {
  return scope.metered ? undefined : table.get(builtin)?.(args, scope);
}
