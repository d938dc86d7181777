import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root, runHere } from './parts/command.ts'

answerHelp(`
npm run record-histories [-- --replace]: walks every path of every workflow (npm run prove -- histories) and keeps the histories in
tests/workflows/histories, where a test replays them on the code of each day. Histories that are there already stay, because they are
those of code that has run; --replace exchanges them, which is right only for a path that no running workflow can be on.
`)

const recorded = join(root, '.data', 'histories')
const kept = join(root, 'tests', 'workflows', 'histories')
const replaces = process.argv.includes('--replace')

const code = await runHere([join(root, 'scripts', 'prove.ts'), 'histories'])
if (code !== 0) process.exit(code)
mkdirSync(kept, { recursive: true })
for (const file of readdirSync(recorded).filter((name) => name.endsWith('.json'))) {
  const isThere = existsSync(join(kept, file))
  if (isThere && !replaces) continue
  copyFileSync(join(recorded, file), join(kept, file))
  console.log(`${file}: ${isThere ? 'replaced' : 'kept'}`)
}
