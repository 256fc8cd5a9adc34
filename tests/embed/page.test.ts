// Every program on docs/embedding.md runs as it stands and prints what stands below it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/embedding.md'), 'utf8');
const programs = [...page.matchAll(/^## (\d\. .*)$[\s\S]*?```js\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/gm)];

let box: string;
beforeAll(() => {
  box = mkdtempSync(join(tmpdir(), 'ilo-page-'));
  mkdirSync(join(box, 'node_modules'));
  symlinkSync(ROOT, join(box, 'node_modules/ilo'));
});
afterAll(() => rmSync(box, { recursive: true, force: true }));

test('there are five', () => {
  expect(programs.map(([, title]) => title!.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.']);
});

test.each(programs.map(([, title, code, output]) => [title!, code!, output!] as const))('%s', (title, code, output) => {
  const file = join(box, `${title[0]}.mjs`);
  writeFileSync(file, code);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  expect(stdout + stderr).toBe(output);
});
