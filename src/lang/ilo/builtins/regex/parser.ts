// Patterns in the syntax of Rust's regex crate. What is accepted, and what it means, follows that crate's documentation: Unicode
// by default, `(?ismxuUR-…)` flags, nested classes with `&&`, `--` and `~~`, `\b{start}` and its kin, counted repetition; no
// back-references and no look-around, because they cannot be matched in linear time.
//
// One pass, by recursion on groups and classes, whose nesting is limited. Flags live in the parser while it runs; nodes carry
// what they came to mean.
import { readClass } from './classes.ts';
import { Cursor, type Flags, MAX_NESTING } from './cursor.ts';
import { readPrimitive } from './escapes.ts';
import { type Node, type Pattern, rangeSet, type SetExpression } from './syntax.ts';
import { isNameCharacter, isPatternSpace } from './unicode.ts';

const MAX_CODE_POINT = 0x10ffff;
const MAX_COUNT = 0xffffffff;

const FLAG_LETTERS: ReadonlyMap<string, keyof Flags> = new Map([
  ['i', 'ignoreCase'],
  ['m', 'multiLine'],
  ['s', 'dotAll'],
  ['U', 'swapGreed'],
  ['u', 'unicode'],
  ['R', 'crlf'],
  ['x', 'extended'],
]);

const CRLF: SetExpression = { kind: 'ranges', ranges: [0x0a, 0x0a, 0x0d, 0x0d] };

/** Parses a pattern. Throws a PatternProblem. */
export function parsePattern(pattern: string): Pattern {
  return new Parser(pattern).pattern();
}

class Parser {
  private readonly cursor: Cursor;
  private groupCount = 0;
  private readonly groupNames = new Map<string, number>();

  constructor(pattern: string) {
    this.cursor = new Cursor(pattern);
  }

  pattern(): Pattern {
    const root = this.choice(undefined);
    return { root, groupCount: this.groupCount, groupNames: this.groupNames };
  }

  // --- groups, choices, sequences ---

  /** Everything up to the `)` that closes the group opened at `opened`, or up to the end of the pattern. */
  private choice(opened: number | undefined): Node {
    const branches: Node[] = [];
    let parts: Node[] = [];
    const close = () =>
      branches.push(
        parts.length === 1 ? parts[0]! : parts.length === 0 ? { kind: 'empty' } : { kind: 'sequence', parts },
      );
    // Whether the last thing read can be repeated: not the beginning of a branch, not a group of flags.
    let repeatable = false;
    let chain = 0;
    for (;;) {
      this.cursor.skipSpace();
      if (this.cursor.ended) {
        if (opened !== undefined) throw this.cursor.problem('unclosed group', opened);
        break;
      }
      const character = this.cursor.peek();
      if (character === ')') {
        if (opened === undefined) throw this.cursor.problem('unopened group');
        break;
      }
      if (character === '|') {
        this.cursor.at++;
        close();
        parts = [];
        repeatable = false;
      } else if (character === '*' || character === '+' || character === '?' || character === '{') {
        if (!repeatable) throw this.cursor.problem('repetition operator missing expression');
        if (++chain + this.cursor.nesting > MAX_NESTING)
          throw this.cursor.problem(`nested more than ${MAX_NESTING} deep`);
        parts.push(this.repetition(parts.pop()!));
      } else {
        chain = 0;
        const node = this.item();
        repeatable = node !== undefined;
        if (node !== undefined) parts.push(node);
      }
    }
    close();
    return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
  }

  /** One group, class, escape or character; undefined for a group that only sets flags. */
  private item(): Node | undefined {
    const character = this.cursor.peek();
    if (character === '(') return this.group();
    if (character === '[') return { kind: 'set', set: readClass(this.cursor) };
    if (character === '.') {
      this.cursor.at++;
      return { kind: 'set', set: this.dot() };
    }
    if (character === '^' || character === '$') {
      this.cursor.at++;
      const { multiLine, crlf } = this.cursor.flags;
      const start = character === '^';
      if (!multiLine) return { kind: 'assertion', assertion: start ? 'textStart' : 'textEnd' };
      if (crlf) return { kind: 'assertion', assertion: start ? 'lineStartCrlf' : 'lineEndCrlf' };
      return { kind: 'assertion', assertion: start ? 'lineStart' : 'lineEnd' };
    }
    const primitive = readPrimitive(this.cursor);
    switch (primitive.kind) {
      case 'assertion':
        return { kind: 'assertion', assertion: primitive.assertion };
      case 'class':
        return { kind: 'set', set: primitive.set };
      case 'literal': {
        if (!this.cursor.flags.unicode && primitive.byte && primitive.codePoint > 0x7f)
          throw this.cursor.notText(primitive.at);
        return { kind: 'set', set: this.cursor.folded(rangeSet(primitive.codePoint, primitive.codePoint)) };
      }
    }
  }

  private dot(): SetExpression {
    const { unicode, dotAll, crlf } = this.cursor.flags;
    if (!unicode) throw this.cursor.notText(this.cursor.at - 1);
    if (dotAll) return rangeSet(0, MAX_CODE_POINT);
    return { kind: 'not', of: crlf ? CRLF : rangeSet(0x0a, 0x0a) };
  }

  private group(): Node | undefined {
    const opened = this.cursor.at;
    this.cursor.enter(opened);
    this.cursor.at++;
    this.cursor.skipSpace();
    for (const look of ['?=', '?!', '?<=', '?<!']) {
      if (this.cursor.looking(look)) throw this.cursor.problem('look-around is not supported', opened);
    }
    const outer = this.cursor.flags;
    let index: number | undefined;
    if (this.cursor.take('?P<') || this.cursor.take('?<')) {
      index = ++this.groupCount;
      this.groupName(index);
    } else if (this.cursor.take('?')) {
      if (this.groupFlags(opened)) {
        this.cursor.nesting--;
        return undefined;
      }
    } else {
      index = ++this.groupCount;
    }
    const body = this.choice(opened);
    this.cursor.flags = outer;
    this.cursor.at++;
    this.cursor.nesting--;
    return index === undefined ? body : { kind: 'capture', index, body };
  }

  private groupName(index: number): void {
    const start = this.cursor.at;
    while (this.cursor.peek() !== '>') {
      if (this.cursor.ended) throw this.cursor.problem('unclosed capture group name', start);
      if (!isNameCharacter(this.cursor.peek(), this.cursor.at === start))
        throw this.cursor.problem('invalid capture group character');
      this.cursor.at++;
    }
    const name = this.cursor.chars.slice(start, this.cursor.at).join('');
    if (name === '') throw this.cursor.problem('empty capture group name');
    if (this.groupNames.has(name)) throw this.cursor.problem('duplicate capture group name', start);
    this.groupNames.set(name, index);
    this.cursor.at++;
  }

  /** Reads flags and applies them; true when the group ends with them. */
  private groupFlags(opened: number): boolean {
    const changed: Partial<Record<keyof Flags, boolean>> = {};
    let value = true;
    let dangling: number | undefined;
    for (; this.cursor.peek() !== ':' && this.cursor.peek() !== ')'; this.cursor.at++) {
      if (this.cursor.ended) throw this.cursor.problem('unclosed group', opened);
      const character = this.cursor.peek();
      if (character === '-') {
        if (!value) throw this.cursor.problem('flag negation repeated');
        value = false;
        dangling = this.cursor.at;
        continue;
      }
      const flag = FLAG_LETTERS.get(character);
      if (flag === undefined) throw this.cursor.problem('unrecognized flag');
      if (changed[flag] !== undefined) throw this.cursor.problem('duplicate flag');
      changed[flag] = value;
      dangling = undefined;
    }
    if (dangling !== undefined) throw this.cursor.problem('flag negation without a flag', dangling);
    const alone = this.cursor.peek() === ')';
    this.cursor.at++;
    if (alone && Object.keys(changed).length === 0)
      throw this.cursor.problem('repetition operator missing expression', opened + 1);
    this.cursor.flags = { ...this.cursor.flags, ...changed };
    return alone;
  }

  // --- repetition ---

  private repetition(body: Node): Node {
    const character = this.cursor.peek();
    let min = character === '+' ? 1 : 0;
    let max = character === '?' ? 1 : Number.POSITIVE_INFINITY;
    if (character === '{') [min, max] = this.counts();
    else this.cursor.at++;
    const lazy = this.cursor.take('?');
    return { kind: 'repeat', body, min, max, greedy: lazy === this.cursor.flags.swapGreed };
  }

  private counts(): [number, number] {
    const opened = this.cursor.at;
    this.cursor.step();
    const min = this.count(opened);
    let max = min;
    if (this.cursor.peek() === ',') {
      this.cursor.step();
      max = this.cursor.peek() === '}' ? Number.POSITIVE_INFINITY : this.count(opened);
    }
    if (this.cursor.peek() !== '}') throw this.cursor.problem('unclosed counted repetition', opened);
    this.cursor.step();
    if (min > max) throw this.cursor.problem('invalid repetition count range, the start must be <= the end', opened);
    return [min, max];
  }

  private count(opened: number): number {
    while (isPatternSpace(this.cursor.peek()) && !this.cursor.ended) this.cursor.at++;
    const start = this.cursor.at;
    let digits = '';
    while (/^[0-9]$/.test(this.cursor.peek())) {
      digits += this.cursor.peek();
      this.cursor.step();
    }
    while (isPatternSpace(this.cursor.peek()) && !this.cursor.ended) this.cursor.step();
    if (this.cursor.ended) throw this.cursor.problem('unclosed counted repetition', opened);
    if (digits === '') throw this.cursor.problem('repetition quantifier expects a valid decimal', start);
    if (Number(digits) > MAX_COUNT) throw this.cursor.problem('decimal literal invalid', start);
    return Number(digits);
  }
}
