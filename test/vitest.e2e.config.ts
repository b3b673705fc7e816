import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'threads',
    maxWorkers: 2,
    // Browsers on a loaded machine: a test gets a second try, and is named by the reporter below.
    retry: process.env.CI === undefined ? 0 : 1,
    reporters: [
      'default',
      fileURLToPath(new URL('support/second-try-reporter.ts', import.meta.url)),
    ],
  },
});
