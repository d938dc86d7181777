import type { PatternedRecurrence } from '@microsoft/microsoft-graph-types'
import { addDays } from '../zones.ts'
import type { World } from '../world.ts'
import { GraphError, propertyValidationFailure } from './errors.ts'
import { findOccurrence, instant, slotAt } from './occurrences.ts'
import { datesFrom } from './pattern-dates.ts'
import { keptRecurrence, linesOf } from './pattern.ts'
import { newChangeKey } from './store.ts'
import { propertiesOf } from './render.ts'
import { microsoftSwitch } from './switches.ts'
import { isSameZone } from './times.ts'
import type { EventBody } from './resource.ts'
import type { MicrosoftEvent, OccurrenceException, ZonedTime } from './types.ts'

export interface Times {
  start: ZonedTime
  end: ZonedTime
  isAllDay: boolean
}

/** What a recurrence makes of an event. */
export type SeriesParts = Pick<
  MicrosoftEvent,
  'start' | 'end' | 'lines' | 'skipsShortMonths' | 'exceptions' | 'cancelled'
> & { recurrence: PatternedRecurrence | null }

const single = { lines: null, skipsShortMonths: false, exceptions: {}, cancelled: [], recurrence: null }

export function singleEvent({ start, end }: Times): SeriesParts {
  return { ...single, start, end }
}

/** A series; when its start does not match its pattern, it moves to the first day that does. */
export function newSeries(world: World, sent: PatternedRecurrence, { start, end }: Times): SeriesParts {
  const kept = keptRecurrence(sent, start)
  const shortMonths = microsoftSwitch(world.state, 'shortMonths')
  const startDate = start.wall.slice(0, 10)
  const [first] = datesFrom(kept, shortMonths, startDate).take(1)
  if (first === undefined) {
    const message = 'The recurrence has no occurrence in its range.'
    throw new GraphError(400, 'ErrorRecurrenceHasNoOccurrence', message)
  }
  const days = Math.round((Date.parse(first) - Date.parse(startDate)) / 86_400_000)
  const moved = (time: ZonedTime): ZonedTime => ({
    ...time,
    wall: `${addDays(time.wall, days)}${time.wall.slice(10)}`,
  })
  const recurrence = { ...kept, range: { ...kept.range, startDate: first } }
  const skipsShortMonths = shortMonths === 'skipped'
  return {
    ...single,
    start: days === 0 ? start : moved(start),
    end: days === 0 ? end : moved(end),
    lines: linesOf(recurrence, skipsShortMonths),
    skipsShortMonths,
    recurrence,
  }
}

/** What a patch does to an event that is a series, is to become one, or is to be one no longer. */
export function seriesAfter(world: World, event: MicrosoftEvent, body: EventBody, times: Times): SeriesParts {
  if (body.recurrence === null) return singleEvent(times)
  if (event.lines === null)
    return body.recurrence ? newSeries(world, body.recurrence, times) : singleEvent(times)
  const { lines, exceptions, cancelled } = event
  const isMoved =
    instant(times.start) !== instant(event.start) ||
    instant(times.end) !== instant(event.end) ||
    !isSameZone(times.start, event.start) ||
    times.isAllDay !== event.isAllDay
  const recurrence = event.properties.recurrence ?? null
  const same: SeriesParts = {
    start: times.start,
    end: times.end,
    lines,
    exceptions,
    cancelled,
    recurrence,
    ...(event.skipsShortMonths === undefined ? {} : { skipsShortMonths: event.skipsShortMonths }),
  }
  if (body.recurrence !== undefined) {
    const made = newSeries(world, body.recurrence, times)
    if (!isMoved && JSON.stringify(made.recurrence) === JSON.stringify(recurrence)) return same
    return { ...made, ...survivors(world, event, { ...event, ...times, ...made }) }
  }
  if (!isMoved) return same
  // Graph wants start, end and recurrence together when a series changes its zone or its first day.
  const isSameDay = times.start.wall.slice(0, 10) === event.start.wall.slice(0, 10)
  if (!isSameZone(times.start, event.start) || !isSameDay) throw propertyValidationFailure()
  return { ...same, ...survivors(world, event, { ...event, ...times }) }
}

/** What is left of changed and deleted occurrences when the rule or the time of a series changes. */
function survivors(
  world: World,
  before: MicrosoftEvent,
  after: MicrosoftEvent & { recurrence?: PatternedRecurrence | null },
): Pick<MicrosoftEvent, 'exceptions' | 'cancelled'> {
  if (microsoftSwitch(world.state, 'exceptionsOfChangedSeries') === 'dropped')
    return { exceptions: {}, cancelled: [] }
  const recurrence = after.recurrence ?? after.properties.recurrence ?? null
  const bare = { ...after, properties: { ...after.properties, recurrence }, exceptions: {}, cancelled: [] }
  const isThere = (date: string): boolean => findOccurrence(bare, date) !== undefined
  const moved = ([date, exception]: [string, OccurrenceException]): [string, OccurrenceException] => {
    const slot = slotAt(before, date)
    const isInPlace =
      instant(slot.start) === instant(exception.start) && instant(slot.end) === instant(exception.end)
    // Who was never moved goes along with the series.
    const times = isInPlace ? slotAt(bare, date) : exception
    return [date, { ...exception, start: times.start, end: times.end, changeKey: newChangeKey(world) }]
  }
  return {
    exceptions: Object.fromEntries(
      Object.entries(before.exceptions)
        .filter(([date]) => isThere(date))
        .map(moved),
    ),
    cancelled: before.cancelled.filter(isThere),
  }
}

/** Gives those changed occurrences a new change key that look different now that their series changed. */
export function rekeyed(world: World, before: MicrosoftEvent, after: MicrosoftEvent): MicrosoftEvent {
  const looks = (event: MicrosoftEvent, date: string): string => {
    const occurrence = findOccurrence(event, date)
    return JSON.stringify([propertiesOf(event, occurrence), occurrence?.exception?.extendedProperties])
  }
  const exceptions = Object.entries(after.exceptions).map(
    ([date, exception]): [string, OccurrenceException] => {
      const isOther = before.exceptions[date] !== exception || looks(before, date) === looks(after, date)
      return [date, isOther ? exception : { ...exception, changeKey: newChangeKey(world) }]
    },
  )
  return exceptions.length === 0 ? after : { ...after, exceptions: Object.fromEntries(exceptions) }
}
