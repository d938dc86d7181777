import { createHash } from 'node:crypto'
import ICAL from 'ical.js'
import { addDays, ianaZoneOf, instantOf, wallTimeOf } from '../zones.ts'
import { mendLines } from './mend.ts'
import { Unusable, type ImportedEvent, type ImportedTime } from './types.ts'

/** Reads one VEVENT; floating times take the given zone. */
export function readEvent(raw: string[], floatingZone: string, count: (kind: string) => void): ImportedEvent {
  const lines = mendLines(raw, count)
  const component = new ICAL.Component(ICAL.parse(['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n')))
  const text = (name: string): string | undefined => {
    const value: unknown = component.getFirstPropertyValue(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const start = timeOf(component, 'dtstart', floatingZone)
  if (start === undefined) throw new Unusable('it has no DTSTART')
  const isAllDay = start.wall.length === 10
  return {
    uid: text('uid') ?? madeUid(lines, count),
    summary: text('summary') ?? '',
    description: text('description'),
    location: text('location'),
    isFree: text('transp')?.toUpperCase() === 'TRANSPARENT',
    isPrivate: ['PRIVATE', 'CONFIDENTIAL'].includes(text('class')?.toUpperCase() ?? ''),
    isCancelled: text('status')?.toUpperCase() === 'CANCELLED',
    isAllDay,
    start,
    end: endOf(component, start, floatingZone, count),
    lines: lines.filter((line) => /^(RRULE|EXRULE|RDATE|EXDATE)[;:]/i.test(line)).map((line) => line.trim()),
    replaces: timeOf(component, 'recurrence-id', floatingZone),
  }
}

/** The UID of a VEVENT that could not be read, for the report. */
export function uidOf(raw: string[]): string {
  return (
    raw
      .find((line) => /^UID[;:]/i.test(line))
      ?.replace(/^UID[^:]*:/i, '')
      .trim() ?? '(no UID)'
  )
}

function timeOf(component: ICAL.Component, name: string, floatingZone: string): ImportedTime | undefined {
  const property = component.getFirstProperty(name)
  const value: unknown = property?.getFirstValue()
  if (property === null || !(value instanceof ICAL.Time)) return undefined
  const wall = value.toString().slice(0, value.isDate ? 10 : 19)
  if (Number.isNaN(Date.parse(value.isDate ? wall : `${wall}Z`)))
    throw new Unusable(`${name.toUpperCase()} is no time`)
  if (value.isDate) return { wall, zone: floatingZone }
  if (value.toString().endsWith('Z')) return { wall, zone: 'UTC' }
  const parameter: unknown = property.getParameter('tzid')
  if (typeof parameter !== 'string') return { wall, zone: floatingZone }
  const zone = ianaZoneOf(parameter) ?? ianaZoneOf(parameter.split('/').slice(-2).join('/'))
  if (zone === undefined) throw new Unusable(`its time zone ${parameter} is unknown`)
  return { wall, zone }
}

function endOf(
  component: ICAL.Component,
  start: ImportedTime,
  floatingZone: string,
  count: (kind: string) => void,
): ImportedTime {
  const isAllDay = start.wall.length === 10
  const end = timeOf(component, 'dtend', floatingZone)
  if (end === undefined) {
    const duration: unknown = component.getFirstPropertyValue('duration')
    const seconds = duration instanceof ICAL.Duration ? duration.toSeconds() : 0
    if (isAllDay) return { ...start, wall: addDays(start.wall, Math.max(1, Math.round(seconds / 86_400))) }
    return { ...start, wall: wallTimeOf(instantOf(start.wall, start.zone) + seconds * 1000, start.zone) }
  }
  if ((end.wall.length === 10) !== isAllDay)
    throw new Unusable('one of DTSTART and DTEND is a date and the other a time')
  if (isAllDay && end.wall === start.wall) {
    count('emptyAllDay')
    return { ...end, wall: addDays(start.wall, 1) }
  }
  const isBackwards = isAllDay
    ? end.wall < start.wall
    : instantOf(end.wall, end.zone) < instantOf(start.wall, start.zone)
  if (isBackwards) throw new Unusable('it ends before it starts')
  return end
}

function madeUid(lines: string[], count: (kind: string) => void): string {
  count('missingUid')
  return `${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 26)}@sandbox.example`
}
