// Compiled patterns. A pattern is parsed once and kept; how it is matched depends on the text: for ASCII text, where all sets are
// small and word boundaries are re2js's own, it is printed one way, for other text another way, each on first use. What re2js cannot
// express goes to the matcher in pike.ts. Both take time linear in the text for one search.
//
// re2js is loaded on first use, so that programs without patterns do not pay for it.
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { parsePattern } from './parser.ts';
import { type Search, searcher } from './pike.ts';
import { type Alphabet, ASCII_CHARACTERS, printPattern } from './print.ts';
import { checkSize, compileProgram, programSize } from './program.ts';
import type { Pattern } from './syntax.ts';
import { ASCII, isAscii, UNICODE } from './unicode.ts';
import { type Watch, WatchedText } from './watched-text.ts';

const KEPT_PATTERNS = 64;

/** Positions of a match and of its groups: start, end, start, end, …, -1 where a group took no part. */
export type Match = ArrayLike<number>;

type Engine = (text: string, watch: Watch) => Search;

const ASCII_ALPHABET: Alphabet = { universe: ASCII, characters: ASCII_CHARACTERS };
const UNICODE_ALPHABET: Alphabet = { universe: UNICODE, characters: UNICODE.all };

let re2js: typeof RE2JS | undefined;

function loadRe2js(): typeof RE2JS {
  re2js ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return re2js;
}

export class Regex {
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** Roughly the most that one character of text can cost, in instructions; copying the positions of groups adds to it. */
  readonly size: number;
  private readonly pattern: Pattern;
  private ascii: Engine | undefined;
  private unicode: Engine | undefined;

  constructor(pattern: Pattern) {
    this.pattern = pattern;
    this.groupCount = pattern.groupCount;
    this.groupNames = pattern.groupNames;
    this.size = programSize(pattern.root) * (1 + pattern.groupCount / 8);
  }

  /** Prepares to search one text; `watch` hears of what is read of it. */
  searcher(text: string, watch: Watch): Search {
    if (isAscii(text)) {
      this.ascii ??= makeEngine(this.pattern, ASCII_ALPHABET);
      return this.ascii(text, watch);
    }
    this.unicode ??= makeEngine(this.pattern, UNICODE_ALPHABET);
    return this.unicode(text, watch);
  }

  /** Calls `visit` for every match, from left to right, until it answers false. An empty match right after a match is none. */
  forEachMatch(text: string, watch: Watch, visit: (match: Match) => boolean): void {
    const search = this.searcher(text, watch);
    let from = 0;
    let lastEnd = -1;
    while (from <= text.length) {
      const match = search(from);
      if (match === undefined) return;
      const end = match[1]!;
      if (end === match[0] && end === lastEnd) {
        from = end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
        continue;
      }
      if (!visit(match)) return;
      from = end;
      lastEnd = end;
    }
  }
}

function makeEngine(pattern: Pattern, alphabet: Alphabet): Engine {
  const printed = printPattern(pattern.root, alphabet);
  if (printed !== undefined) {
    const compiled = compileRe2js(printed);
    if (compiled !== undefined) return (text, watch) => re2jsSearcher(compiled, pattern.groupCount, text, watch);
  }
  const program = compileProgram(pattern.root, pattern.groupCount, alphabet.universe);
  return (text, watch) => searcher(program, text, watch);
}

/** Undefined when the pattern is beyond one of re2js's own limits. */
function compileRe2js(printed: string): RE2JS | undefined {
  try {
    return loadRe2js().compile(printed);
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('RE2JS')) return undefined;
    throw error;
  }
}

function re2jsSearcher(compiled: RE2JS, groupCount: number, text: string, watch: Watch): Search {
  const matcher = compiled.matcher(new WatchedText(text, watch) as unknown as string);
  return from => {
    if (!matcher.find(from)) return undefined;
    const match = new Int32Array(2 * (groupCount + 1));
    for (let group = 0; group <= groupCount; group++) {
      match[2 * group] = matcher.start(group);
      match[2 * group + 1] = matcher.end(group);
    }
    return match;
  };
}

const kept = new Map<string, Regex>();

/** The compiled pattern, from the ones used lately if it is among them. Throws a PatternProblem. */
export function compileRegex(source: string): Regex {
  let regex = kept.get(source);
  if (regex === undefined) {
    const pattern = parsePattern(source);
    checkSize(pattern);
    regex = new Regex(pattern);
    if (kept.size >= KEPT_PATTERNS) kept.delete(kept.keys().next().value!);
  } else {
    // Back to the end, where the most recently used stand.
    kept.delete(source);
  }
  kept.set(source, regex);
  return regex;
}
