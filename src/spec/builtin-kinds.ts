// What builtins give whatever they are given, when they give anything: for the IR, which sees builtins by name only.
// tests/ir/builtin-kinds.test.ts compares this with their signatures.

export type BuiltinKind = 'num' | 'bool' | 'text' | 'list';

const NUMBERS =
  'abs flr cel rou min max mod clamp pow sqrt log exp sin cos tan log10 log2 asin acos atan atan2 len now rnd avg median';
const TRUTHS = 'has mhas';
const TEXTS = 'str cat trm upr lwr rpl fmt jdmp';
const LISTS = 'range spl map flt mkeys mvals';

const KINDS: ReadonlyMap<string, BuiltinKind> = new Map(
  (
    [
      ['num', NUMBERS],
      ['bool', TRUTHS],
      ['text', TEXTS],
      ['list', LISTS],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map(name => [name, kind] as const)),
);

/** The kind of value that a builtin gives; undefined when it may give several. */
export function kindOfBuiltin(name: string): BuiltinKind | undefined {
  return KINDS.get(name);
}
