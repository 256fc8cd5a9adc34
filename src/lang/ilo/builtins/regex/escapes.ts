// Escapes: what `\\` and the characters after it stand for, inside and outside of brackets.
import type { Cursor } from './cursor.ts';
import type { Assertion, SetExpression, WordAssertion } from './syntax.ts';
import { ASCII_CLASSES, propertyNamed, propertyWithValue, WORD_SOURCES } from './unicode.ts';

const MAX_CODE_POINT = 0x10ffff;

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['f', 0x0c],
  ['t', 0x09],
  ['n', 0x0a],
  ['r', 0x0d],
  ['v', 0x0b],
]);

const HALF_ASSERTIONS: ReadonlyMap<string, WordAssertion> = new Map([
  ['start', 'wordStart'],
  ['end', 'wordEnd'],
  ['start-half', 'wordStartHalf'],
  ['end-half', 'wordEndHalf'],
]);

const PERL_CLASSES: ReadonlyMap<string, SetExpression> = new Map([
  ['d', { kind: 'property', sources: ['Nd'] }],
  ['s', { kind: 'property', sources: ['White_Space'] }],
  ['w', { kind: 'property', sources: WORD_SOURCES }],
]);

const NEGATED_PERL_CLASSES: ReadonlyMap<string, SetExpression> = new Map(
  Array.from(PERL_CLASSES, ([letter, of]): [string, SetExpression] => [letter, { kind: 'not', of }]),
);

/** What an escape or a character stands for, before its place decides what becomes of it. */
export type Primitive =
  | { readonly kind: 'literal'; readonly codePoint: number; readonly byte: boolean; readonly at: number }
  | { readonly kind: 'class'; readonly set: SetExpression; readonly at: number }
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly at: number };

/** Reads one escape or one character. */
export function readPrimitive(cursor: Cursor): Primitive {
  const at = cursor.at;
  const character = cursor.peek();
  if (character === '\\') return readEscape(cursor);
  cursor.at++;
  return { kind: 'literal', codePoint: character.codePointAt(0)!, byte: false, at };
}

function readEscape(cursor: Cursor): Primitive {
  const at = cursor.at++;
  if (cursor.ended) throw cursor.problem('incomplete escape sequence', at);
  const character = cursor.peek();
  if (/^[0-9]$/.test(character)) throw cursor.problem('backreferences are not supported', at);
  if (character === 'x' || character === 'u' || character === 'U') return readHexadecimal(cursor, at);
  if (character === 'p' || character === 'P') return { kind: 'class', set: readProperty(cursor, at), at };
  cursor.at++;
  const literal = (codePoint: number): Primitive => ({ kind: 'literal', codePoint, byte: false, at });
  const assertion = (name: Assertion): Primitive => ({ kind: 'assertion', assertion: name, at });
  switch (character) {
    case 'd':
    case 's':
    case 'w':
    case 'D':
    case 'S':
    case 'W':
      return { kind: 'class', set: perlClass(cursor, character, at), at };
    case 'A':
      return assertion('textStart');
    case 'z':
      return assertion('textEnd');
    case 'b':
      return assertion(wordAssertion(cursor, readHalfBoundary(cursor, at) ?? 'wordBoundary'));
    case 'B':
      return assertion(wordAssertion(cursor, 'notWordBoundary'));
    case '<':
      return assertion(wordAssertion(cursor, 'wordStart'));
    case '>':
      return assertion(wordAssertion(cursor, 'wordEnd'));
    default: {
      const control = CONTROL_ESCAPES.get(character);
      if (control !== undefined) return literal(control);
      // Every ASCII character that is not a letter or a digit may be escaped.
      if (/^[\x00-\x7f]$/.test(character) && !/^[A-Za-z]$/.test(character)) return literal(character.charCodeAt(0));
      throw cursor.problem('unrecognized escape sequence', at);
    }
  }
}

function wordAssertion(cursor: Cursor, assertion: WordAssertion): Assertion {
  return cursor.flags.unicode ? assertion : `${assertion}Ascii`;
}

/** `{start}` and the like after `\b`; undefined, with nothing read, when there is no brace or it begins a repetition. */
function readHalfBoundary(cursor: Cursor, at: number): WordAssertion | undefined {
  if (cursor.peek() !== '{') return undefined;
  const brace = cursor.at;
  cursor.step();
  if (cursor.ended) throw cursor.problem('unclosed word boundary or repetition', at);
  if (!/^[-A-Za-z]$/.test(cursor.peek())) {
    cursor.at = brace;
    return undefined;
  }
  let name = '';
  while (/^[-A-Za-z]$/.test(cursor.peek())) {
    name += cursor.peek();
    cursor.step();
  }
  if (cursor.peek() !== '}') throw cursor.problem('unclosed word boundary', brace);
  cursor.at++;
  const assertion = HALF_ASSERTIONS.get(name);
  if (assertion === undefined) {
    throw cursor.problem('unrecognized word boundary, expected start, end, start-half or end-half', brace + 1);
  }
  return assertion;
}

function readHexadecimal(cursor: Cursor, at: number): Primitive {
  const digitCount = cursor.peek() === 'x' ? 2 : cursor.peek() === 'u' ? 4 : 8;
  cursor.step();
  let digits = '';
  const braced = cursor.peek() === '{';
  if (braced) cursor.step();
  while (braced ? cursor.peek() !== '}' : digits.length < digitCount) {
    if (cursor.ended) throw cursor.problem('incomplete escape sequence', at);
    if (!/^[0-9A-Fa-f]$/.test(cursor.peek())) throw cursor.problem('invalid hexadecimal digit');
    digits += cursor.peek();
    cursor.step();
  }
  if (braced) cursor.step();
  if (digits === '') throw cursor.problem('hexadecimal literal empty', at);
  const codePoint = Number.parseInt(digits, 16);
  if (codePoint > MAX_CODE_POINT || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    throw cursor.problem('hexadecimal literal is not a Unicode scalar value', at);
  }
  return { kind: 'literal', codePoint, byte: !braced && digitCount === 2, at };
}

function perlClass(cursor: Cursor, letter: string, at: number): SetExpression {
  const name = letter.toLowerCase();
  if (cursor.flags.unicode) return (letter === name ? PERL_CLASSES : NEGATED_PERL_CLASSES).get(name)!;
  if (letter !== name) throw cursor.notText(at);
  return { kind: 'ranges', ranges: ASCII_CLASSES.get(name === 'd' ? 'digit' : name === 's' ? 'space' : 'word')! };
}

function readProperty(cursor: Cursor, at: number): SetExpression {
  let negated = cursor.peek() === 'P';
  cursor.step();
  if (cursor.ended) throw cursor.problem('incomplete escape sequence', at);
  let name = '';
  if (cursor.peek() === '{') {
    cursor.step();
    while (cursor.peek() !== '}') {
      if (cursor.ended) throw cursor.problem('incomplete escape sequence', at);
      name += cursor.peek();
      cursor.step();
    }
    cursor.at++;
  } else {
    name = cursor.peek();
    if (name === '\\') throw cursor.problem('invalid Unicode character class');
    cursor.step();
  }
  if (!cursor.flags.unicode) throw cursor.problem('Unicode classes are not allowed without the flag u', at);
  const parts = /^(.*?)(!=|:|=)(.*)$/s.exec(name);
  if (parts?.[2] === '!=') negated = !negated;
  const source = parts ? propertyWithValue(parts[1]!, parts[3]!) : propertyNamed(name);
  if (source === undefined) throw cursor.problem('Unicode property not found', at);
  const set = cursor.folded({ kind: 'property', sources: [source] });
  return negated ? { kind: 'not', of: set } : set;
}
