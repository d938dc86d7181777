import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root, runHere } from './parts/command.ts'

const folder = join(root, 'bench')
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -'.ts'.length))
  : []
const usage = `
npm run bench -- NAME [FLAGS]: one measurement; sizes by flags, which "npm run bench -- NAME --help" lists.
Prints a table, then as the last line one JSON object of the figures.
Names: ${names.join(', ') || 'none yet'}
`

const [name = '--help', ...flags] = process.argv.slice(2)
if (!names.includes(name)) {
  answerHelp(usage)
  console.error(usage.trim())
  process.exit(process.argv.length > 2 ? 1 : 0)
}
process.exit(await runHere([join(folder, `${name}.ts`), ...flags]))
