import { answerHelp, giveUp } from './parts/command.ts'
import { clearDataDir, dataDirFrom, openDataDir } from './parts/data-dir.ts'
import { claimDataDir } from './parts/lock.ts'

answerHelp(`
npm run reset: removes everything kept in DATA_DIR (.data): the embedded databases, keys and logs. Refuses while one is running.
`)

const dataDir = dataDirFrom(process.env)
try {
  openDataDir(dataDir)
  // The claim refuses while one runs, and ends what a killed one left running.
  await claimDataDir(dataDir)
  clearDataDir(dataDir)
  console.log(`${dataDir} is empty.`)
} catch (error) {
  giveUp(error)
}
