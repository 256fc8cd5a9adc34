// Classes in brackets: ranges, nested classes, `[:name:]`, and the set operations `&&`, `--` and `~~`, which bind alike, from the
// left, and looser than listing items side by side.
import type { Cursor } from './cursor.ts';
import { type Primitive, readPrimitive } from './escapes.ts';
import { type PatternProblem, rangeSet, type SetExpression } from './syntax.ts';
import { ASCII_CLASSES } from './unicode.ts';

/** `[…]`, from its bracket to after the one that closes it. */
export function readClass(cursor: Cursor): SetExpression {
  const opened = cursor.at;
  cursor.enter(opened);
  const unclosed = () => cursor.problem('unclosed character class', opened);
  cursor.step();
  const negated = cursor.take('^');
  cursor.skipSpace();
  let items: SetExpression[] = [];
  while (cursor.peek() === '-') {
    items.push(rangeSet(0x2d, 0x2d));
    cursor.step();
  }
  if (items.length === 0 && cursor.peek() === ']') {
    items.push(rangeSet(0x5d, 0x5d));
    cursor.step();
  }
  let pending: ((right: SetExpression) => SetExpression) | undefined;
  const closeOperand = (): SetExpression => {
    const operand: SetExpression = { kind: 'union', of: items };
    items = [];
    return pending === undefined ? operand : pending(operand);
  };
  for (;;) {
    cursor.skipSpace();
    if (cursor.ended) throw unclosed();
    if (cursor.peek() === '[') {
      items.push(readAsciiClass(cursor) ?? readClass(cursor));
    } else if (cursor.take(']')) {
      break;
    } else {
      const operator = cursor.take('&&') ? 'and' : cursor.take('--') ? 'minus' : cursor.take('~~') ? 'xor' : undefined;
      if (operator === undefined) {
        items.push(readClassItem(cursor, unclosed));
      } else {
        const left = cursor.folded(closeOperand());
        pending = right => ({ kind: operator, left, right: cursor.folded(right) });
      }
    }
  }
  const set = cursor.folded(closeOperand());
  cursor.nesting--;
  if (!negated) return set;
  if (!cursor.flags.unicode) throw cursor.notText(opened);
  return { kind: 'not', of: set };
}

/** `[:name:]` or `[:^name:]`; undefined, with nothing consumed, when it is not one. */
function readAsciiClass(cursor: Cursor): SetExpression | undefined {
  const start = cursor.at;
  if (!cursor.looking('[:')) return undefined;
  let at = start + 2;
  const negated = cursor.chars[at] === '^';
  if (negated) at++;
  let name = '';
  for (; at < cursor.chars.length && cursor.chars[at] !== ':' && name.length < 8; at++) name += cursor.chars[at];
  const ranges = ASCII_CLASSES.get(name);
  if (ranges === undefined || cursor.chars[at] !== ':' || cursor.chars[at + 1] !== ']') return undefined;
  cursor.at = at + 2;
  const set = cursor.folded({ kind: 'ranges', ranges });
  if (!negated) return set;
  if (!cursor.flags.unicode) throw cursor.notText(start);
  return { kind: 'not', of: set };
}

/** A character, a class or a range within brackets. */
function readClassItem(cursor: Cursor, unclosed: () => PatternProblem): SetExpression {
  const first = readPrimitive(cursor);
  cursor.skipSpace();
  if (cursor.ended) throw unclosed();
  const next = cursor.chars[cursor.flags.extended ? cursor.afterSpace(cursor.at + 1) : cursor.at + 1];
  if (cursor.peek() !== '-' || next === ']' || next === '-') {
    if (first.kind === 'class') return first.set;
    const codePoint = literalOf(cursor, first, 'invalid escape sequence in a character class');
    return rangeSet(codePoint, codePoint);
  }
  cursor.step();
  if (cursor.ended) throw unclosed();
  const last = readPrimitive(cursor);
  const low = literalOf(cursor, first, 'invalid range boundary, must be a literal');
  const high = literalOf(cursor, last, 'invalid range boundary, must be a literal');
  if (low > high) throw cursor.problem('invalid character class range, the start must be <= the end', first.at);
  return rangeSet(low, high);
}

function literalOf(cursor: Cursor, primitive: Primitive, otherwise: string): number {
  if (primitive.kind !== 'literal') throw cursor.problem(otherwise, primitive.at);
  if (!cursor.flags.unicode && primitive.codePoint > 0x7f) {
    if (primitive.byte) throw cursor.notText(primitive.at);
    throw cursor.problem('Unicode characters are not allowed without the flag u', primitive.at);
  }
  return primitive.codePoint;
}
