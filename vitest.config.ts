import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Tests start real servers and an embedded database, whose first start alone takes seconds on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    // Processes rather than threads: signals, exit codes and native modules behave as they do in production.
    pool: 'forks',
    maxWorkers: 2,
    // Importing a file does nothing, so test files can follow one another in one process and share its embedded database.
    isolate: false,
    allowOnly: false,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
