import { join } from 'node:path'
import { answerHelp, giveUp, root, runHere } from './parts/command.ts'
import { choosePort } from './parts/ports.ts'

answerHelp(`
npm run sandbox: Google and Microsoft played locally, alone, in the foreground.
  PORT   the port to listen on (4500, or the next free one)

Flags are passed on to sandbox/main.ts. Its world is gone when it ends, unless "-- --state FILE" keeps it in a file.
`)

try {
  const port = await choosePort('PORT', process.env['PORT'], 4500)
  const flags = process.argv.slice(2)
  const program = join(root, 'sandbox', 'main.ts')
  process.exit(
    await runHere([program, ...(flags.includes('--port') ? [] : ['--port', String(port)]), ...flags]),
  )
} catch (error) {
  giveUp(error)
}
