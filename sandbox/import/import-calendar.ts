import { findCalendar, type Account } from '../accounts.ts'
import { ControlError } from '../control/errors.ts'
import { ianaZoneOf } from '../zones.ts'
import type { World } from '../world.ts'
import { readEvent, uidOf } from './read-event.ts'
import { shiftEvent, shiftOverride } from './shift.ts'
import { splitCalendar } from './split.ts'
import { keepInGoogle, keepOverrideInGoogle } from './to-google.ts'
import { keepInMicrosoft, keepOverrideInMicrosoft } from './to-microsoft.ts'
import { Unusable, type ImportedEvent, type ImportReport } from './types.ts'

/** How one vendor's calendar takes what is imported; `keep` answers with the name to find the event by. */
interface Keeper {
  keep(event: ImportedEvent): string
  keepOverride(name: string, master: ImportedEvent, override: ImportedEvent): void
}

/** Puts an iCalendar file into a calendar and reports what became of each event. */
export function importCalendar(
  world: World,
  account: Account,
  wish: { calendarId: string; shiftWeeks: number; text: string },
): ImportReport {
  const keeper = keeperOf(world, account, wish.calendarId)
  const split = splitCalendar(wish.text)
  const zone = ianaZoneOf(split.timeZone ?? '') ?? account.timeZone
  const report: ImportReport = { imported: 0, series: 0, overrides: 0, skipped: [], mended: {} }
  const count = (kind: string): void => {
    report.mended[kind] = (report.mended[kind] ?? 0) + 1
  }
  const attempt = (uid: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      // One event that cannot be kept, for whatever reason its parser finds, does not stop the others.
      const reason = error instanceof Error ? error.message : 'it cannot be read'
      report.skipped.push({ uid, reason })
    }
  }

  const masters = new Map<string, { name: string; event: ImportedEvent }>()
  const overrides: ImportedEvent[] = []
  for (const raw of split.events) {
    attempt(uidOf(raw), () => {
      const event = readEvent(raw, zone, count)
      if (event.replaces !== undefined) {
        overrides.push(event)
        return
      }
      if (event.isCancelled) throw new Unusable('it is cancelled')
      if (masters.has(event.uid)) throw new Unusable('the file has another event with this UID')
      masters.set(event.uid, { name: keeper.keep(shiftEvent(event, wish.shiftWeeks)), event })
      report.imported += 1
      if (event.lines.length > 0) report.series += 1
    })
  }
  for (const override of overrides) {
    attempt(override.uid, () => {
      const master = masters.get(override.uid)
      if (master === undefined) throw new Unusable('its series was not imported')
      const shifted = shiftOverride(override, master.event, wish.shiftWeeks)
      keeper.keepOverride(master.name, shiftEvent(master.event, wish.shiftWeeks), shifted)
      report.imported += 1
      report.overrides += 1
    })
  }
  return report
}

function keeperOf(world: World, account: Account, calendarId: string): Keeper {
  const unknown = new ControlError(404, `There is no calendar ${calendarId}.`)
  if (account.vendor === 'google') {
    const calendar = findCalendar(account, calendarId)
    if (calendar === undefined) throw unknown
    const target = { world, account, calendar }
    return {
      keep: (event) => keepInGoogle(target, event),
      keepOverride: (name, master, override) => keepOverrideInGoogle(target, name, master, override),
    }
  }
  const calendar = findCalendar(account, calendarId)
  if (calendar === undefined) throw unknown
  const mailbox = { world, account }
  return {
    keep: (event) => keepInMicrosoft(mailbox, calendar, event),
    keepOverride: (name, master, override) => keepOverrideInMicrosoft(mailbox, name, master, override),
  }
}
