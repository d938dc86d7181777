import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root, runHere, vitest } from './parts/command.ts'

const folder = join(root, 'tests', 'prove')
const ending = '.test.ts'
const parts = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
  : []
const listing = `Parts: ${parts.join(', ') || 'none yet'}`

answerHelp(`
npm run prove [-- PART ...]: everything longer than "npm test", each part alone by name, or all of them.
${listing}
`)

const words = process.argv.slice(2)
const asked = words.filter((word) => !word.startsWith('-'))
const unknown = asked.filter((word) => !parts.includes(word))
if (unknown.length > 0 || parts.length === 0) {
  console.error(unknown.length > 0 ? `There is no part "${unknown.join('", "')}". ${listing}` : listing)
  process.exit(1)
}
const config = ['--config', 'scripts/parts/prove.config.ts', '--root', root]
const files = (asked.length > 0 ? asked : parts).map((part) => `tests/prove/${part}${ending}`)
process.exit(
  await runHere([vitest, 'run', ...config, ...files, ...words.filter((word) => word.startsWith('-'))]),
)
