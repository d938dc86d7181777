import { answerHelp } from './parts/command.ts'
import { runChecks } from './parts/checks.ts'

answerHelp(`
npm run check: formatting, lint (with types) and the compiler over the whole repository.
Ends with exit code 1 when one does not hold, and says what to run.
`)

const { failed } = await runChecks()
process.exit(failed === 0 ? 0 : 1)
