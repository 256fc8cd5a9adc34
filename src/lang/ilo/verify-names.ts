// "Did you mean": the nearest known name by edit distance. Suggestions are a courtesy, so their cost is bounded for the
// whole program: ten thousand unknown names among ten thousand functions must not take a hundred million comparisons.
import type { BuiltinTable } from './builtins/row.ts';

const MAX_DISTANCE = 3;
/** Candidates looked at in one program before we stop suggesting. */
const CANDIDATE_BUDGET = 400_000;
const MAX_NAME_LENGTH = 100;

/** Finds near names until its budget is spent. */
export interface Suggester {
  /** The candidate nearest to `name`, at most three edits away and with a letter in common, or both of one letter; the first of equals. */
  readonly closest: (name: string, ...candidates: readonly Iterable<string>[]) => string | undefined;
}

/** A suggester for one program. */
export function makeSuggester(): Suggester {
  let budget = CANDIDATE_BUDGET;
  return {
    closest(name, ...candidates) {
      if (name.length > MAX_NAME_LENGTH) return undefined;
      let best: string | undefined;
      let bestDistance = MAX_DISTANCE + 1;
      for (const group of candidates) {
        for (const candidate of group) {
          if (budget-- <= 0) return best;
          if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
          const distance = editDistance(name, candidate, bestDistance - 1);
          const longer = Math.max(name.length, candidate.length);
          if (distance < bestDistance && (distance < longer || longer === 1)) {
            best = candidate;
            bestDistance = distance;
          }
        }
      }
      return best;
    },
  };
}

/** Levenshtein's distance between two names, or anything above `limit` when it is more than that. */
export function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cell = Math.min(changed, row[j]! + 1, next[j - 1]! + 1);
      next.push(cell);
      if (cell < smallest) smallest = cell;
    }
    if (smallest > limit) return smallest;
    row = next;
  }
  return row[b.length]!;
}

/**
 * The hint for an unknown name such as `best-d` whose parts are all known: it was meant as a subtraction, but a hyphen
 * between letters belongs to the name.
 */
export function subtractionHint(name: string, isKnown: (part: string) => boolean): string | undefined {
  const parts = name.split('-');
  if (parts.length < 2 || !parts.every(part => part !== '' && isKnown(part))) return undefined;
  const reading = `'${name}' is a single identifier (kebab-case)`;
  return parts.length === 2
    ? `${reading}; for subtraction write '- ${parts[0]} ${parts[1]}'`
    : `${reading}; a hyphen inside a name never subtracts`;
}

const shortNames = new WeakMap<BuiltinTable, ReadonlyMap<string, string>>();

/** The name of the builtin that has a long form called `name`. */
export function shortNameOf(builtins: BuiltinTable, name: string): string | undefined {
  let found = shortNames.get(builtins);
  if (!found) {
    const names = [...builtins.names()].flatMap(short =>
      (builtins.get(short)?.aliases ?? []).map(long => [long, short]),
    );
    found = new Map(names as [string, string][]);
    shortNames.set(builtins, found);
  }
  return found.get(name);
}
