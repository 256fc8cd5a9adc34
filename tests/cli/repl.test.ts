// `ilo repl` from a pipe: definitions stay, expressions are evaluated, problems point into what was typed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goesOn } from '../../src/cli/repl/session.ts';

const CLI = join(resolve(import.meta.dirname, '../..'), 'dist/cli.cjs');

function session(input: readonly string[], ...flags: string[]): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, 'repl', ...flags], {
    input: `${input.join('\n')}\n`,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { out: stdout, err: stderr, status };
}

describe('a session', () => {
  test('definitions stay and are used', () => {
    const { out, status } = session([
      'dbl x:n>n;*x 2',
      'dbl 5',
      'inc x:n>n;+x 1',
      '5 >> dbl >> inc',
      'type point{',
      '  x:n',
      '  y:n',
      '}',
      'p=point x:1 y:2;p.y',
      'dbl x:n>n;*x 20',
      'dbl 5',
      '[1,2]',
      '"text"',
      'num "x"',
    ]);
    expect(status).toBe(0);
    expect(out.split('\n').filter(line => line !== '')).toEqual([
      'defined: dbl(x:n) -> n',
      '10',
      'defined: inc(x:n) -> n',
      '11',
      'defined type: point{x:n;y:n}',
      '2',
      'defined: dbl(x:n) -> n',
      '100',
      '[1, 2]',
      'text',
      '^x',
    ]);
  });

  test('a fault has its place in what was typed, or in the definition that failed', () => {
    const { err } = session(['part x:n>n;/1 x', 'half x:n>n;/x 2', '+1 /7 0', 'half (part 0)'], '-t');
    expect(err.split('\n').filter(line => /^ *(-->|\d)|\^/.test(line))).toEqual([
      '  --> 1:4',
      '1 | +1 /7 0',
      '  |    ^^^^ here',
      '  --> 1:12',
      '1 | part x:n>n;/1 x',
      '  |            ^^^^ here',
    ]);
  });

  test('with -j each reply is one line of JSON', () => {
    const { out, err } = session(['dbl x:n>n;*x 2', 'dbl 5', 'dbl y', '/1 0', 'num "x"', ':t [1,2]'], '-j');
    expect(err).toBe('');
    const replies = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>);
    expect(replies).toMatchObject([
      { ok: 'defined dbl' },
      { ok: 10 },
      { code: 'ILO-T004', severity: 'error', labels: [{ start: 4 }] },
      { code: 'ILO-R003' },
      { error: 'x' },
      { type: 'L n' },
    ]);
  });

  test('commands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilo-repl-'));
    const file = join(folder, 'saved.ilo');
    const { out } = session([
      ':defs',
      'f>n;1',
      ':defs',
      ':t f()',
      ':dump ir',
      `:w ${file}`,
      ':nonsense',
      ':clear',
      ':defs',
      ':q',
      'never',
    ]);
    expect(out).toContain('(no definitions)\ndefined: f() -> n\n  f>n;1\nn\n');
    expect(out).toContain('fn f()');
    expect(out).toContain(`saved 1 definition(s) to ${file}`);
    expect(out).toContain('unknown command: :nonsense');
    expect(out).not.toContain('never');
    expect(readFileSync(file, 'utf8')).toBe('f>n;1\n');
    rmSync(folder, { recursive: true });
  });

  test('a wrong definition is refused and the old one stays', () => {
    const { out, err } = session(['f x:n>n;*x 2', 'f x:n>t;*x 2', 'f 4', 'exit'], '--text');
    expect(err).toContain('ILO-T008');
    expect(out.trimEnd().split('\n').at(-1)).toBe('8');
  });
});

test('when an input goes on', () => {
  for (const text of ['f x:n>n;', 'type p{', '[1,', 'f (', '"open', 'f>n;{ -- }'])
    expect([text, goesOn(text)]).toEqual([text, true]);
  for (const text of ['f x:n>n;1', '[1]', '"a{"', '1 -- {', '}']) expect([text, goesOn(text)]).toEqual([text, false]);
});
