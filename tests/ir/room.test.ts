// There is room in the IR for what other languages need: 64-bit integers, variants and switches, tail calls, effects. The rows are added for
// this test only; the parser, the printer, the verifier and the passes know nothing of them but their rows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIr } from '../../src/ir/parse.ts';
import { PASS_ORDER, PASSES } from '../../src/ir/passes/pipeline.ts';
import { printIr } from '../../src/ir/print.ts';
import { verifyIr } from '../../src/ir/verify.ts';
import { IR_OPS, type IrOpRow } from '../../src/spec/ir-ops.ts';

const row = (args: IrOpRow['args'], result: IrOpRow['result'], effect: IrOpRow['effect'], more = {}): IrOpRow => ({
  args,
  result,
  effect,
  imm: 'none',
  targets: 0,
  doc: '',
  charge: undefined,
  ...more,
});

const ROWS: Readonly<Record<string, IrOpRow>> = {
  'const.int': row([], 'int', 'pure', { imm: 'integer' }),
  'int.add': row(['int', 'int'], 'int', 'pure'),
  'int.lt': row(['int', 'int'], 'bool', 'pure'),
  'box.int': row(['int'], 'any', 'pure'),
  'variant.new': row(['any...'], 'any', 'alloc', { imm: 'name', charge: 'charge.items' }),
  'variant.field': row(['any'], 'any', 'pure', { imm: 'number' }),
  switch: row(['any'], 'none', 'end', { imm: 'names', targets: 'many' }),
  'call.tail': row(['any...'], 'none', 'end', { imm: 'function' }),
  'handler.push': row(['any'], 'none', 'call', { imm: 'name' }),
  'handler.pop': row([], 'none', 'call'),
  perform: row(['any...'], 'any', 'call', { imm: 'name' }),
  resume: row(['any', 'any'], 'any', 'call'),
};

const TEXT = `fn area(any) -> any
b0(v0:s any):
  fuel 1 @0:1
  switch ["circle","square"], v0, b1(), b2(v0), b3() @0:1
b1():
  v2 any = variant.field 0, v0 @0:1
  return v2 @0:1
b2(v1 any):
  charge.items 1 @0:1
  v3 any = variant.new "circle", v1 @0:1
  call.tail 0, v3 @0:1
b3():
  v4 int = const.int -9223372036854775808 @0:1
  v5 int = int.add v4, v4 @0:1
  v6 any = box.int v5 @0:1
  handler.push "ask", v0 @0:1
  v7 any = perform "ask", v6, v0 @0:1
  v8 any = resume v0, v7 @0:1
  handler.pop @0:1
  return v8 @0:1
`;

describe('rows added to the table', () => {
  const table = IR_OPS as Record<string, IrOpRow>;
  beforeAll(() => {
    Object.assign(table, ROWS);
  });
  afterAll(() => {
    for (const name of Object.keys(ROWS)) delete table[name];
  });

  test('are parsed, printed and verified', () => {
    const unit = parseIr(TEXT);
    expect(verifyIr(unit)).toEqual([]);
    expect(printIr(unit)).toBe(TEXT);
  });

  test.each([
    ['a switch without targets', /, b1\(\), b2\(v0\), b3\(\)/, '', /has many targets/],
    ['an integer of more than 64 bits', '-9223372036854775808', '9223372036854775808', /64 bits/],
    ['a tail call with other arguments', 'call.tail 0, v3', 'call.tail 0', /takes 1 operands/],
    ['an integer where a value is wanted', 'resume v0, v7', 'resume v0, v5', /is int, not any/],
    ['a variant without its charge', '  charge.items 1 @0:1\n', '', /charged right before/],
  ])('are checked: %s', (_, what, by, problem) => {
    const damaged = TEXT.replace(what, by);
    expect(() => {
      const problems = verifyIr(parseIr(damaged));
      if (problems.length > 0) throw new Error(problems.join('; '));
    }).toThrow(problem);
  });

  test('go through all passes', () => {
    let unit = parseIr(TEXT);
    for (const name of [...PASS_ORDER, 'own'] as const) {
      unit = { ...unit, functions: unit.functions.map(PASSES[name]) };
      expect(verifyIr(unit), name).toEqual([]);
    }
    expect(printIr(unit)).toMatch(/switch.*call\.tail/s);
  });
});
