// Random programs on all engines: the same 2,000 in every run of the tests. `npm run fuzz` runs others, and as many as one likes.
import { expect, test } from 'vitest';
import { loadAddon } from '../../src/jit/native/addon.ts';
import { SUBJECTS } from './call.ts';
import { tryProgram } from './campaign.ts';
import { regressionText } from './regression.ts';
import { shrink } from './shrink.ts';
import { addProgram, emptyTally } from './tally.ts';

const SEED = 1;
const PROGRAMS = 2000;

test(`${PROGRAMS} programs from seed ${SEED} on`, { timeout: 600_000 }, () => {
  const tally = emptyTally();
  for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
    const report = tryProgram(seed, SUBJECTS);
    addProgram(tally, report);
    const { disagreement, program } = report;
    if (disagreement !== undefined) expect.fail(regressionText(seed, shrink(program.tree, disagreement)));
  }
  expect(tally.accepted).toBeGreaterThan(0.9 * PROGRAMS);
  const { value = 0, ...faults } = tally.endings;
  const faulted = Object.values(faults).reduce((sum, times) => sum + times, 0);
  expect(value).toBeGreaterThan(faulted);
  expect(faulted).toBeGreaterThan(PROGRAMS / 4);
  expect(Object.keys(faults).length).toBeGreaterThan(8);
  const { rows, onLanes } = tally.columns;
  if (loadAddon().addon !== undefined) expect(onLanes).toBeGreaterThan(rows / 2);
});

// Who watches a campaign gives up a program when it hears nothing for a minute: one run may take long, many of them together do.
test('each run of a program is announced', () => {
  let announced = 0;
  const { runs } = tryProgram(SEED, SUBJECTS, undefined, () => announced++);
  expect(runs).toBeGreaterThan(0);
  expect(announced).toBeGreaterThanOrEqual(runs - runs / SUBJECTS.length);
});
