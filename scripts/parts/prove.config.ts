import { defineConfig } from 'vitest/config'
import everyday from '../../vitest.config.ts'

/** The everyday run leaves tests/prove out; here nothing else is in. */
export default defineConfig({
  ...everyday,
  test: { ...everyday.test, include: ['tests/prove/**/*.test.ts'], exclude: ['**/node_modules/**'] },
})
