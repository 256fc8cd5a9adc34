// Text to tokens, in one pass over the code units. Invariants:
//
// - A token's place is its place in the source; line layout adds `;` tokens whose span is the line break itself.
// - Nothing stops the scanner: what it cannot read becomes a diagnostic and, where something must stand, an `invalid`
//   token or the name as it was meant. Each misspelt name is reported once.
// - Four rules look at the token before: `-3` is a negative literal only where no new expression starts, `xs.0.1` is two
//   indices and no fraction, after a dot every word and every JSON-like key is a field name, and a type letter
//   such as `L` may stand flush before a type.
//
// If a bracket or a text is still open at the end, the mistake lies far from where it shows. Such a source is scanned
// again in `recovering` mode, where a text ends with its line and an unindented declaration closes all brackets.
import { type Diagnostic, diagnose } from '../../diag/diagnostic.ts';
import { BLANK, classOf, DIGIT, isDigit, LOWER, showCharacter, skipClass, UPPER } from '../kit/characters.ts';
import { addToken, dropToken, newTokenList, sealTokens, type TokenList } from '../kit/token-list.ts';
import type { Comment } from './ast.ts';
import { wordAdvice } from './habits.ts';
import { CLOSE, FRESH, lineBreak, looksLikeDeclaration, SEPARATE } from './layout.ts';
import { Kind, LONGEST_WORD, WORDS } from './tokens.ts';

/** Lexical diagnostics beyond this number are counted but not kept. */
export const DIAGNOSTIC_LIMIT = 100;

/** Scanning ends behind so many tokens, and the program is refused: what is longer would take more than two
 *  seconds before it runs (`npm run bench -- --only=huge`). */
export const TOKEN_LIMIT = 1_250_000;

export interface Lexed {
  readonly tokens: TokenList;
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Scan {
  readonly source: string;
  readonly tokens: TokenList;
  readonly comments: Comment[];
  readonly diagnostics: Diagnostic[];
  readonly reportedNames: Set<string>;
  readonly recovering: boolean;
  /** Open `(` and `[`: line breaks inside them are blank space. */
  openBrackets: number;
  /** The next token begins an unindented line. */
  fresh: boolean;
  unterminated: boolean;
  line: number;
  /** The last line on which foreign characters were reported; a second time they have most likely the same cause. */
  reportedLine: number;
}

/** Scans a whole source. Never throws. */
export function lex(source: string): Lexed {
  const first = scan(source, false);
  const isWhole = first.tokens.count <= TOKEN_LIMIT;
  return isWhole && (first.unterminated || first.openBrackets > 0) ? scan(source, true) : first;
}

function scan(source: string, recovering: boolean): Scan {
  const state: Scan = {
    source,
    tokens: newTokenList((source.length >> 1) + 16),
    comments: [],
    diagnostics: [],
    reportedNames: new Set(),
    recovering,
    openBrackets: 0,
    fresh: false,
    unterminated: false,
    line: 1,
    reportedLine: 0,
  };
  const length = source.length;
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  const { tokens } = state;
  while (at < length && tokens.count <= TOKEN_LIMIT) {
    const code = source.charCodeAt(at);
    const kind = classOf(code);
    if (kind === LOWER) at = scanWord(state, at);
    else if (kind === BLANK) at++;
    else if (kind === DIGIT) at = scanNumber(state, at, at);
    else if (code === 10) at = scanLineBreak(state, at);
    else if (code === 34) at = scanText(state, at);
    else if (code === 45) at = scanMinus(state, at);
    else if (kind === UPPER) at = scanCapital(state, at);
    else at = scanSign(state, at, code);
  }
  sealTokens(state.tokens, length);
  if (state.fresh) state.tokens.fresh[state.tokens.count] = 1;
  return state;
}

function add(state: Scan, kind: number, start: number, end: number, name?: string): void {
  const index = addToken(state.tokens, kind, start, end, name);
  if (state.fresh) {
    state.tokens.fresh[index] = 1;
    state.fresh = false;
  }
}

function lastKind(state: Scan): number {
  return state.tokens.count > 0 ? state.tokens.kinds[state.tokens.count - 1]! : Kind.end;
}

/** Whether the last token is a word (or anything of `kind`) that ends exactly at `position`. */
function touches(state: Scan, kind: number, position: number): boolean {
  const { count, ends } = state.tokens;
  return count > 0 && ends[count - 1] === position && lastKind(state) === kind;
}

function afterDot(state: Scan, position: number): boolean {
  return touches(state, Kind.dot, position) || touches(state, Kind.dotQuestion, position);
}

// ---- lines and comments ----

function scanLineBreak(state: Scan, start: number): number {
  const { source, tokens } = state;
  state.line++;
  if (state.openBrackets > 0) {
    if (!state.recovering || !looksLikeDeclaration(source, start + 1)) return start + 1;
    state.openBrackets = 0;
  }
  const meaning = lineBreak(source, start);
  const last = lastKind(state);
  if (meaning === FRESH) state.fresh = true;
  else if (meaning === SEPARATE && last !== Kind.openBrace && last !== Kind.semicolon && tokens.count > 0)
    add(state, Kind.semicolon, start, start + 1);
  else if (meaning === CLOSE && last === Kind.semicolon) dropToken(tokens);
  return start + 1;
}

function scanComment(state: Scan, start: number): number {
  const { source, tokens } = state;
  let end = source.indexOf('\n', start);
  if (end < 0) end = source.length;
  let lineStart = start;
  while (lineStart > 0 && (classOf(source.charCodeAt(lineStart - 1)) & BLANK) !== 0) lineStart--;
  const ownLine = lineStart === 0 || source.charCodeAt(lineStart - 1) === 10 || tokens.count === 0;
  let textEnd = end;
  while (textEnd > start && (classOf(source.charCodeAt(textEnd - 1)) & BLANK) !== 0) textEnd--;
  state.comments.push({ span: { start, end: textEnd }, text: source.slice(start, textEnd), ownLine });
  return end;
}

// ---- words ----

function scanWord(state: Scan, start: number): number {
  const { source } = state;
  if (afterDot(state, start)) return scanField(state, start);
  const end = wordEnd(source, start);
  const next = source.charCodeAt(end);
  if ((classOf(next) & UPPER) !== 0) return scanMisspelt(state, start);
  const name = source.slice(start, end);
  const word = end - start <= LONGEST_WORD ? WORDS.get(name) : undefined;
  if (word === undefined) {
    if (next === 95 && classOf(source.charCodeAt(end + 1)) === LOWER) return scanUnderscored(state, start);
    add(state, Kind.identifier, start, end, name);
  } else if ((word & 255) === Kind.identifier) {
    if (next === 95 && classOf(source.charCodeAt(end + 1)) === LOWER) return scanUnderscored(state, start);
    add(state, Kind.identifier, start, end, name);
    state.tokens.roles[state.tokens.count - 1] = word >> 8;
  } else add(state, word, start, end);
  return end;
}

/** The end of `[a-z0-9]+(-[a-z0-9]+)*`. */
function wordEnd(source: string, start: number): number {
  let at = start;
  for (;;) {
    const code = source.charCodeAt(at);
    if ((classOf(code) & (LOWER | DIGIT)) !== 0) at++;
    else if (code === 45 && (classOf(source.charCodeAt(at + 1)) & (LOWER | DIGIT)) !== 0) at += 2;
    else return at;
  }
}

/**
 * A field name flush behind a dot: keywords, capitals and underscores are allowed (`r.type`, `r.userId`, `r.URL`,
 * `r.row_count`, `r.change_1d`), hyphens as in other names. It is always an identifier.
 */
function scanField(state: Scan, start: number): number {
  const { source } = state;
  let at = start;
  let partHasCapital = false;
  for (;;) {
    const code = source.charCodeAt(at);
    const kind = classOf(code);
    if (kind === UPPER) partHasCapital = true;
    if ((kind & (LOWER | UPPER | DIGIT)) !== 0) {
      at++;
      continue;
    }
    const next = classOf(source.charCodeAt(at + 1));
    if (code === 45 && !partHasCapital && (next & (LOWER | DIGIT)) !== 0) at++;
    else if (code === 95 && (next & (LOWER | UPPER | DIGIT)) !== 0) {
      partHasCapital = false;
      at++;
    } else break;
  }
  const name = source.slice(start, at);
  add(state, Kind.identifier, start, at, name);
  const word = WORDS.get(name);
  if (word !== undefined && (word & 255) === Kind.identifier) state.tokens.roles[state.tokens.count - 1] = word >> 8;
  return at;
}

/** A name with capitals in it, or one that begins with a capital and cannot be a type. */
function scanMisspelt(state: Scan, start: number): number {
  const { source } = state;
  let end = start;
  for (;;) {
    const code = source.charCodeAt(end);
    const next = classOf(source.charCodeAt(end + 1));
    if ((classOf(code) & (LOWER | UPPER | DIGIT)) !== 0) end++;
    else if ((code === 45 || code === 95) && (next & (LOWER | UPPER | DIGIT)) !== 0) end += 2;
    else break;
  }
  const found = source.slice(start, end);
  const hyphenated = found
    .replace(/_/g, '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
  const lower = found.replace(/_/g, '-').toLowerCase();
  const suggestion =
    wordAdvice(lower) ??
    (hyphenated === lower
      ? `identifiers must be lowercase ASCII: \`${lower}\``
      : `identifiers must be lowercase ASCII: \`${hyphenated}\` or \`${lower}\``);
  reportName(state, 'ILO-L003', found, start, end, suggestion);
  add(state, Kind.identifier, start, end, found);
  return end;
}

function scanUnderscored(state: Scan, start: number): number {
  const { source } = state;
  let end = wordEnd(source, start);
  while (source.charCodeAt(end) === 95 && (classOf(source.charCodeAt(end + 1)) & (LOWER | DIGIT)) !== 0)
    end = wordEnd(source, end + 1);
  if ((classOf(source.charCodeAt(end)) & UPPER) !== 0) return scanMisspelt(state, start);
  const found = source.slice(start, end);
  const suggestion = `underscores are not allowed in identifiers; use hyphens: \`${found.replace(/_/g, '-')}\``;
  reportName(state, 'ILO-L002', found, start, end, suggestion);
  add(state, Kind.identifier, start, end, found);
  return end;
}

function reportName(
  state: Scan,
  code: 'ILO-L002' | 'ILO-L003',
  found: string,
  start: number,
  end: number,
  suggestion: string,
): void {
  if (state.reportedNames.has(found)) return;
  state.reportedNames.add(found);
  report(state, diagnose(code, 'name', { found }, { span: { start, end }, label: 'here', suggestion }));
}

const TYPE_LETTERS: ReadonlyMap<number, number> = new Map([
  [76, Kind.listType],
  [82, Kind.resultType],
  [70, Kind.functionType],
  [79, Kind.optionalType],
  [77, Kind.mapType],
  [83, Kind.sumType],
]);

const FOREIGN_OPERATORS: ReadonlyMap<string, readonly [kind: number, sign: string]> = new Map([
  ['AND', [Kind.and, '&'] as const],
  ['OR', [Kind.or, '|'] as const],
  ['NOT', [Kind.bang, '!'] as const],
]);

function scanCapital(state: Scan, start: number): number {
  const { source } = state;
  if (afterDot(state, start)) return scanField(state, start);
  const last = lastKind(state);
  const letter = TYPE_LETTERS.get(source.charCodeAt(start));
  const inType = last === Kind.colon || last === Kind.greater || (last >= Kind.listType && last <= Kind.sumType);
  if (letter === undefined || !inType) {
    const capitals = skipClass(source, start, UPPER);
    const operator = capitals - start <= 3 ? FOREIGN_OPERATORS.get(source.slice(start, capitals)) : undefined;
    if (operator) {
      const found = source.slice(start, capitals);
      const suggestion = `\`${found}\` is not an ilo keyword. ilo uses \`${operator[1]}\``;
      const span = { start, end: capitals };
      report(state, diagnose('ILO-L001', 'foreignWord', { found }, { span, label: 'here', suggestion }));
      add(state, operator[0], start, capitals);
      return capitals;
    }
  }
  const next = source.charCodeAt(start + 1);
  const wordGoesOn = (classOf(next) & (LOWER | UPPER | DIGIT)) !== 0;
  if (letter === undefined) return wordGoesOn ? scanMisspelt(state, start) : scanInvalid(state, start);
  // `Ln` is a compact `L n`, but where a statement or a value begins there is no type: `Foo=3`, `x=Foo`.
  const startsStatement =
    state.fresh || last === Kind.end || last === Kind.semicolon || last === Kind.openBrace || last === Kind.equal;
  if (wordGoesOn && startsStatement) return scanMisspelt(state, start);
  add(state, letter, start, start + 1);
  return start + 1;
}

// ---- literals ----

function scanMinus(state: Scan, start: number): number {
  const next = state.source.charCodeAt(start + 1);
  if (next === 45) return scanComment(state, start);
  if (!isDigit(next)) {
    add(state, Kind.minus, start, start + 1);
    return start + 1;
  }
  const last = lastKind(state);
  const startsExpression =
    state.fresh ||
    last === Kind.end ||
    last === Kind.semicolon ||
    last === Kind.equal ||
    last === Kind.openBrace ||
    last === Kind.openParen;
  if (!startsExpression) return scanNumber(state, start, start + 1);
  // `-0 v` is `0 - v` negated or subtracted, as if a blank followed the sign.
  add(state, Kind.minus, start, start + 1);
  return scanNumber(state, start + 1, start + 1);
}

/** A number token from `start` whose digits begin at `digits`. Its value is read when the parser needs it. */
function scanNumber(state: Scan, start: number, digits: number): number {
  const { source } = state;
  let at = skipClass(source, digits, DIGIT);
  const whole = at;
  if (source.charCodeAt(at) === 46 && isDigit(source.charCodeAt(at + 1))) at = skipClass(source, at + 1, DIGIT);
  const mark = source.charCodeAt(at);
  if (mark === 101 || mark === 69) {
    const sign = source.charCodeAt(at + 1);
    const exponent = sign === 43 || sign === 45 ? at + 2 : at + 1;
    if (isDigit(source.charCodeAt(exponent))) {
      at = skipClass(source, exponent, DIGIT);
      add(state, Kind.number, start, at);
      return at;
    }
  }
  // In `xs.0.1` the second dot is another index, not a fraction.
  if (at !== whole && start === digits && afterDot(state, start)) at = whole;
  add(state, Kind.number, start, at);
  return at;
}

/** A text literal; the parser decodes it. Line breaks may stand in it. */
function scanText(state: Scan, start: number): number {
  const { source } = state;
  let at = start + 1;
  for (;;) {
    const code = source.charCodeAt(at);
    if (code === 34) {
      add(state, Kind.text, start, at + 1);
      return at + 1;
    }
    if (code === 92) at += 2;
    else if (at >= source.length || (code === 10 && state.recovering)) break;
    else at++;
  }
  state.unterminated = true;
  const end = Math.min(at, source.length);
  const suggestion = 'close the text with `"`; a quote inside text is written `\\"`';
  const span = { start, end: start + 1 };
  report(state, diagnose('ILO-L001', 'unterminated', {}, { span, label: 'opened here', suggestion }));
  add(state, Kind.invalid, start, end);
  return end;
}

// ---- signs ----

/** Kinds of signs by code unit: alone, and followed by the character of the longer sign. */
const SIGNS: readonly (number | undefined)[] = signTable({
  '(': Kind.openParen,
  ')': Kind.closeParen,
  '[': Kind.openBracket,
  ']': Kind.closeBracket,
  '{': Kind.openBrace,
  '}': Kind.closeBrace,
  '|': Kind.or,
  '&': Kind.and,
  '=': Kind.equal,
  '<': Kind.less,
  '>': Kind.greater,
  '+': Kind.plus,
  '*': Kind.star,
  '/': Kind.slash,
  '!': Kind.bang,
  '~': Kind.tilde,
  '^': Kind.caret,
  $: Kind.dollar,
  '?': Kind.question,
  '@': Kind.at,
  ':': Kind.colon,
  ';': Kind.semicolon,
  ',': Kind.comma,
  '.': Kind.dot,
  _: Kind.underscore,
});

const LONG_SIGNS: readonly (readonly (readonly [next: number, kind: number])[] | undefined)[] = longSignTable({
  '==': Kind.equal,
  '<=': Kind.lessEqual,
  '>=': Kind.greaterEqual,
  '>>': Kind.pipe,
  '!=': Kind.notEqual,
  '!!': Kind.bangBang,
  '+=': Kind.append,
  '??': Kind.coalesce,
  '.?': Kind.dotQuestion,
  '..': Kind.dotDot,
});

function signTable(kinds: Readonly<Record<string, number>>): (number | undefined)[] {
  const table = new Array<number | undefined>(128).fill(undefined);
  for (const [sign, kind] of Object.entries(kinds)) table[sign.charCodeAt(0)] = kind;
  return table;
}

function longSignTable(
  kinds: Readonly<Record<string, number>>,
): (readonly (readonly [next: number, kind: number])[] | undefined)[] {
  const table = new Array<[number, number][] | undefined>(128).fill(undefined);
  for (const [sign, kind] of Object.entries(kinds)) {
    const first = sign.charCodeAt(0);
    table[first] = [...(table[first] ?? []), [sign.charCodeAt(1), kind]];
  }
  return table;
}

function scanSign(state: Scan, start: number, code: number): number {
  const kind = code < 128 ? SIGNS[code] : undefined;
  if (kind === undefined) return scanInvalid(state, start);
  const longer = LONG_SIGNS[code];
  if (longer !== undefined) {
    const next = state.source.charCodeAt(start + 1);
    for (const [second, longKind] of longer)
      if (next === second) {
        add(state, longKind, start, start + 2);
        return start + 2;
      }
  } else if (kind === Kind.openParen || kind === Kind.openBracket) state.openBrackets++;
  else if ((kind === Kind.closeParen || kind === Kind.closeBracket) && state.openBrackets > 0) state.openBrackets--;
  add(state, kind, start, start + 1);
  return start + 1;
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  ["'", 'text has double quotes: `"…"`'],
  ['`', 'text has double quotes: `"…"`'],
  ['“', 'text has straight quotes: `"…"`'],
  ['”', 'text has straight quotes: `"…"`'],
  ['‘', 'text has straight double quotes: `"…"`'],
  ['’', 'text has straight double quotes: `"…"`'],
  ['≤', 'at most is `<=a b`'],
  ['≥', 'at least is `>=a b`'],
  ['≠', 'unequal is `!=a b`'],
  ['%', 'the remainder is `mod a b`'],
  ['#', 'comments begin with `--`'],
  ['\\', 'an inline function is `(x:n>n;body)`'],
]);

/** Characters that ilo does not use, reported as one run and once per line. */
function scanInvalid(state: Scan, start: number): number {
  const { source } = state;
  let end = start;
  do end += (source.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  while (end < source.length && isInvalid(source.charCodeAt(end)));
  if (state.reportedLine !== state.line) {
    const span = { start, end };
    const found = showRun(source, start, end);
    const suggestion = ADVICE.get(source[start]!);
    report(state, diagnose('ILO-L001', 'character', { found }, { span, label: 'here', suggestion }));
    state.reportedLine = state.line;
  }
  add(state, Kind.invalid, start, end);
  return end;
}

function isInvalid(code: number): boolean {
  if (code >= 128) return true;
  return classOf(code) === 0 && SIGNS[code] === undefined && code !== 10 && code !== 34 && code !== 45;
}

function showRun(source: string, start: number, end: number): string {
  let shown = '';
  let at = start;
  for (let count = 0; at < end && count < 8; count++) {
    shown += showCharacter(source, at);
    at += (source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at < end ? `${shown}…` : shown;
}

function report(state: Scan, diagnostic: Diagnostic): void {
  if (state.diagnostics.length <= DIAGNOSTIC_LIMIT) state.diagnostics.push(diagnostic);
}
