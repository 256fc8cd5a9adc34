import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    testTimeout: 30_000,
    // Most tests are pure functions: one thread per file is cheaper than one process.
    pool: 'threads',
  },
});
