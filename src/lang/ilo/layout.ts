// What a line break means. ilo has no newline token in its grammar: statements are separated by `;`, and a program may be
// one line. So that people can also write lines, a break is read by what follows it:
//
// - inside `(…)` and `[…]` it is blank space;
// - before an indented line it is a `;`, except after `{` or another `;`, before `}`, and before `>>`, which continues a pipe;
// - before an unindented line it ends nothing by itself but marks the next token as fresh: a declaration may begin there.
//
// The text itself is never rewritten, so places in it stay what they are.
import { BLANK, skipClass } from '../kit/characters.ts';

/** The line continues, or the break was blank space. */
const JOIN = 0;
/** A `;` belongs here. */
export const SEPARATE = 1;
/** The next token begins an unindented line. */
export const FRESH = 2;
/** An indented `}` follows: a `;` before it is superfluous. */
export const CLOSE = 3;

/**
 * Reads the line break at `position`, outside brackets.
 * Gives one of the meanings above; the scanner goes on behind the break and skips the indentation itself.
 */
export function lineBreak(source: string, position: number): number {
  const first = source.charCodeAt(position + 1);
  if (first === 125 /* } */) return JOIN;
  if (first !== 32 && first !== 9) return FRESH;
  const at = skipClass(source, position + 1, BLANK);
  const next = source.charCodeAt(at);
  if (next === 125) return CLOSE;
  // An empty or blank line: the break that ends it decides.
  if (next === 10 || at >= source.length) return JOIN;
  if (next === 62 /* > */ && source.charCodeAt(at + 1) === 62) return JOIN;
  return SEPARATE;
}

/**
 * Whether the unindented line at `position` reads like a declaration: `name>`, `name word:`, `type`, `tool`, `use`.
 * Used only to recover from a bracket that was never closed.
 */
export function looksLikeDeclaration(source: string, position: number): boolean {
  const word = wordEnd(source, position);
  if (word === position) return false;
  let at = skipClass(source, word, BLANK);
  if (source.charCodeAt(at) === 62 /* > */) return true;
  if (at === word) return false;
  const name = source.slice(position, word);
  if (name === 'type' || name === 'tool' || name === 'use' || name === 'alias') return true;
  const second = wordEnd(source, at);
  if (second === at) return false;
  at = skipClass(source, second, BLANK);
  return source.charCodeAt(at) === 58 /* : */;
}

function wordEnd(source: string, position: number): number {
  let at = position;
  for (;;) {
    const code = source.charCodeAt(at);
    const letter = code >= 97 && code <= 122;
    const later = at > position && ((code >= 48 && code <= 57) || code === 45);
    if (!letter && !later) return at;
    at++;
  }
}
