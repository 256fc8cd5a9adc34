// The primitives of Core. A primitive takes evaluated arguments and gives one value; it may fault. `num.*` and `text.*`
// trust their operands: lowering emits them only where the types are proven. `any.*` look at their operands first.

export interface CoreOpRow {
  readonly arity: number;
  /** What it gives: a type that is always right, or `any`. */
  readonly result: 'num' | 'text' | 'bool' | 'list' | 'any';
  /** Whether it can end the program with a fault. */
  readonly faults: boolean;
  readonly doc: string;
}

export const CORE_OPS = {
  'num.add': { arity: 2, result: 'num', faults: false, doc: 'sum of two numbers' },
  'num.sub': { arity: 2, result: 'num', faults: false, doc: 'difference of two numbers' },
  'num.mul': { arity: 2, result: 'num', faults: false, doc: 'product of two numbers' },
  'num.div': { arity: 2, result: 'num', faults: true, doc: 'quotient of two numbers; a zero divisor faults' },
  'num.neg': { arity: 1, result: 'num', faults: false, doc: 'a number with its sign changed' },
  'num.lt': { arity: 2, result: 'bool', faults: false, doc: 'less than, on numbers' },
  'num.le': { arity: 2, result: 'bool', faults: false, doc: 'less than or equal, on numbers' },
  'num.gt': { arity: 2, result: 'bool', faults: false, doc: 'greater than, on numbers' },
  'num.ge': { arity: 2, result: 'bool', faults: false, doc: 'greater than or equal, on numbers' },
  'num.eq': { arity: 2, result: 'bool', faults: false, doc: 'equality of numbers: closer than 2^-52' },
  'text.concat': { arity: 2, result: 'text', faults: true, doc: 'one text after the other' },
  'any.add': { arity: 2, result: 'any', faults: true, doc: 'sum of numbers, concatenation of texts or lists' },
  'any.sub': { arity: 2, result: 'num', faults: true, doc: 'checked difference' },
  'any.mul': { arity: 2, result: 'num', faults: true, doc: 'checked product' },
  'any.div': { arity: 2, result: 'num', faults: true, doc: 'checked quotient; a zero divisor faults' },
  'any.neg': { arity: 1, result: 'num', faults: true, doc: 'checked change of sign' },
  'any.lt': { arity: 2, result: 'bool', faults: true, doc: 'less than, on two numbers or two texts' },
  'any.le': { arity: 2, result: 'bool', faults: true, doc: 'less than or equal, on two numbers or two texts' },
  'any.gt': { arity: 2, result: 'bool', faults: true, doc: 'greater than, on two numbers or two texts' },
  'any.ge': { arity: 2, result: 'bool', faults: true, doc: 'greater than or equal, on two numbers or two texts' },
  'any.eq': { arity: 2, result: 'bool', faults: false, doc: 'equality of any two values' },
  'any.ne': { arity: 2, result: 'bool', faults: false, doc: 'inequality of any two values' },
  'list.append': { arity: 2, result: 'list', faults: true, doc: 'a list with one more item' },
  truthy: { arity: 1, result: 'bool', faults: false, doc: 'what a condition takes as true' },
  not: { arity: 1, result: 'bool', faults: false, doc: 'the opposite of truthy' },
  'is.nil': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is nil' },
  'is.ok': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is ~v' },
  'is.err': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is ^e' },
  'is.num': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is a number' },
  'is.text': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is text' },
  'is.bool': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is a boolean' },
  'is.list': { arity: 1, result: 'bool', faults: false, doc: 'whether the value is a list' },
  payload: { arity: 1, result: 'any', faults: false, doc: 'the value inside ~v or ^e; any other value as it is' },
  panic: {
    arity: 1,
    result: 'any',
    faults: true,
    doc: 'the value inside ~v; ^e and nil end the program; others as they are',
  },
  'new.ok': { arity: 1, result: 'any', faults: false, doc: 'the result ~v' },
  'new.err': { arity: 1, result: 'any', faults: false, doc: 'the result ^e' },
} as const satisfies Record<string, CoreOpRow>;

export type CoreOp = keyof typeof CORE_OPS;
