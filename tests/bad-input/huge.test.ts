// Huge programs and endless ones, under the limits that embedded programs have unless their host says otherwise: on every engine the same
// value or a documented limit, and the process goes on. How long it takes is for `npm run bench -- --only=huge`; here a test's timeout is
// what a quadratic step would run into.
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/embed/options.ts';
import { fitsIr } from '../../src/ir/size.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { type Loaded, loadProgram, runProgram } from '../../src/runtime/program.ts';
import { ENDLESS, HUGE, type HugeProgram } from './huge-programs.ts';

const { depth: maxDepth, ...LIMITS } = DEFAULT_LIMITS;
/** A third of the work and the time for what may end in one of them: it does all the same. */
const BRIEF = { ...LIMITS, fuel: LIMITS.fuel / 3, timeout: LIMITS.timeout / 3 };
/** A full machine is slow: time is for the programs that never end. */
const UNHURRIED = { ...LIMITS, timeout: undefined };

const load = (source: string): Loaded => loadProgram(source, { readFile: () => ({ err: 'none' }), entry: 'checked' });

const NEXT = load('f x:n>n;y=0;@i 0..x{y=+y i};y').unit!;

/** The number that a program gives on an engine, or the code that it ends with. */
function outcome({ unit, diagnostics }: Loaded, program: HugeProgram, engine: EngineName): number | string {
  if (unit === undefined) return diagnostics[0]!.code;
  const endless = Array.isArray(program.expected) && program.expected.includes('ILO-R044') ? BRIEF : LIMITS;
  const limits = ENDLESS.includes(program) ? endless : UNHURRIED;
  const result = runProgram(unit, program.entry, program.args, { host: createVirtualHost(), engine, limits, maxDepth });
  const next = runProgram(NEXT, 'f', [4], { host: createVirtualHost(), engine });
  expect(next).toEqual({ value: 6 });
  return 'fault' in result ? result.fault.code : (result.value as number);
}

describe.each([
  ['endless', ENDLESS],
  ['huge', HUGE],
] as const)('%s', (_, programs) => {
  test.each(programs.map(program => [program.name, program] as const))(
    '%s',
    (_name, program) => {
      const loaded = load(program.source());
      // What does not fit runs on the stack machine, whichever of them is asked for.
      const isLarge = loaded.unit !== undefined && !fitsIr(loaded.unit);
      for (const { name } of ENGINES) {
        if (isLarge && (name === 'vm-fresh' || name === 'vm')) continue;
        const seen = outcome(loaded, program, name);
        if (typeof program.expected === 'number') expect(`${name} ${seen}`).toBe(`${name} ${program.expected}`);
        else expect(program.expected, `${name} gave ${seen}`).toContain(seen);
      }
    },
    240_000,
  );
});
