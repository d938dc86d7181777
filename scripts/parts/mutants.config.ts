import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import type { About } from '../../tests/simulation/history.ts'
import { everyday } from '../../vitest.config.ts'

const root = join(import.meta.dirname, '..', '..')

/** Runs the tests of a copy of the repository on services that somebody else has started. */
export default defineConfig({
  test: {
    ...everyday,
    maxWorkers: 1,
    cache: false,
    fsModuleCachePath: join(root, '.data', 'modules'),
    provide: {
      postgresUrl: process.env['MUTANTS_POSTGRES'] ?? '',
      histories: JSON.parse(process.env['MUTANTS_HISTORIES'] ?? '{}') as Record<About, number>,
    },
    include: ['tests/**/*.test.ts', 'tests/mutants/histories.ts'],
    exclude: ['tests/prove/**', '**/node_modules/**'],
  },
})
