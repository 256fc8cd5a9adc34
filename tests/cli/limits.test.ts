// The flags that limit a run: read, refused, and obeyed on every engine.
import { describe, expect, test } from 'vitest';
import { parseRun } from '../../src/cli/arguments.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { capture } from './capture.ts';

function optionsOf(...args: string[]) {
  const parsed = parseRun(args, false);
  return 'problem' in parsed ? parsed.problem : parsed.ok.options;
}

describe('limits on the command line', () => {
  test('all of them, anywhere, with a blank or an equals sign', () => {
    const args = ['--fuel', '10', 'a.ilo', '--timeout=20', 'f', '--max-alloc', '30', '--max-depth=40', '1'];
    expect(optionsOf(...args, '--max-output', '50')).toMatchObject({
      limits: { fuel: 10, timeout: 20, alloc: 30, output: 50 },
      maxDepth: 40,
    });
    expect(optionsOf('a.ilo')).toMatchObject({ limits: {}, maxDepth: undefined });
    expect(optionsOf('a.ilo', '--max-errors', '5')).toMatchObject({ limits: {}, maxErrors: 5 });
  });

  test.each([
    ['--fuel', '0'],
    ['--fuel', '-1'],
    ['--timeout', '1.5'],
    ['--max-alloc', '1e6'],
    ['--max-depth', 'many'],
    ['--max-output', ''],
    ['--fuel', '9'.repeat(16)],
  ])('%s %j is refused', (flag, value) => {
    const problem = `${flag} needs a whole number from 1 after it, not '${value}'`;
    expect(optionsOf('a.ilo', flag, value)).toBe(problem);
    expect(optionsOf('a.ilo', `${flag}=${value}`)).toBe(problem);
  });

  test('a flag without a number, twice, misspelt, or meant for the program', () => {
    expect(optionsOf('a.ilo', '--fuel')).toBe('--fuel needs a whole number from 1 after it');
    expect(optionsOf('a.ilo', '--fuel', '1', '--fuel=2')).toBe('--fuel is given twice: 1 and 2');
    expect(optionsOf('a.ilo', '--max-dept', '1')).toBe("unknown flag '--max-dept'");
    const parsed = parseRun(['a.ilo', 'f', '--', '--fuel', '1'], false);
    expect(parsed).toMatchObject({ ok: { rest: ['f', '--fuel', '1'], options: { limits: {} } } });
  });
});

describe.each(ENGINES.map(({ name }) => name))('limits on engine %s', engine => {
  const run = (program: string, ...args: string[]) => capture([program, ...args, '-t', '--engine', engine]);

  test.each([
    ['f>n;i=0;wh true{i=+i 1};i', ['--fuel', '1000'], 'error[ILO-R043]'],
    ['f>n;i=0;wh true{i=+i 1};i', ['--timeout', '20'], 'error[ILO-R044]'],
    ['f>n;s="ab";@i 0..60{s=+s s};len s', ['--max-alloc', '100000'], 'error[ILO-R045]'],
    ['f>n;@i 0..1000{prnt "line"};0', ['--max-output', '100'], 'error[ILO-R046]'],
    ['f n:n>n;r=f +n 1;+r 0', ['0', '--max-depth', '50'], 'error[ILO-R040]'],
  ])('%s %j', async (program, args, text) => {
    const { code, err } = await run(program, ...args);
    expect(err).toContain(text);
    expect(code).toBe(1);
  });

  test('a program that keeps them is not disturbed', async () => {
    const args = ['--fuel=100', '--timeout=10000', '--max-alloc=1000', '--max-depth=3', '--max-output=10'];
    expect(await run('f>n;s=0;@i 0..5{s=+s i};prnt s;s', ...args)).toEqual({ code: 0, out: '10\n10\n', err: '' });
  });
});

describe('how much is said', () => {
  const wrong = (count: number) => Array.from({ length: count }, (_, i) => `f${i}>n;nope${i}`).join('\n');

  test('a hundred mistakes are shown, and the others counted', async () => {
    const { err, code } = await capture(['check', '-t', wrong(250)]);
    expect(code).toBe(2);
    expect(err.match(/^error/gm)).toHaveLength(100);
    expect(err).toContain('150 more are not shown');
  });

  test('or as many as --max-errors says', async () => {
    const shown = async (...args: string[]) =>
      (await capture([...args, '-t', wrong(250)])).err.match(/^error/gm)?.length;
    expect(await shown('check', '--max-errors', '3')).toBe(3);
    expect(await shown('check', '--max-errors=300')).toBe(250);
  });
});
