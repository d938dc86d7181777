import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/parts/longest-first.ts'

/** Tests of what needs no service run without any: a change there is tried in seconds. */
const pure = ['tests/sandbox/**', 'tests/domain/**', 'tests/mutants/**']
const files = (folders: string[]): string[] =>
  folders.flatMap((folder) => [`${folder}/*.test.ts`, `${folder}/*.test.tsx`])

/** One real PostgreSQL and Temporal server are started for the tests that need them, once a run. */
export const globalSetup = ['tests/support/global-setup.ts']

export const everyday = {
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  env: { TZ: 'America/Chicago' },
} as const

export default defineConfig({
  test: {
    ...everyday,
    // A worker loads every module once for all its files, which is half the processor time of a short file: what a module keeps
    // is the same for all, so no test may change it.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'pure', include: files(pure) } },
      {
        extends: true,
        test: {
          name: 'services',
          include: files(['tests/**']),
          exclude: [...files(pure), 'tests/prove/**', '**/node_modules/**'],
          globalSetup,
        },
      },
    ],
  },
})
