// Every builtin with every kind of argument it was not made for, as a program can hand them over through values whose types nobody
// knows: the answer is a value that can be written out, or a fault with a code.
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { Meter } from '../../src/core/meter.ts';
import { FunctionValue } from '../../src/core/value/function.ts';
import { writeJson } from '../../src/core/value/json.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { BuiltinContext, BuiltinRow } from '../../src/lang/ilo/builtins/row.ts';
import { acceptsCount, signaturesOf } from '../../src/lang/ilo/builtins/signature.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { makeRandom } from '../lang/random-programs.ts';

const MOST_ARGUMENTS = 6;
const CALLS = 400;

const list = (...items: Value[]): List => new List(items);

function deep(levels: number): Value {
  let value: Value = 1;
  for (let i = 0; i < levels; i++) value = list(value);
  return value;
}

function shared(): Value {
  let value: Value = 1;
  for (let i = 0; i < 50; i++) value = list(value, value);
  return value;
}

const STRANGE: readonly Value[] = [
  ...[0, -0, 1, 2, 3, 7, -1, 0.5, 1e-300, 1e15, 2 ** 31, 2 ** 53, 2 ** 63, 1e300, -1e300, Infinity, -Infinity, NaN],
  ...[
    '',
    'a',
    'abc',
    ' ',
    '0',
    '-1.5',
    'NaN',
    '\0',
    '\n',
    'é',
    '\u{1f600}\u{1f600}',
    '{"a":[1',
    '[1,2]',
    '%Y-%m-%d',
    '2024-02-30',
    '2024-02-29',
  ],
  ...[
    '(',
    '[',
    '(a*)*',
    '\\',
    '$1',
    '{}',
    '{}{}{',
    'a,b\n"c',
    '__proto__',
    '.',
    'x'.repeat(5000),
    '/no/such',
    'http://x/',
    'abs',
    'len',
  ],
  ...[true, false, null],
  ...[
    list(),
    list(1),
    list(3, 1, 2),
    list('b', 'a'),
    list(1, 'a', null),
    list(NaN, Infinity, -0),
    list(list()),
    list(list(1, 2), list(3, 4)),
    list(list(1), list(2, 3)),
  ],
  ...[list('a', 1), list(list('a', 1), list('b', 2)), list(true, false), list(list('', 'x'), list('k'))],
  new List(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001)),
  ...[deep(5), deep(20_000), shared()],
  ...[
    new MapValue(new Map()),
    new MapValue(
      new Map<string, Value>([
        ['a', 1],
        ['__proto__', list()],
      ]),
    ),
    new MapValue(
      new Map([
        [1, 'x'],
        [-1.5, 'y'],
      ]),
    ),
  ],
  ...[new Ok(1), new Ok(null), new Err('e'), new Err(new Ok(list()))],
  ...[
    new FunctionValue('abs', []),
    new FunctionValue('len', []),
    new FunctionValue('max', []),
    new FunctionValue('nothing', []),
    new FunctionValue('str', [1, 'x']),
  ],
];

function context(meter: Meter): BuiltinContext {
  const inner: BuiltinContext = {
    // Callbacks are builtins too; one in three calls gives something else than was asked for.
    call: (callee, args) => {
      meter.charge(1, 0);
      const name = callee instanceof FunctionValue ? callee.name : String(callee);
      const row = BUILTINS.get(name);
      if (row === undefined || row.name === 'sleep') return STRANGE[(args.length * 31) % STRANGE.length]!;
      return answers(row, args) ? row.run(args, inner) : null;
    },
    host: createVirtualHost({
      files: new Map([
        ['a', 'x,y\n1,2'],
        ['abc', '{"a":[1'],
      ]),
    }),
    random: () => 0.999999,
    charge: (fuel, bytes) => {
      if (!(fuel >= 0 && bytes >= 0)) throw new Error(`charged ${fuel} and ${bytes}`);
      meter.charge(fuel, bytes);
    },
  };
  return inner;
}

function answers(row: BuiltinRow, args: readonly Value[]): boolean {
  return signaturesOf(row).some(signature => acceptsCount(signature, args.length));
}

/** One call, ended by a fault when it would cost much. Throws what is neither a value nor a fault. */
function tryCall(row: BuiltinRow, args: readonly Value[]): boolean {
  const meter = new Meter({ fuel: 3_000_000, alloc: 64 << 20 }, () => 0);
  const used = context(meter);
  try {
    const { fuel, bytes } = row.cost(args);
    used.charge(fuel, bytes);
    const value = row.run(args, used);
    showValue(value);
    JSON.parse(writeJson(value, { results: 'wrap' }));
    return true;
  } catch (error) {
    if (error instanceof Fault && error.message !== '' && !/undefined|\[object|NaN items/.test(error.message))
      return false;
    throw error;
  }
}

describe('builtins with strange arguments', () => {
  const rows = [...BUILTINS.names()].map(name => BUILTINS.get(name)!);

  test('there are builtins', () => {
    expect(rows.length).toBeGreaterThan(100);
  });

  test.each(rows.map((row, index) => [row.name, row, index] as const))('%s', (name, row, index) => {
    const random = makeRandom(index + 1);
    const counts = Array.from({ length: MOST_ARGUMENTS + 1 }, (_, count) => count).filter(count =>
      signaturesOf(row).some(signature => acceptsCount(signature, count)),
    );
    for (let i = 0; i < CALLS; i++) {
      const args = Array.from({ length: counts[i % counts.length]! }, () => STRANGE[random(STRANGE.length)]!);
      try {
        tryCall(row, args);
      } catch (error) {
        const shown = args.map(arg => (typeof arg === 'object' ? showShort(arg) : JSON.stringify(arg))).join(' ');
        throw new Error(`${name} ${shown}: ${error instanceof Error ? error.stack : JSON.stringify(error)}`);
      }
    }
  });
});

function showShort(value: Value): string {
  try {
    return showValue(value).slice(0, 60);
  } catch {
    return 'something large';
  }
}
