import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../scripts/parts/ports.ts'
import { startPart, whileRunning } from '../../scripts/parts/process.ts'
import { pinnedPython } from '../../tests/support/python.ts'
import { timedMs } from './figures.ts'
import type { MixedEvent } from './mixed-calendar.ts'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))

/** What vdirsyncer copies a calendar of a CalDAV server to: a folder of files, or another calendar of that server. */
export type Target = 'folder' | 'calendar'

/**
 * vdirsyncer (https://vdirsyncer.pimutils.org) with a Radicale server (https://radicale.org) on loopback, both pinned in
 * vdirsyncer.txt, everything they write in `dataDir`.
 */
export async function vdirsyncer(dataDir: string) {
  const python = await pinnedPython('vdirsyncer', join(here, 'vdirsyncer.txt'))
  const folder = join(dataDir, 'vdirsyncer')
  const calendars = join(folder, 'store', 'collection-root', 'bench')
  const port = await freePort()
  const config = join(folder, 'radicale.ini')
  mkdirSync(calendars, { recursive: true })
  writeFileSync(config, radicaleConfig(port, join(folder, 'store')))
  const server = await startPart({
    name: 'Radicale',
    command: python,
    args: ['-m', 'radicale', '--config', config],
    dataDir,
    ours: false,
  })
  await whileRunning(server, (given) => answering(port, given), 30_000)

  const makeCalendar = (name: string): string => {
    const calendar = join(calendars, name)
    mkdirSync(calendar)
    writeFileSync(join(calendar, '.Radicale.props'), '{"tag": "VCALENDAR"}')
    return calendar
  }
  return {
    /** Puts the events into a calendar of the server and copies it to an empty target; answers how long the copy took. */
    async firstSync(name: string, events: readonly MixedEvent[], target: Target): Promise<number> {
      const from = makeCalendar(name)
      for (const { uid, file } of events) writeFileSync(join(from, `${uid}.ics`), file)
      const to = target === 'calendar' ? makeCalendar(`${name}-copy`) : join(folder, name)
      mkdirSync(to, { recursive: true })
      const pair = join(folder, `${name}.ini`)
      const remote = (calendar: string) => caldav(`http://127.0.0.1:${port}/bench/${calendar}/`)
      writeFileSync(
        pair,
        pairConfig(
          join(folder, `${name}-status`),
          remote(name),
          target === 'calendar' ? remote(`${name}-copy`) : filesystem(to),
        ),
      )
      const ask = (word: string) =>
        run(join(dirname(python), 'vdirsyncer'), ['--config', pair, word], { maxBuffer: 2 ** 26 })
      await ask('discover')
      const tookMs = await timedMs(() => ask('sync'))
      const copied = readdirSync(to).filter((file) => file.endsWith('.ics')).length
      if (copied !== events.length) throw new Error(`vdirsyncer copied ${copied} of ${events.length} events.`)
      return tookMs
    },
  }
}

const radicaleConfig = (port: number, store: string): string => `
[server]
hosts = 127.0.0.1:${port}
[auth]
type = none
[storage]
filesystem_folder = ${store}
[logging]
level = warning
`

const caldav = (url: string): string[] => [
  'type = "caldav"',
  `url = "${url}"`,
  'username = "bench"',
  'password = "bench"',
]
const filesystem = (path: string): string[] => ['type = "filesystem"', `path = "${path}"`, 'fileext = ".ics"']

const pairConfig = (status: string, one: string[], other: string[]): string => `
[general]
status_path = "${status}"
[pair work]
a = "one"
b = "other"
collections = null
[storage one]
${one.join('\n')}
[storage other]
${other.join('\n')}
`

async function answering(port: number, given: AbortSignal): Promise<void> {
  while (!given.aborted) {
    const answer = await fetch(`http://127.0.0.1:${port}/.web/`).catch(() => null)
    if (answer) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
