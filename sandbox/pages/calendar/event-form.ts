import { isObject, textsOf, type JsonObject } from '../../json.ts'
import { addDays, isDate, isWallTime } from '../../zones.ts'
import type { Draft } from './owner.ts'
import { rhythms, weekdayOf, weekdays, type Ends, type Repeat } from './repeat.ts'
import { lastDayOf, type Times } from './times.ts'

/** What was typed, field by field; it is shown again when something is wrong with it. */
export interface Typed {
  title: string
  allDay: boolean
  startDate: string
  startTime: string
  endDate: string
  endTime: string
  location: string
  notes: string
  guests: string
  repeat: string
  interval: string
  days: string[]
  ends: string
  until: string
  count: string
  isFree: boolean
  isPrivate: boolean
}

export interface Problem {
  /** The id of the field. */
  field: keyof Typed
  message: string
}

/** The form of a new or opened event. */
export function typedOf(draft: Draft): Typed {
  const { times, repeat } = draft
  const rule = repeat.kind === 'rule' ? repeat : null
  const ends: Ends = rule?.ends ?? { kind: 'never' }
  return {
    title: draft.title,
    allDay: times.isAllDay,
    startDate: times.start.slice(0, 10),
    startTime: times.isAllDay ? '09:00' : times.start.slice(11, 16),
    endDate: times.isAllDay ? lastDayOf(times) : times.end.slice(0, 10),
    endTime: times.isAllDay ? '10:00' : times.end.slice(11, 16),
    location: draft.location,
    notes: draft.notes,
    guests: draft.guests.join('\n'),
    repeat: repeat.kind === 'rule' ? repeat.rhythm : repeat.kind,
    interval: String(rule?.interval ?? 1),
    days: rule?.rhythm === 'weekly' ? rule.days : [weekdayOf(times.start)],
    ends: ends.kind,
    until: ends.kind === 'on' ? ends.date : addDays(times.start, 28),
    count: ends.kind === 'after' ? String(ends.count) : '10',
    isFree: draft.isFree,
    isPrivate: draft.isPrivate,
  }
}

/**
 * What a posted form holds. `start` and `end`, as scripts send them, are date and time in one; with `allDay` such an end
 * is the day after the last one.
 */
export function readTyped(form: JsonObject): Typed {
  const text = (name: string): string => (textsOf(form[name])[0] ?? '').trim()
  const allDay = text('allDay') !== ''
  const [start, end] = [text('start'), text('end')]
  const isScripted = text('startDate') === '' && start !== ''
  const lastDay = allDay && isDate(end.slice(0, 10)) ? addDays(end, -1) : end.slice(0, 10)
  return {
    title: text('title'),
    allDay,
    startDate: isScripted ? start.slice(0, 10) : text('startDate'),
    startTime: isScripted ? start.slice(11, 16) : text('startTime'),
    endDate: isScripted ? lastDay : text('endDate'),
    endTime: isScripted ? end.slice(11, 16) : text('endTime'),
    location: text('location'),
    notes: (textsOf(form['notes'])[0] ?? '').replaceAll('\r\n', '\n'),
    guests: text('guests').replaceAll('\r\n', '\n'),
    repeat: text('repeat') === '' ? 'none' : text('repeat'),
    interval: text('interval') === '' ? '1' : text('interval'),
    days: textsOf(form['days']),
    ends: text('ends') === '' ? 'never' : text('ends'),
    until: text('until'),
    count: text('count'),
    isFree: text('showAs') === 'free',
    isPrivate: text('private') !== '',
  }
}

/** The draft a form says, or everything that is wrong with it. `custom` is the rule the form has no words for. */
export function draftOf(
  typed: Typed,
  custom: string | undefined,
): { draft: Draft } | { problems: Problem[] } {
  const problems: Problem[] = []
  const complain = (field: keyof Typed, message: string): void => void problems.push({ field, message })
  const times = timesOf(typed, complain)
  const repeat = repeatOf(typed, custom, complain)
  const guests = guestsOf(typed)
  const wrong = guests.find((one) => !/^[^\s@<>]+@[^\s@<>]+$/.test(one))
  if (wrong !== undefined) complain('guests', `Guests: ${wrong} is no email address.`)
  if (problems.length > 0 || times === undefined || repeat === undefined) return { problems }
  const { title, location, notes, isFree, isPrivate } = typed
  return { draft: { title, times, location, notes, repeat, isFree, isPrivate, guests } }
}

function guestsOf(typed: Typed): string[] {
  return typed.guests.split(/[\s,;]+/).filter((one) => one !== '')
}

type Complain = (field: keyof Typed, message: string) => void

function timesOf(typed: Typed, complain: Complain): Times | undefined {
  const { allDay, startDate, startTime, endDate, endTime } = typed
  const isKnown = (date: string): boolean => isDate(date) && date > '1900' && date < '2200'
  if (!isKnown(startDate)) complain('startDate', 'Start date: give a day such as 2026-03-05.')
  if (!isKnown(endDate)) complain('endDate', 'End date: give a day such as 2026-03-05.')
  if (!isKnown(startDate) || !isKnown(endDate)) return undefined
  if (allDay) {
    if (endDate < startDate) complain('endDate', 'End date: it lies before the start.')
    return { isAllDay: true, start: startDate, end: addDays(endDate, 1) }
  }
  const [start, end] = [`${startDate}T${startTime}`, `${endDate}T${endTime}`]
  if (!isWallTime(start)) complain('startTime', 'Start time: give a time such as 09:30.')
  else if (!isWallTime(end)) complain('endTime', 'End time: give a time such as 10:30.')
  else if (end < start) complain('endTime', 'End time: it lies before the start.')
  return { isAllDay: false, start, end }
}

function repeatOf(typed: Typed, custom: string | undefined, complain: Complain): Repeat | undefined {
  if (typed.repeat === 'none') return { kind: 'none' }
  if (typed.repeat === 'custom' && custom !== undefined) return { kind: 'custom', text: custom }
  const rhythm = rhythms.find((name) => name === typed.repeat)
  const interval = Number(typed.interval)
  const days = weekdays.filter((day) => typed.days.includes(day))
  if (rhythm === undefined) complain('repeat', `Repeat: there is no rhythm “${typed.repeat}”.`)
  if (!isCount(interval, 999)) complain('interval', 'Every: give a whole number from 1 to 999.')
  if (rhythm === 'weekly' && days.length === 0) complain('days', 'Days: choose at least one.')
  const ends = endsOf(typed, complain)
  if (rhythm === undefined || ends === undefined) return undefined
  return { kind: 'rule', rhythm, interval, days: rhythm === 'weekly' ? days : [], ends }
}

function endsOf({ ends, until, count, startDate }: Typed, complain: Complain): Ends | undefined {
  if (ends === 'never') return { kind: 'never' }
  if (ends === 'on') {
    if (!isDate(until)) complain('until', 'Until: give a day such as 2026-06-30.')
    else if (until < startDate) complain('until', 'Until: it lies before the start.')
    return { kind: 'on', date: until }
  }
  if (ends === 'after') {
    if (!isCount(Number(count), 999)) complain('count', 'Times: give a whole number from 1 to 999.')
    return { kind: 'after', count: Number(count) }
  }
  complain('ends', `Ends: there is no end “${ends}”.`)
  return undefined
}

function isCount(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most
}

/**
 * What was typed differently than it stood in the form: only that is sent, so that an edit here keeps what others changed
 * meanwhile.
 */
export function changesOf(before: Typed, after: Typed, draft: Draft): Partial<Draft> {
  const [old, young] = [groupsOf(before), groupsOf(after)]
  const changes: Partial<Draft> = { ...draft }
  for (const name of draftNames) if (old[name] === young[name]) delete changes[name]
  return changes
}

const draftNames = [
  'title',
  'times',
  'location',
  'notes',
  'repeat',
  'isFree',
  'isPrivate',
  'guests',
] as const satisfies (keyof Draft)[]

/** The fields that make one part of a draft, without those that say nothing just now. */
function groupsOf(typed: Typed): Record<keyof Draft, string> {
  const { allDay, startDate, startTime, endDate, endTime, repeat, interval, days, ends } = typed
  const endsWith = ends === 'on' ? typed.until : ends === 'after' ? typed.count : ''
  const rule = [interval, repeat === 'weekly' ? days.toSorted() : [], ends, endsWith]
  return {
    title: typed.title,
    times: JSON.stringify(allDay ? [startDate, endDate, 'days'] : [startDate, startTime, endDate, endTime]),
    location: typed.location,
    notes: typed.notes,
    repeat: JSON.stringify(rhythms.some((name) => name === repeat) ? [repeat, rule] : [repeat]),
    isFree: String(typed.isFree),
    isPrivate: String(typed.isPrivate),
    guests: JSON.stringify(guestsOf(typed)),
  }
}

/** The form as it stood when it was opened, which it carries along; nothing when the text is no such thing. */
export function readStood(text: string | undefined): Typed | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isObject(value) ? readTyped(value) : undefined
  } catch {
    return undefined
  }
}

/** The form written down so that it can be read again as any posted form. */
export function writeStood(typed: Typed): string {
  const { allDay, isFree, isPrivate, ...texts } = typed
  return JSON.stringify({
    ...texts,
    allDay: allDay ? 'yes' : '',
    showAs: isFree ? 'free' : 'busy',
    private: isPrivate ? 'yes' : '',
  })
}
