// White space as Unicode's White_Space property has it. JavaScript's own `trim` and `\s` differ: they take U+FEFF and leave U+0085.

/** The inside of a character class, for JavaScript's regular expressions. */
const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${WHITE_SPACE}]+`);
const ONE = new RegExp(`^[${WHITE_SPACE}]$`);

/** Whether a text of one UTF-16 unit is white space. */
export function isWhiteSpace(unit: string): boolean {
  return ONE.test(unit);
}

export function trimStart(text: string): string {
  return text.replace(LEADING, '');
}

export function trim(text: string): string {
  const start = text.length - trimStart(text).length;
  // From the end by hand: a regular expression would try every run of white space on the way.
  let end = text.length;
  while (end > start && isWhiteSpace(text[end - 1]!)) end--;
  return text.slice(start, end);
}
