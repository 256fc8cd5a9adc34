// Every program under examples/ does through the built command line, and on every engine, what examples/expected says.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ENGINES, REFERENCE_ENGINE } from '../../src/runtime/engines.ts';
import { capture } from '../cli/capture.ts';

const run = promisify(execFile);

/** Output of the built `ilo`; rejects when it fails. */
async function ilo(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['dist/cli.cjs', ...args]);
  return stdout;
}

const names = readdirSync('examples')
  .filter(name => name.endsWith('.ilo'))
  .map(name => name.slice(0, -'.ilo'.length));

/** Checked below in another way. */
const WITHOUT_EXPECTED_OUTPUT = ['lockfile-report', 'status-checker'];

/** Blanks at the ends of lines do not survive editors. */
function lines(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => line.trimEnd());
}

test('there are a dozen examples, each with its expected output', () => {
  expect(names.length).toBeGreaterThanOrEqual(12);
  const without = names.filter(name => !existsSync(`examples/expected/${name}.txt`));
  expect(without.sort()).toEqual(WITHOUT_EXPECTED_OUTPUT);
});

test('the index lists every example', () => {
  const index = readFileSync('examples/README.md', 'utf8');
  expect(names.filter(name => !index.includes(`| [${name}](${name}.ilo) |`))).toEqual([]);
});

test.each(names)('%s loads without errors, warnings or hints', async name => {
  expect(await ilo('check', `examples/${name}.ilo`, '--text')).toBe('');
  expect(readFileSync(`examples/${name}.ilo`, 'utf8')).toMatch(/^-- \S/);
});

test.each(names.filter(name => !WITHOUT_EXPECTED_OUTPUT.includes(name)))('%s prints what is expected', async name => {
  const { stdout, stderr } = await run(process.execPath, ['dist/cli.cjs', 'run', `examples/${name}.ilo`]);
  expect(lines(stdout)).toEqual(lines(readFileSync(`examples/expected/${name}.txt`, 'utf8')));
  expect(stderr).toBe('');
});

describe.each(ENGINES)('on $name', ({ name: engine }) => {
  test('the examples print what is expected', async () => {
    for (const name of names.filter(name => !WITHOUT_EXPECTED_OUTPUT.includes(name))) {
      const { code, out, err } = await capture(['run', `examples/${name}.ilo`, '--engine', engine, '-nh']);
      expect([name, code, err, lines(out)]).toEqual([
        name,
        0,
        '',
        lines(readFileSync(`examples/expected/${name}.txt`, 'utf8')),
      ]);
    }
  });

  test('the report on the lock file is the same', async () => {
    const report = ['run', 'examples/lockfile-report.ilo', '-nh', '--engine'];
    expect(await capture([...report, engine])).toEqual(await capture([...report, REFERENCE_ENGINE]));
  });

  test('their cases hold', async () => {
    const { code, out } = await capture(['test', 'examples', '--engine', engine]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^[1-9]\d* passed, 0 failed\n$/)]);
  });
});

test('the cases written into the examples hold', async () => {
  expect(await ilo('test', 'examples')).toMatch(/^[1-9]\d* passed, 0 failed\n$/);
});

test('the status checker says who does not answer, and fails', async () => {
  const checked = ilo('run', 'examples/status-checker.ilo', 'check', 'http://127.0.0.1:1/');
  await expect(checked).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 1 do not answer') });
});

// ---- the report on the lock file, computed a second time ----

interface LockedPackage {
  readonly license?: string;
  readonly [list: string]: unknown;
}

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

function countLockFile(path: string) {
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockedPackage> };
  const dependents = new Map<string, number>();
  const licences = new Map<string, number>();
  let installed = 0;
  for (const [place, entry] of Object.entries(lock.packages)) {
    const named = new Set(LISTS.flatMap(list => Object.keys(entry[list] ?? {})));
    for (const name of named) dependents.set(name, (dependents.get(name) ?? 0) + 1);
    if (place === '') continue;
    installed++;
    const licence = entry.license ?? '(none given)';
    licences.set(licence, (licences.get(licence) ?? 0) + 1);
  }
  const ranked = (counts: Map<string, number>) =>
    [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1)).map(([key, count]) => `${count} ${key}`);
  return { installed, dependents: ranked(dependents).slice(0, 10), licences: ranked(licences) };
}

/** The rows of the tables in the report, as `count name`. */
function readReport(text: string) {
  const [head, dependents, licences] = text.trimEnd().split('\n\n');
  const rows = (table: string | undefined) =>
    lines(table ?? '')
      .slice(2)
      .map(row => row.trim().replace(/\s+/, ' '));
  return { head, dependents: rows(dependents), licences: rows(licences) };
}

describe('the report on a lock file agrees with a second computation', () => {
  test('of this repository', async () => {
    const expected = countLockFile('package-lock.json');
    const report = readReport(await ilo('run', 'examples/lockfile-report.ilo'));
    expect(report.head).toBe(`package-lock.json: ${expected.installed} installed packages`);
    expect(report.dependents).toEqual(expected.dependents);
    expect(report.licences).toEqual(expected.licences);
  });

  test('with strange names, no licences and a package named in two lists', async () => {
    const path = 'tests/docs/strange-lock.json';
    const expected = countLockFile(path);
    const report = readReport(await ilo('run', 'examples/lockfile-report.ilo', 'report', path));
    expect(report.dependents).toEqual(expected.dependents);
    expect(report.licences).toEqual(expected.licences);
    expect(report.licences).toContain('1 (none given)');
  });

  test('and a file without packages is refused', async () => {
    const failed = ilo('run', 'examples/lockfile-report.ilo', 'report', 'tsconfig.json');
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: '^tsconfig.json names no installed packages\n' });
  });
});
