import type { Account } from '../accounts.ts'
import { instantOfTime } from '../google/times.ts'
import type { GoogleCalendar } from '../google/types.ts'
import { eventId } from '../microsoft/ids.ts'
import type { MicrosoftCalendar, ZonedTime } from '../microsoft/types.ts'
import { instantOf } from '../zones.ts'
import type { JsonObject } from '../json.ts'

/** What the vendor holds now, in one plain shape for both: the truth a test compares with. */
export function currentEvents(account: Account, calendarId: string | undefined): JsonObject[] {
  const isMeant = (calendar: { id: string; primary: boolean }): boolean =>
    calendarId === undefined || calendar.id === calendarId || (calendarId === 'primary' && calendar.primary)
  return account.vendor === 'google'
    ? [...account.calendars.values()].filter(isMeant).flatMap((calendar) => [...googleEvents(calendar)])
    : [...account.calendars.values()].filter(isMeant).flatMap((calendar) => [...microsoftEvents(calendar)])
}

function* googleEvents(calendar: GoogleCalendar): Generator<JsonObject> {
  for (const { event } of calendar.log.entries.values()) {
    const master = calendar.log.entries.get(event.recurringEventId ?? '')?.event
    if (event.status === 'cancelled' || master?.status === 'cancelled') continue
    const time = (of: typeof event.start): string =>
      of?.date ?? new Date(instantOfTime(of, calendar.timeZone)).toISOString().replace('.000Z', 'Z')
    yield {
      id: event.id,
      calendar: calendar.id,
      title: event.summary ?? '',
      start: time(event.start),
      end: time(event.end),
      isAllDay: event.start?.date !== undefined,
      timeZone: event.start?.timeZone ?? null,
      location: event.location ?? null,
      description: event.description ?? null,
      iCalUID: event.iCalUID,
      etag: event.etag,
      ...(event.recurrence ? { recurrence: event.recurrence } : {}),
      ...(event.recurringEventId ? { recurringEventId: event.recurringEventId } : {}),
      ...(event.recurringEventId ? { originalStart: time(event.originalStartTime) } : {}),
    }
  }
}

function* microsoftEvents(calendar: MicrosoftCalendar): Generator<JsonObject> {
  for (const { event } of calendar.log.entries.values()) {
    if (event.isDeleted) continue
    const time = ({ wall, zone }: ZonedTime): string =>
      event.isAllDay ? wall.slice(0, 10) : new Date(instantOf(wall, zone)).toISOString().replace('.000Z', 'Z')
    yield {
      id: eventId(event.core, false),
      immutableId: eventId(event.core, true),
      calendar: calendar.id,
      title: event.properties.subject ?? '',
      start: time(event.start),
      end: time(event.end),
      isAllDay: event.isAllDay,
      timeZone: event.start.zone,
      location: event.properties.location?.displayName ?? null,
      description: event.properties.body?.content ?? null,
      iCalUID: event.properties.iCalUId ?? '',
      etag: `W/"${event.changeKey}"`,
      ...(event.lines === null ? {} : { recurrence: event.properties.recurrence ?? null }),
      ...(event.lines === null
        ? {}
        : { exceptions: Object.keys(event.exceptions), cancelled: event.cancelled }),
    }
  }
}
