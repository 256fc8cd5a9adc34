// Every example of the language reference is run, and none may go without an expectation.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ENGINES } from '../../src/runtime/engines.ts';
import { BUILTIN_NAMES } from '../../src/spec/builtin-names.ts';
import { DIAGNOSTIC_ROWS } from '../../src/spec/diagnostics/all.ts';
import { expectationsOf, findProblems } from '../programs/expectations.ts';

const page = readFileSync('docs/language.md', 'utf8');

interface Block {
  /** From 1, of the opening fence. */
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

function findBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; kind: string; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { line: index + 1, kind: line.slice(3), lines: [] };
    else {
      blocks.push({ line: open.line, kind: open.kind, text: open.lines.join('\n') });
      open = undefined;
    }
  });
  return blocks;
}

const blocks = findBlocks(page);
const examples = blocks.filter(({ kind }) => kind === 'ilo');

test('the page has examples, and says of every block what it is', () => {
  expect(examples.length).toBeGreaterThan(30);
  expect([...new Set(blocks.map(({ kind }) => kind))].sort()).toEqual(['ilo', 'json', 'sh', 'text']);
  expect(page.split('\n').length).toBeLessThan(900);
});

test.each(examples.map(block => [block.line, block] as const))(
  'the example at line %i expects something',
  (_, block) => {
    const { cases, errors, mustLoad } = expectationsOf(block.text);
    expect(cases.length > 0 || errors.length > 0 || mustLoad).toBe(true);
    for (const { out, err, line } of cases)
      expect(out.length + err.length, `line ${line} of the example`).toBeGreaterThan(0);
  },
);

describe.each(ENGINES.map(({ name }) => name))('on engine %s', engine => {
  test.each(examples.map(block => [block.line, block] as const))('the example at line %i holds', (_, block) => {
    expect(findProblems(block.text, 'docs/example.ilo', engine)).toEqual([]);
  });
});

test('every code that the page names exists', () => {
  const named = [...page.matchAll(/ILO-[A-Z]\d{3}/g)].map(([code]) => code);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(code => !Object.hasOwn(DIAGNOSTIC_ROWS, code))).toEqual([]);
});

test('the lists of builtins with a known number of arguments are right', () => {
  for (const count of [1, 2, 3]) {
    const listed = new RegExp(`^    ${count}: (.*)$`, 'm').exec(page)?.[1]?.split(' ');
    const known = BUILTIN_NAMES.filter(({ operands }) => operands === count).map(({ name }) => name);
    expect(listed?.sort()).toEqual(known.sort());
  }
});

test('every builtin is named', () => {
  const missing = BUILTIN_NAMES.filter(({ name }) => !new RegExp(`[\`\\s]${name}[\`\\s]`).test(page));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
