// The passes: text in, text out. A fixture NAME.ir is a pass's name, IR before and IR after; `ILO_BLESS=1` writes what comes out. All
// programs of the tree go through the whole order, and the IR is verified after every pass.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildIr } from '../../../src/ir/build.ts';
import type { IrUnit } from '../../../src/ir/ir.ts';
import { parseIr } from '../../../src/ir/parse.ts';
import { inlineCalls, isInlinable } from '../../../src/ir/passes/inline.ts';
import { PASS_ORDER, PASSES, type PassName } from '../../../src/ir/passes/pipeline.ts';
import { printIr } from '../../../src/ir/print.ts';
import { verifyIr } from '../../../src/ir/verify.ts';
import { addVersions } from '../../../src/ir/versions.ts';
import { loadProgram } from '../../../src/runtime/program.ts';
import { ROOT } from '../../structure/source-files.ts';

const FOLDER = join(ROOT, 'tests/ir/passes');
const DIVIDER = '\n; gives\n';

/** A pass as a step from unit to unit; `versions` and `inline` are those that see the whole unit. */
function step(name: string): (unit: IrUnit) => IrUnit {
  if (name === 'versions') return addVersions;
  if (name === 'inline') return inlineAll;
  const pass = PASSES[name as PassName];
  return unit => ({ ...unit, functions: unit.functions.map(pass) });
}

describe('fixtures', () => {
  const names = readdirSync(FOLDER).filter(name => name.endsWith('.ir'));

  test('every pass has one', () => {
    const covered = names.map(name => /^; pass: (\w+)/.exec(readFileSync(join(FOLDER, name), 'utf8'))?.[1]);
    expect(['versions', 'inline', ...Object.keys(PASSES)].filter(pass => !covered.includes(pass))).toEqual([]);
  });

  test.each(names)('%s', name => {
    const path = join(FOLDER, name);
    const text = readFileSync(path, 'utf8');
    const [head, expected = ''] = text.split(DIVIDER);
    const pass = step(/^; pass: (\w+)/.exec(head!)![1]!);
    const before = parseIr(withoutComments(head!));
    expect(verifyIr(before)).toEqual([]);
    const after = pass(before);
    expect(verifyIr(after)).toEqual([]);
    if (process.env.ILO_BLESS === '1') writeFileSync(path, `${head!.trimEnd()}\n${DIVIDER}${printIr(after)}`);
    else expect(printIr(after)).toBe(expected);
  });
});

function inlineAll(unit: IrUnit): IrUnit {
  const bodyOf = (callee: number) => {
    const body = unit.functions[callee]!;
    return isInlinable(body) ? body : undefined;
  };
  return { ...unit, functions: unit.functions.map(fn => inlineCalls(fn, bodyOf)) };
}

function withoutComments(text: string): string {
  const lines = text.split('\n');
  return lines.filter(line => !line.startsWith(';')).join('\n');
}

describe('programs of this repository', () => {
  const files = ['examples', 'tests/programs/ilo'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .map(String)
      .filter(name => name.endsWith('.ilo'))
      .map(name => join(ROOT, folder, name)),
  );

  test('stay well formed after every pass, and charge what they charged', () => {
    let before = 0;
    let after = 0;
    for (const file of files) {
      const { unit } = loadProgram(readFileSync(file, 'utf8'), { file, readFile: () => ({ err: 'missing' }) });
      if (!unit) continue;
      let ir = buildIr(unit);
      before += 2 * sizeOf(ir);
      for (const name of ['versions', ...PASS_ORDER, 'inline', ...PASS_ORDER, 'own']) {
        ir = step(name)(ir);
        expect(verifyIr(ir), `${file} after ${name}`).toEqual([]);
      }
      after += sizeOf(ir);
      expect(printIr(parseIr(printIr(ir)))).toBe(printIr(ir));
    }
    expect(before).toBeGreaterThan(5000);
    expect(after).toBeLessThan(before * 0.85);
  });
});

function sizeOf(ir: ReturnType<typeof buildIr>): number {
  return ir.functions.reduce((sum, fn) => sum + fn.blocks.reduce((n, block) => n + block.code.length, 0), 0);
}

describe('size', () => {
  test('a function of a hundred thousand blocks goes through', () => {
    const lines = [
      'fn f(any) -> any',
      'b0(v0 any):',
      '  fuel 1 @0:1',
      '  v1 bool = any.truthy v0 @0:1',
      '  jump b1() @0:1',
    ];
    const count = 50_000; // two blocks each
    for (let i = 0; i < count; i++) {
      const head = 2 * i + 1;
      lines.push(`b${head}():`, `  branch v1, b${head + 1}(), b${head + 2}() @0:1`);
      lines.push(`b${head + 1}():`, '  charge.append @0:1', `  jump b${head + 2}() @0:1`);
    }
    lines.push(`b${2 * count + 1}():`, '  return v0 @0:1', '');
    let [fn] = parseIr(lines.join('\n')).functions;
    for (const name of PASS_ORDER) fn = PASSES[name](fn!);
    expect(fn!.blocks.length).toBeGreaterThan(count);
  });
});
