import { answerHelp, giveUp } from './parts/command.ts'
import { clearDataDir, dataDirFrom } from './parts/data-dir.ts'
import { AlreadyRunning, findRun } from './parts/lock.ts'

answerHelp(`
npm run reset: removes everything kept in DATA_DIR (.data): the embedded databases, keys and logs. Refuses while one is running.
`)

const dataDir = dataDirFrom(process.env)
try {
  const run = findRun(dataDir)
  if (run) throw new AlreadyRunning(dataDir, run)
  clearDataDir(dataDir)
  console.log(`${dataDir} is empty.`)
} catch (error) {
  giveUp(error)
}
