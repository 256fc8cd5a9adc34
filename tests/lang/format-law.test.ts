// The law of the formatter, on every program of this repository and on thousands of broken and odd variations of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Program } from '../../src/lang/ilo/ast.ts';
import { formatProgram, renderProgram } from '../../src/lang/ilo/format/format.ts';
import type { Style } from '../../src/lang/ilo/format/printer.ts';
import { sameDeclaration } from '../../src/lang/ilo/format/same.ts';
import { lex } from '../../src/lang/ilo/lexer.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

const STYLES: readonly Style[] = ['dense', 'expanded'];

function programsIn(folder: string): readonly (readonly [path: string, source: string])[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ilo'));
  return paths.sort().map(path => [path, readFileSync(join(folder, path), 'utf8')] as const);
}

// A checkout of the reference may be named; its programs are not part of this repository.
const reference = process.env.ILO_REFERENCE;
const PROGRAMS = [
  ...programsIn('tests/programs'),
  ...programsIn('examples'),
  ...(reference === undefined ? [] : programsIn(join(reference, 'examples'))),
].filter(([, source]) => parse(source).diagnostics.length === 0);

function firstDifference(before: Program, after: Program): string | undefined {
  if (before.decls.length !== after.decls.length) return `${after.decls.length} declarations`;
  const index = before.decls.findIndex((decl, at) => !sameDeclaration(decl, after.decls[at]!));
  const decl = before.decls[index];
  return decl && before.source.slice(decl.span.start, decl.span.end);
}

/** Undefined when the law holds. */
function broken(program: Program, style: Style): string | undefined {
  const text = formatProgram(program, style);
  const again = parse(text).program;
  const difference = firstDifference(program, again);
  if (difference !== undefined) return `changed: ${difference}`;
  if (formatProgram(again, style) !== text) return 'not stable';
  const comments = (of: Program) => of.comments.map(comment => comment.text).sort();
  if (comments(program).join('\n') !== comments(again).join('\n')) return 'lost a comment';
  return undefined;
}

describe.each(STYLES)('%s', style => {
  test('there are programs to look at', () => {
    expect(PROGRAMS.length).toBeGreaterThan(100);
  });

  test('formatted programs parse to the same tree, formatting again changes nothing, comments stay', () => {
    const failures: string[] = [];
    for (const [path, source] of PROGRAMS) {
      const problem = broken(parse(source).program, style);
      if (problem !== undefined) failures.push(`${path}: ${problem}`);
    }
    expect(failures).toEqual([]);
  });

  test('no declaration has to be kept as it was written', () => {
    const failures: string[] = [];
    for (const [path, source] of PROGRAMS) {
      const { program } = parse(source);
      const difference = firstDifference(program, parse(renderProgram(program, style)).program);
      if (difference !== undefined) failures.push(`${path}: ${difference}`);
    }
    expect(failures).toEqual([]);
  });
});

/** A small generator with a seed, so that a failure comes back. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** The tokens of each short function, each with the blank before it. */
const FUNCTIONS = PROGRAMS.flatMap(([, source]) =>
  parse(source).program.decls.flatMap(decl => {
    const text = source.slice(decl.span.start, decl.span.end);
    return decl.kind === 'function' && text.length < 300 ? [tokensOf(text)] : [];
  }),
);

function tokensOf(text: string): string[] {
  const { tokens } = lex(text);
  return Array.from({ length: tokens.count }, (_, index) => {
    const start = tokens.starts[index]!;
    const token = text.slice(start, tokens.ends[index]!);
    return `${index > 0 && start > tokens.ends[index - 1]! ? ' ' : ''}${token === '\n' ? ';' : token}`;
  });
}

const FRAGMENTS = (
  ' -1| -| +| >| <| =| !| ~| ^| ??| ?| (|)| x| len| hd| f()| xs.0| a.b| $u| >>str| [1 2]| with a:1| "s"|;|{|}| fmt "{}"| mmap' +
  '| &| *| +=| (x:n>n;x)| p a:1| nil|!|!!| mget m| srt| ret| @i 0..3{| wh x{| ?x{1:2;_:3}| ?h 1 0| ?h{1}{0}|--c\n'
).split('|');

function variation(next: (below: number) => number): string {
  const tokens = [...FUNCTIONS[next(FUNCTIONS.length)]!];
  const bodyStart = tokens.indexOf(';') + 1;
  for (let change = next(4); change >= 0; change--) {
    const at = bodyStart + next(Math.max(1, tokens.length - bodyStart));
    const other = FUNCTIONS[next(FUNCTIONS.length)]!;
    const from = next(other.length);
    const kind = next(4);
    if (kind === 0) tokens.splice(at, 1);
    else if (kind === 1) tokens.splice(at, 0, FRAGMENTS[next(FRAGMENTS.length)]!);
    else if (kind === 2) tokens.splice(at, 0, ...other.slice(from, from + 1 + next(6)));
    else tokens[at] = FRAGMENTS[next(FRAGMENTS.length)]!;
  }
  return `${tokens.join('')}\ntype last{a:n}\n`;
}

test('variations of programs: the law holds for those that parse, and none of the others is harmed', () => {
  const next = generator(20);
  const failures: string[] = [];
  let parsed = 0;
  for (let round = 0; round < 4000; round++) {
    const source = variation(next);
    const { program, diagnostics } = parse(source);
    if (diagnostics.length > 0) {
      expect(() => formatProgram(program, 'dense')).not.toThrow();
      continue;
    }
    parsed++;
    for (const style of STYLES) {
      const problem = broken(program, style);
      if (problem !== undefined) failures.push(`${style} ${problem}\n${source}`);
    }
  }
  expect(failures).toEqual([]);
  expect(parsed).toBeGreaterThan(400);
});
