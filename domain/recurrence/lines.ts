import type { EventTime } from '../event.ts'
import { settled } from './edits.ts'
import { canonicalRule } from './read-rule.ts'
import { InvalidRecurrence, sortedUnique, type Recurrence, type Series } from './recurrence.ts'
import { compact, dateOf, instantOf, resolvedWall, wallAt, wallOn } from './walls.ts'

interface Line {
  name: string
  parameters: Map<string, string>
  value: string
}

/**
 * Reads RRULE, RDATE and EXDATE lines as Google and iCalendar files write them (RFC 5545 §3.8.5), with or without TZID,
 * VALUE and Z. Throws InvalidRecurrence with a reason for people; nothing is approximated.
 */
export function parseRecurrence(lines: string[], time: EventTime): Recurrence {
  const read = lines.filter((line) => line.trim() !== '').map(readLine)
  const rules = read.filter((line) => line.name === 'RRULE')
  if (rules.length > 1)
    throw new InvalidRecurrence('The event repeats by several rules at once; make one series for each rule.')
  const rdates = read.filter((line) => line.name === 'RDATE').flatMap((line) => extraSlots(line, time))
  const [rule] = rules
  if (!rule && rdates.length === 0) throw new InvalidRecurrence('Nothing says how the event repeats.')
  const recurrence = {
    rule: rule ? canonicalRule(rule.value, time) : null,
    exdates: sortedUnique(
      read.filter((line) => line.name === 'EXDATE').flatMap((line) => slotsIn(line, time)),
    ),
    rdates: sortedUnique(rdates),
  }
  return settled({ time, recurrence }).recurrence
}

/** The lines that say so to Google and in iCalendar files. UNTIL is in UTC, or a date for an all-day series. */
export function recurrenceLines({ time, recurrence }: Series): string[] {
  const { rule, exdates, rdates } = recurrence
  return [
    ...(rule === null ? [] : [`RRULE:${rule}`]),
    ...slotLine('EXDATE', exdates, time),
    ...slotLine('RDATE', rdates, time),
  ]
}

function slotLine(name: string, slots: string[], time: EventTime): string[] {
  if (slots.length === 0) return []
  const parameter = time.kind === 'date' ? 'VALUE=DATE' : `TZID=${time.zone}`
  return [`${name};${parameter}:${slots.map(compact).join(',')}`]
}

function readLine(line: string): Line {
  // A quoted parameter may hold a colon, as in TZID="(UTC+01:00) Berlin".
  const match = /^([A-Za-z-]+)((?:;[^=;:]+=(?:"[^"]*"|[^";:]*))*):(.*)$/s.exec(line.trim())
  if (!match) throw new InvalidRecurrence(`This is no line about repetition: ${line}`)
  const name = (match[1] ?? '').toUpperCase()
  if (name === 'EXRULE')
    throw new InvalidRecurrence(
      'A rule for leaving dates out (EXRULE) is not possible; leave single dates out (EXDATE).',
    )
  if (!['RRULE', 'RDATE', 'EXDATE'].includes(name))
    throw new InvalidRecurrence(`This line says nothing about repetition: ${name}.`)
  const parameters = (match[2] ?? '').split(/;(?=[^;"]*=)/).filter(Boolean)
  return {
    name,
    parameters: new Map(
      parameters.map((parameter) => {
        const [key = '', value = ''] = parameter.split('=')
        return [key.toUpperCase(), value.replaceAll('"', '')]
      }),
    ),
    value: match[3] ?? '',
  }
}

function extraSlots(line: Line, time: EventTime): string[] {
  if (line.parameters.get('VALUE')?.toUpperCase() === 'PERIOD' || line.value.includes('/'))
    throw new InvalidRecurrence('An extra date with a length of its own (RDATE as a period) is not possible.')
  const isMixed = time.kind === 'dateTime' && line.value.split(',').some((stamp) => stamp.trim().length === 8)
  if (isMixed)
    throw new InvalidRecurrence(
      'A series at a time of day cannot have an extra all-day date (RDATE); give it a time.',
    )
  return slotsIn(line, time)
}

function slotsIn(line: Line, time: EventTime): string[] {
  return line.value
    .split(',')
    .filter((stamp) => stamp.trim() !== '')
    .map((stamp) => slotOfStamp(stamp.trim().toUpperCase(), line.parameters.get('TZID'), time))
}

function slotOfStamp(stamp: string, zone: string | undefined, time: EventTime): string {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(stamp)
  if (!match) throw new InvalidRecurrence(`This is no date or time: ${stamp}.`)
  const [, year, month, day, hour, minute, second, utc] = match
  const date = `${year}-${month}-${day}`
  try {
    if (time.kind === 'date') return dateOf(resolvedWall(`${date}T12:00:00`, 'UTC'))
    if (hour === undefined) return wallOn(time, date)
    const wall = `${date}T${hour}:${minute}:${second}`
    return wallAt(utc ? `${wall}Z` : instantOf(wall, zone ?? time.zone), time.zone)
  } catch (error) {
    throw new InvalidRecurrence(`${stamp}: ${error instanceof Error ? error.message : 'not a time'}`)
  }
}
