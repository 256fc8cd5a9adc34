// What people and models write from habit. Looked for only in programs that do not parse, because some of these are also good
// ilo: `//a b c` is two divisions.

const HABITS: readonly (readonly [sign: string, advice: string])[] = [
  ['&&', "ilo uses '&' for AND: `&a b`"],
  ['||', "ilo uses '|' for OR: `|a b`"],
  ['->', "ilo uses '>' for return type separator: `f x:n>n`"],
  ['=>', 'there are no arrows: a lambda is `(x:n>n;+x 1)`, and at least is `>=a b`'],
  ['//', "ilo uses '--' for comments"],
  ['/*', "ilo uses '--' for comments, to the end of the line"],
];

/** Hints about signs of other languages in a program, outside of its texts and comments. */
export function foreignHints(source: string): string[] {
  const code = withoutTextsAndComments(source);
  return HABITS.filter(([sign]) => code.includes(sign)).map(
    ([sign, advice]) => `hint: source contains syntax from another language: '${sign}': ${advice}`,
  );
}

function withoutTextsAndComments(source: string): string {
  return source.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|$)|--[^\n]*/g, match => (match.startsWith('"') ? '""' : ''));
}
