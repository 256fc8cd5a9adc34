// A million of everything that can stand inside itself is one mistake; what is just not too deep goes through every stage.
import { afterAll, describe, expect, test } from 'vitest';
import { sourcesOf } from '../../src/cli/source.ts';
import { checkUnit } from '../../src/core/check.ts';
import { renderDiagnostic } from '../../src/diag/mode.ts';
import { programJson } from '../../src/lang/ilo/ast-json.ts';
import { explainProgram } from '../../src/lang/ilo/explain.ts';
import { formatProgram } from '../../src/lang/ilo/format/format.ts';
import { loadProgram } from '../../src/runtime/program.ts';
import { ilo } from '../cli/spawn.ts';
import { expectNoTrace, expectOutcome, workshop } from './outcome.ts';

const { put, run, remove } = workshop();
afterAll(remove);

const NO_FILES = { readFile: () => ({ err: 'none' }) };

const MILLION = 1_000_000;
const MANY = 30_000;

/** Name, what comes before, what is repeated, what stands in the middle, and what closes each level. */
type Nest = readonly [name: string, before: string, open: string, inner: string, close: string];

const NESTS: readonly Nest[] = [
  ['parentheses', 'f>n;', '(', '1', ')'],
  ['lists', 'f>_;', '[', '1', ']'],
  ['lists with commas', 'f>_;', '[1,', '1', ']'],
  ['guards', 'f x:n>n;', '>x 0{', '1', '}'],
  ['else branches', 'f x:b>n;', 'x{1}{', '2', '}'],
  ['loops over lists', 'f xs:L n>n;', '@x xs{', '1', '}'],
  ['loops over ranges', 'f>n;', '@i 0..1{', '1', '}'],
  ['while loops', 'f x:b>n;', 'wh x{', '1', '}'],
  ['matches in arms', 'f x:n>n;', '?x{_:', '1', '}'],
  ['matches in expressions', 'f x:n>n;y=', '?x{_:', '1', '}'],
  ['lambdas', 'f>_;', '(x:n>n;', '1', ')'],
  ['lambdas as arguments', 'f>_;', 'map (x:n>n;', '1', ') [1]'],
  ['calls with parentheses', 'g x:n>n;x\nf>n;', 'g(', '1', ')'],
  ['calls without parentheses', 'g x:n>n;x\nf>n;', 'g ', '1', ''],
  ['calls of builtins', 'f>n;', 'abs ', '1', ''],
  ['prefix operators, right operand', 'f>n;', '+1 ', '1', ''],
  ['prefix operators, left operand', 'f>n;', '*', '1', ' 1'],
  ['minus signs', 'f>n;', '- ', '1', ''],
  ['negations', 'f x:b>b;y=', '! ', 'x', ''],
  ['~', 'f>_;y=', '~', '1', ''],
  ['^', 'f>_;y=', '^', '1', ''],
  ['prefix ??', 'f x:O n>n;', '??x ', '1', ''],
  ['$', 'f>_;', '$', '"x"', ''],
  ['assignments', 'f>n;', 'x=', '1', ''],
  ['infix +', 'f>n;1', '+1', '', ''],
  ['infix + with blanks', 'f>n;1', ' + 1', '', ''],
  ['infix of two precedences', 'f>n;1', '*1+2', '', ''],
  ['infix &', 'f x:b>b;x', '&x', '', ''],
  ['infix ??', 'f x:O n>n;x', ' ?? 1', '', ''],
  ['pipes', 'g x:n>n;x\nf>n;1', '>>g', '', ''],
  ['fields', 'f x:_>_;x', '.a', '', ''],
  ['safe fields', 'f x:_>_;x', '.?a', '', ''],
  ['indexes', 'f x:_>_;x', '.0', '', ''],
  ['list types', 'f x:', 'L ', 'n', ''],
  ['optional types', 'f x:', 'O ', 'n', ''],
  ['map types', 'f x:', 'M t ', 'n', ''],
  ['result types', 'f x:', 'R n ', 't', ''],
  ['function types', 'f x:', 'F n ', 'n', ''],
  ['parentheses in types', 'f x:', '(', 'n', ')'],
  ['an alias', 'alias a ', 'L ', 'n', ''],
];

function nested([name, before, open, inner, close]: Nest, times: number): string {
  const after = name.includes('types') ? '>n;1' : name === 'an alias' ? '\nf>n;1' : '';
  return before + open.repeat(times) + inner + close.repeat(times) + after;
}

/** What loading reports, as the command line would show it. */
function report(source: string): string {
  const { diagnostics } = loadProgram(source, NO_FILES);
  const sources = sourcesOf(source, undefined);
  return diagnostics.map(diagnostic => renderDiagnostic(diagnostic, sources, 'text')).join('');
}

describe('far too deep', () => {
  test.each(NESTS)('%s', (...nest) => {
    const [, before] = nest;
    const text = report(nested(nest, MANY));
    // One mistake, not one for each level, and no line of endless characters.
    expect(text.match(/^error/gm)).toHaveLength(1);
    expect(text).toMatch(new RegExp(`^error\\[ILO-P0[0-9]+\\]: .+\n *--> ${before.split('\n').length}:[0-9]+\n`));
    expect(text.length).toBeLessThan(2000);
  });

  // Through the command line, whose stack is the smallest there is.
  test.each(
    NESTS.filter(([name]) =>
      /^(parentheses|lists|guards|lambdas|prefix operators, right operand|infix \+|list types)$/.test(name),
    ),
  )('a million %s in a file', (...nest) => {
    expectOutcome(run(nested(nest, MILLION)), { code: 2, diagnostic: 'ILO-P022', place: '1:[0-9]+' });
  });

  test.each(NESTS.filter(([, , , , close]) => close.trim() !== ''))('%s, never closed', (...nest) => {
    const [, before, open] = nest;
    const text = report(before + open.repeat(MANY));
    expect(text).toMatch(/^error\[ILO-P0[0-9]+\]/);
    expect(text.length).toBeLessThan(5000);
  });

  test.each([...'()[]{};"\\~^!?@.=>:$-&_\u{1f600}'])('nothing but %s', character => {
    expect(report(`f>n;${character.repeat(MANY)}`)).toMatch(/^error\[ILO-[LPT][0-9]+\]/);
  });
});

describe('as deep as is allowed', () => {
  /** The deepest nesting that still loads, by halving. */
  function deepest(nest: Nest): number {
    let fits = 0;
    let tooDeep = 512;
    while (tooDeep - fits > 1) {
      const middle = (fits + tooDeep) >> 1;
      const { diagnostics } = loadProgram(nested(nest, middle), NO_FILES);
      if (diagnostics.some(({ code }) => code === 'ILO-P022')) tooDeep = middle;
      else fits = middle;
    }
    return fits;
  }

  test.each(NESTS)('%s go through every stage', (...nest) => {
    const levels = deepest(nest);
    expect(levels).toBeGreaterThan(/^[~^]$/.test(nest[0]) ? 0 : 20);
    const { program, unit } = loadProgram(nested(nest, levels), NO_FILES);
    JSON.parse(programJson(program));
    if (unit === undefined) return;
    checkUnit(unit);
    explainProgram(program);
    formatProgram(program, 'dense');
    formatProgram(program, 'expanded');
  });

  test('all of them together, on the smallest stack', () => {
    const sources = NESTS.map((nest, i) => nested(nest, deepest(nest)).replace(/^(alias a|g|f)(?=[ >])/gm, `$1-${i}`));
    const sound = sources
      .map((source, i) => source.replace(/\bg(?=[ (]|$|>>)/g, `g-${i}`).replaceAll(`g-${i}-${i}`, `g-${i}`))
      .filter(source => loadProgram(source, NO_FILES).unit !== undefined);
    expect(sound.length).toBeGreaterThan(NESTS.length / 2);
    const path = put('deep.ilo', `${sound.join('\n')}\nmain>n;1\n`);
    expect(ilo(['-t', '-nh', path])).toMatchObject({ code: 0, out: '1\n' });
    for (const flags of [['check'], ['fmt'], ['fmt', '--expanded'], ['explain'], ['--ast']]) {
      const ran = ilo([...flags, path]);
      expectNoTrace(ran);
      expect(ran.code).toBe(0);
    }
  });
});
