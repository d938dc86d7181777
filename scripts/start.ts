import { answerHelp, giveUp, root, seconds } from './parts/command.ts'
import { buildConsole } from './parts/console.ts'
import { dataDirFrom } from './parts/data-dir.ts'
import { runProduct } from './parts/run-product.ts'

answerHelp(`
npm start: the whole product on this machine: PostgreSQL, Temporal, the sandbox, the worker and the API with its console.
What it keeps lives in DATA_DIR (.data) and survives restarts; "npm run reset" removes it. Ctrl-C stops everything.

  PORT              the API's port (4400, or the next free one)
  PUBLIC_URL        where vendors reach the API (http://127.0.0.1:PORT)
  DATABASE_URL      a PostgreSQL of your own instead of the embedded one; needs CALENDAR_OAUTH_ENCRYPTION_KEY
  TEMPORAL_ADDRESS  a Temporal server of your own instead of the embedded one; also TEMPORAL_NAMESPACE
  SANDBOX_URL       a sandbox that runs elsewhere
  LOG_LEVEL         of the worker and the API (info)
`)

const began = performance.now()
await buildConsole().catch(giveUp)
console.log(`✓ Console ${seconds(began)}`)

await runProduct(dataDirFrom(process.env), root, process.env).catch(giveUp)
