// The closure engine's special cases: every primitive with its operands in every place, in every kind of statement; frames of
// every size; bodies of every shape. The tree engine says what is right.
import { describe, expect, test } from 'vitest';
import { checkUnit } from '../../src/core/check.ts';
import type { CoreExpr, CoreStmt, CoreUnit } from '../../src/core/core.ts';
import { ANY } from '../../src/core/type.ts';
import { List } from '../../src/core/value/list.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { loadProgram } from '../../src/runtime/program.ts';
import { CORE_OPS, type CoreOp } from '../../src/spec/core-ops.ts';
import { observe } from './observe.ts';

const VALUES: readonly Value[] = [
  0,
  -0,
  1,
  -3,
  0.3,
  0.1 + 0.2,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  'a',
  'ab',
  true,
  false,
  null,
  new List([]),
  new List([1]),
  new Ok(1),
  new Err('no'),
];
const NUMBERS = VALUES.filter(value => typeof value === 'number');
const TEXTS = VALUES.filter(value => typeof value === 'string');

let place = 0;
/** Spans that differ, so that a fault at the wrong expression is seen. */
const span = () => ({ start: place++, end: place });

type Placement = (slot: number, value: Value) => CoreExpr;

const local: Placement = slot => ({ kind: 'local', slot, name: `p${slot}`, maybeEmpty: false, span: span() });
const PLACEMENTS: Readonly<Record<string, Placement>> = {
  local,
  'constant or local': (slot, value) =>
    typeof value === 'object' && value !== null ? local(slot, value) : { kind: 'const', value, span: span() },
  code: (slot, value) => ({
    kind: 'if',
    test: { kind: 'const', value: true, span: span() },
    then: local(slot, value),
    otherwise: { kind: 'const', value: null, span: span() },
    span: span(),
  }),
  'perhaps empty': slot => ({ kind: 'local', slot, name: `p${slot}`, maybeEmpty: true, span: span() }),
  empty: () => ({ kind: 'local', slot: 3, name: 'nothing', maybeEmpty: true, span: span() }),
};

const constant = (value: string): CoreExpr => ({ kind: 'const', value, span: span() });
const RESULT = 2;
const result = (): CoreExpr => ({ kind: 'local', slot: RESULT, name: 'result', maybeEmpty: false, span: span() });
const give = (value: CoreExpr): CoreStmt => ({ kind: 'return', value, span: span() });
const set = (value: CoreExpr): CoreStmt => ({ kind: 'set', slot: RESULT, name: 'result', value, span: span() });

/** The places of a body where an expression can stand. */
const CONTEXTS: Readonly<Record<string, (expr: CoreExpr) => readonly CoreStmt[]>> = {
  return: expr => [give(expr)],
  set: expr => [set(expr), give(result())],
  guard: expr => [
    { kind: 'cond', arms: [{ test: expr, body: [give(constant('yes'))] }], otherwise: [], span: span() },
    give(constant('no')),
  ],
  condition: expr => [
    {
      kind: 'cond',
      arms: [{ test: expr, body: [set(constant('yes'))] }],
      otherwise: [set(constant('no'))],
      span: span(),
    },
    give(result()),
  ],
  loop: expr => [
    set(constant('none')),
    {
      kind: 'while',
      before: [],
      test: { kind: 'prim', op: 'not', args: [{ kind: 'prim', op: 'not', args: [expr], span: span() }], span: span() },
      body: [set(constant('round')), { kind: 'break', span: span() }],
      span: span(),
    },
    give(result()),
  ],
};

function unitOf(body: readonly CoreStmt[]): CoreUnit {
  const params = [0, 1].map(slot => ({ name: `p${slot}`, type: ANY }));
  const fn = { name: 'f', params, captures: 0, result: ANY, slots: 4, body, span: span() };
  return { functions: [fn], tools: [], byName: new Map([['f', 0]]), toolByName: new Map() };
}

/** What a primitive may be given: the unchecked ones trust their operands. */
function valuesFor(op: CoreOp): readonly Value[] {
  if (op.startsWith('num.')) return NUMBERS;
  return op === 'text.concat' ? TEXTS : VALUES;
}

function expectSame(unit: CoreUnit, name: string, args: readonly Value[], limited: boolean): void {
  const call = { unit, name, args, maxDepth: 50, ...(limited ? { limits: { fuel: 1e9, alloc: 1e9 } } : {}) };
  expect(observe(call, 'closure')).toEqual(observe(call, 'tree'));
}

describe.each(Object.keys(CONTEXTS))('%s', context => {
  test.each(Object.keys(CORE_OPS) as CoreOp[])('%s', op => {
    const values = valuesFor(op);
    const binary = CORE_OPS[op].arity === 2;
    let turn = 0;
    for (const left of Object.values(PLACEMENTS)) {
      for (const right of binary ? Object.values(PLACEMENTS) : [local]) {
        for (const a of values) {
          // Not every pair in every place: a step that divides no count of values meets all of them over the places.
          const step = binary ? 16 : values.length;
          for (let i = turn++ % step; i < values.length; i += step) {
            const b = values[i]!;
            const operands = binary ? [left(0, a), right(1, b)] : [left(0, a)];
            const unit = unitOf(CONTEXTS[context]!({ kind: 'prim', op, args: operands, span: span() }));
            checkUnit(unit);
            expectSame(unit, 'f', [a, b], turn % 2 === 0);
          }
        }
      }
    }
  });
});

const MATCHED: readonly Value[] = [
  ...VALUES,
  2,
  2 + Number.EPSILON / 2,
  1 - Number.EPSILON / 4,
  2.5,
  3,
  'b',
  'c',
  1e300,
];

test.each([
  ['numbers', '?n{0:"none";1:"one";2:"two";3:"three";1:"again";_:"other"}'],
  ['texts', '?n{"a":1;"":2;"b":3;"a":4;"c":5;_:6}'],
  ['both', '?n{1:"one";"a":"a";2:"two";"b":"b";_:"other"}'],
  ['numbers near each other', '?n{1:1;1.5:2;2:3;2.5:4;_:5}'],
  ['numbers and a boolean', '?n{1:1;true:2;2:3;nil:4;_:5}'],
])('a match on many %s', (_, match) => {
  const { unit, diagnostics } = loadProgram(`f n:_>_;${match}\ng n:_>_;r=${match};[r r]`, {
    readFile: () => ({ err: 'none' }),
  });
  if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
  for (const value of MATCHED) {
    expectSame(unit, 'f', [value], false);
    expectSame(unit, 'g', [value], true);
  }
});

const many = (count: number, piece: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => piece(i)).join(';');

/** Programs whose function `f` takes a number, with what it gives for 3. */
const SHAPES: readonly (readonly [name: string, source: string, value: Value])[] = [
  ['guards and an end', 'f n:n>n;<n 1 10;<n 2 20;<n 4 30;40', 30],
  ['guards with statements between', 'f n:n>n;<n 1 10;m=+n 1;<m 2 20;k=*m 2;+k m', 12],
  ['more parts than are chained', `f n:n>n;s=0;${many(20, i => `>n ${i + 100} ${i};s=+s ${i}`)};s`, 190],
  ['a guard with an else that goes on', 'f n:n>n;s=0;>n 9{ret 1}{s=5};+s n', 8],
  ['many of those', `f n:n>n;s=0;${many(300, () => '>n 9{ret 1}{s=+s 1}')};s`, 300],
  ['a loop that returns', 'f n:n>n;@i 0..10{>=i n{ret *i 100}};0', 300],
  ['a loop that breaks', 'f n:n>n;s=0;@i 0..10{>=i n{brk};s=+s i};s', 3],
  ['a loop that goes on', 'f n:n>n;s=0;@i 0..6{=i n{cnt};s=+s i};s', 12],
  ['loops in loops', 'f n:n>n;s=0;@i 0..n{@j 0..n{>j i{brk};s=+s 1};=i 1{cnt};s=+s 10};s', 26],
  ['return from an inner loop', 'f n:n>n;@i 0..n{@j 0..n{=(+i j) 3{ret +*i 10 j}}};0', 12],
  ['wh that breaks and returns', 'f n:n>n;i=0;wh true{i=+i 1;>i 50{brk};>i n{ret i}};0', 4],
  ['a list walked', 'f n:n>n;s=0;@x [1 2 3 4]{=x n{cnt};s=+s x};s', 7],
  ['a list walked until', 'f n:n>n;@x [5 3 4]{=x n{ret +x 0.5}};0', 3.5],
  ['nothing', 'f n:n>_;@i 0..n{j=i}', null],
];

test.each(SHAPES)('%s', (_, source, value) => {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
  const seen = observe({ unit, name: 'f', args: [3], maxDepth: 50 }, 'closure');
  expect(seen.value).toBe(value === null ? seen.value : String(value));
  expectSame(unit, 'f', [3], false);
  expectSame(unit, 'f', [3], true);
});

test.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 20, 300])('calls with %i arguments, with few and many locals', count => {
  const names = Array.from({ length: count }, (_, i) => `p${i.toString(26).replace(/[0-9]/g, d => 'qrstuvwxyz'[+d]!)}`);
  for (const locals of [0, 1, 3, 6, 12]) {
    const body = [...Array(locals).keys()].map(i => `v${'abcdefghijkl'[i]!}=${i}`);
    const sum = names.map(name => `s=+s ${name}`);
    const callee = `g ${names.map(name => `${name}:n`).join(' ')}>n;${[...body, 's=0', ...sum].join(';')};s`;
    const call = count === 0 ? 'g()' : `g ${names.map((_, i) => i).join(' ')}`;
    const source = `f n:n>n;r=${call};+r n\n${callee}`;
    const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
    if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
    const total = (count * (count - 1)) / 2 + 1;
    expect(observe({ unit, name: 'f', args: [1], maxDepth: 9 }, 'closure').value).toBe(String(total));
    const args = names.map((_, i) => i);
    expect(observe({ unit, name: 'g', args, maxDepth: 9 }, 'closure').value).toBe(String(total - 1));
  }
});

test('a field is found again after records of other shapes', () => {
  const source = [
    'type p{x:n;y:n}',
    'type q{y:n;x:n}',
    'read r:_>_;r.x',
    'f n:n>R (L _) t;a=p x:1 y:2;b=q y:3 x:4;c=jpar! "{\\"z\\":1,\\"x\\":9}";~(map read [a b a c b a])',
  ].join('\n');
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
  const seen = observe({ unit, name: 'f', args: [1], maxDepth: 9 }, 'closure');
  expect(seen).toEqual(observe({ unit, name: 'f', args: [1], maxDepth: 9 }, 'tree'));
  expect(seen.value).toBe('~[1, 4, 1, 9, 4, 1]');
});

test('bodies and conditions of 20,000 parts', () => {
  const assignments = `f n:n>n;s=0;${many(20_000, () => 's=+s 1')};s`;
  const guards = `f n:n>n;${many(20_000, i => `=n ${i + 7} ${i}`)};1`;
  const arms = `f n:n>n;?n{${many(20_000, i => `${i + 7}:${i}`)};_:2}`;
  for (const [source, value] of [
    [assignments, '20000'],
    [guards, '1'],
    [arms, '2'],
  ] as const) {
    const { unit } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
    expect(observe({ unit: unit!, name: 'f', args: [3], maxDepth: 9 }, 'closure').value).toBe(value);
  }
});
