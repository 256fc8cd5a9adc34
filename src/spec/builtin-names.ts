// What the parser has to know about builtins: their names, and how a call written without parentheses ends.
//
// ilo has no brackets around arguments, so `prnt str nc` can only be read as `prnt (str nc)` when the parser knows that
// `str` takes one argument. `operands` is that number. It is deliberately missing where a builtin takes a varying
// number of arguments: such a name, standing as an argument of another call, is a reference and takes nothing with it.
// `functions` are the argument positions that hold a function: `map str xs` must not read `str xs` as a call.
//
// The rows under src/lang/ilo/builtins say what each builtin does; a test checks that both name the same builtins.

export interface BuiltinName {
  readonly name: string;
  readonly operands?: number;
  readonly functions?: readonly number[];
  readonly aliases?: readonly string[];
}

const FIRST = [0] as const;

export const BUILTIN_NAMES: readonly BuiltinName[] = [
  // Conversion
  { name: 'str', operands: 1, aliases: ['string'] },
  { name: 'num', operands: 1, aliases: ['number'] },
  // Numbers
  { name: 'abs', operands: 1 },
  { name: 'flr', operands: 1, aliases: ['floor'] },
  { name: 'cel', operands: 1, aliases: ['ceil'] },
  { name: 'rou', operands: 1, aliases: ['round'] },
  { name: 'min', operands: 2 },
  { name: 'max', operands: 2 },
  { name: 'mod', operands: 2 },
  { name: 'clamp' },
  { name: 'pow', operands: 2 },
  { name: 'sqrt', operands: 1 },
  { name: 'log', operands: 1 },
  { name: 'exp', operands: 1 },
  { name: 'sin', operands: 1 },
  { name: 'cos', operands: 1 },
  { name: 'tan' },
  { name: 'log10' },
  { name: 'log2' },
  { name: 'asin' },
  { name: 'acos' },
  { name: 'atan' },
  { name: 'atan2' },
  // Statistics
  { name: 'sum', operands: 1 },
  { name: 'cumsum' },
  { name: 'avg', operands: 1, aliases: ['average'] },
  { name: 'median' },
  { name: 'quantile' },
  { name: 'stdev' },
  { name: 'variance' },
  { name: 'fft' },
  { name: 'ifft' },
  // Linear algebra
  { name: 'transpose' },
  { name: 'matmul' },
  { name: 'dot' },
  { name: 'solve' },
  { name: 'inv' },
  { name: 'det' },
  // Lists and text
  { name: 'len', operands: 1, aliases: ['length'] },
  { name: 'hd', operands: 1, aliases: ['head'] },
  { name: 'at', operands: 2 },
  { name: 'tl', operands: 1, aliases: ['tail'] },
  { name: 'rev', operands: 1, aliases: ['reverse'] },
  { name: 'srt', operands: 2, functions: FIRST, aliases: ['sort'] },
  { name: 'rsrt', operands: 2, functions: FIRST },
  { name: 'slc', operands: 3, aliases: ['slice'] },
  { name: 'lst', aliases: ['lset'] },
  { name: 'take' },
  { name: 'drop' },
  { name: 'unq', operands: 1, aliases: ['unique'] },
  { name: 'flat', operands: 1, aliases: ['flatten'] },
  { name: 'has', operands: 2, aliases: ['contains'] },
  { name: 'spl', operands: 2, aliases: ['split'] },
  { name: 'cat', operands: 2, aliases: ['concat'] },
  { name: 'zip' },
  { name: 'enumerate' },
  { name: 'range' },
  { name: 'window' },
  { name: 'chunks' },
  { name: 'setunion' },
  { name: 'setinter' },
  { name: 'setdiff' },
  { name: 'frq', operands: 1 },
  // Higher-order
  { name: 'map', operands: 2, functions: FIRST },
  { name: 'flt', operands: 2, functions: FIRST, aliases: ['filter'] },
  { name: 'fld', operands: 3, functions: FIRST, aliases: ['fold'] },
  { name: 'ct', operands: 2, functions: FIRST },
  { name: 'grp', operands: 2, functions: FIRST, aliases: ['group'] },
  { name: 'uniqby', operands: 2, functions: FIRST },
  { name: 'partition', operands: 2, functions: FIRST },
  { name: 'flatmap', operands: 2, functions: FIRST },
  { name: 'mapr', operands: 2, functions: FIRST },
  // Random numbers and time
  { name: 'rnd', aliases: ['random'] },
  { name: 'rndn' },
  { name: 'now' },
  { name: 'dtfmt' },
  { name: 'dtparse' },
  { name: 'sleep' },
  // Files, environment, output
  { name: 'rd', aliases: ['read'] },
  { name: 'rdl', aliases: ['readlines'] },
  { name: 'rdb', aliases: ['readbuf'] },
  { name: 'rdjl' },
  { name: 'wr', operands: 2, aliases: ['write'] },
  { name: 'wrl', operands: 2, aliases: ['writelines'] },
  { name: 'prnt', operands: 1, aliases: ['print'] },
  { name: 'env' },
  // Text
  { name: 'trm', operands: 1, aliases: ['trim'] },
  { name: 'upr', operands: 1 },
  { name: 'lwr', operands: 1 },
  { name: 'cap', operands: 1 },
  { name: 'padl' },
  { name: 'padr' },
  { name: 'ord', operands: 1 },
  { name: 'chr', operands: 1 },
  { name: 'chars', operands: 1 },
  { name: 'fmt', aliases: ['format'] },
  { name: 'fmt2' },
  { name: 'rgx', operands: 2, aliases: ['regex'] },
  { name: 'rgxall', operands: 2, aliases: ['regex_all'] },
  { name: 'rgxall1', operands: 2 },
  { name: 'rgxsub', operands: 3, aliases: ['regex_sub'] },
  // JSON
  { name: 'jpth', operands: 2 },
  { name: 'jdmp', operands: 1 },
  { name: 'jpar', operands: 1 },
  // HTTP
  { name: 'get' },
  { name: 'post' },
  { name: 'get-many' },
  // Maps
  { name: 'mmap' },
  { name: 'mget', operands: 2 },
  { name: 'mset', operands: 3 },
  { name: 'mhas', operands: 2 },
  { name: 'mkeys', operands: 1 },
  { name: 'mvals', operands: 1 },
  { name: 'mdel', operands: 2 },
];

const BY_NAME = new Map(BUILTIN_NAMES.map(row => [row.name, row]));
const BY_ALIAS = new Map(BUILTIN_NAMES.flatMap(row => (row.aliases ?? []).map(alias => [alias, row.name] as const)));

/** Whether `name` is the short name of a builtin. Long aliases are not: a program may use them as names of its own. */
export function isBuiltinName(name: string): boolean {
  return BY_NAME.has(name);
}

/** The short name behind a long alias (`filter` gives `flt`), or undefined. */
export function builtinOfAlias(alias: string): string | undefined {
  return BY_ALIAS.get(alias);
}
