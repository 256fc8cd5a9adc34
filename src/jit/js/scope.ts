// What instructions and builtins are written with: names of operands, what is known of them, and how a test becomes source.
import type { Shape } from '../../core/value/record.ts';
import type { Instruction } from '../../ir/ir.ts';
import type { HelperName } from './helpers.ts';

/** What an expression is written with. */
export interface Scope {
  /** An operand: a name, a literal or something in parentheses. */
  readonly use: (value: number) => string;
  /** An operand that is written more than once: a name or a literal. */
  readonly name: (value: number) => string;
  /** The variable of a value. */
  readonly variable: (value: number) => string;
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
  /** `value` where all tests hold, else what `slow` writes. */
  readonly choose: (tests: readonly string[], value: string, slow: () => string) => string;
  /** Whether this is the fast form of a loop (fast-loops.ts), which tests for what is written in place and has nothing else. */
  readonly isFast: () => boolean;
  /** Whether an operand is a list that the fast form of a loop changes in place, and whose owner was asked before. */
  readonly isFastList: (list: number) => boolean;
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

/** Tests that operands are numbers; none where that is known. */
export function areNumbers(args: readonly number[], { name, isNumber }: Scope): readonly string[] {
  const unsure = new Set(args.filter(arg => !isNumber(arg)).map(name));
  return [...unsure].map(operand => `typeof ${operand} === "number"`);
}
