// Every disagreement that was ever found and mended: all engines agree on it now.
import { expect, test } from 'vitest';
import { SUBJECTS } from './call.ts';
import { unitOf } from './campaign.ts';
import { compareCall } from './compare.ts';
import { callsOf, readRegressions } from './regression.ts';

test.each(readRegressions())('$name', ({ text }) => {
  const unit = unitOf(text);
  expect(unit, 'it is a valid program').toBeDefined();
  const calls = callsOf(text);
  expect(calls).not.toEqual([]);
  for (const call of calls) expect(compareCall(unit!, call, SUBJECTS)).toBeUndefined();
});
