import type { DayOfWeek, RecurrencePattern } from '@microsoft/microsoft-graph-types'
import { InvalidRecurrence } from '../../domain/recurrence/recurrence.ts'
import { weekdays, type Weekday } from '../../domain/recurrence/rule.ts'
import { dayNames, indexes } from './pattern-words.ts'

/** The parts of an RRULE that a pattern stands for. What its type does not use holds the vendor's stand-ins and is not read. */
export function rulePartsFrom(pattern: RecurrencePattern): string[] {
  const interval = `INTERVAL=${pattern.interval ?? 1}`
  switch (pattern.type) {
    case 'daily':
      return ['FREQ=DAILY', interval]
    case 'weekly':
      return ['FREQ=WEEKLY', interval, byDay(pattern), `WKST=${dayFrom(pattern.firstDayOfWeek ?? 'sunday')}`]
    case 'absoluteMonthly':
      return ['FREQ=MONTHLY', interval, ...byMonthDay(pattern)]
    case 'absoluteYearly':
      return ['FREQ=YEARLY', interval, byMonth(pattern), ...byMonthDay(pattern)]
    case 'relativeMonthly':
      return ['FREQ=MONTHLY', interval, byDay(pattern), bySetPos(pattern)]
    case 'relativeYearly':
      return ['FREQ=YEARLY', interval, byMonth(pattern), byDay(pattern), bySetPos(pattern)]
    case null:
    case undefined:
      break
  }
  throw new InvalidRecurrence(`Outlook repeats the event in a way we do not know (${String(pattern.type)}).`)
}

/** Exchange takes the last day of a month that is too short: https://learn.microsoft.com/exchange/client-developer/web-service-reference/dayofmonth */
function byMonthDay({ dayOfMonth }: RecurrencePattern): string[] {
  const day = dayOfMonth ?? 0
  if (day <= 28) return [`BYMONTHDAY=${day}`]
  return [`BYMONTHDAY=${[28, 29, 30, 31].filter((candidate) => candidate <= day).join()}`, 'BYSETPOS=-1']
}

function byMonth({ month }: RecurrencePattern): string {
  return `BYMONTH=${month ?? 0}`
}

function byDay({ daysOfWeek }: RecurrencePattern): string {
  const days = daysOfWeek ?? []
  if (days.length === 0) throw new InvalidRecurrence('Outlook names no weekday to repeat on.')
  return `BYDAY=${days.map(dayFrom).join()}`
}

function dayFrom(name: DayOfWeek): Weekday {
  const day = weekdays.find((known) => dayNames[known] === name)
  if (!day) throw new InvalidRecurrence(`Outlook names a weekday we do not know (${name}).`)
  return day
}

function bySetPos({ index }: RecurrencePattern): string {
  const [position] = [...indexes].find(([, name]) => name === (index ?? 'first')) ?? []
  if (position === undefined)
    throw new InvalidRecurrence(`Outlook picks days in a way we do not know (${String(index)}).`)
  return `BYSETPOS=${position}`
}
