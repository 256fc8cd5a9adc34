// Builtins that are called in inner loops and do next to nothing: the usual case is written in place, and everything else, faults
// included, is left to the builtin. Only in code without limits, since a builtin also says what it costs. tests/jit/js/intrinsics.test.ts
// compares each one with its builtin.
import type { Scope } from './expressions.ts';

/** The test for the usual case, and its value. */
interface Usual {
  readonly test: string;
  readonly value: string;
}

type Intrinsic = (args: readonly number[], scope: Scope) => Usual | undefined;

const table: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  [
    'len',
    (args, { name, helper }) => {
      if (args.length !== 1) return undefined;
      const list = name(args[0]!);
      return { test: `${list} instanceof ${helper('List')}`, value: `${list}.length` };
    },
  ],
  [
    'at',
    (args, { name, helper, isNumber }) => {
      if (args.length !== 2) return undefined;
      const [list, index] = args.map(name) as [string, string];
      const type = isNumber(args[1]!) ? '' : `typeof ${index} === "number" && `;
      const inside = `${index} >= 0 && ${index} < ${list}.length && ${index} % 1 === 0`;
      return { test: `${list} instanceof ${helper('List')} && ${type}${inside}`, value: `${list}.get(${index})` };
    },
  ],
]);

/** How a call of a builtin is written in place; undefined when it is not. */
export function intrinsicFor(builtin: string, args: readonly number[], scope: Scope): Usual | undefined {
  return scope.metered ? undefined : table.get(builtin)?.(args, scope);
}
