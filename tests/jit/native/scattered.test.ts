// Records that are in registers, field by field: that they take nothing of the heap, that what needs a record in memory gets one, and that
// random programs on records give what the tree engine gives.
import { describe, expect, test } from 'vitest';
import { AT, memoryFor } from '../../../src/jit/native/memory.ts';
import { exactly } from '../../fuzz/values.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

const TYPES = 'type p{x:n;y:n}\ntype q{b:b;xs:L n;r:p}';

/** Runs on both engines, which have to agree. Gives how many bytes of the heap native code has taken. */
function heapTaken(source: string, args: readonly number[], limits?: { fuel: number; alloc: number }): number {
  const unit = unitOf(`${TYPES}\n${source}`);
  expect(whyNot(unit, 'f', limits !== undefined)).toBeUndefined();
  const [jit, tree] = (['jit', 'tree'] as const).map(engine => {
    const result = runOn(engine, unit, 'f', args, limits && { limits });
    const { fuel, bytes } = result as { fuel?: number; bytes?: number };
    const end = 'value' in result ? exactly(result.value) : `${result.fault.code} ${JSON.stringify(result.fault.span)}`;
    return { end, fuel, bytes };
  });
  expect(jit).toEqual(tree);
  const { words } = memoryFor(1)!;
  return words[AT.heapNext >> 2]! - words[AT.heap >> 2]!;
}

describe.runIf(IS_NATIVE)('records in registers', () => {
  test.each([
    ['made and read', 'f n:n>n;a=p x:n y:2;* a.x a.y'],
    ['changed', 'f n:n>n;a=p x:n y:2;c=a with x:(+ a.x 1);+ (* a.x c.x) c.y'],
    ['changed in two fields that are exchanged', 'f n:n>n;a=p x:n y:2;c=a with x:a.y y:a.x;- c.x c.y'],
    ['changed in a loop', 'f n:n>n;a=p x:0 y:1;@i 0..n{a=a with x:(+ a.x i);a=a with y:(- a.x a.y)};+ a.x a.y'],
    ['of which one of two goes on', 'f n:n>n;a=p x:n y:1;c=p x:1 y:n;> n 3{a=c};- a.x a.y'],
    ['exchanged in a loop', 'f n:n>n;a=p x:1 y:2;c=p x:3 y:n;@i 0..n{t=a;a=c;c=t with x:(+ t.x i)};- (+ a.x c.x) a.y'],
  ])('%s: nothing is taken of the heap', (_, source) => {
    for (const n of [0, 1, 4, 7]) expect(heapTaken(source, [n])).toBe(0);
  });

  test.each([
    ['a result', 'f n:n>p;a=p x:n y:2;a=a with x:(+ a.x 1);a'],
    ['an item', 'f n:n>L p;a=p x:n y:2;c=a with y:n;[a c a]'],
    ['a field', 'f n:n>q;a=p x:n y:2;c=a with y:n;q b:true xs:[n] r:c'],
    ['an argument', 'g a:p n:n>n;< n 1{ret a.y};g (a with y:(+ a.y a.x)) (- n 1)\nf n:n>n;a=p x:n y:2;g a n'],
    ['one of two that go on', 'g n:n ps:L p>n;a=p x:n y:2;> n 3{a=at ps 0};a.x\nf n:n>n;g n [(p x:9 y:n)]'],
    ['what may be nil', 'g n:n>O p;> n 3{ret p x:n y:1};nil\nf n:n>n;a=p x:1 y:n;c=?? (g n) a;+ c.x a.y'],
  ])('%s needs a record in memory', (_, source) => {
    for (const n of [4, 7]) expect(heapTaken(source, [n])).toBeGreaterThan(0);
    for (const n of [0, 1]) heapTaken(source, [n]);
  });

  test('with limits nothing is taken either, and the same is charged', () => {
    const source = 'f n:n>n;a=p x:0 y:1;@i 0..n{a=a with x:(+ a.x i)};/ a.x a.y';
    expect(heapTaken(source, [9], { fuel: 1e6, alloc: 1e6 })).toBe(0);
    for (let fuel = 0; fuel < 40; fuel += 3) heapTaken(source, [9], { fuel, alloc: 1e6 });
    for (let alloc = 0; alloc < 400; alloc += 24) heapTaken(source, [9], { fuel: 1e6, alloc });
  });

  test('a list in a field is copied before it is changed where somebody else has it', () => {
    heapTaken(
      'f n:n>L L n;r=p x:1 y:n;a=q b:true xs:[1 2 n] r:r;xs=a.xs;xs=lst xs 0 n;c=a with xs:xs;[a.xs xs c.xs]',
      [7],
    );
  });

  test('random programs', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const below = (count: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % count;
    };
    for (let round = 0; round < 30; round++) {
      const source = randomProgram(below);
      for (const n of [0, 2, 5]) {
        try {
          heapTaken(source, [n]);
        } catch (error) {
          throw new Error(`seed ${seed}: f ${n} of\n${source}`, { cause: error });
        }
      }
    }
  });
});

/** Three records that are changed and passed around in a loop; now and then one goes into a list, and one is the result. */
function randomProgram(below: (count: number) => number): string {
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  const record = (): string => pick(['a', 'c', 'd']);
  const number = (): string => pick([`${record()}.x`, `${record()}.y`, 'n', 'i', '2']);
  const sum = (): string => `(${pick(['+', '-'])} ${number()} ${number()})`;
  const statement = (): string =>
    pick([
      () => `${record()}=${record()}`,
      () => `${record()}=p x:${sum()} y:${number()}`,
      () => `${record()}=${record()} with ${pick(['x', 'y'])}:${sum()}`,
      () => `${record()}=${record()} with x:${number()} y:${sum()}`,
      () => `> ${number()} ${number()}{${record()}=${record()} with y:${sum()}}`,
      () => `> ${number()} ${number()}{${record()}=${record()}}{${record()}=p x:${number()} y:i}`,
      () => (below(3) === 0 ? `ps=+=ps ${record()}` : `s=+ s ${record()}.x`),
    ])();
  const body = Array.from({ length: 2 + below(6) }, statement).join(';');
  const start = 'i=0;s=0;ps=[(p x:0 y:0)];a=p x:1 y:n;c=p x:n y:2;d=a with x:3';
  const end = pick([() => `+ s ${number()}`, () => `${record()}.y`, () => `e=at ps -1;+ s (- ${number()} e.y)`])();
  return `f n:n>n;${start};@i 0..n{${body}};${end}`;
}
