// Patterns in re2js's syntax. Nothing is left to its own reading of classes, flags and names: sets are printed as explicit ranges,
// anchors as what they came to mean, groups without names. What re2js cannot express prints as undefined, and the matcher in
// pike.ts takes the pattern: counts above its limit, and assertions it does not know.

import { intersect, pairsOf, type Ranges, subtract } from './ranges.ts';
import { type Assertion, evaluate, type Node, type SetExpression } from './syntax.ts';
import { ASCII_LIMIT, type Universe } from './unicode.ts';

/** re2js refuses counts whose product along the nesting is larger. */
const MAX_REPEAT = 1000;

/** What a matched text can hold: all of Unicode, or ASCII. */
export interface Alphabet {
  readonly universe: Universe;
  readonly characters: Ranges;
}

export const ASCII_CHARACTERS: Ranges = [0, ASCII_LIMIT - 1];

/** The pattern for re2js, or undefined when it cannot be expressed. */
export function printPattern(root: Node, alphabet: Alphabet): string | undefined {
  const out: string[] = [];
  const sets = new Map<SetExpression, string>();

  const set = (expression: SetExpression): string => {
    let text = sets.get(expression);
    if (text === undefined) {
      text = printSet(intersect(evaluate(expression, alphabet.universe), alphabet.characters), alphabet.characters);
      sets.set(expression, text);
    }
    return text;
  };

  /** False as soon as something cannot be expressed. `repeats` is the product of the counts around. */
  const print = (node: Node, repeats: number): boolean => {
    switch (node.kind) {
      case 'empty':
        out.push('(?:)');
        return true;
      case 'set':
        out.push(set(node.set));
        return true;
      case 'assertion': {
        const text = printAssertion(node.assertion, alphabet);
        if (text !== undefined) out.push(text);
        return text !== undefined;
      }
      case 'capture':
        out.push('(');
        return print(node.body, repeats) && out.push(')') > 0;
      case 'sequence':
        return node.parts.every(part => {
          if (part.kind !== 'choice') return print(part, repeats);
          out.push('(?:');
          return print(part, repeats) && out.push(')') > 0;
        });
      case 'choice':
        return node.branches.every((branch, i) => {
          if (i > 0) out.push('|');
          return print(branch, repeats);
        });
      case 'repeat': {
        const largest = node.max === Number.POSITIVE_INFINITY ? node.min : node.max;
        const product = repeats * Math.max(1, largest);
        if (product > MAX_REPEAT) return false;
        out.push('(?:');
        if (!print(node.body, product)) return false;
        out.push(')', printCount(node.min, node.max), node.greedy ? '' : '?');
        return true;
      }
    }
  };
  return print(root, 1) ? out.join('') : undefined;
}

function printCount(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function printAssertion(assertion: Assertion, alphabet: Alphabet): string | undefined {
  switch (assertion) {
    case 'textStart':
      return '\\A';
    case 'textEnd':
      return '\\z';
    case 'lineStart':
      return '(?m:^)';
    case 'lineEnd':
      return '(?m:$)';
    case 'wordBoundaryAscii':
      return '\\b';
    case 'notWordBoundaryAscii':
      return '\\B';
    // Its word characters are ASCII's, which is right in a text that has no others.
    case 'wordBoundary':
      return alphabet.characters === ASCII_CHARACTERS ? '\\b' : undefined;
    case 'notWordBoundary':
      return alphabet.characters === ASCII_CHARACTERS ? '\\B' : undefined;
    default:
      return undefined;
  }
}

function printSet(ranges: Ranges, characters: Ranges): string {
  if (ranges.length === 2 && ranges[0] === ranges[1]) return printCharacter(ranges[0]!);
  const rest = subtract(characters, ranges);
  if (rest.length === 0) return '(?s:.)';
  if (ranges.length === 0) return '[^\\x{0}-\\x{10FFFF}]';
  const negated = rest.length < ranges.length;
  const parts = pairsOf(negated ? rest : ranges).map(([low, high]) =>
    low === high ? printCharacter(low) : `${printCharacter(low)}-${printCharacter(high)}`,
  );
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}

function printCharacter(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  return /^[0-9A-Za-z]$/.test(character) ? character : `\\x{${codePoint.toString(16)}}`;
}
