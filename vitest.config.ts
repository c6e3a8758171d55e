import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    globalSetup: "test/support/temporary-folder.ts",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Ends before the test does, and says what was looked for.
    expect: { poll: { timeout: 20_000 } },
    // Real processes, sockets and cgroups: two files at a time is what two cores carry.
    maxWorkers: 2,
  },
});
