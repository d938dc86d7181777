import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defects } from '../tests/mutants/defects.ts'
import { answerHelp, giveUp, root } from './parts/command.ts'
import { lineOf, tableOf } from './parts/mutants/report.ts'
import { isNoticed, tryDefects } from './parts/mutants/try-defects.ts'
import { startPostgres } from './parts/postgres.ts'
import { withDataDir } from './parts/temporary-data.ts'

answerHelp(`
npm run simulate:mutants [-- WORDS ...] [--write]: plants the mistakes that systems of this kind really make into a copy of the
code, one at a time, and shows which test, law or rule of the histories notices each. Ends with 1 when one goes unnoticed.
  WORDS    only defects whose name contains one of these (quote words that belong together)
  --write  writes the table to docs/mutants.md
`)

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const isToBeWritten = process.argv.includes('--write')
const wished = Object.values(defects)
  .flat()
  .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
if (wished.length === 0) giveUp(new Error(`No defect has "${words.join('" or "')}" in its name.`))

await withDataDir('The defects could not be tried.', async (dataDir) => {
  const { url } = await startPostgres({ dataDir })
  const beganMs = performance.now()
  const tried = await tryDefects({
    server: url,
    defects: wished,
    onTried: (one) => console.log(lineOf(one)),
  })
  const survivors = tried.filter((one) => !isNoticed(one))
  const minutes = ((performance.now() - beganMs) / 60_000).toFixed(1)
  const total = `${tried.length} defects planted, ${survivors.length} went unnoticed; ${minutes} minutes`
  const table = tableOf(defects, tried)
  console.log(`\n${table}\n\n${total}`)
  if (isToBeWritten) writeFileSync(join(root, 'docs', 'mutants.md'), page(table, total))
  console.log(JSON.stringify({ mutants: true, planted: tried.length, unnoticed: survivors.length }))
  if (survivors.length > 0) process.exitCode = 1
})

function page(table: string, total: string): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  return `# Planted defects

Mistakes that calendar synchronisers really make, each planted alone into a copy of this code, and what noticed it: a test by its
name, a law that random cases are tried on, or a rule that must hold when a history of people, faults and deaths has come to rest
(\`npm run simulate\`). A failure that is only the changed code falling over does not count.

At commit \`${commit}\`: ${total}. To see it again: \`npm run simulate:mutants\`, or with some words of a defect behind \`--\` for
that one alone.

${table}
`
}
