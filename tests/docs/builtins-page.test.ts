// docs/builtins.md is what its generator makes of the present rows.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtinsPage } from '../../scripts/builtins-doc.mjs';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';

test('the page of builtins is up to date (npm run docs writes it)', async () => {
  expect(readFileSync('docs/builtins.md', 'utf8')).toBe(await builtinsPage());
});

test('it has an entry for every builtin', () => {
  const page = readFileSync('docs/builtins.md', 'utf8');
  for (const name of BUILTINS.names()) expect(page).toContain(`\n### \`${name}\``);
});
