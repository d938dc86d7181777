import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startSandbox } from './server.ts'
import type { SwitchValue } from './switch.ts'

const help = `Plays Google Calendar and Microsoft Graph on this machine.

  node sandbox/main.ts [--port N] [--host ADDRESS] [--seed TEXT] [--state FILE] [--cert FILE --key FILE]
                       [--switch NAME=VALUE]...

  --port   the port to listen on (default 4010; 0 takes a free one)
  --host   the address to listen on (default 127.0.0.1)
  --seed   repeats the ids and random faults of another run with the same seed
  --state  keeps the world in this file, made when it is not there; without it the world ends with the process
  --cert, --key   a certificate and its key, in PEM: the sandbox then speaks https, which some clients demand
  --switch decides otherwise than usual what the vendors leave open; see GET /_sandbox/switches
`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string' },
    state: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    switch: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
})

/** `google.quotaPerUserPerMinute=0` as a name and a number, a truth or a word. */
function readSwitch(text: string): [string, SwitchValue] {
  const at = text.indexOf('=')
  const value = text.slice(at + 1)
  if (value === 'true' || value === 'false') return [text.slice(0, at), value === 'true']
  return [text.slice(0, at), /^\d+$/.test(value) ? Number(value) : value]
}

if (values.help) {
  console.log(help)
} else {
  const { port, host, seed, state, cert, key } = values
  const sandbox = await startSandbox({
    port: Number(port),
    host,
    ...(seed === undefined ? {} : { seed }),
    ...(state === undefined ? {} : { stateFile: state }),
    switches: Object.fromEntries(values.switch.map(readSwitch)),
    ...(cert === undefined || key === undefined
      ? {}
      : { tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } }),
  })
  console.log(`sandbox ready at ${sandbox.url}`)
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
