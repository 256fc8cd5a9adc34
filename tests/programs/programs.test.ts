// Runs every program under tests/programs/ilo on every engine and compares with what its comments say.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ENGINES } from '../../src/runtime/engines.ts';
import { findProblems } from './expectations.ts';

const ROOT = 'tests/programs/ilo';

const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ilo') && !name.includes('modules'))
  .sort();

test('there are several hundred programs', () => {
  expect(paths.length).toBeGreaterThan(300);
});

describe.each(ENGINES.map(({ name }) => name))('on engine %s', engine => {
  test.each(paths)('%s', name => {
    const path = `${ROOT}/${name}`;
    expect(findProblems(readFileSync(path, 'utf8'), path, engine)).toEqual([]);
  });
});

describe('a wrong expectation is found', () => {
  const problems = (text: string) => findProblems(text, 'wrong.ilo', ENGINES[0].name);
  test.each([
    ['a result', 'f>n;1\n-- run: f\n-- out: 2'],
    ['output', 'f>n;prnt 1;2\n-- run: f\n-- out: 2'],
    ['a failure that does not happen', 'f>n;1\n-- run: f\n-- err: ILO-R003'],
    ['a failure nobody expects', 'f>n;/1 0\n-- run: f\n-- out: 1'],
    ['another failure', 'f>n;/1 0\n-- run: f\n-- err: ILO-R009'],
    ['part of a payload', 'f>R n t;^"abc"\n-- run: f\n-- err: ^ab'],
    ['a program that loads', 'f>n;1\n-- err: ILO-T004'],
    ['another code', 'f>n;x\n-- err: ILO-T005'],
    ['a code too few', 'f>n;x\ng>n;h 1\n-- err: ILO-T004'],
    ['a warning that is missing', 'f>n;1\n-- warn: ILO-T033\n-- run: f\n-- out: 1'],
    ['nothing', 'f>n;1'],
  ])('%s', (_, text) => {
    expect(problems(text)).toHaveLength(1);
  });
});
