import { expect, test } from 'vitest'
import { countRun, lastLine, type VitestReport } from '../../scripts/parts/test-count.ts'

const good: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
}
const broken = { status: 'failed', assertionResults: [] }

test.each([
  ['all passed', good, 0, '3 passed, 0 failed'],
  ['one failed', { ...good, numFailedTests: 1 }, 1, '3 passed, 1 failed'],
  ['one was skipped', { ...good, numPendingTests: 1 }, 0, '3 passed, 0 failed, 1 skipped'],
  ['a file did not load', { ...good, testResults: [broken] }, 1, '3 passed, 1 failed'],
  ['an error outside any test', good, 1, '3 passed, 1 failed'],
  ['no test ran', { ...good, numPassedTests: 0, testResults: [] }, 0, '0 passed, 1 failed'],
  ['the runner crashed', null, 134, '0 passed, 1 failed'],
])('%s', (_case, report, exitCode, line) => {
  expect(lastLine(countRun(report, exitCode))).toBe(line)
})
