// Lists and records copied into the heap of native code and out of it: each stays what it was, however they lie beside each other there, and
// a value of another shape than declared is noticed, on whichever way it comes.
import { describe, expect, test } from 'vitest';
import { List } from '../../../src/core/value/list.ts';
import { RecordValue, Shape } from '../../../src/core/value/record.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { exactly } from '../../fuzz/values.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

const TYPES = 'type p{x:n;y:L n}\ntype q{a:L n;b:L n;p:p}\ntype e{y:L n}';
const P = new Shape('p', ['x', 'y']);

function expectSame(source: string, argsOf: () => readonly Value[]): void {
  const unit = unitOf(`${TYPES}\n${source}`);
  expect(whyNot(unit, 'f')).toBeUndefined();
  const [jit, tree] = (['jit', 'tree'] as const).map(engine => {
    const result = runOn(engine, unit, 'f', argsOf());
    return 'value' in result ? exactly(result.value) : `${result.fault.code} ${JSON.stringify(result.fault.span)}`;
  });
  expect(jit).toBe(tree);
}

const p = (x: number, y: List): RecordValue => new RecordValue(P, [x, y]);

describe.runIf(IS_NATIVE)('values across the border', () => {
  // An empty list ends where it begins: what is made next has its address.
  test.each([
    ['made beside it, inside a record', 'f n:n>q;q a:[] b:[n] p:(p x:n y:[])'],
    ['made beside it, in a list', 'f n:n>L p;[(p x:n y:[]) (p x:2 y:[n]) (p x:3 y:[])]'],
    ['records of one field', 'f n:n>L e;[(e y:[]) (e y:[n]) (e y:[]) (e y:[])]'],
    ['lists of empty lists', 'f n:n>L L n;[[] [n] [] []]'],
    ['lists of lists of empty lists', 'f n:n>L L L n;[[[]] [[n] []] [] [[] []]]'],
    ['one empty list in several records', 'f n:n>L p;y=[];[(p x:n y:y) (p x:2 y:y)]'],
    ['a changed record behind it', 'f n:n>L p;r=p x:1 y:[];s=r with x:n;[r s r]'],
  ])('an empty list with %s', (_, source) => {
    expectSame(source, () => [7]);
  });

  test.each([
    ['given back', 'f ps:L p n:n>L p;<n 0{ret [(p x:n y:[])]};ps'],
    ['and appended to', 'f ps:L p n:n>L p;ps=+=ps (p x:n y:[n]);ps'],
    ['and changed', 'f ps:L p n:n>L p;ps=lst ps 1 (p x:n y:[]);ps'],
  ])('given records with empty lists, %s', (_, source) => {
    expectSame(source, () => [new List([p(1, new List([])), p(2, new List([])), p(3, new List([4]))]), 7]);
  });

  test('what is reached on two ways', () => {
    expectSame('f ps:L p y:L n>L p;+=ps (p x:5 y:y)', () => {
      const y = new List([]);
      const one = p(1, y);
      return [new List([one, one, p(2, y)]), y];
    });
  });

  test.each([
    ['numbers as truth values', 'f xs:L n ys:L b>n;s=0;@x xs{s=+s x};@y ys{y{s=+s 10}};s', 1],
    ['truth values as numbers', 'f xs:L b ys:L n>n;s=0;@x xs{x{s=+s 10}};@y ys{s=+s y};s', true],
  ])('one list as two kinds, %s', (_, source, item) => {
    expectSame(source, () => {
      const list = new List([item, item]);
      return [list, list];
    });
  });
});
