// What every bad input has to end in: the documented exit code, a stable code with a place, and no trace of JavaScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CLI, ilo, type Ran } from '../cli/spawn.ts';

/** What a user must never see. A message may say TypeError only where a program printed it. */
const JAVASCRIPT = /^ {4}at |node:internal|RangeError|TypeError|internal error|\[object |heap out of memory/m;

/** Fails when the output shows that ilo itself went wrong. */
export function expectNoTrace(ran: Ran): void {
  expect(ran.err).not.toMatch(JAVASCRIPT);
  expect(ran.out).not.toMatch(JAVASCRIPT);
  expect(ran.signal).toBe(null);
}

export interface Expected {
  readonly code: number;
  /** The diagnostic that stands first. */
  readonly diagnostic: string;
  /** Line and column, where there is a place. */
  readonly place?: string;
  readonly out?: string;
}

/** Fails unless a run with `-t` ended with this exit code and this diagnostic first. */
export function expectOutcome(ran: Ran, { code, diagnostic, place, out = '' }: Expected): void {
  expectNoTrace(ran);
  const [head = '', arrow = ''] = ran.err.split('\n');
  expect(`${head}\n${arrow}`).toMatch(
    new RegExp(`^error\\[${diagnostic}\\]: .+\\n${place === undefined ? '' : ` *--> (?:.*:)?${place}$`}`),
  );
  expect(ran.code).toBe(code);
  expect(ran.out).toBe(out);
}

/** An ordinary user, whom permissions bind: nobody, when these tests are run by the superuser. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Runs `ilo` as an ordinary user. */
export function iloAsUser(args: readonly string[]): Ran {
  const options = { ...USER, cwd: tmpdir(), encoding: 'utf8', timeout: 60_000 } as const;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], options);
  return { code: status, signal, out: stdout, err: stderr };
}

/** Why `iloAsUser` cannot work here, or false: a checkout in a private directory is closed to other users. */
export function noOrdinaryUser(): string | false {
  const { code, err } = iloAsUser(['f>n;1']);
  return code === 0 ? false : `an ordinary user cannot run ilo here: ${err.slice(0, 200)}`;
}

/** A directory for one test file, and what is usually done in it. */
export function workshop(): {
  readonly folder: string;
  readonly at: (name: string) => string;
  readonly put: (name: string, contents: string | Uint8Array) => string;
  readonly run: (contents: string, ...args: string[]) => Ran;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'ilo-bad-input-'));
  chmodSync(folder, 0o755);
  const at = (name: string): string => join(folder, name);
  const put = (name: string, contents: string | Uint8Array): string => {
    writeFileSync(at(name), contents);
    return at(name);
  };
  return {
    folder,
    at,
    put,
    run: (contents, ...args) => ilo(['-t', '-nh', put('program.ilo', contents), ...args], { cwd: folder }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
