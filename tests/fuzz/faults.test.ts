// The seeded faults can still be put in: each text stands in its file, once.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULTS } from './faults.ts';

test.each(FAULTS)('$file: $what', ({ file, find, replace }) => {
  expect(replace).not.toBe(find);
  expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
});
