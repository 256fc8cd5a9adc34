// A run of prefix operators such as `+++a b c` that has too few operands would otherwise fail far behind the real mistake,
// with the end of the statement as the place. The check counts operators and operands, coarsely, and keeps
// quiet when it meets anything it does not understand.
import type { Parser } from './cursor.ts';
import { BINARY_OPERATOR, Kind, PREFIX_BINARY, STARTS_ATOM, TOKEN_BITS } from './tokens.ts';

export interface ShortChain {
  readonly chain: string;
  readonly needed: number;
  readonly found: number;
}

/** What the chain that begins at the cursor lacks; undefined when it is complete, or no chain begins here. */
export function chainTooShort(p: Parser): ShortChain | undefined {
  const { kinds, position } = p;
  if (!isOperator(p, position + 1) || p.structure.groupEnd[position]! > 0) return undefined;
  // Inner operators of a chain were looked at with its first one.
  if (position > 0 && isOperator(p, position - 1)) return undefined;
  if (kinds[position] === kinds[position + 1] && (kinds[position] === Kind.and || kinds[position] === Kind.or))
    return undefined;
  let at = position;
  while (isOperator(p, at)) at++;
  const chainEnd = at;
  let needed = at - position + 1;
  let found = 0;
  while (found < needed) {
    const kind = kinds[at]!;
    const bits = TOKEN_BITS[kind]!;
    if (endsChain(kind) || p.tokens.fresh[at] === 1) {
      const signs: string[] = [];
      for (let index = position; index < chainEnd && signs.length < 8; index++)
        signs.push(BINARY_OPERATOR[kinds[index]!]!);
      return { chain: signs.join('') + (chainEnd - position > 8 ? '…' : ''), needed, found };
    }
    if (isOperator(p, at)) {
      needed++;
      at++;
    } else if (isWrapper(kind)) at++;
    else if ((bits & STARTS_ATOM) !== 0) {
      const next = skipAtom(p, at);
      if (next === undefined) return undefined;
      found++;
      at = next;
    } else return undefined;
  }
  return undefined;
}

function isOperator(p: Parser, index: number): boolean {
  return (TOKEN_BITS[p.kinds[index]!]! & PREFIX_BINARY) !== 0;
}

function endsChain(kind: number): boolean {
  return (
    kind === Kind.end ||
    kind === Kind.semicolon ||
    kind === Kind.closeBrace ||
    kind === Kind.closeParen ||
    kind === Kind.closeBracket
  );
}

/** Belongs to the operand behind it. */
function isWrapper(kind: number): boolean {
  return (
    kind === Kind.bang || kind === Kind.tilde || kind === Kind.caret || kind === Kind.dollar || kind === Kind.minus
  );
}

/** The token behind an atom and all that hangs on it; undefined when that cannot be told from here. */
function skipAtom(p: Parser, start: number): number | undefined {
  const { kinds } = p;
  const { partner } = p.structure;
  if (kinds[start] === Kind.openParen || kinds[start] === Kind.openBracket)
    return partner[start]! > start ? partner[start]! + 1 : undefined;
  let at = start + 1;
  for (;;) {
    const kind = kinds[at]!;
    if (kind === Kind.dot || kind === Kind.dotQuestion) at += 2;
    else if (kind === Kind.bang || kind === Kind.bangBang) at++;
    else if (kind === Kind.openParen || kind === Kind.openBracket) {
      // `f()` is one atom; whether `f (x)` is one or two depends on what f is.
      if (partner[at]! !== at + 1) return undefined;
      at += 2;
    } else return kind === Kind.with ? undefined : at;
  }
}
