// What must hold for every builtin, whoever wrote its row.
import { describe, expect, test } from 'vitest';
import { InternalError } from '../../src/base/assert.ts';
import { Fault } from '../../src/core/fault.ts';
import { FunctionValue } from '../../src/core/value/function.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { signaturesOf } from '../../src/lang/ilo/builtins/signature.ts';
import { BUILTINS, makeBuiltinTable } from '../../src/lang/ilo/builtins/table.ts';
import { BUILTIN_NAMES } from '../../src/spec/builtin-names.ts';
import { context } from './calls.ts';

const rows = [...BUILTINS.names()].map(name => BUILTINS.get(name)!);

test('the table and the parser know the same names and aliases', () => {
  expect([...BUILTINS.names()].sort()).toEqual(BUILTIN_NAMES.map(({ name }) => name).sort());
  for (const { name, aliases } of BUILTIN_NAMES) expect(BUILTINS.get(name)?.aliases ?? []).toEqual(aliases ?? []);
});

test('a name for two builtins is refused', () => {
  const row = BUILTINS.get('abs')!;
  expect(() => makeBuiltinTable([[row], [row]])).toThrow(InternalError);
  expect(() => makeBuiltinTable([[row, { ...row, name: 'other', aliases: ['abs'] }]])).toThrow(InternalError);
});

describe.each(rows.map(row => [row.name, row] as const))('%s', (name, row) => {
  test('has readable signatures under its own name, and a doc of one line', () => {
    for (const signature of signaturesOf(row)) expect(signature.name).toBe(name);
    expect(row.doc).toMatch(/^[^\n]+\.$/);
  });
});

/** One of each kind of value, and the numbers that tend to break things. */
const ODD_VALUES: readonly Value[] = [
  0,
  -1,
  0.5,
  1e18,
  Number.NaN,
  Infinity,
  '',
  'a😀',
  'no such function',
  true,
  null,
  new List([]),
  new List([1, 'a', null]),
  new List([new List([1, 2]), new List([3])]),
  new MapValue(new Map([['k', 1]])),
  new RecordValue(new Shape('point', ['x']), [1]),
  new Ok(1),
  new Err('e'),
  new FunctionValue('abs', []),
];

/** Builtins whose whole effect lies in the host: their own tests call them. */
const PURE_ENOUGH = new Set(['pure', 'random']);

describe.each(rows.filter(row => PURE_ENOUGH.has(row.effect)).map(row => [row.name, row] as const))(
  '%s with values of any kind',
  (_, row) => {
    const counts = new Set(
      signaturesOf(row).flatMap(({ params }) => {
        const most = params.at(-1)?.variadic ? [params.length - 1, params.length + 1] : [params.length];
        return most;
      }),
    );

    test.each([...counts])('gives a value or faults with a code, for %d arguments', count => {
      const used = {
        ...context(),
        call: (callee: Value, args: readonly Value[]): Value => {
          if (callee instanceof FunctionValue) return args[0] ?? null;
          throw new Fault('ILO-R002', 'undefined function');
        },
      };
      // Every value in every place, the others running through all values at steps that share no factor with their number.
      for (let start = 0; start < ODD_VALUES.length ** Math.min(2, count); start++) {
        const args = Array.from({ length: count }, (_, i) => {
          const at = i === 0 ? start : i === 1 ? Math.floor(start / ODD_VALUES.length) : start * (i + 3) + i;
          return ODD_VALUES[at % ODD_VALUES.length]!;
        });
        try {
          const { fuel, bytes } = row.cost(args);
          expect(fuel >= 0 && bytes >= 0).toBe(true);
          expect(row.run(args, used)).not.toBe(undefined);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }
    });
  },
);
