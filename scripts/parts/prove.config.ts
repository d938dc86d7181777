import { defineConfig } from 'vitest/config'
import { everyday, globalSetup } from '../../vitest.config.ts'

/** The everyday run leaves tests/prove out; here nothing else is in. */
export default defineConfig({
  test: { ...everyday, globalSetup, include: ['tests/prove/**/*.test.ts'], exclude: ['**/node_modules/**'] },
})
