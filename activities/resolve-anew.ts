import { violates } from '../db/constraint.ts'
import { findCursor, saveCursor, underOtherIds } from '../db/cursors.ts'
import { lastSeen } from '../db/external-events.ts'
import { moveCalendar } from '../db/providers.ts'
import { freeAllQuarantined } from '../db/quarantine.ts'
import { forgetSubscriptions } from '../db/subscriptions.ts'
import { mainCalendar } from '../domain/event.ts'
import { NotFound } from '../providers/errors.ts'
import type { CalendarInfo, CalendarProvider } from '../providers/port.ts'
import type { ActivityDeps } from './deps.ts'
import { heldCalendar, type HeldProvider } from './hold-provider.ts'
import { isGone } from './relink.ts'

/** How many of the events we hold are asked for in a calendar before it is taken for another one. */
const askedMax = 20

const advice =
  'If the calendar is gone for good, delete this provider and connect another calendar. Its entries stay.'

/** Whether the calendar goes by another id than before, and no full round has told yet by which ids its events do. */
export const isUnderOtherIds = ({ cursor }: Pick<HeldProvider, 'cursor'>): boolean =>
  cursor.fingerprint === underOtherIds

/** Works on a provider's calendar; one that is not found under the id it had is worked on again where it is now. */
export async function whereverItIs<T>(
  deps: ActivityDeps,
  held: HeldProvider,
  work: (there: HeldProvider) => Promise<T>,
): Promise<T> {
  try {
    return await work(held)
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    const there = await resolveAnew(deps, held)
    if (!there) throw new NotFound(error.code, `${error.message} ${advice}`, error.requestId)
    return work(there)
  }
}

/**
 * The provider's calendar under the id that it has now, with a full round before it. A vendor that moves a mailbox may give
 * everything in it another id: an account's own calendar has a name that stays, and is the same one when it shows something
 * that we hold. Undefined when that cannot be told without a guess: then "not found" stands.
 */
async function resolveAnew(deps: ActivityDeps, held: HeldProvider): Promise<HeldProvider | undefined> {
  const { provider } = held
  if (provider.calendarId !== mainCalendar[provider.vendor]) return undefined
  const byName = await heldCalendar(deps, { ...held, provider: { ...provider, resolvedCalendarId: null } })
  const info = await foundBy(byName)
  if (!info || info.id === provider.resolvedCalendarId) return undefined
  if (!(await showsWhatWeHold(held, byName))) return undefined
  const moved = await store(held, info)
  if (!moved) return undefined
  return { ...held, ...moved, calendar: await heldCalendar(deps, { ...held, ...moved }) }
}

async function foundBy(calendar: CalendarProvider): Promise<CalendarInfo | undefined> {
  try {
    return await calendar.calendar()
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

/** An account whose mailbox was made anew has a calendar of the same name, and nothing of ours in it. */
async function showsWhatWeHold(held: HeldProvider, calendar: CalendarProvider): Promise<boolean> {
  const known = await held.transaction((db) => lastSeen(db, held.provider.id, askedMax))
  for (const { externalId, icalUid } of known) {
    if (icalUid !== null && (await calendar.idsOfMeeting(icalUid)).length > 0) return true
    if (!(await isGone(calendar, externalId))) return true
  }
  return known.length === 0
}

/** The vendor ended the subscriptions to the old id, and a full round tells again what could not be read. */
async function store(
  held: HeldProvider,
  { id, timeZone }: CalendarInfo,
): Promise<Pick<HeldProvider, 'provider' | 'cursor'> | undefined> {
  const { provider } = held
  try {
    return await held.transaction(async (db) => {
      const calendar = { resolvedCalendarId: id, calendarTimeZone: timeZone }
      const moved = await moveCalendar(db, provider.id, calendar)
      await saveCursor(db, provider.id, { cursor: null, round: null, fingerprint: underOtherIds })
      await forgetSubscriptions(db, provider.id)
      await freeAllQuarantined(db, provider.id)
      const cursor = await findCursor(db, provider.id)
      return moved && cursor && { provider: moved, cursor }
    })
  } catch (error) {
    // Somebody has connected it under its new id meanwhile.
    if (violates(error, 'providers_one_connection')) return undefined
    throw error
  }
}
