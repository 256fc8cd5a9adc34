// A pattern as a program for the matcher in pike.ts: a few instructions in parallel arrays, and the characters of the pattern's
// sets sorted into classes, so that one look at a character answers every set.

import { contains, NO_CODE_POINT, type Ranges, union } from './ranges.ts';
import { type Assertion, evaluate, type Node, type Pattern, PatternProblem, type SetExpression } from './syntax.ts';
import type { Universe } from './unicode.ts';
import { WORD_SOURCES } from './unicode.ts';

/** Instructions, after counted repetitions are written out. */
const MAX_INSTRUCTIONS = 50_000;
/** Instructions times groups. */
const MAX_POSITIONS = 1_000_000;

export const SET = 0;
export const SPLIT = 1;
export const JUMP = 2;
export const SAVE = 3;
export const ASSERT = 4;
export const ACCEPT = 5;

export interface Program {
  readonly operations: Uint8Array;
  /** Set: its number. Split: the preferred way. Jump: the target. Save: the slot. Assert: its place in `assertions`. */
  readonly first: Int32Array;
  /** Split: the other way. */
  readonly second: Int32Array;
  readonly slotCount: number;
  readonly assertions: readonly Assertion[];
  readonly classOf: (codePoint: number) => number;
  /** For each set, which classes it holds. */
  readonly sets: readonly Uint8Array[];
  /** Which classes are word characters. */
  readonly wordClasses: Uint8Array;
}

/** How many instructions the pattern makes; Infinity when beyond counting. */
export function programSize(node: Node): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'set':
    case 'assertion':
      return 1;
    case 'capture':
      return 2 + programSize(node.body);
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + programSize(part), 0);
    case 'choice':
      return node.branches.reduce((sum, branch) => sum + 2 + programSize(branch), 0);
    case 'repeat': {
      const body = programSize(node.body);
      if (node.max === Number.POSITIVE_INFINITY) return Math.max(1, node.min) * body + 2;
      return node.min * body + (node.max - node.min) * (body + 1);
    }
  }
}

/** Throws a PatternProblem when the pattern is too large to match: each instruction may come to hold a position for each group. */
export function checkSize({ root, groupCount }: Pattern): void {
  const size = programSize(root);
  if (!(size <= MAX_INSTRUCTIONS)) {
    throw new PatternProblem(`compiled, it would exceed the size limit of ${MAX_INSTRUCTIONS} instructions`, undefined);
  }
  if (size * groupCount > MAX_POSITIONS) {
    throw new PatternProblem(`${groupCount} capture groups are too many for a pattern of this size`, undefined);
  }
}

export function compileProgram(root: Node, groupCount: number, universe: Universe): Program {
  const operations: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  const expressions = new Map<SetExpression, number>();
  const assertions: Assertion[] = [];
  const emit = (operation: number, a = 0, b = 0): number => {
    operations.push(operation);
    first.push(a);
    second.push(b);
    return operations.length - 1;
  };
  const here = () => operations.length;
  /** Sets the two ways of a split: into the body at `into`, or past it to `past`. */
  const direct = (split: number, greedy: boolean, into: number, past: number) => {
    first[split] = greedy ? into : past;
    second[split] = greedy ? past : into;
  };

  const compile = (node: Node): void => {
    switch (node.kind) {
      case 'empty':
        return;
      case 'set': {
        let number = expressions.get(node.set);
        if (number === undefined) {
          number = expressions.size;
          expressions.set(node.set, number);
        }
        emit(SET, number);
        return;
      }
      case 'assertion': {
        let number = assertions.indexOf(node.assertion);
        if (number < 0) number = assertions.push(node.assertion) - 1;
        emit(ASSERT, number);
        return;
      }
      case 'capture':
        emit(SAVE, 2 * node.index);
        compile(node.body);
        emit(SAVE, 2 * node.index + 1);
        return;
      case 'sequence':
        for (const part of node.parts) compile(part);
        return;
      case 'choice': {
        const jumps: number[] = [];
        node.branches.forEach((branch, i) => {
          const last = i === node.branches.length - 1;
          const split = last ? undefined : emit(SPLIT, here() + 1);
          compile(branch);
          if (split === undefined) return;
          jumps.push(emit(JUMP));
          second[split] = here();
        });
        for (const jump of jumps) first[jump] = here();
        return;
      }
      case 'repeat':
        compileRepeat(node);
        return;
    }
  };

  const compileRepeat = (node: Extract<Node, { kind: 'repeat' }>): void => {
    const { body, min, max, greedy } = node;
    if (max !== Number.POSITIVE_INFINITY) {
      for (let i = 0; i < min; i++) compile(body);
      const splits: number[] = [];
      for (let i = min; i < max; i++) {
        splits.push(emit(SPLIT));
        compile(body);
      }
      for (const split of splits) direct(split, greedy, split + 1, here());
      return;
    }
    for (let i = 1; i < min; i++) compile(body);
    // `x+` as a loop after its body. `x*` is `(x+)?`: entering the body decides before anything is known to be empty.
    const skip = min === 0 ? emit(SPLIT) : undefined;
    const start = here();
    compile(body);
    const loop = emit(SPLIT);
    direct(loop, greedy, start, here());
    if (skip !== undefined) direct(skip, greedy, start, here());
  };

  emit(SAVE, 0);
  compile(root);
  emit(SAVE, 1);
  emit(ACCEPT);
  // Equal sets share a number.
  const distinct = new Map<string, number>();
  const ranges: Ranges[] = [];
  const numbers = Array.from(expressions.keys(), expression => {
    const set = evaluate(expression, universe);
    const key = set.join();
    const known = distinct.get(key);
    if (known !== undefined) return known;
    distinct.set(key, ranges.length);
    return ranges.push(set) - 1;
  });
  operations.forEach((operation, at) => {
    if (operation === SET) first[at] = numbers[first[at]!]!;
  });
  const words = assertions.some(isUnicodeWordAssertion) ? union(WORD_SOURCES.map(universe.property)) : NO_CODE_POINT;
  const classes = partition([...ranges, words]);
  return {
    operations: Uint8Array.from(operations),
    first: Int32Array.from(first),
    second: Int32Array.from(second),
    slotCount: 2 * (groupCount + 1),
    assertions,
    classOf: classes.classOf,
    sets: classes.members.slice(0, -1),
    wordClasses: classes.members[ranges.length]!,
  };
}

function isUnicodeWordAssertion(assertion: Assertion): boolean {
  return /^(?:word|notWord)/.test(assertion) && !assertion.endsWith('Ascii');
}

interface Partition {
  readonly classOf: (codePoint: number) => number;
  readonly members: readonly Uint8Array[];
}

/** Sorts all code points into classes that no set divides: between two neighbouring bounds, every set is all or nothing. */
function partition(sets: readonly Ranges[]): Partition {
  const bounds = new Set([0]);
  for (const ranges of sets) {
    for (let i = 0; i < ranges.length; i += 2) {
      bounds.add(ranges[i]!);
      bounds.add(ranges[i + 1]! + 1);
    }
  }
  const starts = Int32Array.from(bounds).sort();
  // Stretches with the same members share a class.
  const classes = new Map<string, number>();
  const classOfStretch = new Int32Array(starts.length);
  const rows: boolean[][] = [];
  starts.forEach((start, stretch) => {
    const row = sets.map(ranges => contains(ranges, start));
    const key = row.map(Number).join('');
    let number = classes.get(key);
    if (number === undefined) {
      number = classes.size;
      classes.set(key, number);
      rows.push(row);
    }
    classOfStretch[stretch] = number;
  });
  const search = (codePoint: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= codePoint) low = middle + 1;
      else high = middle;
    }
    return classOfStretch[low - 1]!;
  };
  const near = Int32Array.from({ length: 0x250 }, (_, codePoint) => search(codePoint));
  return {
    classOf: codePoint => (codePoint < near.length ? near[codePoint]! : search(codePoint)),
    members: sets.map((_, set) => Uint8Array.from(rows, row => Number(row[set]))),
  };
}
