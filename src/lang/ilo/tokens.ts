// The token table. As in Acorn, a token carries what the parser needs to know about it: whether it can start an operand,
// which binary operator it stands for and how tightly that binds between its operands, how a message shows it. The
// parser asks the table instead of listing kinds.
import type { BinaryOp } from './ast.ts';

interface TokenRow {
  /** How messages name it. */
  readonly show: string;
  /** It can begin a value by itself: a literal, a word, a bracket. */
  readonly atom?: true;
  /** It can begin an operand without being an atom: a prefix operator. */
  readonly prefix?: true;
  /** Written before two operands (`+a b`) it is this operator; `-` is not here because it may also have one operand. */
  readonly binary?: BinaryOp;
  /** Binding power between two operands; higher binds tighter. */
  readonly power?: number;
  /** A word of another language, or of ilo, that no program may use as a name. */
  readonly reserved?: string;
}

const ROWS = {
  end: { show: 'EOF' },
  /** Stands for characters that were already reported; the parser takes it for a value and keeps quiet. */
  invalid: { show: 'invalid text', atom: true },
  identifier: { show: 'a name', atom: true },
  number: { show: 'a number', atom: true },
  text: { show: 'text', atom: true },
  true: { show: '`true`', atom: true },
  false: { show: '`false`', atom: true },
  nil: { show: '`nil`', atom: true },
  underscore: { show: '`_`', atom: true },

  openParen: { show: '`(`', atom: true },
  closeParen: { show: '`)`' },
  openBracket: { show: '`[`', atom: true },
  closeBracket: { show: '`]`' },
  openBrace: { show: '`{`' },
  closeBrace: { show: '`}`' },

  or: { show: '`|`', prefix: true, binary: '|', power: 1 },
  and: { show: '`&`', prefix: true, binary: '&', power: 3 },
  equal: { show: '`=`', prefix: true, binary: '=', power: 5 },
  notEqual: { show: '`!=`', prefix: true, binary: '!=', power: 5 },
  less: { show: '`<`', prefix: true, binary: '<', power: 7 },
  greater: { show: '`>`', prefix: true, binary: '>', power: 7 },
  lessEqual: { show: '`<=`', prefix: true, binary: '<=', power: 7 },
  greaterEqual: { show: '`>=`', prefix: true, binary: '>=', power: 7 },
  append: { show: '`+=`', prefix: true, binary: '+=', power: 9 },
  plus: { show: '`+`', prefix: true, binary: '+', power: 9 },
  minus: { show: '`-`', prefix: true, power: 9 },
  star: { show: '`*`', prefix: true, binary: '*', power: 11 },
  slash: { show: '`/`', prefix: true, binary: '/', power: 11 },
  coalesce: { show: '`??`', prefix: true },

  bang: { show: '`!`', prefix: true },
  bangBang: { show: '`!!`' },
  tilde: { show: '`~`', prefix: true },
  caret: { show: '`^`', prefix: true },
  dollar: { show: '`$`', prefix: true },
  question: { show: '`?`' },
  at: { show: '`@`' },
  pipe: { show: '`>>`' },

  colon: { show: '`:`' },
  semicolon: { show: '`;`' },
  comma: { show: '`,`' },
  dot: { show: '`.`' },
  dotQuestion: { show: '`.?`' },
  dotDot: { show: '`..`' },

  listType: { show: '`L`' },
  resultType: { show: '`R`' },
  functionType: { show: '`F`' },
  optionalType: { show: '`O`' },
  mapType: { show: '`M`' },
  sumType: { show: '`S`' },

  type: { show: '`type`' },
  tool: { show: '`tool`' },
  use: { show: '`use`' },
  with: { show: '`with`' },
  timeout: { show: '`timeout`' },
  retry: { show: '`retry`' },
  if: { show: '`if`', reserved: 'branch with `condition{body}`, choose with `?condition{a}{b}`' },
  return: { show: '`return`', reserved: 'the last expression is the result; `ret value` returns early' },
  let: { show: '`let`', reserved: 'bind with `name=value`' },
  var: { show: '`var`', reserved: 'bind with `name=value`' },
  const: { show: '`const`', reserved: 'bind with `name=value`' },
  fn: { show: '`fn`', reserved: 'declare functions as `name param:type>type;body`, inline as `(x:n>n;body)`' },
  def: { show: '`def`', reserved: 'declare functions as `name param:type>type;body`, inline as `(x:n>n;body)`' },
} as const satisfies Record<string, TokenRow>;

export type KindName = keyof typeof ROWS;

const KIND_NAMES = Object.keys(ROWS) as KindName[];

/** The number of each kind. `end` is 0. */
export const Kind = Object.fromEntries(KIND_NAMES.map((name, index) => [name, index])) as Readonly<
  Record<KindName, number>
>;

const TABLE: readonly TokenRow[] = KIND_NAMES.map(name => ROWS[name]);

export const STARTS_ATOM = 1;
export const STARTS_OPERAND = 2;
/** `+a b`: always takes two operands. */
export const PREFIX_BINARY = 4;
/** May stand between two operands, or before `??`: decides where the arguments of a call end. */
export const INFIX = 8;
/** May head a group of operator and two operands; besides the prefix operators also `-` and `??`. */
export const HEADS_GROUP = 16;

/** The facts above as bits, by kind. */
export const TOKEN_BITS: Uint8Array = Uint8Array.from(TABLE, row => {
  const { atom, prefix, binary, power } = row;
  const coalesce = row.show === '`??`';
  return (
    (atom ? STARTS_ATOM : 0) |
    (atom || prefix ? STARTS_OPERAND : 0) |
    (binary ? PREFIX_BINARY : 0) |
    (power || coalesce ? INFIX : 0) |
    (power || coalesce ? HEADS_GROUP : 0)
  );
});

/** Binding power between operands by kind, 0 for what is no infix operator. */
export const INFIX_POWER: Uint8Array = Uint8Array.from(TABLE, row => row.power ?? 0);

/** The operator of a kind between or before two operands. */
export const BINARY_OPERATOR: readonly (BinaryOp | undefined)[] = TABLE.map(row =>
  row.show === '`-`' ? '-' : row.binary,
);

export function showKind(kind: number): string {
  return TABLE[kind]!.show;
}

/** What to write instead of a reserved word, or undefined when the kind is not one. */
export function reservedAdvice(kind: number): string | undefined {
  return TABLE[kind]!.reserved;
}

/** What an identifier may mean by its spelling. Most have none of these roles. */
export const Role = {
  none: 0,
  ret: 1,
  brk: 2,
  cnt: 3,
  wh: 4,
  n: 5,
  t: 6,
  b: 7,
  l: 8,
  alias: 9,
  mmap: 10,
  /** `rnd`, `now`: called without arguments when nothing follows. */
  nullary: 11,
  fmt: 12,
} as const;

/** Words that are not plain identifiers: kind in the low byte, role above. */
export const WORDS: ReadonlyMap<string, number> = new Map<string, number>([
  ...(['true', 'false', 'nil', 'type', 'tool', 'use', 'with', 'timeout', 'retry'] as const).map(
    word => [word, Kind[word]] as const,
  ),
  ...(['if', 'return', 'let', 'var', 'const', 'fn', 'def'] as const).map(word => [word, Kind[word]] as const),
  ...(
    [
      ['ret', Role.ret],
      ['brk', Role.brk],
      ['cnt', Role.cnt],
      ['wh', Role.wh],
      ['n', Role.n],
      ['t', Role.t],
      ['b', Role.b],
      ['l', Role.l],
      ['alias', Role.alias],
      ['mmap', Role.mmap],
      ['rnd', Role.nullary],
      ['now', Role.nullary],
      ['fmt', Role.fmt],
      ['format', Role.fmt],
    ] as const
  ).map(([word, role]) => [word, Kind.identifier | (role << 8)] as const),
]);

/** The longest word in `WORDS`. */
export const LONGEST_WORD = Math.max(...[...WORDS.keys()].map(word => word.length));
