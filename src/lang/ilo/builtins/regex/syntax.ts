// A regular expression as a tree, with all flags already applied: case folding, Unicode or ASCII classes, greediness and the
// meaning of `^ $ .` are in the nodes. parser.ts makes it; print.ts and program.ts read it.

import { intersect, NO_CODE_POINT, type Ranges, subtract, union } from './ranges.ts';
import { foldAscii, type PropertySource, type Universe } from './unicode.ts';

/** A set of code points as written; what it holds depends on the universe, see `evaluate`. */
export type SetExpression =
  | { readonly kind: 'ranges'; readonly ranges: Ranges }
  | { readonly kind: 'property'; readonly sources: readonly PropertySource[] }
  | { readonly kind: 'union'; readonly of: readonly SetExpression[] }
  | { readonly kind: 'not'; readonly of: SetExpression }
  | { readonly kind: 'fold'; readonly of: SetExpression; readonly unicode: boolean }
  | { readonly kind: 'and' | 'minus' | 'xor'; readonly left: SetExpression; readonly right: SetExpression };

export type Assertion =
  | 'textStart'
  | 'textEnd'
  | 'lineStart'
  | 'lineEnd'
  /** With `\r\n`, `\r` and `\n` all ending lines. */
  | 'lineStartCrlf'
  | 'lineEndCrlf'
  | WordAssertion
  | `${WordAssertion}Ascii`;

/** Looks at the characters before and after; word characters are Unicode's or, with `Ascii`, those of ASCII. */
export type WordAssertion =
  | 'wordBoundary'
  | 'notWordBoundary'
  | 'wordStart'
  | 'wordEnd'
  | 'wordStartHalf'
  | 'wordEndHalf';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: SetExpression }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'capture'; readonly index: number; readonly body: Node }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] };

export interface Pattern {
  readonly root: Node;
  /** Capturing groups, not counting the whole match. */
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** What is wrong with a pattern, and the character (counted from 1) where. */
export class PatternProblem {
  readonly problem: string;
  readonly position: number | undefined;
  constructor(problem: string, position: number | undefined) {
    this.problem = problem;
    this.position = position;
  }
}

/** The code points of a set, within a universe. */
export function evaluate(set: SetExpression, universe: Universe): Ranges {
  switch (set.kind) {
    case 'ranges':
      return intersect(set.ranges, universe.all);
    case 'property':
      return union(set.sources.map(universe.property));
    case 'union':
      return set.of.length === 0 ? NO_CODE_POINT : union(set.of.map(item => evaluate(item, universe)));
    case 'not':
      return subtract(universe.all, evaluate(set.of, universe));
    case 'fold':
      return set.unicode ? universe.fold(evaluate(set.of, universe)) : foldAscii(evaluate(set.of, universe));
    case 'and':
      return intersect(evaluate(set.left, universe), evaluate(set.right, universe));
    case 'minus':
      return subtract(evaluate(set.left, universe), evaluate(set.right, universe));
    case 'xor': {
      const left = evaluate(set.left, universe);
      const right = evaluate(set.right, universe);
      return union([subtract(left, right), subtract(right, left)]);
    }
  }
}

export function rangeSet(low: number, high: number): SetExpression {
  return { kind: 'ranges', ranges: [low, high] };
}
