// What the parser must know about tokens that lie ahead, found once for the whole source so that no lookahead is ever
// a scan: which bracket closes which, what stands directly inside a bracket, and where a group of operator and operands
// ends. Each table has one entry per token.
import type { TokenList } from '../kit/token-list.ts';
import { HEADS_GROUP, Kind, Role, STARTS_ATOM, TOKEN_BITS } from './tokens.ts';

export const HAS_COMMA = 1;
export const HAS_COLON_OR_SEMICOLON = 2;
export const HAS_GREATER = 4;

export interface Structure {
  /** The other bracket of a pair, or -1. */
  readonly partner: Int32Array;
  /** For an opening bracket: what stands inside it and not inside an inner bracket, as the bits above. */
  readonly inside: Uint8Array;
  /**
   * For an operator: the token behind it and its two operands when they are plain (`+a b`, `*a +b c`), else 0. An operand is
   * one atom without what may follow it, so `-p.x 1` counts as no group; the rules for call arguments want it so.
   */
  readonly groupEnd: Int32Array;
}

/** Tables of short sources are used again, as token lists are. */
const LARGEST_KEPT = 16_384;
let spare: Structure | undefined;

/** Tables that say nothing yet, for so many tokens. */
function emptyStructure(size: number): Structure {
  const kept = spare;
  if (kept !== undefined && kept.partner.length >= size) {
    spare = undefined;
    return kept;
  }
  return { partner: new Int32Array(size).fill(-1), inside: new Uint8Array(size), groupEnd: new Int32Array(size) };
}

/** Gives back the structure of these tokens, which nobody will look at again. */
export function recycleStructure(structure: Structure, tokens: TokenList): void {
  const { partner, inside, groupEnd } = structure;
  if (partner.length > LARGEST_KEPT) return;
  partner.fill(-1, 0, tokens.count);
  inside.fill(0, 0, tokens.count);
  groupEnd.fill(0, 0, tokens.count);
  spare = structure;
}

/** Finds the structure of sealed tokens. */
export function findStructure(tokens: TokenList): Structure {
  const structure = emptyStructure(tokens.kinds.length);
  if (!pairBrackets(tokens, structure, false)) {
    // A bracket is missing somewhere: do not let it swallow the declarations that follow.
    structure.partner.fill(-1);
    structure.inside.fill(0);
    pairBrackets(tokens, structure, true);
  }
  findGroups(tokens, structure);
  return structure;
}

/**
 * Whether a function declaration may begin at a token: `name>` or `name param:`. A record (`p x:1`) can look the same; see
 * `isFunctionHeader`.
 */
export function mayBeFunctionHeader(tokens: TokenList, index: number): boolean {
  const { kinds } = tokens;
  if (kinds[index] !== Kind.identifier) return false;
  const role = tokens.roles[index]!;
  if (role >= Role.ret && role <= Role.wh) return false;
  const next = kinds[index + 1];
  return next === Kind.greater || (next === Kind.identifier && kinds[index + 2] === Kind.colon);
}

/** As `mayBeFunctionHeader`, and a `>` comes before the statement or the line of the header ends. */
export function isFunctionHeader(tokens: TokenList, structure: Structure, index: number): boolean {
  if (!mayBeFunctionHeader(tokens, index)) return false;
  const { kinds } = tokens;
  for (let at = index + 1; at < tokens.count; at++) {
    const kind = kinds[at]!;
    if (tokens.fresh[at] === 1) return false;
    if (kind === Kind.greater) return true;
    if (kind === Kind.semicolon || kind === Kind.openBrace || kind === Kind.closeBrace) return false;
    if (structure.partner[at]! > at) at = structure.partner[at]!;
  }
  return false;
}

/** Whether a token that begins an unindented line also begins a declaration. */
export function startsDeclaration(tokens: TokenList, index: number): boolean {
  const kind = tokens.kinds[index]!;
  if (kind === Kind.type || kind === Kind.tool || kind === Kind.use) return true;
  if (kind !== Kind.identifier) return false;
  if (tokens.roles[index] === Role.alias && tokens.kinds[index + 1] === Kind.identifier) return true;
  return mayBeFunctionHeader(tokens, index);
}

function pairBrackets(tokens: TokenList, structure: Structure, resetAtDeclarations: boolean): boolean {
  const { kinds, fresh, count } = tokens;
  const { partner, inside } = structure;
  const open: number[] = [];
  let balanced = true;
  for (let index = 0; index < count; index++) {
    const kind = kinds[index]!;
    if (resetAtDeclarations && fresh[index] === 1 && open.length > 0 && startsDeclaration(tokens, index))
      open.length = 0;
    if (kind === Kind.openParen || kind === Kind.openBracket || kind === Kind.openBrace) open.push(index);
    else if (kind === Kind.closeParen || kind === Kind.closeBracket || kind === Kind.closeBrace) {
      let opener = open.pop();
      if (opener === undefined) balanced = false;
      else if (kinds[opener] !== kind - 1) {
        balanced = false;
        opener = resetAtDeclarations ? unwindTo(open, opener, kinds, kind - 1) : undefined;
      }
      if (opener !== undefined) {
        partner[opener] = index;
        partner[index] = opener;
      }
    } else if (open.length > 0) {
      const opener = open[open.length - 1]!;
      if (kind === Kind.comma) inside[opener]! |= HAS_COMMA;
      else if (kind === Kind.greater) inside[opener]! |= HAS_GREATER;
      else if (kind === Kind.colon || kind === Kind.semicolon) inside[opener]! |= HAS_COLON_OR_SEMICOLON;
    }
  }
  return balanced && open.length === 0;
}

/**
 * A closing bracket that does not fit the innermost open one: those inside the one it fits were never closed. If it fits
 * none it is superfluous. Takes what it skips off the stack; `top` is off already.
 */
function unwindTo(open: number[], top: number, kinds: Uint8Array, wanted: number): number | undefined {
  // Bounded, so that a long row of superfluous brackets does not search a deep stack again and again.
  const lowest = Math.max(0, open.length - UNWIND_LIMIT);
  for (let at = open.length - 1; at >= lowest; at--)
    if (kinds[open[at]!] === wanted) {
      const opener = open[at]!;
      open.length = at;
      return opener;
    }
  open.push(top);
  return undefined;
}

const UNWIND_LIMIT = 64;

/** From right to left, so that an operator among the operands of another is already known. */
function findGroups(tokens: TokenList, structure: Structure): void {
  const { kinds, count } = tokens;
  const { partner, groupEnd } = structure;
  for (let index = count - 1; index >= 0; index--) {
    if ((TOKEN_BITS[kinds[index]!]! & HEADS_GROUP) === 0) continue;
    let at = index + 1;
    let operands = 0;
    while (operands < 2) {
      const kind = kinds[at]!;
      const bits = TOKEN_BITS[kind]!;
      if (kind === Kind.identifier && mayBeFunctionHeader(tokens, at)) break;
      if (kind === Kind.openParen || kind === Kind.openBracket) at = partner[at]! > at ? partner[at]! + 1 : count;
      else if ((bits & STARTS_ATOM) !== 0) at++;
      else if ((bits & HEADS_GROUP) !== 0 && groupEnd[at]! > 0) at = groupEnd[at]!;
      else break;
      operands++;
    }
    if (operands === 2) groupEnd[index] = at;
  }
}
