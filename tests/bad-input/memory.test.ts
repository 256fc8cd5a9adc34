// Without --max-alloc the heap of the process is the limit: a program that would fill it with large values ends with ILO-R045, and not the process.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CLI } from '../cli/spawn.ts';
import { expectOutcome } from './outcome.ts';

test.each([
  ['big lists', 'f>n;a=[];wh true{xs=[1];@i 0..20{xs=+xs xs};a=+=a xs};len a', 'js'],
  ['big lists', 'f>n;a=[];wh true{xs=[1];@i 0..20{xs=+xs xs};a=+=a xs};len a', 'vm'],
  ['lists that grow', 'f>n;a=[];wh true{xs=[];@i 0..100000{xs=+=xs i};a=+=a xs};len a', 'js'],
  ['a list doubled', 'f>n;xs=[1];wh true{xs=+xs xs};len xs', 'stack'],
])(
  '%s end as the heap fills: %s on %s',
  (_, source, engine) => {
    const args = ['--max-old-space-size=256', CLI, '-t', '-nh', '--engine', engine, source];
    const { status: code, signal, stdout: out, stderr: err } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expectOutcome({ code, signal, out, err }, { code: 1, diagnostic: 'ILO-R045' });
    expect(err).toContain('the process has no room for more');
  },
  120_000,
);
