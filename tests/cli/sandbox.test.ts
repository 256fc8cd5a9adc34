// `--sandbox` and the `--allow` flags: a program reaches what they name and nothing else.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ilo } from './spawn.ts';

let box: string;
beforeAll(() => {
  box = mkdtempSync(join(tmpdir(), 'ilo-flags-'));
  mkdirSync(join(box, 'data'));
  mkdirSync(join(box, 'programs'));
  writeFileSync(join(box, 'data/a.txt'), 'alpha');
  writeFileSync(join(box, 'secret.txt'), 'secret');
  writeFileSync(join(box, 'programs/lib.ilo'), 'twice x:n>n;*x 2\n');
  writeFileSync(join(box, 'programs/near.ilo'), 'use "lib.ilo"\nmain x:n>n;twice x\n');
  writeFileSync(join(box, 'programs/far.ilo'), 'use "../secret.txt"\nmain x:n>n;x\n');
});
afterAll(() => rmSync(box, { recursive: true, force: true }));

/** What a program printed, or the code of its error. */
function outcome(...args: string[]): string {
  const { code, out, err } = ilo(args, { cwd: box, env: { ILO_PLANTED: 'planted', ILO_SHOWN: 'shown' } });
  expect(err).not.toContain('planted');
  expect(err).not.toMatch(/\n\s+at /);
  return code === 0 ? out.trimEnd() : ((JSON.parse(err.split('\n')[0]!) as { code?: string }).code ?? err);
}

const READ = 'f p:t>R t t;rd p';
const WRITE = 'f p:t>R t t;wr p "new"';
const ENV = 'f v:t>R t t;env v';

test('computing and printing', () => {
  expect(outcome('--sandbox', 'f x:n>n;prnt "hi";*x 2', '21')).toBe('hi\n42');
  expect(outcome('run', 'f x:n>n;*x 2', '21', '--sandbox')).toBe('42');
});

test('nothing else, unless it is named', () => {
  const tried = [
    [READ, join(box, 'data/a.txt')],
    [WRITE, join(box, 'data/a.txt')],
    [ENV, 'ILO_PLANTED'],
    ['f>n;now()'],
    ['f>n;rnd()'],
    ['f>n;sleep 1;1'],
    ['f>R t t;get "http://127.0.0.1:1/"'],
  ] as const;
  for (const program of tried) {
    expect([program[0], outcome('--sandbox', ...program)]).toEqual([program[0], 'ILO-R042']);
    expect([program[0], outcome(...program, '--allow-net', 'example.com')]).toEqual([program[0], 'ILO-R042']);
  }
  expect(readFileSync(join(box, 'data/a.txt'), 'utf8')).toBe('alpha');
});

test('what is named', () => {
  expect(outcome('--allow-read', 'data', READ, 'a.txt')).toBe('alpha');
  expect(outcome('--allow-read=data', READ, join(box, 'data/a.txt'))).toBe('alpha');
  expect(outcome('--allow-read', 'data', READ, '../secret.txt')).toBe('ILO-R042');
  expect(outcome('--allow-read', 'data', WRITE, 'a.txt')).toBe('ILO-R042');
  expect(outcome('--allow-write', 'data', WRITE, 'b.txt')).toContain('b.txt');
  expect(readFileSync(join(box, 'data/b.txt'), 'utf8')).toBe('new');
  expect(outcome('--allow-env', 'ILO_SHOWN', ENV, 'ILO_SHOWN')).toBe('shown');
  expect(outcome('--allow-env', 'ILO_SHOWN', '--allow-env', 'ILO_OTHER', ENV, 'ILO_PLANTED')).toBe('ILO-R042');
  expect(Number(outcome('--allow-clock', 'f>n;sleep 1;now()'))).toBeGreaterThan(1e9);
  expect(Number(outcome('--allow-random', 'f>n;rnd()'))).toBeLessThan(1);
  expect(outcome('--allow-net', '127.0.0.1:*', 'f>R t t;get "http://127.0.0.1:1/"')).toBe('ILO-R042');
});

test('files that the program uses', () => {
  expect(outcome('--sandbox', 'programs/near.ilo', '4')).toBe('8');
  expect(outcome('--sandbox', 'programs/far.ilo', '4')).toMatch(/^ILO-/);
  const { err } = ilo(['--sandbox', 'programs/far.ilo', '4'], { cwd: box });
  expect(err).toContain('the sandbox allows no file there');
});

test('flags that make no sense', () => {
  expect(ilo(['--allow-read', 'nowhere', READ, 'x'], { cwd: box })).toMatchObject({ code: 2 });
  expect(ilo(['f>n;1', '--allow-read'], { cwd: box }).err).toContain('needs a list');
  expect(ilo(['--sandbox=no', 'f>n;1'], { cwd: box }).err).toContain('takes no value');
  expect(ilo(['--alow-read', 'data', 'f>n;1'], { cwd: box }).err).toContain('--allow-read');
  // Behind `--` everything is data.
  expect(outcome('f x:t>t;x', '--', '--sandbox')).toBe('--sandbox');
});
