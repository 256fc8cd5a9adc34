// Replacement texts: `$1` and `${1}` stand for groups by number, `$name` and `${name}` by name, `$$` for a dollar. A bare
// reference takes as many letters, digits and `_` as follow, so `$1a` is a group named `1a`. Groups that do not exist or did not
// take part are empty. A dollar that begins no reference stands for itself.

/** A literal text, or the number of a group. */
export type ReplacementPart = string | number;

/** Splits a replacement once, so that each match only joins. */
export function parseReplacement(replacement: string, groupNames: ReadonlyMap<string, number>): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let literal = '';
  let at = 0;
  for (;;) {
    const dollar = replacement.indexOf('$', at);
    if (dollar < 0) break;
    literal += replacement.slice(at, dollar);
    const reference = readReference(replacement, dollar);
    if (reference === undefined) {
      literal += '$';
      at = replacement[dollar + 1] === '$' ? dollar + 2 : dollar + 1;
      continue;
    }
    const group = /^\+?[0-9]+$/.test(reference.name) ? Number(reference.name) : groupNames.get(reference.name);
    if (group !== undefined) {
      if (literal !== '') parts.push(literal);
      parts.push(group);
      literal = '';
    }
    at = reference.end;
  }
  literal += replacement.slice(at);
  if (literal !== '') parts.push(literal);
  return parts;
}

function readReference(
  replacement: string,
  dollar: number,
): { readonly name: string; readonly end: number } | undefined {
  if (replacement[dollar + 1] === '{') {
    const close = replacement.indexOf('}', dollar + 2);
    return close < 0 ? undefined : { name: replacement.slice(dollar + 2, close), end: close + 1 };
  }
  let end = dollar + 1;
  while (end < replacement.length && /^[0-9A-Za-z_]$/.test(replacement[end]!)) end++;
  return end === dollar + 1 ? undefined : { name: replacement.slice(dollar + 1, end), end };
}
