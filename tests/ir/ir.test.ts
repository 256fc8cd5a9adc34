// The IR of every program in the tree is well formed, and its text form loses nothing; damage to a text is found, never fatal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkUnit } from '../../src/core/check.ts';
import { buildIr } from '../../src/ir/build.ts';
import { IrSyntaxError, parseIr } from '../../src/ir/parse.ts';
import { printIr } from '../../src/ir/print.ts';
import { verifyIr } from '../../src/ir/verify.ts';
import { loadProgram } from '../../src/runtime/program.ts';
import { ROOT } from '../structure/source-files.ts';

function irOf(source: string, file?: string): ReturnType<typeof buildIr> | undefined {
  const readFile = (path: string) => (existsSync(path) ? { ok: readFileSync(path, 'utf8') } : { err: 'missing' });
  const { unit } = loadProgram(source, file === undefined ? { readFile } : { file, readFile });
  if (!unit) return undefined;
  checkUnit(unit);
  return buildIr(unit);
}

const files = ['examples', 'tests/programs/ilo'].flatMap(folder =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.ilo'))
    .map(name => join(ROOT, folder, name)),
);

describe('programs of this repository', () => {
  test('are there', () => {
    expect(files.length).toBeGreaterThan(300);
  });

  test('have well-formed IR that prints and reads back exactly', () => {
    for (const file of files) {
      const ir = irOf(readFileSync(file, 'utf8'), file);
      if (!ir) continue;
      expect(verifyIr(ir), file).toEqual([]);
      const text = printIr(ir);
      const again = parseIr(text);
      expect(printIr(again), file).toBe(text);
      expect(verifyIr(again), file).toEqual([]);
    }
  });
});

describe('text form', () => {
  const text = printIr(irOf('type p{x:n;y:n}\nf a:n s:t>n;r=p x:a y:-0;xs=[a s r];?r.x{1:len s;n v:v;_:at xs 0}')!);

  test('damage is found or leaves a well-formed unit', () => {
    // Every single character of the text replaced by each of a few others.
    let rejected = 0;
    for (let i = 0; i < text.length; i++) {
      for (const other of ['0', 'v', ' ', '(', '"', '\n']) {
        const damaged = text.slice(0, i) + other + text.slice(i + 1);
        try {
          verifyIr(parseIr(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(IrSyntaxError);
          rejected++;
        }
      }
    }
    expect(rejected).toBeGreaterThan(text.length);
  });

  test.each([
    ['a value used before it is defined', 'fn f() -> any\nb0():\n  fuel 1 @0:1\n  return v0 @0:1\n', /never defined/],
    [
      'a value of the wrong type',
      'fn f(num) -> any\nb0(v0 num):\n  fuel 1 @0:1\n  return v0 @0:1\n',
      /is num, not any/,
    ],
    ['a function without fuel', 'fn f(any) -> any\nb0(v0 any):\n  return v0 @0:1\n', /charges fuel first/],
    [
      'a loop without fuel',
      'fn f() -> any\nb0():\n  fuel 1 @0:1\n  jump b1() @0:1\nb1():\n  jump b1() @0:1\n',
      /on every round/,
    ],
    [
      'an allocation without a charge',
      'fn f() -> list\nb0():\n  fuel 1 @0:1\n  v0 bool = const.bool true @0:1\n  v1 list = list.new @0:1\n  return v1 @0:1\n',
      /is charged/,
    ],
    ['a missing end', 'fn f() -> any\nb0():\n  fuel 1 @0:1\n', /stands last/],
    [
      'a wrong number of arguments',
      'fn f() -> any\nb0():\n  fuel 1 @0:1\n  jump b1() @0:1\nb1(v0 any):\n  return v0 @0:1\n',
      /takes 1 arguments/,
    ],
    [
      'two definitions',
      'fn f(any) -> any\nb0(v0 any):\n  fuel 1 @0:1\n  v0 nil = const.nil @0:1\n  return v0 @0:1\n',
      /defined twice/,
    ],
    [
      'a definition that does not reach its use',
      'fn f(bool) -> any\nb0(v0 bool):\n  fuel 1 @0:1\n  branch v0, b1(), b2() @0:1\nb1():\n  v1 nil = const.nil @0:1\n  jump b2() @0:1\nb2():\n  return v1 @0:1\n',
      /does not reach/,
    ],
  ])('%s', (_, source, problem) => {
    expect(verifyIr(parseIr(source)).join('\n')).toMatch(problem);
  });
});
