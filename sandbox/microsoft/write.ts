import type { DateTimeTimeZone, Event } from '@microsoft/microsoft-graph-types'
import { nowOf, type World } from '../world.ts'
import { unanswering } from './attendees.ts'
import { GraphError, invalidRequest } from './errors.ts'
import { extendedProperties, mergedProperties, multiValueProperties } from './extended-properties.ts'
import { extensionsIn } from './extensions.ts'
import { graphTime } from './graph-time.ts'
import { eventId, newCore } from './ids.ts'
import { dayIn, instant, neighbours, type Occurrence } from './occurrences.ts'
import { partsOf, withParts } from './parts.ts'
import type { Preferences } from './preferences.ts'
import { chosenProperties, newProperties } from './properties.ts'
import { propertiesOf } from './render.ts'
import { eventBody, type EventBody } from './resource.ts'
import { newSeries, rekeyed, seriesAfter, singleEvent, type Times } from './series.ts'
import { checkCondition, movesOf, newChangeKey, store, type Found, type Mailbox } from './store.ts'
import { rememberedFor } from './stale.ts'
import { microsoftSwitch } from './switches.ts'
import { checkTimes, zonedTime } from './times.ts'
import type { EventParts, MicrosoftAccount, MicrosoftCalendar, MicrosoftEvent, ZonedTime } from './types.ts'

/** Makes an event of what a caller sent, or fails as Graph does. */
export function createEvent(
  { world, account }: Mailbox,
  calendar: MicrosoftCalendar,
  sent: unknown,
  preferences: Preferences,
  importedUid?: string,
): MicrosoftEvent {
  const body = eventBody(world, sent)
  refuseRepeat(world, account, body, preferences)
  const times: Times = {
    start: keptTime(world, body.start),
    end: keptTime(world, body.end),
    isAllDay: body.isAllDay ?? false,
  }
  checkTimes(times.start, times.end, times.isAllDay)
  const { recurrence, ...series } = body.recurrence
    ? newSeries(world, body.recurrence, times)
    : singleEvent(times)
  const core = newCore(world.random, movesOf(account))
  const dropsProperties = microsoftSwitch(world.state, 'extendedPropertiesOnCreate') === 'dropped'
  const event: MicrosoftEvent = {
    core,
    changeKey: newChangeKey(world),
    properties: {
      ...newProperties(world, account),
      ...chosenProperties(world, body, {}, core),
      ...(recurrence === null ? {} : { recurrence }),
      ...(body.transactionId ? { transactionId: body.transactionId } : {}),
      ...(importedUid === undefined ? {} : { iCalUId: importedUid }),
    },
    isAllDay: times.isAllDay,
    ...(dropsProperties ? { extendedProperties: [] } : customProperties(undefined, body)),
    ...(body.extensions?.length ? { extensions: extensionsIn(body.extensions) } : {}),
    ...series,
    isDeleted: false,
  }
  store(account, calendar, event)
  if (body.transactionId) account.transactions.set(body.transactionId, core)
  return event
}

function refuseRepeat(
  world: World,
  account: MicrosoftAccount,
  body: EventBody,
  preferences: Preferences,
): void {
  const used = account.transactions.get(body.transactionId ?? '')
  if (used === undefined) return
  const message =
    "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event."
  const status = microsoftSwitch(world.state, 'duplicateTransactionStatus')
  const extra = { '@event.existingEventId': eventId(used, preferences.immutableIds) }
  throw new GraphError(status, 'ErrorDuplicateTransactionId', message, { extra })
}

/** Changes an event or, by making an exception of it, an occurrence. */
export function patchEvent(
  mailbox: Mailbox,
  found: Found,
  sent: unknown,
  ifMatch: string | undefined,
): Found {
  checkCondition(found, ifMatch)
  const body = eventBody(mailbox.world, sent)
  return found.occurrence === undefined
    ? patchWhole(mailbox, found, body)
    : patchOccurrence(mailbox, { ...found, occurrence: found.occurrence }, body)
}

function patchWhole({ world, account }: Mailbox, found: Found, body: EventBody): Found {
  const { calendar, event } = found
  const times = timesAfter(world, body, event)
  const { recurrence, ...series } = seriesAfter(world, event, body, times)
  const isMoved = !isSameTime(series, event) || series.lines?.[0] !== event.lines?.[0]
  const parts = changedParts(world, event.core, event, body, event.properties, isMoved)
  const changed = { ...withParts(world, found, parts), isAllDay: times.isAllDay, ...series }
  const properties = { ...changed.properties, recurrence }
  const next = rekeyed(world, event, { ...changed, properties })
  store(account, calendar, next)
  return { calendar, event: next, occurrence: undefined }
}

function patchOccurrence(
  { world, account }: Mailbox,
  found: Found & { occurrence: Occurrence },
  body: EventBody,
): Found {
  const { calendar, event, occurrence } = found
  if (body.recurrence)
    throw invalidRequest('The recurrence is a property of the series, not of an occurrence.')
  const before = partsOf(found)
  const times = timesAfter(world, body, before)
  const isMoved = !isSameTime(times, before)
  if (isMoved) checkBoundaries(event, occurrence, times.start)
  const copy = `${event.core}${occurrence.date}`
  const parts = changedParts(world, copy, before, body, propertiesOf(event, occurrence), isMoved)
  const remembered = rememberedFor(world.state, event, occurrence)
  const master = withParts(world, found, { ...parts, ...times, ...remembered })
  store(account, calendar, master)
  const { start, end } = times
  const exception = master.exceptions[occurrence.date]
  return { calendar, event: master, occurrence: { ...occurrence, start, end, exception } }
}

function isSameTime(one: Pick<Times, 'start' | 'end'>, other: Pick<Times, 'start' | 'end'>): boolean {
  return instant(one.start) === instant(other.start) && instant(one.end) === instant(other.end)
}

function timesAfter(world: World, body: EventBody, before: Times): Times {
  const start = body.start ? keptTime(world, body.start) : before.start
  const end = body.end ? keptTime(world, body.end) : before.end
  const isAllDay = body.isAllDay ?? before.isAllDay
  checkTimes(start, end, isAllDay)
  return { start, end, isAllDay }
}

/** A time as the mailbox keeps it; a consumer mailbox may keep everything as made in UTC. */
function keptTime(world: World, sent: DateTimeTimeZone | null | undefined): ZonedTime {
  const time = zonedTime(sent)
  return microsoftSwitch(world.state, 'originalZone') === 'UTC' ? { ...time, zoneName: 'UTC' } : time
}

/** The parts of an event or an exception after a patch, its times aside. Who was invited to another time has not answered. */
function changedParts(
  world: World,
  copy: string,
  before: EventParts,
  body: EventBody,
  seen: Event,
  isMoved: boolean,
): EventParts {
  const chosen = chosenProperties(world, body, seen, copy)
  const attendees = chosen.attendees ?? seen.attendees
  const asksAgain = isMoved && seen.isOrganizer !== false && (attendees ?? []).length > 0
  const lastModifiedDateTime = graphTime(nowOf(world))
  return {
    ...before,
    properties: {
      ...before.properties,
      ...chosen,
      ...(asksAgain ? { attendees: unanswering(attendees ?? []) } : {}),
      lastModifiedDateTime,
    },
    ...customProperties(before, body),
  }
}

function customProperties(
  before: EventParts | undefined,
  body: EventBody,
): Pick<EventParts, 'extendedProperties' | 'multiValueProperties'> {
  const several = mergedProperties(before?.multiValueProperties, multiValueProperties(body))
  return {
    extendedProperties: mergedProperties(before?.extendedProperties, extendedProperties(body)),
    ...(several.length === 0 ? {} : { multiValueProperties: several }),
  }
}

/** An exception stays between the days of its neighbours. */
function checkBoundaries(master: MicrosoftEvent, occurrence: Occurrence, start: ZonedTime): void {
  const day = dayIn(master.start.zone, start)
  const { before, after } = neighbours(master, occurrence.date)
  if ((before !== undefined && day <= before) || (after !== undefined && day >= after)) {
    const message = 'Cannot modify the occurrence: it would cross or overlap an adjacent occurrence.'
    throw new GraphError(400, 'ErrorOccurrenceCrossingBoundary', message)
  }
}

/** Deletes an event, or one occurrence from its series for good. */
export function deleteEvent(mailbox: Mailbox, found: Found, ifMatch: string | undefined): void {
  const { event, occurrence, calendar } = found
  const { world, account } = mailbox
  if (microsoftSwitch(world.state, 'ifMatchOnDelete') === 'checked') checkCondition(found, ifMatch)
  const changeKey = newChangeKey(world)
  if (occurrence === undefined) {
    store(account, calendar, { ...event, changeKey, isDeleted: true })
    return
  }
  const { [occurrence.date]: _gone, ...exceptions } = event.exceptions
  const cancelled = [...event.cancelled, occurrence.date]
  store(account, calendar, { ...event, changeKey, exceptions, cancelled })
}
