// What the verifier refuses about limits and about what instructions name, each beside what it accepts instead.
import { describe, expect, test } from 'vitest';
import { parseIr } from '../../src/ir/parse.ts';
import { verifyIr } from '../../src/ir/verify.ts';
import { IR_OPS, type IrOp } from '../../src/spec/ir-ops.ts';

/** A function of one parameter, v0, with these instructions between its fuel and its return. */
function body(...lines: readonly string[]): string {
  const code = ['fuel 1', ...lines, 'return v0'];
  return `tool zork\nfn f(any) -> any\nb0(v0 any):\n${code.map(line => `  ${line} @0:1\n`).join('')}`;
}

/** A function of one truth value, v0, that begins in b0 with its fuel. */
function blocks(entry: string, ...others: readonly (readonly string[])[]): string {
  const codes = [['fuel 1', entry], ...others];
  const text = codes.map(
    (code, i) => `b${i}(${i === 0 ? 'v0 bool' : ''}):\n${code.map(line => `  ${line} @0:1\n`).join('')}`,
  );
  return `fn f(bool) -> any\n${text.join('')}`;
}

const problemsOf = (text: string): string => verifyIr(parseIr(text)).join('\n');

const NUMBER = ['v1 num = const.num 1', 'v2 any = box.num v1'];
const FLAGGED = ['v1 bool = const.bool true', 'v2 any = owned v0, v1'];

describe('what takes memory is charged right before it, by as much as it takes', () => {
  test('every row that makes something says what charges it', () => {
    const rows = Object.entries(IR_OPS).filter(([, row]) => row.effect === 'alloc');
    expect(rows.filter(([, row]) => row.charge === undefined)).toEqual([]);
    expect(rows.length).toBeGreaterThan(4);
  });

  const PAID: readonly (readonly [IrOp, string, string])[] = [
    ['list.new', 'charge.items 3', 'v3 list = list.new v0, v0, v0'],
    ['list.new', 'charge.items 0', 'v3 list = list.new'],
    ['record.new', 'charge.items 1', 'v3 record = record.new ["p","a"], v0'],
    ['fn.new', 'charge.items 0', 'v3 fn = fn.new -1:"len"'],
    ['new.ok', 'charge.items 1', 'v3 result = new.ok v0'],
    ['new.err', 'charge.items 1', 'v3 result = new.err v0'],
    ['any.add', 'charge.join v0', 'v3 any = any.add v2, v0'],
    ['text.concat', 'charge.join v0', 'v3 text = text.concat v2, v0'],
    ['list.append', 'charge.append', 'v3 list = list.append v0, v2'],
    ['record.with', 'charge.copy v0', 'v3 record = record.with ["a"], v0, v2'],
  ];

  test.each(PAID)('%s after %s', (op, charge, instruction) => {
    const problem = `f b0: ${op} is charged right before it`;
    expect(problemsOf(body(...NUMBER, charge, instruction))).toBe('');
    expect(problemsOf(body(...NUMBER, charge, 'v4 bool = is.nil v0', instruction))).toBe('');
    expect(problemsOf(body(...NUMBER, instruction))).toBe(problem);
    expect(problemsOf(body(...NUMBER, 'fuel 1', instruction))).toBe(problem);
    expect(problemsOf(body(...NUMBER, charge, 'fuel 1', instruction))).toBe(problem);
    expect(problemsOf(body(...NUMBER, charge, 'v4 any = panic v0', instruction))).toBe(problem);
    expect(problemsOf(body(...NUMBER, charge, 'v4 any = call.builtin "len", v0', instruction))).toBe(problem);
    // One charge pays for one thing.
    expect(problemsOf(body(...NUMBER, charge, instruction, instruction.replace('v3', 'v4')))).toBe(problem);
  });

  test.each([
    ['too few items', 'charge.items 0', 'v3 list = list.new v0, v0, v0'],
    ['too many items', 'charge.items 4', 'v3 list = list.new v0, v0, v0'],
    ['the left operand of a sum', 'charge.join v2', 'v3 any = any.add v2, v0'],
    ['another record', 'charge.copy v2', 'v3 record = record.with ["a"], v0, v2'],
    ['an item instead of a join', 'charge.append', 'v3 any = any.add v2, v0'],
  ])('not for %s', (_, charge, instruction) => {
    expect(problemsOf(body(...NUMBER, charge, instruction))).toMatch(/is charged right before it/);
  });

  test('what is known to cost nothing needs no charge', () => {
    expect(problemsOf(body(...NUMBER, 'v3 any = any.add v0, v2'))).toBe('');
    expect(problemsOf(body('v1 nil = const.nil', 'v2 any = any.add v0, v1'))).toBe('');
    expect(problemsOf(body('v1 text = const.text "a"', 'v2 any = any.add v0, v1'))).toMatch(/any\.add is charged/);
    expect(problemsOf(body(...NUMBER, 'v3 record = record.with ["a"], v2, v0'))).toBe('');
  });

  test('a mark for a change in place may stand between', () => {
    expect(problemsOf(body('charge.append', ...FLAGGED, 'v3 list = list.append v2, v0'))).toBe('');
    expect(problemsOf(body('charge.copy v0', ...FLAGGED, 'v3 record = record.with ["a"], v2, v0'))).toBe('');
  });
});

describe('every way round a loop charges fuel', () => {
  const head = ['branch v0, b2(), b3()'];
  const end = ['v1 nil = const.nil', 'return v1'];

  test('a loop with one entry', () => {
    expect(problemsOf(blocks('jump b1()', head, ['fuel 1', 'jump b1()'], end))).toBe('');
    expect(problemsOf(blocks('jump b1()', head, ['jump b1()'], end))).toBe('f b1: a loop charges fuel on every round');
  });

  test('a loop with one way round that does not', () => {
    const ways = [['branch v0, b3(), b4()'], ['fuel 1', 'jump b1()'], ['jump b1()']];
    expect(problemsOf(blocks('jump b1()', ['branch v0, b2(), b5()'], ...ways, end))).toMatch(
      /f b1: a loop charges fuel/,
    );
    ways[2] = ways[1]!;
    expect(problemsOf(blocks('jump b1()', ['branch v0, b2(), b5()'], ...ways, end))).toBe('');
  });

  test('a loop with two entries', () => {
    expect(problemsOf(blocks('branch v0, b1(), b2()', ['jump b2()'], ['jump b1()']))).toMatch(/a loop charges fuel/);
    expect(problemsOf(blocks('branch v0, b1(), b2()', ['jump b2()'], ['fuel 1', 'jump b1()']))).toBe('');
  });

  test('a loop that nobody reaches', () => {
    expect(problemsOf(blocks('jump b1()', end, ['jump b2()']))).toBe('f b2: a loop charges fuel on every round');
  });
});

describe('amounts count something', () => {
  test.each(['0', '-5', '0.5', 'nan', 'inf', '2147483648'])('fuel and depth of %s', amount => {
    expect(problemsOf(body(`fuel ${amount}`))).toMatch(/fuel counts a whole number from 1 on/);
    expect(problemsOf(body(`depth ${amount}`))).toMatch(/depth counts a whole number from 1 on/);
  });

  test.each(['-1', '0.5', 'nan', 'inf'])('items and indices of %s', amount => {
    expect(problemsOf(body(`charge.items ${amount}`))).toMatch(/charge\.items counts a whole number from 0 on/);
    expect(problemsOf(body(`v1 any = list.index ${amount}, v0`))).toMatch(/is no index/);
    expect(problemsOf(body(`v1 any = list.index.safe ${amount}, v0`))).toMatch(/is no index/);
  });

  test('whole ones do', () => {
    expect(problemsOf(body('fuel 2147483647', 'depth 1', 'charge.items 0', 'v1 any = list.index 0, v0'))).toBe('');
  });
});

describe('what an instruction names is there', () => {
  const charged = (items: number, instruction: string): string =>
    problemsOf(body(`charge.items ${items}`, `v1 any = ${instruction}`));

  test('builtins', () => {
    expect(problemsOf(body('v1 any = call.builtin "len", v0'))).toBe('');
    expect(problemsOf(body('v1 any = call.builtin "nope", v0'))).toBe('f b0: there is no builtin "nope"');
  });

  test('functions as values', () => {
    expect(charged(0, 'fn.new 0:"f"')).toBe('');
    expect(charged(1, 'fn.new 0:"f", v0')).toBe('');
    expect(charged(0, 'fn.new -1:"zork"')).toBe('');
    expect(charged(0, 'fn.new 99:"zz"')).toMatch(/there is no function 99:"zz"/);
    expect(charged(0, 'fn.new 0.5:"f"')).toMatch(/there is no function/);
    expect(charged(0, 'fn.new 0:"g"')).toMatch(/there is no function 0:"g"/);
    expect(charged(0, 'fn.new -1:"nope"')).toMatch(/there is no builtin "nope"/);
    expect(charged(1, 'fn.new -1:"len", v0')).toMatch(/captures nothing/);
    expect(charged(2, 'fn.new 0:"f", v0, v0')).toMatch(/captures more than it has parameters/);
  });

  test('a version is no function of its own', () => {
    const version = 'fn f(any) -> any of 0\nb0(v0 any):\n  fuel 1 @0:1\n  return v0 @0:1\n';
    const problems = problemsOf(body('charge.items 0', 'v1 fn = fn.new 1:"f"') + version);
    expect(problems).toBe('f b0: there is no function 1:"f"');
  });

  test('fields', () => {
    expect(charged(2, 'record.new ["p","a","b"], v0, v0')).toBe('');
    expect(charged(1, 'record.new ["p","a","b"], v0')).toMatch(/record\.new takes 2 operands, not 1/);
    expect(charged(2, 'record.new ["p","a","a"], v0, v0')).toMatch(/the field "a" is there twice/);
    const update = (...names: readonly string[]): string =>
      problemsOf(body('charge.copy v0', `v1 record = record.with ${JSON.stringify(names)}, v0, v0`));
    expect(update('a')).toBe('');
    expect(update('a', 'b')).toMatch(/record\.with takes 3 operands, not 2/);
    // `r with a:1 a:2` is a program: the last one counts.
    expect(problemsOf(body('charge.copy v0', 'v1 record = record.with ["a","a"], v0, v0, v0'))).toBe('');
  });

  test('a variable that may not be set is only looked at by check.set', () => {
    const lines = ['v1 any = const.empty', 'v2 any = check.set "x", v1', 'v3 bool = is.nil v2'];
    expect(problemsOf(body(...lines))).toBe('');
    expect(problemsOf(body(...lines).replace('is.nil v2', 'is.nil v1'))).toMatch(
      /is\.nil looks at a variable that may/,
    );
    const passed = blocks('jump b1(v1)', ['return v2']).replace('b1():', 'b1(v2 any):');
    const text = passed.replace('  jump', '  v1 any = const.empty @0:1\n  jump');
    expect(problemsOf(text)).toBe('f b1: return looks at a variable that may not be set');
  });

  test('a place', () => {
    expect(problemsOf(body('depth 1').replace('depth 1 @0:1', 'depth 1 @9:1'))).toMatch(/depth ends before it begins/);
  });
});
