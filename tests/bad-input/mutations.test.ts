// Ten thousand programs broken at random: each ends in diagnostics or results, never in an error of ilo's own.
// `node scripts/mutate.mjs FOLDER` does the same for any programs and any number.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutate, tryProgram } from './mutate.ts';

const FOLDERS = ['examples', 'tests/programs/ilo'];
const MUTANTS = 10_000;
const PARTS = 10;

const corpus = FOLDERS.flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ilo'))
    .sort()
    .map(name => readFileSync(join(folder, name), 'utf8')),
);

test('there are programs to break', () => {
  expect(corpus.length).toBeGreaterThan(300);
});

describe.each(Array.from({ length: PARTS }, (_, part) => part))('part %i', part => {
  test('ends in diagnostics or results', () => {
    let loaded = 0;
    let ran = 0;
    for (let seed = part; seed < MUTANTS; seed += PARTS) {
      const tried = tryProgram(mutate(corpus[seed % corpus.length]!, corpus, seed));
      expect(tried.problem, `seed ${seed}`).toBe(undefined);
      if (tried.loaded) loaded++;
      ran += tried.ran;
    }
    // Were every mutant refused, nothing behind the verifier would have been tried.
    expect(loaded).toBeGreaterThan(MUTANTS / PARTS / 20);
    expect(ran).toBeGreaterThan(loaded);
  });
});

test('the same seed breaks a program the same way, another one differently', () => {
  const source = corpus[0]!;
  expect(mutate(source, corpus, 7)).toBe(mutate(source, corpus, 7));
  expect(new Set(Array.from({ length: 50 }, (_, seed) => mutate(source, corpus, seed))).size).toBeGreaterThan(40);
});
