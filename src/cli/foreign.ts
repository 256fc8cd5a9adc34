// What people and models write from habit. Looked for only in programs that do not parse, because some of these are also good
// ilo: `//a b c` is two divisions.

const HABITS: readonly (readonly [sign: string, advice: string])[] = [
  ['&&', '`&&` is written `&`, best in front: `&a b`'],
  ['||', '`||` is written `|`, best in front: `|a b`'],
  ['->', 'the result type follows `>`: `f x:n>n`'],
  ['=>', 'there are no arrows: a lambda is `(x:n>n;+x 1)`'],
  ['//', 'comments begin with `--`'],
  ['/*', 'comments begin with `--` and end with the line'],
];

/** Hints about signs of other languages in a program, outside of its texts and comments. */
export function foreignHints(source: string): string[] {
  const code = withoutTextsAndComments(source);
  return HABITS.filter(([sign]) => code.includes(sign)).map(([, advice]) => `hint: ${advice}`);
}

function withoutTextsAndComments(source: string): string {
  return source.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|$)|--[^\n]*/g, match => (match.startsWith('"') ? '""' : ''));
}
