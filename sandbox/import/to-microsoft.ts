import { GraphError } from '../microsoft/errors.ts'
import { eventId } from '../microsoft/ids.ts'
import type { Preferences } from '../microsoft/preferences.ts'
import type { MicrosoftCalendar } from '../microsoft/types.ts'
import { findEvent, type Mailbox } from '../microsoft/store.ts'
import { createEvent, deleteEvent, patchEvent } from '../microsoft/write.ts'
import type { JsonObject } from '../json.ts'
import { wallTimeOf, windowsZoneOf } from '../zones.ts'
import { patternOf } from './rule-to-pattern.ts'
import { inZone } from './shift.ts'
import { Unusable, type ImportedEvent, type ImportedTime } from './types.ts'

const preferences: Preferences = {
  zone: undefined,
  immutableIds: true,
  textBodies: false,
  pageSize: undefined,
}

/** Keeps a single event or a series in a mailbox; dates a series leaves out are deleted from it. */
export function keepInMicrosoft(mailbox: Mailbox, calendar: MicrosoftCalendar, event: ImportedEvent): string {
  for (const { event: known } of calendar.log.entries.values()) {
    if (!known.isDeleted && known.properties.iCalUId === event.uid) {
      throw new Unusable('an event with this UID is already there')
    }
  }
  const recurrence = event.lines.length === 0 ? {} : { recurrence: patternOf(event) }
  const { core } = guarded(() => {
    const body = { ...bodyOf(event), ...recurrence }
    return createEvent(mailbox, calendar, body, preferences, event.uid)
  })
  for (const date of excluded(event)) {
    const occurrence = eventId(core, true, date)
    try {
      deleteEvent(mailbox, findEvent(mailbox.account, occurrence), undefined)
    } catch (error) {
      // An excluded date on which the series has no occurrence excludes nothing.
      if (!(error instanceof GraphError)) throw error
    }
  }
  return core
}

/** Keeps one changed or cancelled occurrence of a series that was kept before. */
export function keepOverrideInMicrosoft(
  mailbox: Mailbox,
  core: string,
  master: ImportedEvent,
  event: ImportedEvent,
): void {
  const slot = event.replaces
  if (slot === undefined) throw new Unusable('its series was not imported')
  const id = eventId(core, true, inZone(slot, master).slice(0, 10))
  guarded(() => {
    const found = findEvent(mailbox.account, id)
    if (event.isCancelled) deleteEvent(mailbox, found, undefined)
    else patchEvent(mailbox, found, bodyOf(event), undefined)
  })
}

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof GraphError) throw new Unusable(error.message)
    throw error
  }
}

function bodyOf(event: ImportedEvent): JsonObject {
  const time = ({ wall, zone }: ImportedTime): JsonObject => ({
    dateTime: wall.length === 10 ? `${wall}T00:00:00` : wall,
    timeZone: windowsZoneOf(zone),
  })
  return {
    subject: event.summary,
    ...(event.description === undefined ? {} : { body: { contentType: 'text', content: event.description } }),
    ...(event.location === undefined ? {} : { location: { displayName: event.location } }),
    ...(event.isFree ? { showAs: 'free' } : {}),
    ...(event.isPrivate ? { sensitivity: 'private' } : {}),
    isAllDay: event.isAllDay,
    start: time(event.start),
    end: time(event.isAllDay ? { ...event.end, zone: event.start.zone } : event.end),
  }
}

function excluded(event: ImportedEvent): string[] {
  return event.lines
    .filter((line) => /^EXDATE/i.test(line))
    .flatMap((line) => line.slice(line.indexOf(':') + 1).split(','))
    .map((stamp) => {
      const date = `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`
      if (!stamp.endsWith('Z')) return date
      const time = `${stamp.slice(9, 11)}:${stamp.slice(11, 13)}:${stamp.slice(13, 15)}`
      return wallTimeOf(Date.parse(`${date}T${time}Z`), event.start.zone).slice(0, 10)
    })
}
