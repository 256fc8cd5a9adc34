// Where JavaScript's own stack ends before the limit of the run: a fault with the depth that was reached, and a process that
// lives on. The first test of a process counts most: V8 aborts when it has to compile a regular expression near that end.
import { expect, test } from 'vitest';
import type { EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../src/runtime/program.ts';

/** The engines whose calls nest on JavaScript's stack. */
const NESTING: readonly EngineName[] = ['tree', 'closure'];

const PROGRAMS = {
  'through a builtin': 'f n:n>n;xs=map (x:n>n;f -x 1) [n];hd xs',
  'through a function value': 'f n:n>n;g=f;r=g +n 1;+r 0',
  'as an operand': 'f n:n>n;+1 (f +n 1)',
  'in a loop': 'f n:n>n;@i 0..3{>i 1{r=f +n 1;ret r}};0',
  'with a fault at every depth': 'f n:n>n;xs=map (x:n>n;f -x 1) [n];at xs 5',
};

test.each(NESTING.flatMap(engine => Object.entries(PROGRAMS).map(([name, source]) => [engine, name, source] as const)))(
  '%s, %s',
  (engine, _, source) => {
    const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
    if (!unit) throw new Error(diagnostics[0]!.message);
    const run = (maxDepth: number) => runProgram(unit, 'f', [1], { host: createVirtualHost({}), engine, maxDepth });
    const result = run(1e6);
    if (!('fault' in result)) throw new Error('it gave a value');
    expect(result.fault.code).toBe('ILO-R040');
    expect(result.fault.message).toBe(
      `calls nested ${result.fault.calls.length} deep: this engine's stack holds no more`,
    );
    expect(result.fault.span).toBeDefined();
    expect(run(20)).toMatchObject({ fault: { code: 'ILO-R040', message: 'call depth limit of 20 reached' } });
  },
);
