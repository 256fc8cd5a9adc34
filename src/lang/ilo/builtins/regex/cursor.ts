// Where a pattern is being read, and what holds there: the flags, and how deep groups and classes are nested.
import { PatternProblem, type SetExpression } from './syntax.ts';
import { isPatternSpace } from './unicode.ts';

/** Groups within groups, classes within classes, repetitions of repetitions. */
export const MAX_NESTING = 250;

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly swapGreed: boolean;
  readonly unicode: boolean;
  readonly crlf: boolean;
  readonly extended: boolean;
}

export class Cursor {
  /** One element per code point. */
  readonly chars: readonly string[];
  at = 0;
  nesting = 0;
  flags: Flags = {
    ignoreCase: false,
    multiLine: false,
    dotAll: false,
    swapGreed: false,
    unicode: true,
    crlf: false,
    extended: false,
  };

  constructor(pattern: string) {
    this.chars = Array.from(pattern);
  }

  /** A problem with the pattern, at an index of `chars`. */
  problem(problem: string, at = this.at): PatternProblem {
    return new PatternProblem(problem, at + 1);
  }

  get ended(): boolean {
    return this.at >= this.chars.length;
  }

  /** The character to be read next; empty at the end. */
  peek(): string {
    return this.chars[this.at] ?? '';
  }

  looking(text: string): boolean {
    return Array.from(text).every((character, i) => this.chars[this.at + i] === character);
  }

  /** Reads a text of ASCII, if it stands here. */
  take(text: string): boolean {
    if (!this.looking(text)) return false;
    this.at += text.length;
    return true;
  }

  /** With `(?x)`, skips white space and comments. */
  skipSpace(): void {
    if (this.flags.extended) this.at = this.afterSpace(this.at);
  }

  afterSpace(from: number): number {
    let at = from;
    while (at < this.chars.length) {
      if (isPatternSpace(this.chars[at]!)) {
        at++;
      } else if (this.chars[at] === '#') {
        while (at < this.chars.length && this.chars[at] !== '\n') at++;
      } else {
        break;
      }
    }
    return at;
  }

  /** Past one character, and with `(?x)` past white space after it. */
  step(): void {
    this.at++;
    this.skipSpace();
  }

  /** Counts one level of nesting that begins at `at`; whoever enters leaves by `nesting--`. */
  enter(at: number): void {
    if (++this.nesting > MAX_NESTING) throw this.problem(`nested more than ${MAX_NESTING} deep`, at);
  }

  /** Without Unicode, a pattern could match single bytes of a character, and the result would be no text. */
  notText(at: number): PatternProblem {
    return this.problem('could match part of a character', at);
  }

  /** The set with the other cases of its characters, where `(?i)` asks for it. */
  folded(set: SetExpression): SetExpression {
    return this.flags.ignoreCase ? { kind: 'fold', of: set, unicode: this.flags.unicode } : set;
  }
}
