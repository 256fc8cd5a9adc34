import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import type { List } from '../../src/core/value/list.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { parsePattern } from '../../src/lang/ilo/builtins/regex/parser.ts';
import { searcher } from '../../src/lang/ilo/builtins/regex/pike.ts';
import { compileProgram } from '../../src/lang/ilo/builtins/regex/program.ts';
import { contains } from '../../src/lang/ilo/builtins/regex/ranges.ts';
import { compileRegex, Regex } from '../../src/lang/ilo/builtins/regex/regex.ts';
import { ASCII, UNICODE } from '../../src/lang/ilo/builtins/regex/unicode.ts';
import { REGEX_BUILTINS } from '../../src/lang/ilo/builtins/regex.ts';
import { callRow, TEST_CONTEXT } from './harness.ts';
import { PATTERN_ERRORS, REGEX_CASES, REPLACEMENTS } from './regex-cases.ts';

const call = (name: string, ...args: Value[]) => callRow(REGEX_BUILTINS, name, args);
const faultOf = (name: string, ...args: Value[]): string => {
  try {
    call(name, ...args);
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no fault';
};

const UNWATCHED = { reads: 1000, spend: () => {} };

function nameOf(...parts: readonly string[]): string {
  return parts.map(part => JSON.stringify(part.length > 50 ? `${part.slice(0, 50)}…` : part)).join(' in ');
}

function matchesOf(pattern: string, text: string): (string | (string | null)[])[] {
  const regex = compileRegex(pattern);
  const found: (string | (string | null)[])[] = [];
  regex.forEachMatch(text, UNWATCHED, match => {
    const groups = Array.from({ length: regex.groupCount + 1 }, (_, group) =>
      match[2 * group]! < 0 ? null : text.slice(match[2 * group], match[2 * group + 1]),
    );
    found.push(regex.groupCount === 0 ? groups[0]! : groups);
    return true;
  });
  return found;
}

describe('matching', () => {
  it.each(REGEX_CASES.map(regexCase => [nameOf(regexCase[0], regexCase[1]), ...regexCase] as const))(
    '%s',
    (_, pattern, text, matches) => {
      expect(matchesOf(pattern, text)).toEqual(matches);
    },
  );
});

describe('patterns that are refused', () => {
  it.each(PATTERN_ERRORS.map(([pattern, problem]) => [nameOf(pattern), pattern, problem] as const))(
    '%s',
    (_, pattern, problem) => {
      expect(faultOf('rgx', pattern, '')).toBe(`ILO-R009 rgx: invalid regex pattern: ${problem}`);
    },
  );
});

describe('replacing', () => {
  it.each(REPLACEMENTS)('%s by %s in %s', (pattern, replacement, text, out) => {
    expect(call('rgxsub', pattern, replacement, text)).toBe(out);
  });

  it('refuses a result that is too long', () => {
    expect(faultOf('rgxsub', 'x', 'y'.repeat(1 << 20), 'x'.repeat(300))).toMatch(/^ILO-R041 /);
  });
});

describe('the builtins', () => {
  it.each<[string, string, string, string]>([
    ['rgx', '\\d+', 'a1 b22', '[1, 22]'],
    ['rgx', '(\\w)(\\d)?', 'a b2', '[a]'],
    ['rgx', '(x)', 'abc', '[]'],
    ['rgx', '', 'ab', '[, , ]'],
    ['rgxall', '\\d+', 'a1 b22', '[[1], [22]]'],
    ['rgxall', '(\\w)=(\\d)', 'a=1 b=2', '[[a, 1], [b, 2]]'],
    ['rgxall', '(a)|(b)', 'ab', '[[a], [b]]'],
    ['rgxall', 'x', 'abc', '[]'],
    ['rgxall1', '\\d', '12', '[1, 2]'],
    ['rgxall1', '<(.)>', '<a><b>', '[a, b]'],
    ['rgxall1', 'a|(b)', 'ab', '[b]'],
  ])('%s %s %s', (name, pattern, text, out) => {
    expect(showValue(call(name, pattern, text))).toBe(out);
  });

  it('rgxall1 refuses several groups', () => {
    expect(faultOf('rgxall1', '(a)(b)', 'ab')).toMatch(/^ILO-R009 rgxall1: pattern has 2 capture groups/);
  });

  it('say what they were given', () => {
    expect(faultOf('rgx', 1, 'a')).toBe('ILO-R009 rgx: first arg (the string pattern) must be text, got number 1');
    expect(faultOf('rgxsub', 'a', 'b', null)).toBe('ILO-R009 rgxsub: third arg must be text, got nil');
  });

  it('answer on texts that make backtracking hopeless', () => {
    const text = 'a'.repeat(100_000);
    expect(showValue(call('rgx', '(a*)*b', text))).toBe('[]');
    expect(showValue(call('rgx', '(a*)*[bc]', text))).toBe('[]');
    expect(showValue(call('rgx', '(?:a|a)*é|(?:a?){30}ü', `${text}!ö`))).toBe('[]');
    expect((call('rgxall', '\\b{start}\\w+|é', 'aé '.repeat(30_000)) as List).length).toBe(30_000);
  });

  it('charge more for larger patterns', () => {
    const row = REGEX_BUILTINS.find(({ name }) => name === 'rgx')!;
    const fuelOf = (pattern: string): number => {
      let sum = 0;
      const charge = (fuel: number) => {
        sum += fuel;
      };
      const context = { ...TEST_CONTEXT, charge };
      row.run([pattern, 'a'.repeat(1000)], context);
      return sum;
    };
    expect(fuelOf('a{900}b')).toBeGreaterThan(50 * fuelOf('ab'));
  });
});

// Both matchers, on the same patterns: they share nothing but the syntax tree.
describe('re2js and our own matcher agree', () => {
  const atoms = [
    'a',
    'b',
    'ab',
    '.',
    '[^a]',
    '\\w',
    '\\W',
    'é',
    '(?i:É)',
    '\\d',
    '',
    '^',
    '$',
    '(?m:^)',
    '(?m:$)',
    '\\b',
    '\\B',
  ];
  const texts = ['', 'a', 'ab', 'aab b', 'ba\nab', '\n', 'aébÉ', 'é 1a', '😀a😀', 'abababab', ' a1_b '];

  it.each([1, 2, 3, 4])('seed %d', seed => {
    let state = seed * 2654435761;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const pick = (choices: readonly string[]): string => choices[below(choices.length)]!;
    const generate = (depth: number): string => {
      switch (depth === 0 ? 0 : below(5)) {
        case 0:
          return pick(atoms);
        case 1:
          return generate(depth - 1) + generate(depth - 1);
        case 2:
          return `(?:${generate(depth - 1)}|${generate(depth - 1)})`;
        case 3:
          return `(${generate(depth - 1)}|${generate(depth - 1)})${pick(['', '*', '+?', '?'])}`;
        default:
          return `(?:${generate(depth - 1)})${pick(['*', '+', '?', '*?', '+?', '??', '{2}', '{0,2}', '{1,2}?', '{2,}'])}`;
      }
    };
    for (let i = 0; i < 250; i++) {
      const source = generate(4);
      const pattern = parsePattern(source);
      const regex = new Regex(pattern);
      const programs = [ASCII, UNICODE].map(universe => compileProgram(pattern.root, pattern.groupCount, universe));
      for (const text of texts) {
        const ours = searcher(programs[/^[\x00-\x7f]*$/.test(text) ? 0 : 1]!, text, UNWATCHED)(0);
        const theirs = regex.searcher(text, UNWATCHED)(0);
        const where = `${source} in ${JSON.stringify(text)}: `;
        expect(where + (ours && [...ours])).toBe(where + (theirs && [...Array.from(theirs)]));
      }
    }
  });
});

describe('Unicode', () => {
  it('asks uniform stretches right', () => {
    // Around the ends of every stretch, and in its middle, one by one.
    for (const source of [
      'L',
      'Nd',
      'Cn',
      'Alphabetic',
      'Script=Han',
      'Script=Hangul',
      'Script=Tangut',
      'Noncharacter_Code_Point',
    ]) {
      const ranges = UNICODE.property(source);
      const pattern = new RegExp(`^\\p{${source}}$`, 'u');
      for (let c = 0; c < 0x110000; c += c % 0x1000 > 0xf00 ? 1 : 61) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        if (contains(ranges, c) !== pattern.test(String.fromCodePoint(c)))
          expect(`${source} of U+${c.toString(16)}`).toBe('right');
      }
    }
  });

  it('folds as V8 does', () => {
    const pattern = /\p{Changes_When_Casemapped}/u;
    const folding: string[] = [];
    for (let c = 0; c < 0x20000; c++) if (pattern.test(String.fromCodePoint(c))) folding.push(String.fromCodePoint(c));
    expect(folding.length).toBeGreaterThan(2500);
    for (const character of folding) {
      const ours = UNICODE.fold([character.codePointAt(0)!, character.codePointAt(0)!]);
      const theirs = new RegExp(`[${character}]`, 'iu');
      const others = [
        character.toUpperCase(),
        character.toLowerCase(),
        character.toUpperCase().toLowerCase(),
        's',
        'k',
        'i',
      ];
      for (const other of others.filter(text => [...text].length === 1)) {
        // Newer Unicode versions fold a few more pairs than the V8 at hand may know.
        if (/[\u0390\u1fd3\u03b0\u1fe3\ufb05\ufb06]/.test(character)) continue;
        expect(`${character} ${other} ${contains(ours, other.codePointAt(0)!)}`).toBe(
          `${character} ${other} ${theirs.test(other)}`,
        );
      }
    }
  });
});
