// The README's commands print what stands below them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capture } from '../cli/capture.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Each `    $ npx ilo …`, and the indented lines below it. */
const COMMANDS = [...README.matchAll(/^ {4}\$ npx ilo (.*)\n((?: {4}.*\n|\n(?= {4}))*)/gm)].map(
  ([, command, below]) => ({
    command: command!,
    output: below!.replace(/^ {4}/gm, '').trimEnd(),
  }),
);

test('there are some', () => {
  expect(COMMANDS.length).toBeGreaterThanOrEqual(2);
});

test.each(COMMANDS)('$command', async ({ command, output }) => {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const { out, err } = await capture(words, { terminal: true, env: { NO_COLOR: '1' } });
  expect((out + err).trimEnd()).toBe(output);
});

test('every file that it links to exists', () => {
  const targets = [...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(3);
  for (const target of targets)
    expect(() => readFileSync(new URL(`../../${target}`, import.meta.url))).not.toThrow(/ENOENT/);
});
