// Tokens of one source text as parallel arrays, which costs a few bytes a token and no object. A token is its index.
// Past the last token the arrays hold some more entries of kind 0 (the end), so that looking a few tokens ahead never
// needs a bounds check.

/** How far beyond the last token a parser may look. */
const LOOKAHEAD = 8;

export interface TokenList {
  /** Without the padding. */
  count: number;
  kinds: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
  /** A second byte per token that the language defines (for example which soft keyword a word is). */
  roles: Uint8Array;
  /** 1 where an unindented line begins with this token. */
  fresh: Uint8Array;
  /** The spelling of words; undefined for all other tokens. */
  readonly names: (string | undefined)[];
}

/** Lists of short sources are used again: making the arrays would take longer than filling them. */
const LARGEST_KEPT = 8192;
let spare: TokenList | undefined;

/** An empty list with room for `capacity` tokens; it grows when they are more. */
export function newTokenList(capacity: number): TokenList {
  const kept = spare;
  if (kept !== undefined && kept.kinds.length >= capacity + LOOKAHEAD) {
    spare = undefined;
    return kept;
  }
  const size = capacity <= LARGEST_KEPT ? Math.max(1024, capacity + LOOKAHEAD) : capacity + LOOKAHEAD;
  return {
    count: 0,
    kinds: new Uint8Array(size),
    starts: new Uint32Array(size),
    ends: new Uint32Array(size),
    roles: new Uint8Array(size),
    fresh: new Uint8Array(size),
    names: [],
  };
}

/** Appends a token and gives its index. */
export function addToken(list: TokenList, kind: number, start: number, end: number, name: string | undefined): number {
  const index = list.count++;
  if (index + LOOKAHEAD >= list.kinds.length) grow(list);
  list.kinds[index] = kind;
  list.starts[index] = start;
  list.ends[index] = end;
  list.names.push(name);
  return index;
}

/** Takes the last token away again. */
export function dropToken(list: TokenList): void {
  list.count--;
  list.names.pop();
  list.kinds[list.count] = 0;
  list.roles[list.count] = 0;
  list.fresh[list.count] = 0;
}

/** Gives back a list that nobody will look at again. */
export function recycleTokens(list: TokenList): void {
  const used = list.count + LOOKAHEAD;
  if (list.kinds.length > LARGEST_KEPT + LOOKAHEAD) return;
  list.kinds.fill(0, 0, used);
  list.roles.fill(0, 0, used);
  list.fresh.fill(0, 0, used);
  list.names.length = 0;
  list.count = 0;
  spare = list;
}

/** Writes the padding: tokens of kind 0 at the end of the text. */
export function sealTokens(list: TokenList, sourceLength: number): void {
  for (let index = list.count; index < list.count + LOOKAHEAD; index++) {
    list.kinds[index] = 0;
    list.starts[index] = sourceLength;
    list.ends[index] = sourceLength;
  }
}

function grow(list: TokenList): void {
  const size = list.kinds.length * 2 + LOOKAHEAD;
  list.kinds = copied(list.kinds, new Uint8Array(size));
  list.roles = copied(list.roles, new Uint8Array(size));
  list.fresh = copied(list.fresh, new Uint8Array(size));
  list.starts = copied(list.starts, new Uint32Array(size));
  list.ends = copied(list.ends, new Uint32Array(size));
}

function copied<Items extends Uint8Array | Uint32Array>(from: Items, to: Items): Items {
  to.set(from);
  return to;
}
