// The IR of a unit is shared by all engines that read it: none of them may change it. Here all of it is frozen before they get it.
import { expect, test } from 'vitest';
import type { IrFunction } from '../../src/ir/ir.ts';
import { printIr } from '../../src/ir/print.ts';
import { irOf } from '../../src/ir/unit.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { tryProgram, unitOf } from '../fuzz/campaign.ts';
import { generateProgram } from '../fuzz/generate/program.ts';
import { print } from '../fuzz/generate/tree.ts';

const PROGRAMS = 60;

function freeze(fn: IrFunction): void {
  for (const block of fn.blocks) {
    for (const each of block.code) {
      for (const target of each.targets) Object.freeze(Object.freeze(target).args);
      Object.freeze(Object.freeze(each).args);
      Object.freeze(each.targets);
    }
    Object.freeze(Object.freeze(block).params);
    Object.freeze(block.code);
  }
  for (const part of [fn, fn.blocks, fn.types, fn.params, fn.declared]) Object.freeze(part);
}

test(`no engine changes the IR of ${PROGRAMS} programs`, { timeout: 120_000 }, () => {
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const unit = unitOf(print(generateProgram(seed).tree));
    if (unit === undefined) continue;
    const ir = irOf(unit);
    const all = (): readonly IrFunction[] => [
      ...ir.built.functions,
      ...ir.versions.all(),
      ...ir.all(),
      ...ir.built.functions.map((_, index) => ir.plain(index)),
    ];
    const text = (): string => printIr({ ...ir.built, functions: all() });
    all().forEach(freeze);
    const before = text();
    expect(
      tryProgram(
        seed,
        ENGINES.map(({ name }) => name),
        unit,
      ).disagreement,
      `seed ${seed}`,
    ).toBeUndefined();
    expect(text()).toBe(before);
  }
});

test('the same function is the same for all who ask', () => {
  const unit = unitOf('f x:n>n;+x 1\ng x:n>n;f x\n')!;
  const ir = irOf(unit);
  expect(irOf(unit)).toBe(ir);
  expect(ir.typed(0)).toBe(ir.all()[0]);
  expect(irOf({ ...unit }).built.functions[0]).toBe(ir.built.functions[0]);
});

test('what a version gives is what callers were told, whoever asked first', () => {
  const text = 'f x:n>n;+x 1\ng x:n>n;y=f x;*y 2\nh x:n>n;+g x f x\n';
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ];
  const printed = orders.map(order => {
    const ir = irOf(unitOf(text)!);
    for (const index of order) ir.typed(index);
    return printIr({ ...ir.built, functions: ir.all() });
  });
  expect(new Set(printed).size).toBe(1);
});
