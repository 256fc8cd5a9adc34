// Prepared calls: whatever an engine does once instead of at each call, values and faults are those of `run`.
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/fault.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, MACHINES } from '../../src/runtime/program.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { entryOf, type Machine } from '../../src/vm/engine.ts';

function machineFor(source: string, engine: EngineName): Machine {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics[0]!.message);
  const services = makeServices({
    builtins: BUILTINS,
    host: createVirtualHost({}),
    maxDepth: 2000,
    meter: undefined,
    random: () => 0.5,
    callValue: (callee, args): Value => machine.callValue(callee, args, ''),
  });
  const machine = MACHINES[engine](unit, services);
  return machine;
}

function seen(call: () => Value): unknown {
  try {
    return showValue(call());
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, span, calls } = error;
    return { code, message, span, calls };
  }
}

const MANY = 'abcdefghijkl'.split('');

describe.each(ENGINES.map(({ name }) => name))('%s', engine => {
  test.each<[name: string, source: string, calls: readonly (readonly Value[])[]]>([
    ['no parameter', 'f>n;42', [[], [1]]],
    ['one', 'f n:n>n;/10 n', [[5], [0], [2], [], [1, 2], ['a'], [5]]],
    ['two', 'f a:n b:n>n;x=-a b;/1 x', [[5, 3], [3, 3], [1, 2], [1], [1, 2, 3], ['a', null]]],
    [
      'three',
      'f a:n b:n c:n>n;x=*a b;+x c',
      [
        [1, 2, 3],
        ['a', 2, 3],
        [1, 2],
        [4, 5, 6],
      ],
    ],
    [
      'arithmetic alone',
      'f a:n b:n>n;x=-a b;y=*x 3;z=/y b;w=/z 4;v=- 0 w;u=+ v 7;- u a',
      [
        [1, 2],
        [1, 0],
        [Number.NaN, 1],
        [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        [-0, 5],
        [3],
        [true, 1],
        [0.5, -0.25],
      ],
    ],
    ['a number that it is given', 'f n:n>n;n', [[1], [-0], [Number.NaN], ['a'], []]],
    ['four', 'f a:n b:n c:n d:n>n;x=*a b;y=+x c;-y d', [[1, 2, 3, 4], [1], [4, 5, 6, 7]]],
    ['many locals', `f n:n>n;${MANY.map(name => `${name}=+n 1`).join(';')};+a l`, [[1], [null], [2]]],
    ['recursion', 'f n:n>n;<=n 0 /1 n;r=f -n 1;+r 1', [[5], [-1], [1500], [0.5], [3]]],
    ['callbacks', 'f n:n>n;xs=map (x:n>n;/n x) [1 2 n];sum xs', [[4], [0], [5]]],
    ['deep callbacks', 'f n:n>n;<=n 0 /1 n;xs=map f [-n 1];hd xs', [[100], [100.5], [3.5]]],
  ])('%s', (_, source, calls) => {
    const machine = machineFor(source, engine);
    const again = machineFor(source, engine);
    const entry = entryOf(machine, 0);
    for (const args of calls) expect(seen(() => entry(...args))).toEqual(seen(() => again.run(0, args)));
    // In between, the machine takes other calls as well.
    for (const args of calls) {
      expect(seen(() => machine.run(0, args))).toEqual(seen(() => again.run(0, args)));
      expect(seen(() => entry(...args))).toEqual(seen(() => again.run(0, args)));
    }
  });
});
