import { readFileSync } from 'node:fs'
import { startSandbox } from '../../sandbox/server.ts'
import type { Vendor } from '../../domain/event.ts'
import type { TestDatabase } from './database.ts'
import { seriesScene, type Shown } from './series-scene.ts'
import { connectProvider, makeTenant, settle, worldOn } from './world.ts'

/** A calendar file at Google, and where it went. */
export interface Taken {
  /** How many events the vendor took from the file. */
  imported: number
  schedule: Shown[]
  google: Shown[]
  microsoft: Shown[]
  /** Pairs that could not be held, with their reasons. */
  unsupported: string[]
}

/** The days that are held side by side: from `from` on and before `to` (YYYY-MM-DD). */
export interface Days {
  from: string
  to: string
}

/**
 * Somebody imports the file into a Google calendar on the first of the days; it is synchronised into the schedule, and from
 * there to the member's Outlook. Every side is asked for its occurrences by its own expansion.
 */
export async function takeCalendar(database: TestDatabase, file: string, days: Days): Promise<Taken> {
  const sandbox = await startSandbox({ port: 0, now: Date.parse(`${days.from}T00:00:00Z`), frozen: true })
  const world = worldOn(database, sandbox, {
    now: () => new Date(sandbox.clock.now()),
    pause: (ms) => sandbox.clock.advance(ms),
  })
  try {
    const tenant = await makeTenant(world)
    const emails: Record<Vendor, string> = {
      google: 'all@google.example',
      microsoft: 'all@microsoft.example',
    }
    const connect = (vendor: Vendor) =>
      connectProvider(world, tenant, vendor, { email: emails[vendor], policies: { windowPastDays: 365 } })
    const [google, microsoft] = [await connect('google'), await connect('microsoft')]
    const { imported } = await world.control.importCalendar(
      'google',
      emails.google,
      readFileSync(file, 'utf8'),
    )
    await settle(world, google, microsoft)
    const scene = seriesScene(world)
    const inDays = (shown: Shown[]) =>
      shown
        .map(({ title, start }) => ({ start, title: title.trim() }))
        .filter(({ start }) => start >= days.from && start < days.to)
    const unsupported = await database.owner<{ reason: string }[]>`
      select coalesce(e.content->>'title', m.external_id) || ': ' || m.reason as reason
      from mappings m left join schedule_entries e on e.id = m.entry_id
      where m.tenant_id = ${tenant.tenantId} and m.state = 'unsupported'`
    return {
      imported,
      schedule: inDays(await scene.shown(tenant)),
      google: inDays(await scene.shownBy(google)),
      microsoft: inDays(await scene.shownBy(microsoft)),
      unsupported: unsupported.map(({ reason }) => reason),
    }
  } finally {
    await world.close()
  }
}

/** What the oracle says, one JSON object a line. Something that is under way on the first day counts by its start. */
export function readOccurrences(lines: string, days: Days): Shown[] {
  const shown = lines
    .split('\n')
    .filter(Boolean)
    .map((line): Shown => JSON.parse(line))
  return shown.filter(({ start }) => start >= days.from && start < days.to)
}
