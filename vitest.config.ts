import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    testTimeout: 30_000,
    // All native code runs behind a canary, and a mistake of the compiler is an error instead of a function that has no machine code.
    env: { ILO_STRESS: process.env.ILO_STRESS ?? 'strict,canary' },
    // Most tests are pure functions: one thread per file is cheaper than one process.
    pool: 'threads',
    // One of them would be left idle otherwise, which is half of a machine with two.
    maxWorkers: '100%',
  },
});
