// Runs the built command line in processes of its own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const CLI = resolve('dist/cli.cjs');

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `ilo` with arguments and waits. Standard error is a pipe, so diagnostics are JSON unless a flag says otherwise. */
export function ilo(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Ran {
  if (!existsSync(CLI)) throw new Error('dist/cli.cjs is missing: the build failed');
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  return { code: status, signal, out: stdout, err: stderr };
}

/** Runs a line of shell with `$ILO` as the command. */
export function shell(line: string, cwd?: string): Ran {
  const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', line], {
    encoding: 'utf8',
    timeout: 60_000,
    cwd,
    env: { ...process.env, ILO: `${process.execPath} ${CLI}` },
  });
  return { code: status, signal, out: stdout, err: stderr };
}
