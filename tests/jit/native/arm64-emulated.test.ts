// The ARM64 back end under qemu, where Node for ARM64 is at hand (scripts/native-arm64.mjs fetches it once, and runs far more than this).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../structure/source-files.ts';

const hasEmulator = spawnSync('qemu-aarch64-static', ['--version']).status === 0;
const hasNode = existsSync(process.env.ILO_ARM64_NODE ?? join(ROOT, '.tmp/node-arm64/package/bin/node'));

test.skipIf(!hasEmulator || !hasNode)(
  'programs have the same answers on ARM64',
  () => {
    const script = join(ROOT, 'scripts/native-arm64.mjs');
    const { stdout } = spawnSync(process.execPath, [script, '--must', join(ROOT, 'tests/jit/native/arm64-smoke.ts')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toMatch(/arm64: 6 tests, 0 failed$/m);
  },
  600_000,
);
