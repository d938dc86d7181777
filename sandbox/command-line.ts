import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { SandboxOptions } from './server.ts'
import type { SwitchValue } from './switch.ts'

export const help = `Plays Google Calendar and Microsoft Graph on this machine.

  node sandbox/main.ts [--port N] [--host ADDRESS] [--seed TEXT] [--state FILE] [--now TIME] [--frozen]
                       [--cert FILE --key FILE] [--switch NAME=VALUE]...

  --port   the port to listen on (default 4010; 0 takes a free one)
  --host   the address to listen on (default 127.0.0.1)
  --seed   repeats the ids and random faults of another run with the same seed
  --state  keeps the world in this file, made when it is not there; without it the world ends with the process
  --now    where the clock begins, in ISO 8601 (default: the machine's time)
  --frozen lets the clock stand still until it is moved
  --cert, --key   a certificate and its key, in PEM: the sandbox then speaks https, which some clients demand
  --switch decides otherwise than usual what the vendors leave open; see GET /_sandbox/switches
`

/** A command line that asks for what cannot be, in one sentence. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}

/** What a command line asks for; nothing when it asks for help only. */
export function readCommandLine(args: string[]): SandboxOptions | null {
  const values = parse(args)
  if (values.help) return null
  const { port, host, seed, state, now, frozen, cert, key } = values
  const number = Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new Unusable(`--port must be a whole number from 0 to 65535, and not ${port}.`)
  const nowMs = now === undefined ? undefined : Date.parse(now)
  if (nowMs !== undefined && Number.isNaN(nowMs))
    throw new Unusable(`--now must be a time in ISO 8601, such as 2026-03-05T08:00:00Z, and not ${now}.`)
  if ((cert === undefined) !== (key === undefined)) throw new Unusable('--cert and --key go together.')
  return {
    port: number,
    host,
    frozen,
    switches: Object.fromEntries(values.switch.map(readSwitch)),
    ...(seed === undefined ? {} : { seed }),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(nowMs === undefined ? {} : { now: nowMs }),
    ...(cert === undefined || key === undefined ? {} : { tls: { cert: readPem(cert), key: readPem(key) } }),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '4010' },
        host: { type: 'string', default: '127.0.0.1' },
        seed: { type: 'string' },
        state: { type: 'string' },
        now: { type: 'string' },
        frozen: { type: 'boolean', default: false },
        cert: { type: 'string' },
        key: { type: 'string' },
        switch: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Unusable(`${error instanceof Error ? error.message : 'Unknown flags.'} See --help.`)
  }
}

/** `google.quotaPerUserPerMinute=0` as a name and a number, a truth or a word. */
function readSwitch(text: string): [string, SwitchValue] {
  const at = text.indexOf('=')
  const value = text.slice(at + 1)
  if (value === 'true' || value === 'false') return [text.slice(0, at), value === 'true']
  return [text.slice(0, at), /^\d+$/.test(value) ? Number(value) : value]
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Unusable(`${file} cannot be read.`)
  }
}

/** Why the sandbox did not start, in words for whoever started it. */
export function reasonOf(error: unknown, { port, host }: SandboxOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} at ${host} is taken. Give another with --port N, or --port 0 for any that is free.`
  if (code === 'EACCES') return `Port ${port} at ${host} may not be used by you. Give another with --port N.`
  return error instanceof Error ? error.message : String(error)
}

/** What somebody who has just started it wants to know. */
export function welcome(url: string, { stateFile }: SandboxOptions): string {
  return `sandbox ready at ${url}

  Accounts and calendars, for people   ${url}/
  Google Calendar v3                   ${url}/calendar/v3
  Microsoft Graph v1.0                 ${url}/v1.0
  Control API                          ${url}/_sandbox

  A first account and its token:
    curl -X POST ${url}/_sandbox/accounts -H 'content-type: application/json' -d '{"vendor":"google","email":"ada@example.com"}'
    curl -X POST '${url}/_sandbox/accounts/ada@example.com/token?vendor=google'

  The world ${stateFile === undefined ? 'ends with this process (--state FILE keeps it)' : `is kept in ${stateFile}`}. Ctrl-C stops it. More in sandbox/README.md.
`
}
