import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './parts/checks.ts'
import { answerHelp, runHere, vitest } from './parts/command.ts'
import { countRun, lastLine, type VitestReport } from './parts/test-count.ts'

answerHelp(`
npm test [-- FILTER ...]: what every change must pass: formatting, lint, types, then every test but those of "npm run prove".
  FILTER   run only test files whose path contains it; further vitest flags are passed on
The last line counts everything that ran. Exit code 1 when something failed or no test ran.
`)

const checks = await runChecks()
const folder = mkdtempSync(join(tmpdir(), 'calendar-sync-test-'))
const output = join(folder, 'report.json')
const exitCode = await runHere([
  vitest,
  'run',
  '--exclude',
  'tests/prove/**',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${output}`,
  ...process.argv.slice(2),
])
const report = existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as VitestReport) : null
rmSync(folder, { recursive: true })

const tests = countRun(report, exitCode)
const total = {
  passed: checks.passed + tests.passed,
  failed: checks.failed + tests.failed,
  skipped: tests.skipped,
}
console.log(lastLine(total))
process.exit(total.failed === 0 ? 0 : 1)
