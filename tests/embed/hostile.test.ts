// Hostile programs: each ends in its documented error on every engine, in this process (as a run that blocks and as one that waits), in a thread and
// in a process of its own, and the next program is right. Nothing planted in the environment ever comes out. Hosts that misbehave are in
// hostile-hosts.test.ts, what callers hand in is in hostile-callers.test.ts, paths, addresses and servers are in hostile-outside.test.ts.
import { describe, expect, test } from 'vitest';
import { compile, type IloError, type Isolation, type Program, type RunOptions } from '../../src/embed/main.ts';
import { type HostileProgram, PROGRAMS } from './hostile/programs.ts';
import {
  closeTally,
  count,
  DEFAULT_LIMITS_ONLY,
  ENGINE_NAMES,
  ending,
  type Kind,
  LEVELS,
  plantSecret,
} from './hostile/tally.ts';

// The default limits end all of these as well, but not fast enough for a test; `npm run hostile -- --default-limits` uses them.
const LIMITS = DEFAULT_LIMITS_ONLY
  ? {}
  : { limits: { fuel: 50_000, timeout: 20_000, alloc: 4 * 1024 * 1024, output: 5_000 } };

plantSecret();

/** Compiles, or gives the code of the mistake: some are found before anything runs. */
function compiled(source: string, options: RunOptions): Program | string {
  try {
    return compile(source, options);
  } catch (error) {
    return (error as IloError).code;
  }
}

async function attack(kind: Kind, hostile: HostileProgram, level: Isolation): Promise<void> {
  const [, source, ends, ...args] = hostile;
  const program = compiled(source, { ...LIMITS, isolation: level });
  for (const engine of ENGINE_NAMES) {
    count(kind, { level, engine });
    const expected = [engine, expect.stringMatching(ends)];
    if (typeof program === 'string') {
      expect([engine, program]).toEqual(expected);
      continue;
    }
    const on = program.with({ ...LIMITS, engine });
    if (level === 'in-process') expect([engine, await ending(() => on.run('f', ...args), true)]).toEqual(expected);
    expect([engine, await ending(() => on.runAsync('f', ...args), true)]).toEqual(expected);
  }
}

describe.each(LEVELS)('%s', level => {
  describe.each(PROGRAMS)('%s', (kind, programs) => {
    test.each(programs.map(program => ({ what: program[0], program })))(
      '$what',
      ({ program }) => attack(kind, program, level),
      120_000,
    );
  });
});

closeTally(
  'programs',
  PROGRAMS.map(([kind]) => kind),
);
