// A formatted program does what the program does, and formatting it again changes nothing: every program of this folder and
// every example, in both styles.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatProgram } from '../../src/lang/ilo/format/format.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { DEFAULT_ENGINE } from '../../src/runtime/engines.ts';
import { expectationsOf, findProblems } from './expectations.ts';

function programsUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ilo'))
    .map(name => `${root}/${name}`)
    .sort();
}

const format = (text: string, style: 'dense' | 'expanded') => formatProgram(parse(text).program, style);

const programs = programsUnder('tests/programs/ilo')
  .map(path => ({ path, text: readFileSync(path, 'utf8') }))
  .filter(({ text }) => expectationsOf(text).cases.length > 0);

test.each(['dense', 'expanded'] as const)('programs keep their expectations in %s style', style => {
  expect(programs.length).toBeGreaterThan(300);
  const broken = programs.flatMap(({ path, text }) => {
    const problems = findProblems(format(text, style), path, DEFAULT_ENGINE);
    return problems.map(problem => `${path}: ${problem}`);
  });
  expect(broken).toEqual([]);
});

test.each(['dense', 'expanded'] as const)('formatting twice in %s style is formatting once', style => {
  const changed = [...programsUnder('tests/programs/ilo'), ...programsUnder('examples')].filter(path => {
    const once = format(readFileSync(path, 'utf8'), style);
    return format(once, style) !== once;
  });
  expect(changed).toEqual([]);
});
