import { GoogleError, invalid } from './errors.ts'
import { isMaster } from './series.ts'
import type { EventWish } from './read-body.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

export const eventTypes = [
  'birthday',
  'default',
  'focusTime',
  'fromGmail',
  'outOfOffice',
  'workingLocation',
] as const
export type EventType = (typeof eventTypes)[number]

/** The type a write asks for; once an event is there, its type stays. */
export function eventTypeOf(current: GoogleEvent | undefined, wished: string | null | undefined): EventType {
  const type = eventTypes.find((one) => one === (wished || current?.eventType || 'default'))
  if (type === undefined)
    throw invalid(`Invalid value for: ${wished ?? ''} is not a valid value`, 'eventType')
  if (current !== undefined && type !== (current.eventType ?? 'default'))
    throw restricted('The type of an event cannot be changed.')
  if (current === undefined && type === 'fromGmail')
    throw restricted('Events from Gmail cannot be created using the API.')
  return type
}

export function restricted(message: string): GoogleError {
  return new GoogleError(400, 'eventTypeRestriction', message, { domain: 'calendar' })
}

/** Refuses what the type of an event does not allow: https://developers.google.com/workspace/calendar/api/guides/event-types */
export function checkEventType(
  calendar: GoogleCalendar,
  current: GoogleEvent | undefined,
  event: GoogleEvent,
): void {
  switch (event.eventType as EventType) {
    case 'default':
      return
    case 'outOfOffice':
      return checkStatusEvent(calendar, event, {
        reason: 'malformedOutOfOfficeEvent',
        subject: 'An out of office event',
        properties: event.outOfOfficeProperties,
        emptyMembers: ['description', 'location', 'attendees'],
      })
    case 'focusTime':
      return checkStatusEvent(calendar, event, {
        reason: 'malformedFocusTimeEvent',
        subject: 'A focus time event',
        properties: event.focusTimeProperties,
        emptyMembers: [],
      })
    case 'workingLocation':
      return checkWorkingLocation(calendar, event)
    case 'birthday':
      checkBirthday(event)
      return checkUntouched(current, event, ['colorId', 'summary', 'reminders', 'start', 'end', 'recurrence'])
    case 'fromGmail':
      return checkUntouched(current, event, [
        'colorId',
        'reminders',
        'visibility',
        'transparency',
        'status',
        'attendees',
        'extendedProperties',
      ])
  }
}

interface StatusRules {
  reason: string
  subject: string
  properties: object | null | undefined
  emptyMembers: ('description' | 'location' | 'attendees')[]
}

function checkStatusEvent(calendar: GoogleCalendar, event: GoogleEvent, rules: StatusRules): void {
  const { reason, subject, properties, emptyMembers } = rules
  const refuse = (rest: string): GoogleError => malformed(reason, `${subject} ${rest}`)
  if (!calendar.primary) throw refuse('must be on a primary calendar.')
  if (event.start?.date) throw refuse('must not be an all-day event.')
  if (event.transparency === 'transparent') throw refuse('must have a transparency setting of opaque.')
  if (!properties) throw refuse('must have its properties set.')
  for (const name of emptyMembers) {
    if ((event[name]?.length ?? 0) > 0)
      throw refuse(name === 'attendees' ? 'must not have guests.' : `must not have a ${name}.`)
  }
}

const locationTypes = ['homeOffice', 'officeLocation', 'customLocation']

function checkWorkingLocation(calendar: GoogleCalendar, event: GoogleEvent): void {
  const refuse = (rest: string): GoogleError => malformed('malformedWorkingLocationEvent', rest)
  const subject = 'A working location event'
  if (!calendar.primary) throw refuse(`${subject} must be on a primary calendar.`)
  if (event.visibility !== 'public') throw refuse(`${subject} must have a visibility setting of public.`)
  if (event.transparency !== 'transparent')
    throw refuse(`${subject} must have a transparency setting of transparent.`)
  if (event.start?.date && daysOf(event) !== 1)
    throw refuse('An all-day working location event must be exactly one day long.')
  if (!locationTypes.includes(event.workingLocationProperties?.type ?? ''))
    throw refuse(`${subject} must have working location properties with a type.`)
}

function checkBirthday(event: GoogleEvent): void {
  const refuse = (rest: string): GoogleError =>
    malformed('malformedBirthdayEvent', `A birthday event ${rest}`)
  if (!event.start?.date || daysOf(event) !== 1) throw refuse('must be exactly one day long.')
  if (event.visibility !== 'private') throw refuse('must have a visibility setting of private.')
  if (event.transparency !== 'transparent') throw refuse('must have a transparency setting of transparent.')
  const isLeapDay = event.start.date.endsWith('-02-29')
  const rule = isLeapDay ? 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1' : 'RRULE:FREQ=YEARLY'
  const isInstance = event.recurringEventId !== undefined
  if (!isInstance && (!isMaster(event) || event.recurrence?.join() !== rule))
    throw refuse(`must recur by ${rule}.`)
}

function daysOf({ start, end }: GoogleEvent): number {
  return Math.round((Date.parse(end?.date ?? '') - Date.parse(start?.date ?? '')) / 86_400_000)
}

/** Members that change with every write whatever it is about. */
const always = ['etag', 'updated', 'sequence']

function checkUntouched(current: GoogleEvent | undefined, event: GoogleEvent, free: string[]): void {
  if (current === undefined) return
  const text = (of: EventWish): string =>
    JSON.stringify(
      Object.entries(of)
        .filter(([name, value]) => value !== undefined && !free.includes(name) && !always.includes(name))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    )
  if (text(current) !== text(event))
    throw restricted(`Only ${free.join(', ')} can be changed for an event of this type.`)
}

function malformed(reason: string, message: string): GoogleError {
  return new GoogleError(400, reason, message, { domain: 'calendar' })
}
