// The generated source: what may be in it, that nothing of a program gets out of its literals, and that code stays flat.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkGenerated } from '../../../src/jit/js/check.ts';
import { numberLiteral, textLiteral } from '../../../src/jit/js/literals.ts';
import { scheduleMoves } from '../../../src/jit/js/moves.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { runProgram } from '../../../src/runtime/program.ts';
import { ROOT } from '../../structure/source-files.ts';
import { jsOf, load } from './source.ts';

describe('the check refuses', () => {
  const inSource = (expression: string): string => `"use strict";\nvar v1 = ${expression};\n`;

  test.each([
    'process',
    'globalThis',
    'this',
    'eval("1")',
    'import("x")',
    'v1.constructor',
    'v1.__proto__',
    'v1.prototype',
    'v1.catch',
    'new Function("x")',
    'v01',
    'v1x',
    'f',
    '// x',
    '/* x */',
    '1 /* x */ / 2',
    '/v/',
    '`${v1}`',
    'i0[`constructor`]',
    "'x'",
    '"\u2028"',
    '"é"',
    '"\\x41"',
    '"a\nb"',
    '"open',
    'v1 = v2 @ v3',
    'async',
    '#x',
    '\\u0061',
    'v1.\\u0063onstructor',
    'é',
    '(v1) => v1',
  ])('%s', expression => {
    expect(() => checkGenerated(inSource(expression))).toThrow(/refused/);
  });

  test.each([
    'v1["constructor"]["constructor"]("return process")()',
    'v1["constructor"]',
    'i0["constructor"]',
    'i0["\\u0063onstructor"]',
    'i0[("constructor")]',
    'i0[v1, "constructor"]',
    'i0["con" + "structor"]',
    'i0[v1 + v2]',
    'i0[true ? "constructor" : v1]',
    'i0[i1["x"]]',
    'i0[i1[0]]',
    'i0[f1(c)]',
    'i0[concat(v1, v2)]',
    'i0[v1.length]',
    'i0[v1 = "constructor"]',
    'i0[["constructor"]]',
    'i0[0]["constructor"]',
    'i0 ["constructor"]',
    'i0\n["constructor"]',
    '"x"["constructor"]',
    '5["constructor"]',
    'true["constructor"]',
    '[]["constructor"]',
    '["constructor"]["length"]',
    '(0)["constructor"]',
    '(function () { return 1; })["constructor"]("x")',
    'function () {}["constructor"]',
    'List["prototype"]',
    'f1["constructor"]',
    'f1[0]',
    'X["state"]',
    'T["constructor"]',
    'T[v1](c)',
    'C[v1]',
    'v1[v2]',
    'v1[0]',
    'w1[0]',
    'v1.first["constructor"]',
    'v1.items[0]',
    'arguments[0]',
    'k0[0]',
  ])('a property that a string may name: %s', expression => {
    expect(() => checkGenerated(inSource(expression))).toThrow(/refused/);
  });

  test.each([
    'v1("return process")',
    'i0("return process")',
    'i0[v1]("return process")',
    'i0[0]()',
    'v1.first("x")',
    'v1.first[0]("x")',
    'v1.items("x")',
    '"x"()',
    '(v1)("x")',
    '[v1]("x")',
    'f1(c)("x")',
    'v1.at(0)("x")',
    's0("x")',
    'arguments("x")',
    'new v1("x")',
    'new f1("x")',
    'new S("x")',
    'new i0[0]("x")',
    'v1.List("x")',
    'function f1(d, f2) { return f2("x"); }',
    'function (List) { return List("x"); }',
    'function (v0 = "x") { return v0; }',
    'function (...v0) { return v0; }',
    'function slow() { return 1; }',
  ])('a call of a value: %s', expression => {
    expect(() => checkGenerated(inSource(expression))).toThrow(/refused/);
  });

  test.each([
    'f1 = v1',
    'var List = v1',
    'abs = v1',
    'T = v1',
    'var [f1] = [v1]',
    '[f1] = [v1]',
    '{f1} = v1',
    'catch (f1) {}',
    'slow = v1',
    'arguments = v1',
    'constructor: for (;;) { break constructor; }',
  ])('what gives another meaning to a name: %s', statement => {
    expect(() => checkGenerated(`"use strict";\n${statement};\n`)).toThrow(/refused/);
  });

  test.each([
    'i0[v1]',
    'i0[w1]',
    'i0[i1]',
    'i0[3]',
    'i0[(-3)]',
    'i0[1e21]',
    'i0[v3 - 2]',
    'i0[v3 - v4]',
    'v1.first[3]',
    'T[3](c, v0)',
    '["constructor", i0[0]]',
    '[["constructor"], "x"]',
    'abs(v1)',
    'new List(["constructor"])',
    'f1(c, "constructor")',
    'b0(["constructor"])',
    'k0.get(v1)',
    'true ? (p = 1, f1(c)) : [v1]',
  ])('and lets through: %s', expression => {
    expect(() => checkGenerated(inSource(expression))).not.toThrow();
  });

  test('and lets through what the emitter writes', () => {
    const source = jsOf('f n:n>n;s=0;@i 0..n{s=+s i};?s{1:-2.5;_:/s 1e21}');
    expect(() => checkGenerated(source)).not.toThrow();
  });
});

describe('literals', () => {
  test.each([0, -0, 1, -1, 0.1, 5e-324, 1.7976931348623157e308, 1e21, -1e-7, Number.NaN, Infinity, -Infinity])(
    '%d',
    n => {
      expect(new Function(`return 1 - ${numberLiteral(n)} * 1`)()).toBe(1 - n);
      expect(Object.is(new Function(`return ${numberLiteral(n)}`)(), n)).toBe(true);
      expect(() => checkGenerated(numberLiteral(n))).not.toThrow();
    },
  );

  test('texts', () => {
    const texts = [
      '',
      '"',
      '\\',
      '\\"',
      "'",
      '`${1}`',
      '\n\r\t\b\f\0',
      '\u2028\u2029',
      '*/',
      '</script>',
      '😀é\u007f',
      '\\u0022',
    ];
    for (const text of texts) {
      const literal = textLiteral(text);
      expect(literal).toMatch(/^[ -~]*$/);
      expect(() => checkGenerated(literal)).not.toThrow();
      expect(new Function(`return ${literal}`)()).toBe(text);
    }
  });
});

test('names and texts of a program stay texts', () => {
  const source = [
    'type box{constructor:n;prototype:t}',
    'valueof x:n>n;x',
    'main n:n>t;b=box constructor:n prototype:"\\");throw 1;//\u2028";w=valueof n;c=b with constructor:w;k=str c.constructor;+k b.prototype',
  ].join('\n');
  const js = jsOf(source);
  expect(js).not.toMatch(/[^\n -~]|valueof|main/);
  const result = runProgram(load(source), 'main', [7], { host: createVirtualHost({}), engine: 'js' });
  expect(result).toEqual({ value: '7");throw 1;//\u2028' });
});

test.each([
  'f n:n>n;xs=[n 2];i=0;=1 1{i="constructor"};at xs i',
  'f n:n>n;xs=[n 2];i=0;=1 1{i="constructor"};s=0;@j 0..n{s=+s at xs i};s',
  'f n:n>L n;xs=[n 2];i=0;=1 1{i="constructor"};lst xs i n',
  'f n:n>L n;xs=[n 2];i=0;=1 1{i="constructor"};@j 0..n{xs=lst xs i j};xs',
])('a text of the source is no index: %s', source => {
  expect(jsOf(source)).toContain('"constructor"');
  expect(jsOf(source)).not.toMatch(/\[[^\],]*"constructor"[^\],]*\](?! *\))/);
  for (const engine of ['tree', 'js'] as const) {
    const result = runProgram(load(source), 'f', [3], { host: createVirtualHost({}), engine });
    expect(result).toMatchObject({ fault: { code: 'ILO-R009' } });
  }
});

describe('moves', () => {
  test('all at once, whatever reads what', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 48271) % 0x7fffffff;
      return seed % below;
    };
    for (let round = 0; round < 500; round++) {
      const count = 1 + random(6);
      const names = [...Array(count).keys()].map(i => `v${i}`);
      const moves = names.map(to => ({
        to,
        from: random(3) === 0 ? `v${random(count)} + v${random(count)}` : `v${random(count)}`,
      }));
      const start = names.map((name, i) => `var ${name} = ${10 ** i};`).join('');
      let temporaries = 0;
      const body = scheduleMoves(moves, () => `t${temporaries++}`).join(';');
      const atOnce = `[${names.join()}] = [${moves.map(move => move.from).join()}]`;
      const run = (code: string): unknown => new Function(`${start}${code};return [${names.join()}]`)();
      expect(run(body), JSON.stringify(moves)).toEqual(run(atOnce));
    }
  });
});

describe('shape of the code', () => {
  const deepest = (js: string): number => Math.max(...js.split('\n').map(line => /^ */.exec(line)![0].length / 2));
  const many = (each: (i: number) => string): string => [...Array(300).keys()].map(each).join('');

  test.each([
    ['guards', `f n:n>n;${many(i => `=n ${i} ${i + 1};`)}0`],
    ['conditions', `f n:n>n;a=0;${many(i => `>n ${i}{a=+a 1};`)}a`],
    ['loops', `f n:n>n;a=0;${many(() => '@i 0..n{a=+a i};')}a`],
    ['arms', `f n:n>n;?n{${many(i => `${i}:${i};`)}_:0}`],
    ['ways out of a loop', `f n:n>n;s=0;@i 0..n{${many(i => `=i ${i + 5}{brk};s=+s 1;`)}};s`],
    ['next rounds', `f n:n>n;s=0;@i 0..n{${many(i => `=i ${i + 5}{cnt};s=+s 1;`)}};s`],
  ])('a row of %s does not nest', (_, source) => {
    expect(deepest(jsOf(source))).toBeLessThan(12);
  });

  test.each(['sieve', 'fannkuch', 'records'])('%s declares a variable once in a function', name => {
    const source = readFileSync(join(ROOT, `bench/workloads/${name}.ilo`), 'utf8');
    for (const each of jsOf(source).split(/^function /m)) {
      const declared = [...each.matchAll(/\bvar ([^=;]+)/g)].flatMap(([, names]) => names!.trim().split(', '));
      expect(declared.filter((variable, i) => declared.indexOf(variable) < i)).toEqual([]);
    }
  });
});

test('where code may not be generated the answers are the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilo-'));
  try {
    const file = join(folder, 'a.ilo');
    writeFileSync(file, 'f n:n>n;s=0;@i 0..n{s=+s i};s');
    const run = (...flags: string[]) =>
      spawnSync(process.execPath, [...flags, join(ROOT, 'dist/cli.cjs'), 'run', '--engine', 'js', file, 'f', '10'], {
        encoding: 'utf8',
      });
    const allowed = run();
    const forbidden = run('--disallow-code-generation-from-strings');
    expect(allowed.stdout).toBe('45\n');
    expect(forbidden).toMatchObject({ stdout: allowed.stdout, stderr: '', status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('recursion far beyond the end of the stack ends where the limit is', () => {
  const unit = load('f n:n>n;a=f +n 1;+a 1');
  const result = runProgram(unit, 'f', [0], { host: createVirtualHost({}), engine: 'js', maxDepth: 100_000 });
  expect(result).toMatchObject({ fault: { code: 'ILO-R040' } });
  expect('fault' in result && result.fault.calls.length).toBe(100_000);
  expect(runProgram(load('f>n;1'), 'f', [], { host: createVirtualHost({}), engine: 'js' })).toEqual({ value: 1 });
});

describe('leaves', () => {
  const leaf = 'half x:n>n;/x (- x 3)\n';
  test('are entered without a look by those that have looked', () => {
    const js = jsOf(`${leaf}f n:n>n;s=0;@i 4..n{s=+s half i};s`);
    expect(js).toMatch(/function f(\d+)\(d, v0\) \{\n {2}if \(d >= 800\) .*\n {2}return g\1\(d, v0\);/);
    expect(js).toMatch(/= g\d+\(c, v\d+\)/);
  });
  test('are looked at where their frames are larger than those that call themselves may have', () => {
    const many = [...Array(40).keys()].map(i => `x${i}=/x (+ x ${i});`).join('');
    const sum = [...Array(40).keys()].reduce((text, i) => `+ x${i} (${text})`, 'x');
    const js = jsOf(`wide x:n>n;${many}${sum}\nf n:n>n;<n 1{ret 0};m=- n 1;+ (wide n) (f m)`);
    expect(js).toMatch(/function g\d/);
    expect(js).not.toMatch(/= g\d/);
  });
  test.each([1, 2, 3, 40, 300, 2000])('nest as deep as the limit says: %d', maxDepth => {
    const source = `${leaf}f n:n>n;<n 1{ret half 9};m=- n 1;+ (half n) (f m)`;
    const [tree, js] = (['tree', 'js'] as const).map(engine =>
      [0.5, maxDepth - 2.5, maxDepth - 1.5, maxDepth - 0.5].map(n => {
        const result = runProgram(load(source), 'f', [n], { host: createVirtualHost({}), engine, maxDepth });
        return 'value' in result
          ? result
          : { code: result.fault.code, span: result.fault.span, calls: result.fault.calls };
      }),
    );
    expect(js).toEqual(tree);
  });
});
