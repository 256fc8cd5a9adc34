import { describe, expect, test } from 'vitest';
import { findCases, judge, rewriteExpectations, splitWords } from '../../src/cli/test-cases.ts';

const PROGRAM = `dbl x:n>n;*x 2
-- run: dbl 21
-- out: 42
text here

-- run: dbl a
-- err: must be
-- out: one

-- see the -- run: lines
-- run:
-- out: a
-- out:
-- out:   b
`;

describe('cases in a program', () => {
  test('are found with their lines', () => {
    expect(findCases(PROGRAM)).toEqual([
      { line: 2, words: ['dbl', '21'], out: ['42'], err: [] },
      { line: 6, words: ['dbl', 'a'], out: ['one'], err: ['must be'] },
      { line: 11, words: [], out: ['a', '', '  b'], err: [] },
    ]);
    expect(findCases(PROGRAM.replaceAll('\n', '\r\n'))).toEqual(findCases(PROGRAM));
  });

  test.each<[string, string[]]>([
    [' f 1  2 ', ['f', '1', '2']],
    [' f "a b" c', ['f', '"a b"', 'c']],
    [' f ["x y","z"] 1', ['f', '["x y","z"]', '1']],
    [" f 'a b' ''", ['f', 'a b', '']],
    [" f don't won't", ['f', "don't", "won't"]],
    [' f {"k":"it\'s"}', ['f', '{"k":"it\'s"}']],
    [' f "open', ['f', '"open']],
  ])('words of %s', (text, words) => expect(splitWords(text)).toEqual(words));
});

describe('judging', () => {
  const [good, failing, bare] = findCases('-- run: f\n-- out: a\n-- out: b\n-- run: f\n-- err: boom\n-- run: f\n');
  const seen = (stdout: string, code = 0, stderr = '') => ({ stdout, stderr, code });
  test('output must be equal, blanks at the ends of lines aside', () => {
    expect(judge(good!, seen('a  \nb\n'))).toBe(undefined);
    expect(judge(good!, seen('a\nb'))).toBe(undefined);
    expect(judge(good!, seen('a\n b\n'))).toContain('want');
    expect(judge(good!, seen('a\nb\n', 1, 'no'))).toContain('exit 1: no');
  });
  test('an expected failure needs the text and the exit code', () => {
    expect(judge(failing!, seen('', 1, 'then boom came'))).toBe(undefined);
    expect(judge(failing!, seen('', 1, 'then nothing'))).toContain('want: boom');
    expect(judge(failing!, seen('boom', 0))).toContain('expected a failure');
  });
  test('a case must expect something', () => expect(judge(bare!, seen('1\n'))).toContain('--update'));
  test('an empty expectation is no output', () => {
    const [empty] = findCases('-- run: f\n-- out:\n');
    expect(judge(empty!, seen(''))).toBe(undefined);
    expect(judge(empty!, seen('x'))).toContain('want');
  });
});

describe('updating', () => {
  test('replaces only the expectations of the given cases', () => {
    const updated = rewriteExpectations(
      PROGRAM,
      new Map([
        [2, { stdout: '1\n\n2\n', stderr: '', code: 0 }],
        [11, { stdout: '', stderr: '\n^bad\nmore', code: 1 }],
      ]),
    );
    expect(updated).toBe(
      PROGRAM.replace('-- out: 42', '-- out: 1\n-- out:\n-- out: 2').replace(
        '-- out: a\n-- out:\n-- out:   b',
        '-- err: ^bad',
      ),
    );
  });
  test('what was written passes afterwards', () => {
    const observed = { stdout: ' a\nb  \n', stderr: '', code: 0 };
    const text = rewriteExpectations('-- run: f\r\nrest\r\n', new Map([[1, observed]]));
    expect(text).toBe('-- run: f\r\n-- out:  a\r\n-- out: b\r\nrest\r\n');
    expect(judge(findCases(text)[0]!, observed)).toBe(undefined);
  });
});
