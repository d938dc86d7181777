import { help, readCommandLine, reasonOf, Unusable, welcome } from './command-line.ts'
import { startSandbox, type SandboxOptions } from './server.ts'

function optionsOrEnd(): SandboxOptions | null {
  try {
    return readCommandLine(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

const options = optionsOrEnd()
if (options === null) {
  console.log(help)
} else {
  const sandbox = await startSandbox(options).catch((error: unknown) => {
    console.error(reasonOf(error, options))
    process.exit(1)
  })
  console.log(welcome(sandbox.url, options))
  process.send?.({ ready: true, url: sandbox.url })

  const stop = (): void => {
    // A second signal, or a connection that will not close, must not keep the process.
    setTimeout(() => process.exit(0), 1000).unref()
    void sandbox.close().finally(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Whoever started us is gone without a word.
  process.once('disconnect', stop)
}
