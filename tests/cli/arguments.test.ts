import { describe, expect, test } from 'vitest';
import { parseRun, parseSimple, type RunRequest } from '../../src/cli/arguments.ts';

function run(...args: string[]): RunRequest {
  const parsed = parseRun(args, false);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.ok;
}

function problem(...args: string[]): string {
  const parsed = parseRun(args, false);
  return 'problem' in parsed ? `${parsed.problem}|${parsed.advice ?? ''}` : 'no problem';
}

describe('the command line of a run', () => {
  test('source first, everything else is for the program', () => {
    expect(run('a.ilo', 'main', '5', '-3', '-x1')).toMatchObject({
      source: 'a.ilo',
      action: 'run',
      rest: ['main', '5', '-3', '-x1'],
    });
  });

  test.each<[args: string[], engine?: string]>([
    [['--run-tree', 'a.ilo', 'f', '1']],
    [['a.ilo', '--run-tree', 'f', '1']],
    [['a.ilo', 'f', '--run-vm', '1'], 'vm'],
    [['a.ilo', 'f', '1', '--run-cranelift'], 'jit'],
    [['a.ilo', 'f', '1', '--engine', 'vm'], 'vm'],
    [['--engine=tree', 'a.ilo', 'f', '1']],
    [['-j', 'a.ilo', 'f', '--no-hints', '1', '--run']],
  ])('flags stand anywhere: %j', (args, engine = 'tree') => {
    expect(run(...args)).toMatchObject({ source: 'a.ilo', rest: ['f', '1'], options: { engine } });
  });

  test('engine flags that disagree are refused, the same one twice is not', () => {
    expect(problem('--run-vm', 'a.ilo', '--run-tree')).toContain('mutually exclusive');
    expect(run('--run', 'a.ilo', '--run-tree').source).toBe('a.ilo');
    expect(problem('a.ilo', '--engine', 'warp')).toContain("no engine is called 'warp'; known: tree");
    expect(problem('a.ilo', '--engine')).toContain('needs a name');
  });

  test('output modes', () => {
    expect(run('-j', 'x').options.json).toBe(true);
    expect(run('x', '1', '--text').options).toMatchObject({ text: true, json: false });
    expect(problem('-a', 'x', '-t')).toContain('mutually exclusive');
    expect(run('x', '-nh').options.hints).toBe(false);
    expect(run('-n', 'x').options.hints).toBe(false);
    expect(run('x', '-n')).toMatchObject({ rest: ['-n'], options: { hints: true } });
  });

  test('what to do instead of running stands before or directly behind the source', () => {
    expect(run('x', '--dense').action).toBe('dense');
    expect(run('x', '-e').action).toBe('expanded');
    expect(run('-x', 'f>n;1').action).toBe('explain');
    expect(run('x', '1', '--ast').action).toBe('ast');
    expect(run('x', 'f', '-d')).toMatchObject({ action: 'run', rest: ['f', '-d'] });
    expect(run('-e', 'a.ilo')).toMatchObject({ source: 'a.ilo', codeOnly: true });
    expect(parseRun(['-e', 'a.ilo'], true)).toMatchObject({ ok: { action: 'expanded', codeOnly: false } });
  });

  test('after -- everything is data', () => {
    expect(run('a.ilo', 'f', '--', '--json', '--run-vm')).toMatchObject({
      rest: ['f', '--json', '--run-vm'],
      dataFrom: 1,
    });
    expect(run('a.ilo', '--', 'f')).toMatchObject({ rest: ['f'], dataFrom: 0 });
  });

  test('misspelt flags', () => {
    expect(problem('a.ilo', '--run-tre')).toContain("did you mean '--run-tree'");
    expect(problem('--jsn', 'a.ilo')).toContain("did you mean '--json'");
    expect(problem('--frobnicate', 'a.ilo')).toContain("unknown flag '--frobnicate'");
    // Nothing like a flag of ours: the program may want it.
    expect(run('a.ilo', '--frobnicate').rest).toEqual(['--frobnicate']);
    expect(problem('a.ilo', '--mcp')).toContain('needs a path after it');
    expect(problem()).toContain('no program');
  });
});

test('the flags of other commands', () => {
  const parsed = parseSimple(['a', '--write', '-t', '--width', '3', 'b', '--', '--c'], ['--write'], ['--width']);
  expect(parsed).toMatchObject({ ok: { operands: ['a', 'b', '--c'], options: { text: true } } });
  expect('ok' in parsed && [...parsed.ok.flags]).toEqual(['--write']);
  expect('ok' in parsed && parsed.ok.values.get('--width')).toBe('3');
  expect(parseSimple(['--wrte'], ['--write'])).toMatchObject({ advice: expect.stringContaining("'--write'") });
});
